//! Objects: structs, maps, and what can be anything.

use serde_json::{Map, Value};

use super::{Direction, Place, Types, docs, scalar};
use crate::model::{Field, Rest, Shape, Type};
use crate::names::Scope;
use crate::normalize::Result;
use crate::pointer;

/// A property of an object schema.
struct Property<'p> {
    name: &'p String,
    /// As the document has it.
    schema: &'p Value,
    resolved: Map<String, Value>,
}

impl Types<'_> {
    /// An object: a struct where properties are named, else a map; and what is
    /// no object either can be anything.
    pub(super) fn read_object(
        &mut self,
        schema: &Map<String, Value>,
        place: &Place<'_>,
    ) -> Result<Type> {
        let properties = schema.get("properties").and_then(Value::as_object);
        if let Some(properties) = properties {
            let kept = self.of_this_direction(schema, properties, place.pointer)?;
            if !kept.is_empty() {
                return self.read_struct(schema, &kept, place);
            }
        }
        match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => {
                let ty = self.read_rest(values, place)?;
                Ok(Type::Map(Box::new(ty)))
            }
            _ if scalar::type_word(schema) == Some("object") => Ok(Type::Map(Box::new(Type::Any))),
            _ => Ok(Type::Any),
        }
    }

    fn read_rest(&mut self, values: &Value, place: &Place<'_>) -> Result<Type> {
        let at = format!("{}/additionalProperties", place.pointer);
        self.read_schema(values, &at, &format!("{}_value", place.hint))
    }

    /// The properties that go in the direction that is being read (OpenAPI 3.0.3,
    /// "Schema Object", `readOnly` and `writeOnly`), each with its resolved schema.
    ///
    /// A property that a schema written for a request requires is sent, whatever it
    /// is marked: the document marks shared schemas of identifiers so.
    fn of_this_direction<'p>(
        &self,
        schema: &Map<String, Value>,
        properties: &'p Map<String, Value>,
        pointer: &str,
    ) -> Result<Vec<Property<'p>>> {
        let is_for_requests = pointer.contains("/requestBod");
        let mut kept = Vec::with_capacity(properties.len());
        for (name, property) in properties {
            let at = pointer::join(&format!("{pointer}/properties"), name);
            let resolved = self.resolve(property, &at)?;
            let is_marked = |keyword: &str| resolved.get(keyword) == Some(&Value::Bool(true));
            let is_left_out = match self.direction {
                Direction::Sent => {
                    is_marked("readOnly") && !(is_for_requests && is_required(schema, name))
                }
                Direction::Received => is_marked("writeOnly"),
            };
            if !is_left_out {
                kept.push(Property {
                    name,
                    schema: property,
                    resolved,
                });
            }
        }
        Ok(kept)
    }

    fn read_struct(
        &mut self,
        schema: &Map<String, Value>,
        properties: &[Property<'_>],
        place: &Place<'_>,
    ) -> Result<Type> {
        let name = self.claim(place);
        self.by_pointer
            .insert(place.key.clone(), Type::Named(name.clone()));
        let mut scope = Scope::default();
        let mut fields = Vec::with_capacity(properties.len());
        for property in properties {
            let at = pointer::join(&format!("{}/properties", place.pointer), property.name);
            let hint = format!("{}_{}", place.hint, property.name);
            let ty = self.read_schema(property.schema, &at, &hint)?;
            let is_nullable = property.resolved.get("nullable") == Some(&Value::Bool(true));
            let required = !is_nullable && is_required(schema, property.name);
            fields.push(Field {
                name: property.name.clone(),
                rust_name: scope.claim_value(property.name),
                ty,
                required,
                optional: !required,
                nullable: is_nullable,
                docs: docs(&property.resolved),
            });
        }
        let rest = match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => Some(Rest {
                rust_name: scope.claim_value("other"),
                ty: self.read_rest(values, place)?,
            }),
            _ => None,
        };
        let shape = Shape::Struct { fields, rest };
        self.define(&name, place.pointer, docs(schema), shape);
        Ok(Type::Named(name))
    }
}

/// Whether `schema` requires its property `name`.
pub(super) fn is_required(schema: &Map<String, Value>, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|required| required == name))
}
