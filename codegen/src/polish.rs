//! The polish stage: makes progenitor's types, and the items that codegen adds
//! beside them, look as if a person had written them.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;

use crate::model::{Api, Shape};

pub mod docs;
pub mod enums;
pub mod paths;
pub mod rust_type;
pub mod structs;

/// A type that the model has and progenitor's output lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("progenitor generated no struct `{0}` with all of its fields")]
pub struct Missing(pub String);

/// The items of every type of `api`, by its name; `file` is progenitor's output.
pub fn types(api: &Api, file: &syn::File) -> Result<BTreeMap<String, TokenStream>, Missing> {
    let structs = structs_of(file);
    api.types
        .iter()
        .map(|(name, def)| {
            let items = match &def.shape {
                Shape::Struct { fields, rest } => structs
                    .get(name)
                    .and_then(|item| structs::emit(name, def, fields, rest.as_ref(), item))
                    .ok_or_else(|| Missing(name.clone()))?,
                Shape::Enum(values) => enums::open_enum(name, def, values),
                Shape::Union(variants) => enums::union(name, def, variants, &api.types),
            };
            Ok((name.clone(), items))
        })
        .collect()
}

/// The structs in progenitor's module of types.
fn structs_of(file: &syn::File) -> BTreeMap<String, &syn::ItemStruct> {
    file.items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
            _ => None,
        })
        .flat_map(|(_, items)| items)
        .filter_map(|item| match item {
            syn::Item::Struct(item) => Some((item.ident.to_string(), item)),
            _ => None,
        })
        .collect()
}
