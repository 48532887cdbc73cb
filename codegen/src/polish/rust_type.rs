//! Types of the model as Rust spells them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::model::Type;

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
        Type::Integer { bits: 32 } => quote!(i32),
        Type::Integer { .. } => quote!(i64),
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
        Type::Named(name) => {
            let name = ident(name);
            quote!(#scope #name)
        }
    }
}

/// The type of an argument, and the expression that makes the owned value of it.
pub fn argument(ty: &Type, scope: &TokenStream, name: &Ident) -> (TokenStream, TokenStream) {
    match ty {
        Type::String => (quote!(impl Into<String>), quote!(#name.into())),
        other => (owned(other, scope), quote!(#name)),
    }
}
