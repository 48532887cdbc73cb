//! Objects: structs, maps, and what can be anything.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::alternatives::MERGED;
use super::{Direction, Place, Types, alias, docs, scalar};
use crate::model::{Field, Rest, Shape, Type};
use crate::names::Scope;
use crate::normalize::{Result, schema};
use crate::pointer;

/// A property of an object schema.
struct Property<'p> {
    name: &'p String,
    /// As the document has it.
    schema: &'p Value,
    resolved: Map<String, Value>,
    required: bool,
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
            let kept = self.of_this_direction(schema, properties, place)?;
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
        self.read_member(values, &at, &format!("{}_value", place.hint))
    }

    /// The properties that go in the direction that is being read (OpenAPI 3.0.3,
    /// "Schema Object", `readOnly` and `writeOnly`), each with its resolved schema.
    ///
    /// What a request's own schema asks for is sent, whatever the shared schema that
    /// it refers to is marked. And an object in a request is often named by an
    /// identifier that is `readOnly` where the object itself is described: it may be
    /// given, if the object is not the whole of a body.
    fn of_this_direction<'p>(
        &self,
        schema: &Map<String, Value>,
        properties: &'p Map<String, Value>,
        place: &Place<'_>,
    ) -> Result<Vec<Property<'p>>> {
        let is_within = match super::is_for_requests(place.pointer) {
            true => place.pointer.contains("/properties/") || place.pointer.contains("/items"),
            false => !self.components.bodies.contains(place.pointer),
        };
        let mut kept = Vec::with_capacity(properties.len());
        for (name, property) in properties {
            let at = pointer::join(&format!("{}/properties", place.pointer), name);
            let resolved = self.resolve(property, &at)?;
            let is_marked = |keyword: &str| resolved.get(keyword) == Some(&Value::Bool(true));
            let is_other = match self.direction {
                Direction::Sent => is_marked("readOnly") && !place.asked_for.contains(name),
                Direction::Received => is_marked("writeOnly"),
            };
            let is_required = schema::requires(schema, name);
            let is_identifier = is_within && is_required && (name == "id" || name.ends_with("_id"));
            if !is_other || (self.direction == Direction::Sent && is_identifier) {
                kept.push(Property {
                    required: is_required && !is_other && !is_marked("nullable"),
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
        self.remember(place, &Type::Named(name.clone()));
        let mut scope = Scope::default();
        let mut fields = Vec::with_capacity(properties.len());
        for property in properties {
            let at = pointer::join(&format!("{}/properties", place.pointer), property.name);
            let hint = format!("{}_{}", place.hint, property.name);
            let ty = self.read_schema(property.schema, &at, &hint)?;
            let is_nullable = property.resolved.get("nullable") == Some(&Value::Bool(true));
            let required = property.required;
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
            Some(Value::Bool(true)) => Some(Rest {
                rust_name: scope.claim_value("other"),
                ty: Type::Any,
            }),
            _ => None,
        };
        let shape = Shape::Struct { fields, rest };
        self.define(&name, place.pointer, docs(schema), shape);
        Ok(Type::Named(name))
    }
}

/// The properties that a schema written for a request, `written`, asks for by
/// itself: those that it requires, and those that it has by reference. What its
/// parts refer to does not count.
pub(super) fn asked_for(written: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open = vec![written];
    while let Some(part) = open.pop() {
        if part.get("$ref").is_some() || part.get(MERGED).is_some() {
            continue;
        }
        names.extend(schema::required(part).map(str::to_owned));
        let properties = part.get("properties").and_then(Value::as_object);
        let by_reference = properties.into_iter().flatten();
        let by_reference = by_reference.filter(|(_, property)| alias(property).is_some());
        names.extend(by_reference.map(|(name, _)| name.clone()));
        open.extend(
            part.get("allOf")
                .and_then(Value::as_array)
                .into_iter()
                .flatten(),
        );
    }
    names
}
