//! Open enums and unions: what a later version of the API adds is kept.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::rust_type::{ident, owned};
use crate::model::{Shape, Type, TypeDef};

/// Emits the open enum `name`: a variant for each known value, and `Unknown`
/// for any other, which serialises back to what it was.
pub fn open_enum(name: &str, def: &TypeDef, values: &[(String, String)]) -> TokenStream {
    let docs = docs::attributes(&docs::text(&def.docs, &format!("`{name}`.")));
    let name = ident(name);
    let variants: Vec<_> = values.iter().map(|(_, variant)| ident(variant)).collect();
    let values: Vec<_> = values.iter().map(|(value, _)| value).collect();
    let variant_docs = values.iter().map(|value| match value.contains('`') {
        true => format!(" {}", docs::escape(value)),
        false if value.trim().is_empty() => " The empty value.".to_owned(),
        false => format!(" `{}`", value.replace('\n', " ")),
    });
    quote! {
        #(#docs)*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #variant_docs] #variants,)*
            /// A value that this version of the client does not know.
            Unknown(String),
        }
        impl #name {
            /// The value as the API spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Unknown(value) => value,
                }
            }
        }
        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }
        open_enum!(#name);
    }
}

/// Emits the union `name`: a variant for each alternative, the most specific
/// first, and `Unknown` for what is none of them.
pub fn union(
    name: &str,
    def: &TypeDef,
    variants: &[(String, Type)],
    defs: &BTreeMap<String, TypeDef>,
) -> TokenStream {
    let docs = docs::attributes(&docs::text(&def.docs, &format!("`{name}`.")));
    let mut ordered: Vec<_> = variants.iter().collect();
    ordered.sort_by_key(|(_, ty)| std::cmp::Reverse(specificity(ty, defs)));
    let variants = ordered.into_iter().map(|(variant, ty)| {
        let doc = format!(" {}", described(ty));
        let variant = ident(variant);
        let owned = owned(ty, &TokenStream::new());
        match holds(ty, name, defs, &mut BTreeSet::new()) {
            true => quote!(#[doc = #doc] #variant(Box<#owned>)),
            false => quote!(#[doc = #doc] #variant(#owned)),
        }
    });
    let name = ident(name);
    quote! {
        #(#docs)*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// What this version of the client does not know.
            Unknown(serde_json::Value),
        }
    }
}

fn described(ty: &Type) -> String {
    match ty {
        Type::String => "Text.".to_owned(),
        Type::Bool => "True or false.".to_owned(),
        Type::Integer { .. } => "A whole number.".to_owned(),
        Type::Number => "A number.".to_owned(),
        Type::Any => "Any JSON value.".to_owned(),
        Type::List(_) => "A list.".to_owned(),
        Type::Map(_) => "An object with any keys.".to_owned(),
        Type::Named(name) => format!("A [`{name}`]."),
    }
}

/// How little a type accepts: (rank of its kind, required fields, all fields).
fn specificity(ty: &Type, defs: &BTreeMap<String, TypeDef>) -> (u8, usize, usize) {
    match ty {
        Type::Named(name) => match defs.get(name).map(|def| &def.shape) {
            Some(Shape::Struct(fields)) => {
                let required = fields.iter().filter(|field| field.required).count();
                (7, required, fields.len())
            }
            Some(Shape::Enum(values)) => (3, 0, values.len()),
            Some(Shape::Union(_)) | None => (1, 0, 0),
        },
        Type::Bool => (6, 0, 0),
        Type::Integer { .. } => (5, 0, 0),
        Type::Number => (4, 0, 0),
        Type::String | Type::List(_) | Type::Map(_) => (2, 0, 0),
        Type::Any => (0, 0, 0),
    }
}

/// Whether a value of `ty` holds one of the type `target` in itself, and not
/// behind a list or a map.
fn holds(
    ty: &Type,
    target: &str,
    defs: &BTreeMap<String, TypeDef>,
    seen: &mut BTreeSet<String>,
) -> bool {
    let Type::Named(name) = ty else {
        return false;
    };
    if name == target {
        return true;
    }
    if !seen.insert(name.clone()) {
        return false;
    }
    match defs.get(name).map(|def| &def.shape) {
        Some(Shape::Struct(fields)) => fields
            .iter()
            .any(|field| holds(&field.ty, target, defs, seen)),
        Some(Shape::Union(variants)) => {
            variants.iter().any(|(_, ty)| holds(ty, target, defs, seen))
        }
        Some(Shape::Enum(_)) | None => false,
    }
}
