//! Writes the types of a model as the document that progenitor is given: every
//! struct a component, every field a plain type or a `$ref`.

use openapiv3::OpenAPI;
use serde_json::{Map, Value, json};

use crate::model::{Api, Field, Integer, Shape, Type};

/// The document for progenitor, and the components whose types codegen emits.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// A document of OpenAPI 3.0 without paths.
    pub document: OpenAPI,
    /// Enums, unions and formatted text: progenitor only refers to them.
    pub ours: Vec<String>,
}

/// Renders the types of `api`.
///
/// # Errors
///
/// None for a model that `normalize` made; the conversion into openapiv3's
/// types is checked all the same.
pub fn render(api: &Api) -> Result<Rendered, serde_json::Error> {
    let mut schemas = Map::new();
    let mut ours = Vec::new();
    for (name, def) in &api.types {
        let schema = match &def.shape {
            Shape::Struct { fields, .. } => struct_schema(fields),
            Shape::Enum(_) | Shape::Union(_) => {
                ours.push(name.clone());
                json!({ "type": "string" })
            }
        };
        schemas.insert(name.clone(), schema);
    }
    for format in api.formats() {
        let name = format.type_name().to_owned();
        schemas.insert(name.clone(), json!({ "type": "string" }));
        ours.push(name);
    }
    let document = serde_json::from_value(json!({
        "openapi": "3.0.3",
        "info": { "title": api.title, "version": "1" },
        "paths": {},
        "components": { "schemas": schemas }
    }))?;
    Ok(Rendered { document, ours })
}

fn struct_schema(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| (field.rust_name.clone(), field_schema(field)))
        .collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| !field.optional)
        .map(|field| field.rust_name.as_str())
        .collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// Optional lists and maps are nullable: typify would otherwise make an absent
/// one and an empty one the same.
fn field_schema(field: &Field) -> Value {
    let mut schema = type_schema(&field.ty);
    if field.optional && matches!(field.ty, Type::List(_) | Type::Map(_)) {
        schema["nullable"] = json!(true);
    }
    schema
}

fn type_schema(ty: &Type) -> Value {
    match ty {
        Type::String => json!({ "type": "string" }),
        Type::Bool => json!({ "type": "boolean" }),
        Type::Integer(Integer::I32) => json!({ "type": "integer", "format": "int32" }),
        Type::Integer(Integer::I64) => json!({ "type": "integer", "format": "int64" }),
        Type::Integer(Integer::U64) => json!({ "type": "integer", "format": "uint64" }),
        Type::Number => json!({ "type": "number", "format": "double" }),
        Type::Any => json!({}),
        Type::List(item) => json!({ "type": "array", "items": type_schema(item) }),
        Type::Map(value) => json!({ "type": "object", "additionalProperties": type_schema(value) }),
        // Polish knows better; progenitor only has to take it.
        Type::Nullable(inner) => type_schema(inner),
        Type::Named(name) => reference(name),
        Type::Formatted(format) => reference(format.type_name()),
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Docs, TypeDef};

    fn def(shape: Shape) -> TypeDef {
        TypeDef {
            pointer: String::new(),
            docs: Docs::default(),
            shape,
            sent: false,
            received: true,
        }
    }

    #[test]
    fn structs_are_rendered_and_enums_left_to_codegen() {
        let mut api = Api::default();
        let field = |name: &str, ty: Type, required| Field {
            name: name.to_owned(),
            rust_name: name.to_owned(),
            ty,
            required,
            optional: !required,
            nullable: false,
            null: Default::default(),
            is_boxed: false,
            docs: Docs::default(),
        };
        let status = vec![("on".to_owned(), "On".to_owned())];
        api.types
            .insert("Status".to_owned(), def(Shape::Enum(status)));
        let fields = vec![
            field("status", Type::Named("Status".to_owned()), true),
            field("tags", Type::List(Box::new(Type::String)), false),
        ];
        api.types
            .insert("Zone".to_owned(), def(Shape::Struct { fields, rest: None }));
        let rendered = render(&api).expect("a document");
        assert_eq!(rendered.ours, ["Status"]);
        let document = serde_json::to_value(&rendered.document).expect("JSON");
        assert_eq!(
            document["components"]["schemas"]["Zone"],
            json!({
                "type": "object",
                "required": ["status"],
                "properties": {
                    "status": { "$ref": "#/components/schemas/Status" },
                    "tags": { "type": "array", "items": { "type": "string" }, "nullable": true }
                }
            })
        );
    }
}
