//! Puts examples together from those of a schema's properties.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::limits::{DEEPEST_EXAMPLE, MOST_COMPOSED, MOST_EXAMPLES};
use crate::openapi::{Definition, Purpose, Resolver, SchemaId, SchemaKind, Shape};

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// In a request: without what is `readOnly`.
    Sent,
    /// In a response: without what is `writeOnly`.
    Received,
}

/// Composes examples of `schema`, as many as its longest list of alternatives
/// has: the n-th takes the n-th alternative everywhere.
///
/// Properties without an example are left out, or, if they are required, filled
/// in with a plain value. Where no property has an example there is nothing to
/// compose.
pub fn compose(resolver: &Resolver<'_>, schema: SchemaId, direction: Direction) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut choice = 0;
    let mut most = 1;
    while choice < most.min(MOST_EXAMPLES) {
        let mut composer = Composer {
            resolver,
            direction,
            choice,
            most_alternatives: 1,
            schemas_left: MOST_COMPOSED,
            open: Vec::new(),
        };
        if let Some(composed) = composer.of_parts(schema)
            && composed.has_example
            && !found.contains(&composed.value)
        {
            found.push(composed.value);
        }
        most = most.max(composer.most_alternatives);
        choice += 1;
    }
    found
}

/// A value for a schema.
struct Composed {
    value: Value,
    /// Whether any of it is an example of the document.
    has_example: bool,
}

struct Composer<'r, 'd> {
    resolver: &'r Resolver<'d>,
    direction: Direction,
    /// Which alternative is taken, counted round.
    choice: usize,
    /// How many alternatives there were at most.
    most_alternatives: usize,
    schemas_left: usize,
    /// The schemas that lie around the one that is composed.
    open: Vec<SchemaId>,
}

impl Composer<'_, '_> {
    /// The schema's own example, or what is composed of its parts.
    fn of_schema(&mut self, schema: SchemaId) -> Option<Composed> {
        if let Some((value, _)) = super::own_example(self.resolver, schema) {
            return Some(Composed {
                value,
                has_example: true,
            });
        }
        self.of_parts(schema)
    }

    fn of_parts(&mut self, schema: SchemaId) -> Option<Composed> {
        self.schemas_left = self.schemas_left.checked_sub(1)?;
        let id = self.resolver.target(schema).ok()?;
        if self.open.len() >= DEEPEST_EXAMPLE || self.open.contains(&id) {
            return None;
        }
        let definition = self.resolver.resolve(id).ok()?;
        let demanded = match self.resolver.schema(id).purpose {
            Purpose::Any => Vec::new(),
            _ => demanded(self.resolver, id),
        };
        self.open.push(id);
        let composed = self.of_definition(&definition, &demanded);
        self.open.pop();
        composed
    }

    fn of_definition(&mut self, definition: &Definition, demanded: &[String]) -> Option<Composed> {
        let alternative = self.alternative(definition);
        let is_object = definition.properties.is_some() || definition.additional_values().is_some();
        match alternative {
            Some(alternative) if is_object => {
                let own = self.object(definition, demanded);
                let chosen = self.of_schema(alternative);
                Some(united(own?, chosen))
            }
            Some(alternative) => self.of_schema(alternative),
            None if is_object => self.object(definition, demanded),
            None => {
                let item = self.of_schema(definition.items?)?;
                Some(Composed {
                    value: Value::Array(vec![item.value]),
                    has_example: item.has_example,
                })
            }
        }
    }

    /// The chosen one of the schema's alternatives.
    fn alternative(&mut self, definition: &Definition) -> Option<SchemaId> {
        let list = definition.alternatives()?;
        self.most_alternatives = self.most_alternatives.max(list.len());
        list.get(self.choice.checked_rem(list.len())?).copied()
    }

    fn object(&mut self, definition: &Definition, demanded: &[String]) -> Option<Composed> {
        let mut members = Map::new();
        let mut has_example = false;
        for (name, property) in definition.properties() {
            if self.is_kept_out(property) && !demanded.contains(name) {
                continue;
            }
            let composed = match self.of_schema(property) {
                Some(composed) if composed.has_example => Some(composed),
                _ if definition.required.contains(name) => Some(Composed {
                    // Without a plain value there is no whole example either.
                    value: self.plain(property, 0)?,
                    has_example: false,
                }),
                _ => None,
            };
            if let Some(composed) = composed {
                has_example |= composed.has_example;
                members.insert(name.clone(), composed.value);
            }
        }
        if let Some(values) = definition.additional_values()
            && let Some(composed) = self.of_schema(values)
            && composed.has_example
        {
            has_example = true;
            members.entry("key").or_insert(composed.value);
        }
        Some(Composed {
            value: Value::Object(members),
            has_example,
        })
    }

    /// Whether a property does not go this way.
    fn is_kept_out(&self, property: SchemaId) -> bool {
        let resolved = self.resolver.resolve(property);
        let mark = |it: Rc<Definition>| match self.direction {
            Direction::Sent => it.marks.read_only,
            Direction::Received => it.marks.write_only,
        };
        resolved.is_ok_and(|resolved| mark(resolved) == Some(true))
    }

    /// The plainest value that fits a schema for which the document has no
    /// example; none where the schema never ends or does not say what it is.
    fn plain(&mut self, schema: SchemaId, depth: usize) -> Option<Value> {
        self.schemas_left = self.schemas_left.checked_sub(1)?;
        if depth > DEEPEST_EXAMPLE {
            return None;
        }
        let resolved = self.resolver.resolve(schema).ok()?;
        let default = resolved.default.as_ref().filter(|it| !it.is_null());
        let first = resolved.values.as_ref().and_then(|values| values.first());
        if let Some(value) = default.or(first) {
            return Some(value.clone());
        }
        if let Some(alternative) = self.alternative(&resolved) {
            return self.plain(alternative, depth + 1);
        }
        match resolved.own_shape() {
            Shape::Boolean => Some(json!(true)),
            Shape::Integer | Shape::Number => {
                let bound = resolved.minimum.as_ref().or(resolved.maximum.as_ref());
                Some(bound.map_or(json!(1), |bound| Value::Number(bound.clone())))
            }
            Shape::String => Some(json!(plain_text(&resolved))),
            Shape::Array(_) => Some(json!([])),
            Shape::Object => self.plain_object(&resolved, depth),
            Shape::Alternatives(_) | Shape::Null | Shape::Any => None,
        }
    }

    fn plain_object(&mut self, definition: &Definition, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        for name in &definition.required {
            let Some(property) = definition.property(name) else {
                continue;
            };
            if !self.is_kept_out(property) {
                members.insert(name.clone(), self.plain(property, depth + 1)?);
            }
        }
        Some(Value::Object(members))
    }
}

/// The properties that a schema requires itself, without those that the schemas
/// require to which it refers. What a schema that is written for a request
/// requires is sent even where a shared schema says `readOnly`.
fn demanded(resolver: &Resolver<'_>, written: SchemaId) -> Vec<String> {
    let mut names = Vec::new();
    let mut open = vec![written];
    while let Some(part) = open.pop() {
        if let SchemaKind::Definition(definition) = &resolver.schema(part).kind {
            names.extend(definition.required.iter().cloned());
            open.extend(&definition.all_of);
        }
    }
    names
}

/// A text of the schema's format, as the OpenAPI format registry has them.
fn plain_text(schema: &Definition) -> &'static str {
    match schema.format.as_deref() {
        Some("date-time") => "2000-01-01T00:00:00Z",
        Some("date") => "2000-01-01",
        Some("time") => "00:00:00Z",
        Some("duration") => "PT1S",
        Some("uuid") => "00000000-0000-4000-8000-000000000000",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        Some("uri" | "url") => "https://example.com/",
        Some("hostname") => "example.com",
        Some("email") => "someone@example.com",
        Some("byte") => "dGV4dA==",
        _ => "text",
    }
}

/// An object with the members of the alternative that was chosen.
fn united(own: Composed, chosen: Option<Composed>) -> Composed {
    match (own, chosen) {
        (
            Composed {
                value: Value::Object(mut members),
                has_example,
            },
            Some(Composed {
                value: Value::Object(more),
                has_example: more_has_example,
            }),
        ) => {
            members.extend(more);
            Composed {
                value: Value::Object(members),
                has_example: has_example || more_has_example,
            }
        }
        (own, _) => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::describe_value;

    /// The examples of a body, whose schema is `schema`, in a document with `schemas`.
    fn composed_of(schemas: Value, schema: Value, direction: Direction) -> Vec<Value> {
        let content = json!({ "application/json": { "schema": schema } });
        let description = describe_value(&json!({
            "paths": { "/a": { "put": { "requestBody": { "content": content } } } },
            "components": { "schemas": schemas }
        }));
        let body = description.operations[0].body.as_ref().expect("a body");
        let schema = body.content[0].schema.expect("a schema");
        compose(&Resolver::new(&description), schema, direction)
    }

    fn composed(schema: Value) -> Vec<Value> {
        composed_of(json!({}), schema, Direction::Received)
    }

    #[test]
    fn properties_with_examples_are_put_together() {
        let found = composed(json!({ "properties": {
            "name": { "type": "string", "example": "bolt" },
            "sizes": { "type": "array", "items": { "type": "integer", "example": 3 } },
            "maker": { "properties": { "city": { "example": "Ulm" }, "none": { "type": "string" } } },
            "weights": { "additionalProperties": { "type": "number", "example": 1.5 } },
            "left_out": { "type": "string" }
        } }));
        assert_eq!(
            found,
            [json!({
                "name": "bolt", "sizes": [3], "maker": { "city": "Ulm" }, "weights": { "key": 1.5 }
            })]
        );
    }

    #[test]
    fn what_is_required_and_has_no_example_is_filled_in_plainly() {
        let found = composed(json!({
            "required": ["id", "kind", "count", "tags", "maker"],
            "properties": {
                "name": { "type": "string", "example": "bolt" },
                "id": { "type": "string" },
                "kind": { "type": "string", "enum": ["a", "b"] },
                "count": { "type": "integer", "minimum": 7 },
                "tags": { "type": "array", "items": {} },
                "maker": { "required": ["ok"], "properties": { "ok": { "type": "boolean" } } }
            }
        }));
        assert_eq!(
            found,
            [json!({
                "name": "bolt", "id": "text", "kind": "a", "count": 7, "tags": [],
                "maker": { "ok": true }
            })]
        );
    }

    #[test]
    fn nothing_is_composed_where_no_property_has_an_example() {
        let found = composed(json!({
            "required": ["id"], "properties": { "id": { "type": "string" } }
        }));
        assert_eq!(found, [] as [Value; 0]);
    }

    #[test]
    fn nothing_is_composed_where_a_required_value_could_be_anything() {
        let found = composed(json!({
            "required": ["at"],
            "properties": { "at": {}, "name": { "type": "string", "example": "bolt" } }
        }));
        assert_eq!(found, [] as [Value; 0]);
    }

    #[test]
    fn a_plain_text_is_of_its_format() {
        let found = composed(json!({
            "required": ["at"],
            "properties": {
                "at": { "type": "string", "format": "date-time" },
                "name": { "type": "string", "example": "bolt" }
            }
        }));
        assert_eq!(
            found,
            [json!({ "at": "2000-01-01T00:00:00Z", "name": "bolt" })]
        );
    }

    #[test]
    fn each_alternative_gives_an_example() {
        let found = composed(json!({
            "properties": { "id": { "type": "integer", "example": 1 } },
            "oneOf": [
                { "properties": { "a": { "example": "a" } } },
                { "properties": { "b": { "example": "b" } } }
            ]
        }));
        assert_eq!(
            found,
            [json!({ "id": 1, "a": "a" }), json!({ "id": 1, "b": "b" })]
        );
    }

    #[test]
    fn what_is_only_received_is_not_sent() {
        let part = json!({ "required": ["id"], "properties": {
            "id": { "example": 1, "readOnly": true }, "name": { "example": "bolt" }
        } });
        let schemas = json!({ "Part": part });
        let shared = json!({ "$ref": "#/components/schemas/Part" });
        for schema in [shared.clone(), json!({ "allOf": [shared, {}] })] {
            let sent = composed_of(schemas.clone(), schema, Direction::Sent);
            assert_eq!(sent, [json!({ "name": "bolt" })]);
        }
    }

    #[test]
    fn what_a_schema_of_the_requests_own_requires_is_sent() {
        let schema = json!({ "required": ["id"], "properties": {
            "id": { "example": 1, "readOnly": true }
        } });
        let sent = composed_of(json!({}), schema, Direction::Sent);
        assert_eq!(sent, [json!({ "id": 1 })]);
    }

    #[test]
    fn a_schema_that_contains_itself_ends() {
        let schemas = json!({ "Node": { "properties": {
            "name": { "example": "n" },
            "next": { "$ref": "#/components/schemas/Node" },
            "all": { "type": "array", "items": { "$ref": "#/components/schemas/Node" } }
        } } });
        let schema = json!({ "$ref": "#/components/schemas/Node" });
        let found = composed_of(schemas, schema, Direction::Received);
        assert_eq!(found, [json!({ "name": "n" })]);
    }

    #[test]
    fn parts_that_double_at_each_level_end() {
        let mut schemas = Map::new();
        for level in 0..40 {
            let next = json!({ "$ref": format!("#/components/schemas/{}", level + 1) });
            schemas.insert(
                level.to_string(),
                json!({ "properties": { "a": next, "b": next } }),
            );
        }
        schemas.insert("40".to_owned(), json!({ "example": 1 }));
        let first = json!({ "$ref": "#/components/schemas/0" });
        composed_of(Value::Object(schemas), first, Direction::Received);
    }
}
