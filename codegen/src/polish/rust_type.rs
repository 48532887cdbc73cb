//! Types of the model as Rust spells them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::model::{Integer, Type};

/// An identifier of a claimed name, which is never a keyword.
pub fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The type as it stands in a field or a result. Named types are looked up in
/// `scope`: nothing in the module of types itself, `types::` elsewhere.
pub fn owned(ty: &Type, scope: &TokenStream) -> TokenStream {
    match ty {
        Type::String => quote!(String),
        Type::Bool => quote!(bool),
        Type::Integer(Integer::I32) => quote!(i32),
        Type::Integer(Integer::I64) => quote!(i64),
        Type::Integer(Integer::U64) => quote!(u64),
        Type::Number => quote!(f64),
        Type::Any => quote!(serde_json::Value),
        Type::List(item) => {
            let item = owned(item, scope);
            quote!(Vec<#item>)
        }
        // The type that serde_json itself uses for an object.
        Type::Map(value) if **value == Type::Any => {
            quote!(serde_json::Map<String, serde_json::Value>)
        }
        Type::Map(value) => {
            let value = owned(value, scope);
            quote!(BTreeMap<String, #value>)
        }
        Type::Nullable(inner) => {
            let inner = owned(inner, scope);
            quote!(Option<#inner>)
        }
        Type::Named(name) => {
            let name = ident(name);
            quote!(#scope #name)
        }
        Type::Formatted(format) => {
            let name = ident(format.type_name());
            quote!(#scope #name)
        }
    }
}

/// The type of an argument, and the expression that makes the owned value of it.
pub fn argument(ty: &Type, scope: &TokenStream, name: &Ident) -> (TokenStream, TokenStream) {
    match ty {
        Type::String | Type::Formatted(_) => {
            let owned = owned(ty, scope);
            (quote!(impl Into<#owned>), quote!(#name.into()))
        }
        other => (owned(other, scope), quote!(#name)),
    }
}
