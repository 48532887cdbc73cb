//! Names, types and sample values as syntax.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::text;
use crate::surface::{Expr, Field, TypeRef};

/// The identifier of a claimed name, which is never a keyword.
pub fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// From where a type is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Within the module `types`.
    Types,
    /// Within the modules of calls, where `types` is in scope.
    Calls,
}

impl Scope {
    fn path(self, name: &str) -> TokenStream {
        let name = ident(name);
        match self {
            Self::Types => quote!(#name),
            Self::Calls => quote!(types::#name),
        }
    }
}

/// The type `ty`, as it is named in `scope`.
pub fn ty(ty: &TypeRef, scope: Scope) -> TokenStream {
    match ty {
        TypeRef::Unit => quote!(()),
        TypeRef::String => quote!(String),
        TypeRef::Bool => quote!(bool),
        TypeRef::I32 => quote!(i32),
        TypeRef::I64 => quote!(i64),
        TypeRef::U64 => quote!(u64),
        TypeRef::F64 => quote!(f64),
        TypeRef::Bytes => quote!(bytes::Bytes),
        TypeRef::Json => quote!(serde_json::Value),
        TypeRef::Format(format) => scope.path(format.type_name()),
        TypeRef::Type(name) => scope.path(name),
        TypeRef::Outcome(name) => {
            let name = ident(name);
            quote!(#name)
        }
        TypeRef::List(item) => {
            let item = self::ty(item, scope);
            quote!(Vec<#item>)
        }
        // The type that serde_json itself has for an object.
        TypeRef::Map(value) if **value == TypeRef::Json => {
            quote!(serde_json::Map<String, serde_json::Value>)
        }
        TypeRef::Map(value) => {
            let value = self::ty(value, scope);
            quote!(std::collections::BTreeMap<String, #value>)
        }
        TypeRef::Option(inner) => {
            let inner = self::ty(inner, scope);
            quote!(Option<#inner>)
        }
        TypeRef::Box(inner) => {
            let inner = self::ty(inner, scope);
            quote!(Box<#inner>)
        }
    }
}

/// How an empty map of `values` is made.
pub fn empty_map(values: &TypeRef) -> TokenStream {
    match values {
        TypeRef::Json => quote!(serde_json::Map::new()),
        _ => quote!(std::collections::BTreeMap::new()),
    }
}

/// What an argument of type `ty` takes: text is made of whatever a text can be.
pub fn argument_type(ty: &TypeRef, scope: Scope) -> TokenStream {
    let owned = self::ty(ty, scope);
    match is_converted(ty) {
        true => quote!(impl Into<#owned>),
        false => owned,
    }
}

/// What an argument for `field` takes: null, too, where the field has to be there.
pub fn field_type(field: &Field, scope: Scope) -> TokenStream {
    if field.required && field.nullable {
        let ty = self::ty(&field.ty, scope);
        return quote!(Option<#ty>);
    }
    argument_type(&field.ty, scope)
}

/// The value of type `ty` that the argument `name` holds.
pub fn argument_value(ty: &TypeRef, name: &Ident) -> TokenStream {
    match is_converted(ty) {
        true => quote!(#name.into()),
        false => quote!(#name),
    }
}

/// Whether an argument of type `ty` takes whatever becomes one.
pub fn is_converted(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::String | TypeRef::Format(_))
}

/// `markdown` as lines of documentation. It is ours, or has gone through [`text`].
pub fn docs(markdown: &str) -> TokenStream {
    let lines = markdown.lines().map(|line| {
        let line = line.trim_end();
        let line = match line.is_empty() {
            true => String::new(),
            false => format!(" {line}"),
        };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// [`docs`] of the file itself.
pub fn file_docs(markdown: &str) -> TokenStream {
    let lines = markdown.lines().map(|line| format!(" {}", line.trim_end()));
    quote!(#(#![doc = #lines])*)
}

/// A sample value, as a caller writes it.
pub fn expr(expr: &Expr) -> TokenStream {
    match expr {
        Expr::Text(text) => quote!(#text),
        Expr::Bool(flag) => quote!(#flag),
        Expr::Integer(number) => {
            let number = Literal::i64_unsuffixed(*number);
            quote!(#number)
        }
        Expr::Float(number) => {
            let number = Literal::f64_unsuffixed(*number);
            quote!(#number)
        }
        Expr::None => quote!(None),
        Expr::EmptyList => quote!(Vec::new()),
        Expr::Default => quote!(Default::default()),
        Expr::JsonNull => quote!(serde_json::Value::Null),
        Expr::Variant { ty, variant } => {
            let (ty, variant) = (ident(ty), ident(variant));
            quote!(types::#ty::#variant)
        }
        Expr::UnknownText(ty) => {
            let ty = ident(ty);
            quote!(types::#ty::Unknown(String::new()))
        }
        Expr::UnknownJson(ty) => {
            let ty = ident(ty);
            quote!(types::#ty::Unknown(serde_json::Value::Null))
        }
        Expr::Parsed(ty) => {
            let expected = format!("the JSON of a {ty}");
            let ty = ident(ty);
            quote!(serde_json::from_str::<types::#ty>("{}").expect(#expected))
        }
        Expr::New { ty, arguments } => {
            let ty = ident(ty);
            let arguments = arguments.iter().map(self::expr);
            quote!(types::#ty::new(#(#arguments),*))
        }
        Expr::Content => quote!("content"),
        Expr::Files => quote!([Upload::file("file")]),
    }
}

/// A literal of `text` that shows its lines, where Rust takes it as it is.
pub fn long_text(text: &str) -> Literal {
    let longest_end = text
        .split('"')
        .skip(1)
        .map(|behind| behind.chars().take_while(|c| *c == '#').count())
        .max();
    let hashes = "#".repeat(longest_end.map_or(1, |longest| longest + 1));
    // What a raw text cannot hold, or rustc warns of, is escaped.
    let is_plain = matches!(text::visible(text), std::borrow::Cow::Borrowed(_));
    let raw = format!("r{hashes}\"{text}\"{hashes}");
    match raw.parse::<Literal>() {
        Ok(literal) if is_plain => literal,
        _ => Literal::string(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_its_own_whatever_ends_a_raw_string() {
        for text in [
            "a\nb",
            "\"#",
            "a\"##; panic!()",
            "\r",
            "\u{202e}x",
            "{function}",
            "\0",
        ] {
            let literal = long_text(text);
            let parsed: syn::LitStr = syn::parse_quote!(#literal);
            assert_eq!(parsed.value(), text);
            assert!(
                !literal.to_string().contains(['\r', '\0', '\u{202e}']),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_text_in_code_has_nothing_that_turns_its_direction() {
        let tokens = expr(&Expr::Text("a\u{202e}b\u{2066}\r\u{0}".to_owned()));
        let printed = tokens.to_string();
        assert!(printed.is_ascii(), "{printed}");
    }
}
