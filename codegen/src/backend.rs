//! The only file that names progenitor: the structs of a surface in, their items out,
//! as syntax.

use std::collections::HashMap;

use openapiv3::OpenAPI;
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Map, Value, json};
use syn::{Item, ItemStruct};

use crate::surface::{Field, Kind, Surface, TypeRef};

/// Why progenitor made nothing of a surface; a defect of codegen, whose surfaces it
/// should always take.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The document for progenitor is none.
    #[error("the document for progenitor is none: {0}")]
    Document(#[from] serde_json::Error),
    /// progenitor refused the document.
    #[error("progenitor refuses the types: {0}")]
    Refused(#[from] progenitor_impl::Error),
    /// progenitor's tokens are no Rust file.
    #[error("what progenitor generated is not Rust: {0}")]
    NotRust(#[from] syn::Error),
    /// A type is missing.
    #[error("progenitor generated no struct `{0}` with all of its fields")]
    Missing(String),
}

/// The item of each struct of `surface`, by its name; its fields have the surface's
/// names in Rust, and an order of their own.
///
/// progenitor is given a document of these structs alone, under names that are taken
/// already, so that nothing of it depends on what a document spells how. It has no
/// paths: a call is a builder over the runtime, which [`render`](crate::render) prints.
/// The positional style is asked for because the builder style adds a second struct,
/// of `Result<_, String>` fields, for every type. Enums, unions and texts of a format
/// are only referred to. Maps become `BTreeMap`, so that what is sent has one order.
///
/// # Errors
///
/// None for a surface of valid names; see [`Error`].
pub fn structs(surface: &Surface) -> Result<HashMap<String, ItemStruct>, Error> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_map_type("::std::collections::BTreeMap");
    let mut schemas = Map::new();
    for item in &surface.types {
        let schema = match &item.kind {
            Kind::Struct { fields, .. } => struct_schema(fields),
            Kind::Enum { .. } | Kind::Union { .. } => referred_to(&mut settings, &item.name),
        };
        schemas.insert(item.name.clone(), schema);
    }
    for format in &surface.formats {
        let name = format.type_name();
        schemas.insert(name.to_owned(), referred_to(&mut settings, name));
    }
    let document: OpenAPI = serde_json::from_value(json!({
        "openapi": "3.0.3",
        "info": { "title": "types", "version": "1" },
        "paths": {},
        "components": { "schemas": schemas }
    }))?;
    let tokens = Generator::new(&settings).generate_tokens(&document)?;
    let file: syn::File = syn::parse2(tokens)?;
    let types = file.items.into_iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content,
        _ => None,
    });
    let structs = types
        .flat_map(|(_, items)| items)
        .filter_map(|item| match item {
            Item::Struct(item) => Some((item.ident.to_string(), item)),
            _ => None,
        });
    Ok(structs.collect())
}

fn referred_to(settings: &mut GenerationSettings, name: &str) -> Value {
    settings.with_replacement(name, format!("types::{name}"), std::iter::empty());
    json!({ "type": "string" })
}

fn struct_schema(fields: &[Field]) -> Value {
    let properties = fields.iter();
    let properties = properties.map(|field| (field.rust_name.clone(), field_schema(field)));
    let properties: Map<String, Value> = properties.collect();
    let required = fields.iter().filter(|field| !field.optional);
    let required: Vec<&str> = required.map(|field| field.rust_name.as_str()).collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// Optional lists and maps are nullable: typify would otherwise make an absent one
/// and an empty one the same.
fn field_schema(field: &Field) -> Value {
    let mut schema = type_schema(&field.ty);
    if field.optional && field.ty.is_collection() {
        schema["nullable"] = json!(true);
    }
    schema
}

fn type_schema(ty: &TypeRef) -> Value {
    match ty {
        TypeRef::String => json!({ "type": "string" }),
        TypeRef::Bool => json!({ "type": "boolean" }),
        TypeRef::I32 => json!({ "type": "integer", "format": "int32" }),
        TypeRef::I64 => json!({ "type": "integer", "format": "int64" }),
        TypeRef::U64 => json!({ "type": "integer", "format": "uint64" }),
        TypeRef::F64 => json!({ "type": "number", "format": "double" }),
        TypeRef::List(item) => json!({ "type": "array", "items": type_schema(item) }),
        TypeRef::Map(value) => {
            json!({ "type": "object", "additionalProperties": type_schema(value) })
        }
        // The surface knows better; progenitor only has to take it.
        TypeRef::Option(inner) | TypeRef::Box(inner) => type_schema(inner),
        TypeRef::Type(name) => reference(name),
        TypeRef::Format(format) => reference(format.type_name()),
        TypeRef::Json | TypeRef::Unit | TypeRef::Bytes | TypeRef::Outcome(_) => json!({}),
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
