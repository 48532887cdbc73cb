//! What is wrong with an example, going by the schema that it is an example of.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::Part;
use crate::limits::{DEEPEST_FAULT, MOST_DESCRIPTIONS, MOST_PLACES};
use crate::normalize::types::tags;
use crate::openapi::{Additional, Definition, Resolver, SchemaId, Shape};
use crate::pointer;
use crate::type_check::{self, TypeMismatch};

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
    Mismatch(TypeMismatch),
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
            Problem::Mismatch(mismatch) => {
                let mismatch = TypeMismatch {
                    path: String::new(),
                    ..mismatch.clone()
                };
                write!(f, "the example does not fit its schema: {path}: {mismatch}")
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
/// `schema`.
pub fn faults(resolver: &Resolver<'_>, schema: SchemaId, value: &Value, part: &Part) -> Vec<Fault> {
    let mismatches = type_check::mismatches(resolver, schema, value);
    let mut inspector = Inspector {
        resolver,
        is_sent: matches!(part, Part::Body { .. }),
        places_left: MOST_PLACES,
        known: HashSet::new(),
        found: Vec::new(),
    };
    for mismatch in mismatches {
        inspector.add(mismatch.path.clone(), Problem::Mismatch(mismatch));
    }
    inspector.inspect(&[schema], value, "", 0);
    inspector.found
}

struct Inspector<'r, 'd> {
    resolver: &'r Resolver<'d>,
    is_sent: bool,
    places_left: usize,
    /// The places of what was found.
    known: HashSet<String>,
    found: Vec<Fault>,
}

/// What describes a place, perhaps as one of several alternatives.
struct Described {
    definition: Rc<Definition>,
    is_alternative: bool,
}

impl Inspector<'_, '_> {
    /// Looks at `value`, which is described by any of `schemas`.
    fn inspect(&mut self, schemas: &[SchemaId], value: &Value, path: &str, depth: usize) {
        if depth > DEEPEST_FAULT || self.places_left == 0 {
            return;
        }
        self.places_left -= 1;
        let mut described = Vec::new();
        for schema in schemas {
            self.describe(*schema, schemas.len() > 1, 0, &mut described);
            if let Some(subtype) = self.subtype(*schema, value) {
                self.describe(subtype, schemas.len() > 1, 0, &mut described);
            }
        }
        match value {
            Value::Null if described.iter().any(allows_null) => {}
            Value::Null => self.add(path.to_owned(), Problem::Null),
            Value::Array(items) => {
                let schemas = described.iter().filter_map(|it| it.definition.items);
                let schemas = self.distinct(schemas);
                for (index, item) in items.iter().enumerate() {
                    if !schemas.is_empty() {
                        self.inspect(&schemas, item, &format!("{path}/{index}"), depth + 1);
                    }
                }
            }
            Value::Object(members) => self.inspect_object(&described, members, path, depth),
            _ => {}
        }
    }

    /// The subtype of `schema` that `value` is of, as its discriminator says.
    fn subtype(&self, schema: SchemaId, value: &Value) -> Option<SchemaId> {
        let base = self.resolver.target(schema).ok()?;
        let subtypes = self.resolver.description().subtypes(base);
        if subtypes.is_empty() {
            return None;
        }
        let definition = self.resolver.resolve(base).ok()?;
        let discriminator = definition.discriminator.as_ref()?;
        let named = value.get(&discriminator.property)?.as_str()?;
        let is_named = |subtype: &SchemaId| {
            let resolved = self.resolver.resolve(*subtype);
            resolved.is_ok_and(|resolved| {
                tags::values_of(self.resolver, discriminator, *subtype, &resolved)
                    .iter()
                    .any(|value| value == named)
            })
        };
        subtypes.iter().copied().find(is_named)
    }

    fn inspect_object(
        &mut self,
        described: &[Described],
        members: &Map<String, Value>,
        path: &str,
        depth: usize,
    ) {
        for (name, member) in members {
            let at = pointer::join(path, name);
            let schemas = self.member_schemas(described, name);
            if self.is_sent && schemas.iter().any(|id| self.is_read_only(*id)) {
                self.add(at, Problem::ReadOnly);
            } else if !schemas.is_empty() {
                self.inspect(&schemas, member, &at, depth + 1);
            } else if !described.iter().any(|it| takes_any_member(&it.definition)) {
                self.add(at, Problem::Undescribed);
            }
        }
        let (alternatives, certain): (Vec<_>, Vec<_>) =
            described.iter().partition(|it| it.is_alternative);
        let mut missing: BTreeSet<String> = certain
            .iter()
            .flat_map(|it| self.missing(it, members, described))
            .collect();
        // Of alternatives, the one that lacks the least is meant.
        let lacking = alternatives
            .iter()
            .filter(|it| it.definition.properties.is_some())
            .map(|it| self.missing(it, members, described));
        missing.extend(lacking.min_by_key(Vec::len).unwrap_or_default());
        for name in missing {
            self.add(pointer::join(path, &name), Problem::Missing);
        }
    }

    /// The required properties of one description that `members` lack.
    fn missing(
        &self,
        one: &Described,
        members: &Map<String, Value>,
        described: &[Described],
    ) -> Vec<String> {
        let lacking = one.definition.required.iter();
        let lacking = lacking.filter(|name| !members.contains_key(*name));
        let lacking = lacking.filter(|name| {
            // OpenAPI 3.0.3, "Schema Object": of what is `readOnly`, `required`
            // speaks in responses alone, and of what is `writeOnly` in requests.
            let schemas = self.member_schemas(described, name);
            !schemas.iter().any(|id| {
                if self.is_sent {
                    self.is_read_only(*id)
                } else {
                    self.is_write_only(*id)
                }
            })
        });
        lacking.cloned().collect()
    }

    fn is_read_only(&self, id: SchemaId) -> bool {
        let resolved = self.resolver.resolve(id);
        resolved.is_ok_and(|it| it.marks.read_only == Some(true))
    }

    fn is_write_only(&self, id: SchemaId) -> bool {
        let resolved = self.resolver.resolve(id);
        resolved.is_ok_and(|it| it.marks.write_only == Some(true))
    }

    fn add(&mut self, path: String, problem: Problem) {
        if self.known.insert(path.clone()) {
            self.found.push(Fault { path, problem });
        }
    }

    /// Adds what `schema` says, and its alternatives.
    fn describe(
        &self,
        schema: SchemaId,
        is_alternative: bool,
        depth: usize,
        described: &mut Vec<Described>,
    ) {
        if depth > DEEPEST_FAULT || described.len() >= MOST_DESCRIPTIONS {
            return;
        }
        // What cannot be resolved promises nothing.
        let definition = self.resolver.resolve(schema).unwrap_or_default();
        for alternative in definition.all_alternatives() {
            self.describe(alternative, true, depth + 1, described);
        }
        described.push(Described {
            definition,
            is_alternative,
        });
    }

    /// The schemas of the member `name`: those of properties, or else those of
    /// any other member.
    fn member_schemas(&self, described: &[Described], name: &str) -> Vec<SchemaId> {
        let declared = described.iter();
        let declared = declared.filter_map(|it| it.definition.property(name));
        let declared = self.distinct(declared);
        if !declared.is_empty() {
            return declared;
        }
        let others = described.iter();
        self.distinct(others.filter_map(|it| it.definition.additional_values()))
    }

    fn distinct(&self, schemas: impl Iterator<Item = SchemaId>) -> Vec<SchemaId> {
        let mut known = HashSet::new();
        let distinct = schemas.filter(|id| known.insert(self.resolver.schema(*id).content));
        distinct.collect()
    }
}

/// Whether an object may have members that the schema does not name.
fn takes_any_member(definition: &Definition) -> bool {
    match definition.additional {
        Some(Additional::Allowed(allowed)) => allowed,
        Some(Additional::Values(_)) => true,
        None => {
            let is_untyped = definition.types.is_empty();
            let is_object = is_untyped || definition.own_shape() == Shape::Object;
            let says_nothing = definition.properties.is_none()
                && definition.alternatives().is_none()
                && definition.items.is_none()
                && definition.values.is_none();
            // `required` alone restricts what stands beside it.
            let only_requires = is_untyped && !definition.required.is_empty();
            is_object && says_nothing && !only_requires
        }
    }
}

fn allows_null(described: &Described) -> bool {
    let definition = &described.definition;
    let says_nothing = !definition.has_shape() && definition.format.is_none();
    definition.is_nullable() || says_nothing
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(schema: Value, value: Value) -> Vec<String> {
        let part = Part::Body {
            media_type: "application/json".to_owned(),
        };
        let document = json!({ "components": { "schemas": { "root": schema } } });
        let description = crate::openapi::describe_value(&document);
        let root = description.components["root"];
        let faults = faults(&Resolver::new(&description), root, &value, &part);
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
        let description = crate::openapi::describe_value(&document);
        let root = description.components["Pet"];
        for (value, expected) in [
            (json!({ "kind": "cat", "lives": 9 }), vec![]),
            (json!({ "kind": "dog", "tricks": "sit" }), vec![]),
            (
                json!({ "kind": "dog", "lives": 9 }),
                vec!["the example has /lives, which the schema does not describe"],
            ),
        ] {
            let faults = faults(&Resolver::new(&description), root, &value, &part);
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
