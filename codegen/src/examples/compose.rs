//! Puts examples together from those of a schema's properties.

use serde_json::{Map, Value, json};

use crate::normalize::schema;

/// How deep a composed example may go.
const DEEPEST: usize = 24;

/// How many schemas may go into one composed example.
const MOST_SCHEMAS: usize = 4_000;

/// How many examples are composed of one schema with alternatives.
const MOST_EXAMPLES: usize = 16;

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// In a request: without what is `readOnly`.
    Sent,
    /// In an answer: without what is `writeOnly`.
    Received,
}

/// Composes examples of `schema`, as many as its longest list of alternatives
/// has: the n-th takes the n-th alternative everywhere.
///
/// Properties without an example are left out, or, if they are required, filled
/// in with a plain value. Where no property has an example there is nothing to
/// compose.
pub fn compose(document: &Value, schema: &Value, direction: Direction) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut choice = 0;
    let mut most = 1;
    while choice < most.min(MOST_EXAMPLES) {
        let mut composer = Composer {
            document,
            direction,
            choice,
            most_alternatives: 1,
            schemas_left: MOST_SCHEMAS,
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

struct Composer<'d> {
    document: &'d Value,
    direction: Direction,
    /// Which alternative is taken, counted round.
    choice: usize,
    /// How many alternatives there were at most.
    most_alternatives: usize,
    schemas_left: usize,
    /// The references that are being followed, and empty texts for the levels
    /// without one.
    open: Vec<String>,
}

impl Composer<'_> {
    /// The schema's own example, or what is composed of its parts.
    fn of_schema(&mut self, schema: &Value) -> Option<Composed> {
        if let Some((example, _)) = super::own_example(self.document, schema, "") {
            return Some(Composed {
                value: example.clone(),
                has_example: true,
            });
        }
        self.of_parts(schema)
    }

    fn of_parts(&mut self, schema: &Value) -> Option<Composed> {
        self.schemas_left = self.schemas_left.checked_sub(1)?;
        let opened = self.open.len();
        let mut schema = schema;
        while let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            if self.open.len() >= DEEPEST || self.open.iter().any(|open| open == reference) {
                self.open.truncate(opened);
                return None;
            }
            self.open.push(reference.to_owned());
            let Ok(target) = schema::target(self.document, reference) else {
                self.open.truncate(opened);
                return None;
            };
            schema = target;
        }
        // A level without a reference counts as well.
        self.open.push(String::new());
        let composed = match self.open.len() > DEEPEST * 2 {
            true => None,
            false => schema::resolve(self.document, schema)
                .ok()
                .and_then(|resolved| {
                    let is_written_here = self.open.iter().all(String::is_empty);
                    let demanded = match is_written_here {
                        true => demanded(schema),
                        false => Vec::new(),
                    };
                    self.of_resolved(&resolved.schema, &demanded)
                }),
        };
        self.open.truncate(opened);
        composed
    }

    fn of_resolved(&mut self, schema: &Map<String, Value>, demanded: &[&str]) -> Option<Composed> {
        let alternatives = self.alternatives(schema);
        let is_object = schema.get("properties").is_some_and(Value::is_object)
            || schema
                .get("additionalProperties")
                .is_some_and(Value::is_object);
        match alternatives {
            Some(alternative) if is_object => {
                let own = self.object(schema, demanded);
                let chosen = self.of_schema(&alternative);
                Some(united(own?, chosen))
            }
            Some(alternative) => self.of_schema(&alternative),
            None if is_object => self.object(schema, demanded),
            None => match schema.get("items") {
                Some(items) => {
                    let item = self.of_schema(items)?;
                    Some(Composed {
                        value: Value::Array(vec![item.value]),
                        has_example: item.has_example,
                    })
                }
                None => None,
            },
        }
    }

    /// The chosen one of the schema's alternatives.
    fn alternatives(&mut self, schema: &Map<String, Value>) -> Option<Value> {
        let list = schema.get("oneOf").or_else(|| schema.get("anyOf"))?;
        let list = list.as_array().filter(|list| !list.is_empty())?;
        self.most_alternatives = self.most_alternatives.max(list.len());
        list.get(self.choice % list.len()).cloned()
    }

    fn object(&mut self, schema: &Map<String, Value>, demanded: &[&str]) -> Option<Composed> {
        let mut members = Map::new();
        let mut has_example = false;
        let is_required = |name: &str| schema::requires(schema, name);
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if self.is_kept_out(property) && !demanded.contains(&name.as_str()) {
                continue;
            }
            let composed = match self.of_schema(property) {
                Some(composed) if composed.has_example => Some(composed),
                _ if is_required(name) => Some(Composed {
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
        let values = schema.get("additionalProperties");
        if let Some(values) = values.filter(|values| values.is_object())
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
    fn is_kept_out(&self, property: &Value) -> bool {
        let keyword = match self.direction {
            Direction::Sent => "readOnly",
            Direction::Received => "writeOnly",
        };
        let resolved = schema::resolve(self.document, property);
        resolved.is_ok_and(|resolved| resolved.schema.get(keyword) == Some(&Value::Bool(true)))
    }

    /// The plainest value that fits a schema for which the document has no
    /// example; none where the schema never ends or does not say what it is.
    fn plain(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        self.schemas_left = self.schemas_left.checked_sub(1)?;
        if depth > DEEPEST {
            return None;
        }
        let resolved = schema::resolve(self.document, schema).ok()?.schema;
        if let Some(default) = resolved.get("default").filter(|default| !default.is_null()) {
            return Some(default.clone());
        }
        if let Some(first) = resolved.get("enum").and_then(|values| values.get(0)) {
            return Some(first.clone());
        }
        if let Some(alternative) = self.alternatives(&resolved) {
            return self.plain(&alternative, depth + 1);
        }
        let bound = |keyword: &str| resolved.get(keyword).cloned();
        match resolved.get("type").and_then(Value::as_str) {
            Some("boolean") => Some(json!(true)),
            Some("integer" | "number") => Some(
                bound("minimum")
                    .or_else(|| bound("maximum"))
                    .unwrap_or(json!(1)),
            ),
            Some("string") => Some(json!(plain_text(&resolved))),
            Some("array") => Some(json!([])),
            Some("object") | None if resolved.contains_key("properties") => {
                self.plain_object(&resolved, depth)
            }
            Some("object") => Some(json!({})),
            _ => None,
        }
    }

    fn plain_object(&mut self, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            let Some(property) = schema.get("properties").and_then(|all| all.get(name)) else {
                continue;
            };
            if !self.is_kept_out(property) {
                members.insert(name.to_owned(), self.plain(property, depth + 1)?);
            }
        }
        Some(Value::Object(members))
    }
}

/// The properties that a schema requires itself, without those that the schemas
/// require to which it refers. What a schema that is written for a request
/// requires is sent even where a shared schema says `readOnly`.
fn demanded(written: &Value) -> Vec<&str> {
    let parts = written.get("allOf").and_then(Value::as_array);
    let parts = parts.into_iter().flatten();
    schema::required(written)
        .chain(parts.flat_map(demanded))
        .collect()
}

/// A text of the schema's format, as the OpenAPI format registry has them.
fn plain_text(schema: &Map<String, Value>) -> &'static str {
    match schema.get("format").and_then(Value::as_str) {
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

    fn composed(schema: Value) -> Vec<Value> {
        compose(&json!({}), &schema, Direction::Received)
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
        let document = json!({ "components": { "schemas": { "Part": part } } });
        let shared = json!({ "$ref": "#/components/schemas/Part" });
        for schema in [&shared, &json!({ "allOf": [shared, {}] })] {
            let sent = compose(&document, schema, Direction::Sent);
            assert_eq!(sent, [json!({ "name": "bolt" })]);
        }
    }

    #[test]
    fn what_a_schema_of_the_requests_own_requires_is_sent() {
        let schema = json!({ "required": ["id"], "properties": {
            "id": { "example": 1, "readOnly": true }
        } });
        let sent = compose(&json!({}), &schema, Direction::Sent);
        assert_eq!(sent, [json!({ "id": 1 })]);
    }

    #[test]
    fn a_schema_that_contains_itself_ends() {
        let document = json!({ "components": { "schemas": { "Node": { "properties": {
            "name": { "example": "n" },
            "next": { "$ref": "#/components/schemas/Node" },
            "all": { "type": "array", "items": { "$ref": "#/components/schemas/Node" } }
        } } } } });
        let schema = json!({ "$ref": "#/components/schemas/Node" });
        let found = compose(&document, &schema, Direction::Received);
        assert_eq!(found, [json!({ "name": "n" })]);
    }

    #[test]
    fn parts_that_double_at_each_level_end() {
        let mut document = Map::new();
        for level in 0..40 {
            let next = json!({ "$ref": format!("#/{}", level + 1) });
            document.insert(
                level.to_string(),
                json!({ "properties": { "a": next, "b": next } }),
            );
        }
        document.insert("40".to_owned(), json!({ "example": 1 }));
        let document = Value::Object(document);
        compose(&document, &document["0"], Direction::Received);
    }
}
