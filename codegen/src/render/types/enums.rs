//! Open enums and unions: what a later version of the API adds is kept.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs;
use crate::render::docs::article;
use crate::render::syntax::{self, Scope, ident};
use crate::render::text;
use crate::surface::{TypeItem, TypeRef, UnionVariant, Value};

/// A variant for each known value, and `Unknown` for any other, which serialises back
/// to what it was.
pub fn open_enum(item: &TypeItem, values: &[Value]) -> TokenStream {
    let (docs, name) = (docs(item), ident(&item.name));
    let variants: Vec<_> = values.iter().map(|value| ident(&value.variant)).collect();
    let texts: Vec<_> = values.iter().map(|value| &value.value).collect();
    let of_values = values.iter().map(|value| match value.value.trim() {
        "" => syntax::docs("The empty value."),
        _ => syntax::docs(&text::code(&value.value)),
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#of_values #variants,)*
            /// A value that this version of the client does not know.
            Unknown(String),
        }
        impl #name {
            /// The value as the API spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #texts,)*
                    Self::Unknown(value) => value,
                }
            }
        }
        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#texts => Self::#variants,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }
        client_runtime::open_enum!(#name);
    }
}

/// A variant for each alternative, the most specific first, and `Unknown` for what is
/// none of them.
pub fn union(item: &TypeItem, variants: &[UnionVariant]) -> TokenStream {
    let (docs, name) = (docs(item), ident(&item.name));
    let declared = variants.iter().map(|variant| {
        let doc = syntax::docs(&described(&variant.ty));
        let (name, ty) = (ident(&variant.variant), held(variant));
        quote!(#doc #name(#ty))
    });
    let offered = variants.iter().map(|variant| {
        let name = ident(&variant.variant);
        let tags = variant.tags.iter().map(|tag| {
            let (name, values) = (&tag.name, tag.values.iter().map(tag_value));
            quote!((#name, &[#(Tag::#values),*]))
        });
        let tags = (!variant.tags.is_empty()).then(|| quote!(.tags(&[#(#tags),*])));
        let required = &variant.required;
        let required = (!required.is_empty()).then(|| quote!(.required(&[#(#required),*])));
        let wrap = match variant.boxed {
            true => quote!(|value| Self::#name(Box::new(value))),
            false => quote!(Self::#name),
        };
        let twin = variant.is_twin.then(|| quote!(.twin()));
        quote!(choice.offer(#wrap, Alternative::new()#tags #required #twin);)
    });
    // Within the function, so that no name of the API meets one of the runtime.
    let has_tags = variants.iter().any(|variant| !variant.tags.is_empty());
    let tag = has_tags.then(|| quote!(, Tag));
    let import = quote!(use client_runtime::internal::{Alternative, Choice #tag};);
    // Whoever makes one has a value of one of its types.
    let conversions = variants.iter().filter(|_| item.sent).filter_map(|variant| {
        let TypeRef::Type(of) = &variant.ty else {
            return None;
        };
        let value = match variant.boxed {
            true => quote!(Box::new(value)),
            false => quote!(value),
        };
        let (of, variant) = (ident(of), ident(&variant.variant));
        Some(quote! {
            impl From<#of> for #name {
                fn from(value: #of) -> Self {
                    Self::#variant(#value)
                }
            }
        })
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum #name {
            #(#declared,)*
            /// A value of a form that this version of the client does not know.
            Unknown(serde_json::Value),
        }
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #import
                let mut choice = Choice::read(deserializer)?;
                #(#offered)*
                Ok(choice.or_unknown(Self::Unknown))
            }
        }
        #(#conversions)*
    }
}

/// A value of a tag, behind `Tag::`.
fn tag_value(value: &serde_json::Value) -> TokenStream {
    use serde_json::Value;
    match value {
        Value::Bool(flag) => quote!(Bool(#flag)),
        Value::String(text) => quote!(Text(#text)),
        Value::Number(number) => {
            if let Some(number) = number.as_i64() {
                let number = Literal::i64_unsuffixed(number);
                quote!(Integer(#number))
            } else if let Some(number) = number.as_u64() {
                let number = Literal::u64_unsuffixed(number);
                quote!(Unsigned(#number))
            } else {
                let number = Literal::f64_unsuffixed(number.as_f64().unwrap_or_default());
                quote!(Number(#number))
            }
        }
        Value::Null | Value::Array(_) | Value::Object(_) => quote!(Null),
    }
}

fn held(variant: &UnionVariant) -> TokenStream {
    let ty = syntax::ty(&variant.ty, Scope::Types);
    match variant.boxed {
        true => quote!(Box<#ty>),
        false => ty,
    }
}

fn described(ty: &TypeRef) -> String {
    match ty {
        TypeRef::String => "Text.".to_owned(),
        TypeRef::Bool => "True or false.".to_owned(),
        TypeRef::I32 | TypeRef::I64 | TypeRef::U64 => "A whole number.".to_owned(),
        TypeRef::F64 => "A number.".to_owned(),
        TypeRef::List(_) => "A list.".to_owned(),
        TypeRef::Map(_) => "An object with any keys.".to_owned(),
        TypeRef::Option(inner) | TypeRef::Box(inner) => described(inner),
        TypeRef::Type(name) => format!("{} [`{name}`].", article(name)),
        TypeRef::Format(format) => format!("A [`{}`].", format.type_name()),
        TypeRef::Json | TypeRef::Unit | TypeRef::Bytes | TypeRef::Outcome(_) => {
            "Any JSON value.".to_owned()
        }
    }
}
