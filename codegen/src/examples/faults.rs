//! What is wrong with an example, going by the schema that it is an example of.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

use super::Part;
use super::subtype::subtype;
use crate::fit::{self, Misfit};
use crate::normalize::schema;
use crate::pointer;

/// How deep a value is looked into.
const DEEPEST: usize = 100;

/// How many schemas may describe one place of a value.
const MOST_DESCRIPTIONS: usize = 500;

/// How many places of a value are looked at.
const MOST_PLACES: usize = 100_000;

/// A fault that the document's author made in an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place in the example, as a JSON pointer; empty for all of it.
    pub path: String,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a place in an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The value is of another type than the schema says.
    Misfit(Misfit),
    /// The schema does not describe the member.
    Undescribed,
    /// The schema requires the member, and the example lacks it.
    Missing,
    /// It is `null`, which the schema does not allow.
    Null,
    /// A request has it, and the schema says `readOnly`.
    ReadOnly,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = match self.path.as_str() {
            "" => "a value",
            path => path,
        };
        match &self.problem {
            Problem::Misfit(misfit) => {
                let misfit = Misfit {
                    path: String::new(),
                    ..misfit.clone()
                };
                write!(f, "the example does not fit its schema: {path}: {misfit}")
            }
            Problem::Undescribed => {
                write!(
                    f,
                    "the example has {path}, which the schema does not describe"
                )
            }
            Problem::Missing => {
                write!(f, "the example lacks {path}, which the schema requires")
            }
            Problem::Null => write!(
                f,
                "the example has null for {path}, which the schema does not allow"
            ),
            Problem::ReadOnly => write!(
                f,
                "the example of a request has {path}, which is `readOnly` and so is not sent"
            ),
        }
    }
}

/// Everything that is wrong with `value` as an example of `part`, going by
/// `schema`. `document` is where `$ref`s are looked up.
pub fn faults(document: &Value, schema: &Value, value: &Value, part: &Part) -> Vec<Fault> {
    let misfits = fit::misfits(document, schema, value);
    let found = misfits.into_iter().map(|misfit| Fault {
        path: misfit.path.clone(),
        problem: Problem::Misfit(misfit),
    });
    let mut inspector = Inspector {
        document,
        is_sent: matches!(part, Part::Body { .. }),
        places_left: MOST_PLACES,
        found: found.collect(),
    };
    inspector.inspect(std::slice::from_ref(schema), value, "", 0);
    inspector.found
}

struct Inspector<'d> {
    document: &'d Value,
    is_sent: bool,
    places_left: usize,
    found: Vec<Fault>,
}

/// A schema that describes a place, perhaps as one of several alternatives.
struct Description {
    schema: Map<String, Value>,
    is_alternative: bool,
}

impl Inspector<'_> {
    /// Looks at `value`, which is described by any of `schemas`.
    fn inspect(&mut self, schemas: &[Value], value: &Value, path: &str, depth: usize) {
        if depth > DEEPEST || self.places_left == 0 {
            return;
        }
        self.places_left -= 1;
        let mut descriptions = Vec::new();
        for schema in schemas {
            self.describe(schema, schemas.len() > 1, 0, &mut descriptions);
        }
        match value {
            Value::Null if descriptions.iter().any(allows_null) => {}
            Value::Null => self.add(path.to_owned(), Problem::Null),
            Value::Array(items) => {
                let schemas: Vec<Value> = distinct(
                    descriptions
                        .iter()
                        .filter_map(|description| description.schema.get("items")),
                );
                for (index, item) in items.iter().enumerate() {
                    if !schemas.is_empty() {
                        self.inspect(&schemas, item, &format!("{path}/{index}"), depth + 1);
                    }
                }
            }
            Value::Object(members) => {
                let subtypes = descriptions
                    .iter()
                    .filter_map(|description| subtype(self.document, &description.schema, members));
                for schema in subtypes.collect::<Vec<_>>() {
                    self.describe(&schema, false, 0, &mut descriptions);
                }
                self.inspect_object(&descriptions, members, path, depth);
            }
            _ => {}
        }
    }

    fn inspect_object(
        &mut self,
        descriptions: &[Description],
        members: &Map<String, Value>,
        path: &str,
        depth: usize,
    ) {
        for (name, member) in members {
            let at = pointer::join(path, name);
            let schemas = member_schemas(descriptions, name);
            if self.is_sent && schemas.iter().any(|schema| self.says(schema, "readOnly")) {
                self.add(at, Problem::ReadOnly);
            } else if !schemas.is_empty() {
                self.inspect(&schemas, member, &at, depth + 1);
            } else if !descriptions
                .iter()
                .any(|description| takes_any_member(&description.schema))
            {
                self.add(at, Problem::Undescribed);
            }
        }
        let (alternatives, certain): (Vec<_>, Vec<_>) = descriptions
            .iter()
            .partition(|description| description.is_alternative);
        let mut missing: BTreeSet<&str> = certain
            .iter()
            .flat_map(|description| self.missing(description, members, descriptions))
            .collect();
        // Of alternatives, the one that lacks the least is meant.
        let lacking = alternatives
            .iter()
            .filter(|description| description.schema.contains_key("properties"))
            .map(|description| self.missing(description, members, descriptions));
        missing.extend(lacking.min_by_key(Vec::len).unwrap_or_default());
        for name in missing {
            self.add(pointer::join(path, name), Problem::Missing);
        }
    }

    /// The required properties of one description that `members` lack.
    fn missing<'s>(
        &self,
        description: &'s Description,
        members: &Map<String, Value>,
        descriptions: &[Description],
    ) -> Vec<&'s str> {
        // OpenAPI 3.0.3, "Schema Object": of what is `readOnly`, `required`
        // speaks in answers alone, and of what is `writeOnly` in requests.
        let excuse = if self.is_sent {
            "readOnly"
        } else {
            "writeOnly"
        };
        let required = description.schema.get("required").and_then(Value::as_array);
        let names = required.into_iter().flatten().filter_map(Value::as_str);
        names
            .filter(|name| {
                let schemas = member_schemas(descriptions, name);
                let is_excused = schemas.iter().any(|schema| self.says(schema, excuse));
                !is_excused && !members.contains_key(*name)
            })
            .collect()
    }

    /// Whether `schema` has true for `keyword`.
    fn says(&self, schema: &Value, keyword: &str) -> bool {
        let resolved = schema::resolve(self.document, schema);
        resolved.is_ok_and(|resolved| resolved.schema.get(keyword) == Some(&Value::Bool(true)))
    }

    fn add(&mut self, path: String, problem: Problem) {
        let known = self.found.iter().any(|fault| fault.path == path);
        if !known {
            self.found.push(Fault { path, problem });
        }
    }

    /// Adds `schema`, resolved, and its alternatives.
    fn describe(
        &self,
        schema: &Value,
        is_alternative: bool,
        depth: usize,
        descriptions: &mut Vec<Description>,
    ) {
        if depth > DEEPEST || descriptions.len() >= MOST_DESCRIPTIONS {
            return;
        }
        let Ok(resolved) = schema::resolve(self.document, schema) else {
            // What cannot be resolved promises nothing.
            descriptions.push(Description {
                schema: Map::new(),
                is_alternative,
            });
            return;
        };
        let schema = resolved.schema;
        let alternatives = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|keyword| schema.get(keyword)?.as_array())
            .flatten();
        for alternative in alternatives {
            self.describe(alternative, true, depth + 1, descriptions);
        }
        descriptions.push(Description {
            schema,
            is_alternative,
        });
    }
}

/// The schemas of the member `name`: those of properties, or else those of
/// any other member.
fn member_schemas(descriptions: &[Description], name: &str) -> Vec<Value> {
    let declared = descriptions
        .iter()
        .filter_map(|description| description.schema.get("properties")?.get(name));
    let declared = distinct(declared);
    if !declared.is_empty() {
        return declared;
    }
    let others = descriptions
        .iter()
        .filter_map(|description| description.schema.get("additionalProperties"));
    distinct(others.filter(|schema| schema.is_object()))
}

fn distinct<'v>(values: impl Iterator<Item = &'v Value>) -> Vec<Value> {
    let mut distinct: Vec<Value> = Vec::new();
    for value in values {
        if !distinct.contains(value) {
            distinct.push(value.clone());
        }
    }
    distinct
}

/// Whether an object may have members that the schema does not name.
fn takes_any_member(schema: &Map<String, Value>) -> bool {
    match schema.get("additionalProperties") {
        Some(Value::Bool(allowed)) => *allowed,
        Some(Value::Object(_)) => true,
        _ => {
            let is_object = schema.get("type").is_none_or(|kind| kind == "object");
            let says_nothing = ["properties", "oneOf", "anyOf", "items", "enum"]
                .iter()
                .all(|keyword| !schema.contains_key(*keyword));
            // `required` alone restricts what stands beside it.
            let only_requires = !schema.contains_key("type") && schema.contains_key("required");
            is_object && says_nothing && !only_requires
        }
    }
}

fn allows_null(description: &Description) -> bool {
    let schema = &description.schema;
    let has_null = |keyword: &str| {
        let values = schema.get(keyword).and_then(Value::as_array);
        values.is_some_and(|values| values.contains(&Value::Null))
    };
    let says_nothing = [
        "type",
        "properties",
        "items",
        "oneOf",
        "anyOf",
        "enum",
        "format",
    ]
    .iter()
    .all(|keyword| !schema.contains_key(*keyword));
    schema.get("nullable") == Some(&Value::Bool(true)) || has_null("enum") || says_nothing
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(schema: Value, value: Value) -> Vec<String> {
        let part = Part::Body {
            media_type: "application/json".to_owned(),
        };
        let faults = faults(&json!({}), &schema, &value, &part);
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_fault_is_named_with_its_place() {
        let schema = json!({
            "type": "object",
            "required": ["name", "gone"],
            "properties": {
                "name": { "type": "string" },
                "count": { "type": "integer" },
                "at": { "type": "string" },
                "id": { "type": "string", "readOnly": true },
                "maker": { "properties": { "city": { "type": "string" } } }
            }
        });
        let value = json!({
            "name": "bolt", "count": "many", "at": null, "id": "1",
            "maker": { "city": "Ulm", "zip": 1 }
        });
        assert_eq!(
            found(schema, value),
            [
                "the example does not fit its schema: /count: expected an integer, found a string",
                "the example has null for /at, which the schema does not allow",
                "the example of a request has /id, which is `readOnly` and so is not sent",
                "the example has /maker/zip, which the schema does not describe",
                "the example lacks /gone, which the schema requires",
            ]
        );
    }

    #[test]
    fn a_member_that_one_alternative_describes_is_described() {
        let schema = json!({
            "properties": { "id": { "type": "integer" } },
            "oneOf": [
                { "properties": { "a": { "type": "string" } }, "required": ["a"] },
                { "properties": { "b": { "type": "string", "nullable": true } } }
            ]
        });
        assert_eq!(found(schema, json!({ "id": 1, "b": null })), [""; 0]);
    }

    #[test]
    fn a_member_that_the_subtype_of_the_value_describes_is_described() {
        let document = json!({ "components": { "schemas": {
            "Pet": {
                "required": ["kind"],
                "properties": { "kind": { "type": "string" } },
                "discriminator": {
                    "propertyName": "kind", "mapping": { "cat": "#/components/schemas/Tom" }
                }
            },
            "Tom": { "allOf": [
                { "$ref": "#/components/schemas/Pet" },
                { "type": "object", "properties": { "lives": { "type": "integer" } } }
            ] },
            "dog": { "allOf": [
                { "$ref": "#/components/schemas/Pet" },
                { "type": "object", "properties": { "tricks": { "type": "string" } } }
            ] }
        } } });
        let part = Part::Response {
            status: "200".to_owned(),
            media_type: "application/json".to_owned(),
        };
        let schema = json!({ "$ref": "#/components/schemas/Pet" });
        for (value, expected) in [
            (json!({ "kind": "cat", "lives": 9 }), vec![]),
            (json!({ "kind": "dog", "tricks": "sit" }), vec![]),
            (
                json!({ "kind": "dog", "lives": 9 }),
                vec!["the example has /lives, which the schema does not describe"],
            ),
        ] {
            let faults = faults(&document, &schema, &value, &part);
            let found: Vec<String> = faults.iter().map(ToString::to_string).collect();
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn of_alternatives_the_one_that_lacks_the_least_is_meant() {
        let schema = json!({ "oneOf": [
            { "required": ["a", "b"], "properties": { "a": {}, "b": {} } },
            { "required": ["c"], "properties": { "c": {}, "d": {} } }
        ] });
        assert_eq!(
            found(schema, json!({ "d": 1 })),
            ["the example lacks /c, which the schema requires"]
        );
    }

    #[test]
    fn a_request_need_not_have_what_is_only_received() {
        let schema = json!({
            "required": ["id"], "properties": { "id": { "readOnly": true }, "name": {} }
        });
        assert_eq!(found(schema, json!({ "name": "bolt" })), [""; 0]);
    }

    #[test]
    fn an_object_of_any_members_has_none_that_is_undescribed() {
        for schema in [
            json!({ "type": "object" }),
            json!({}),
            json!({ "properties": { "a": {} }, "additionalProperties": true }),
            json!({ "additionalProperties": { "type": "integer" } }),
        ] {
            assert_eq!(found(schema, json!({ "b": 1 })), [""; 0]);
        }
    }
}
