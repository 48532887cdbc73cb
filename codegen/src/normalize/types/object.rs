//! Objects: structs, maps, and what can be anything.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use super::{Direction, Place, PutOff, Types, alias, docs};
use crate::limits::DEEPEST_AT_ONCE;
use crate::model::{AdditionalProperties, Field, Null, Shape, Type};
use crate::names::Scope;
use crate::normalize::Result;
use crate::openapi::{
    Additional, Definition, Purpose, Resolver, SchemaId, SchemaKind, Shape as ShapeOf,
};

/// A property of an object schema.
pub(super) struct Property {
    name: String,
    /// As the document has it.
    schema: SchemaId,
    resolved: Rc<Definition>,
    required: bool,
    null: Null,
}

impl Types<'_> {
    /// An object: a struct where properties are named, else a map; and what is
    /// no object either can be anything.
    pub(super) fn read_object(&mut self, definition: &Definition, place: &Place) -> Result<Type> {
        if definition.properties.is_some() {
            let kept = self.of_this_direction(definition, place)?;
            if !kept.is_empty() {
                return self.read_struct(definition, &kept, place);
            }
        }
        match definition.additional {
            // A map of itself needs a name.
            Some(Additional::Values(_)) if self.contains_itself(place.id) => {
                self.read_struct(definition, &[], place)
            }
            Some(Additional::Values(values)) => {
                let ty = self.read_rest(values, place)?;
                Ok(Type::Map(Box::new(ty)))
            }
            _ if definition.own_shape() == ShapeOf::Object => Ok(Type::Map(Box::new(Type::Any))),
            _ => Ok(Type::Any),
        }
    }

    fn read_rest(&mut self, values: SchemaId, place: &Place) -> Result<Type> {
        self.read_member(values, &format!("{}_value", place.hint))
    }

    /// Whether `id`, a map, leads back to itself by way of maps and lists alone.
    fn contains_itself(&self, id: SchemaId) -> bool {
        let mut seen = HashSet::new();
        let mut next = id;
        while let Ok(end) = self.resolver.target(next)
            && let Ok(definition) = self.resolver.resolve(end)
        {
            if !seen.insert(end) {
                return end == id;
            }
            let is_struct = definition
                .properties
                .as_ref()
                .is_some_and(|it| !it.is_empty());
            if is_struct || definition.alternatives().is_some() {
                return false;
            }
            match definition.items.or(definition.additional_values()) {
                Some(inner) => next = inner,
                None => return false,
            }
        }
        false
    }

    /// The properties that go in the direction that is being read (OpenAPI 3.0.3,
    /// "Schema Object", `readOnly` and `writeOnly`), each with its resolved schema.
    ///
    /// What a request's own schema asks for is sent, whatever the shared schema that
    /// it refers to is marked. And an object in a request is often named by an
    /// identifier that is `readOnly` where the object itself is described: it may be
    /// given, if the object is not the whole of a body.
    pub(super) fn of_this_direction(
        &self,
        definition: &Definition,
        place: &Place,
    ) -> Result<Vec<Property>> {
        let schema = self.resolver.schema(place.id);
        let is_within = match schema.purpose {
            Purpose::Request => schema.is_within,
            _ => !self.directions.is_body(place.id),
        };
        let mut kept = Vec::new();
        for (name, property) in definition.properties() {
            let resolved = self.resolve(property)?;
            let is_other = match self.direction {
                Direction::Sent => {
                    resolved.marks.read_only == Some(true) && !place.asked_for.contains(name)
                }
                Direction::Received => resolved.marks.write_only == Some(true),
            };
            let is_required = definition.required.contains(name);
            let is_identifier = is_within && is_required && (name == "id" || name.ends_with("_id"));
            if !is_other || (self.direction == Direction::Sent && is_identifier) {
                let is_required = is_required && !is_other;
                let null = match (self.is_nullable(&resolved), is_required) {
                    (false, _) => Null::Never,
                    (true, false) => Null::Optional,
                    (true, true) => Null::Always,
                };
                kept.push(Property {
                    name: name.clone(),
                    schema: property,
                    required: is_required && null == Null::Never,
                    null,
                    resolved,
                });
            }
        }
        Ok(kept)
    }

    fn read_struct(
        &mut self,
        definition: &Definition,
        properties: &[Property],
        place: &Place,
    ) -> Result<Type> {
        let name = self.claim(place);
        let ty = Type::Named(name.clone());
        self.remember(place, &ty);
        if self.depth >= DEEPEST_AT_ONCE {
            self.put_off.push_back(PutOff {
                place: place.clone(),
                name,
                direction: self.direction,
            });
        } else {
            self.read_fields(definition, properties, place, &name)?;
        }
        Ok(ty)
    }

    pub(super) fn read_fields(
        &mut self,
        definition: &Definition,
        properties: &[Property],
        place: &Place,
        name: &str,
    ) -> Result<()> {
        let mut scope = Scope::default();
        let mut fields = Vec::with_capacity(properties.len());
        for property in properties {
            let hint = format!("{}_{}", place.hint, property.name);
            let ty = self.read_schema(property.schema, &hint)?;
            fields.push(Field {
                name: property.name.clone(),
                rust_name: scope.claim_value(&property.name),
                ty,
                required: property.required,
                optional: !property.required,
                nullable: property.null != Null::Never,
                null: property.null,
                is_boxed: false,
                docs: docs(&property.resolved),
            });
        }
        let rest = match definition.additional {
            Some(Additional::Values(values)) => Some(AdditionalProperties {
                rust_name: scope.claim_value("other"),
                ty: self.read_rest(values, place)?,
            }),
            Some(Additional::Allowed(true)) => Some(AdditionalProperties {
                rust_name: scope.claim_value("other"),
                ty: Type::Any,
            }),
            _ => None,
        };
        let shape = Shape::Struct { fields, rest };
        self.define(name, place, docs(definition), shape);
        Ok(())
    }
}

/// The properties that the schema `written` for a request asks for by itself: those
/// that it requires, and those that it has by reference. What its parts refer to does
/// not count, nor does what was made a part of it.
pub(super) fn asked_for(resolver: &Resolver<'_>, written: SchemaId) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open = vec![written];
    while let Some(part) = open.pop() {
        let SchemaKind::Definition(definition) = &resolver.schema(part).kind else {
            continue;
        };
        names.extend(definition.required.iter().cloned());
        let by_reference = definition
            .properties()
            .filter(|(_, property)| alias(resolver, *property).is_some());
        names.extend(by_reference.map(|(name, _)| name.clone()));
        let parts = definition.all_of.iter().copied();
        open.extend(parts.filter(|part| !resolver.is_made(*part)));
    }
    names
}
