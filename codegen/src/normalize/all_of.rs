//! Merges the parts of an `allOf` into one schema.
//!
//! Cloudflare's document writes an answer as the common envelope followed by
//! what the endpoint adds, and the envelope already promises a vague `result`.
//! So a later part wins over an earlier one unless it says less, and the conflict
//! is reported.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::pointer;

/// How many alternatives two lists of them may become.
const MOST_ALTERNATIVES: usize = 64;

/// Two parts of one `allOf` that say different things about the same keyword.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// Where it is: a JSON pointer, relative to the merged schema as [`merge`] gives
    /// it, into the document in a [`Report`](crate::Report).
    pub pointer: String,
    /// What an earlier part said.
    pub earlier: Value,
    /// What a later part said.
    pub later: Value,
    /// Which of the two the merged schema keeps.
    pub kept: Kept,
}

/// Which part of an `allOf` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// The earlier one: the later says less.
    Earlier,
    /// The later one.
    Later,
}

/// Merges `parts`, in their order, into one schema.
///
/// Takes schemas whose own `$ref`s and `allOf`s are resolved already. Properties
/// are united, `required` lists are joined, and for any other keyword the later
/// part wins, as it does for a property of which both speak, unless all that it
/// says of it is "an object", "a list" or nothing. Returns the schema and every conflict that was decided so.
pub fn merge(parts: &[Map<String, Value>]) -> (Map<String, Value>, Vec<Conflict>) {
    let mut merged = Map::new();
    let mut conflicts = Vec::new();
    for part in parts {
        merge_into(&mut merged, part, "", &mut conflicts);
    }
    (merged, conflicts)
}

fn merge_into(
    target: &mut Map<String, Value>,
    part: &Map<String, Value>,
    pointer: &str,
    conflicts: &mut Vec<Conflict>,
) {
    for (keyword, later) in part {
        let Some(earlier) = target.get_mut(keyword) else {
            target.insert(keyword.clone(), later.clone());
            continue;
        };
        let here = pointer::join(pointer, keyword);
        match (keyword.as_str(), earlier, later) {
            ("properties", Value::Object(earlier), Value::Object(later)) => {
                merge_properties(earlier, later, &here, conflicts);
            }
            ("required", Value::Array(earlier), Value::Array(later)) => {
                for name in later {
                    if !earlier.contains(name) {
                        earlier.push(name.clone());
                    }
                }
            }
            // Each of the one goes with each of the other.
            ("oneOf" | "anyOf", Value::Array(earlier), Value::Array(later))
                if earlier != later && earlier.len() * later.len() <= MOST_ALTERNATIVES =>
            {
                let pairs = earlier.iter().flat_map(|one| {
                    let pair = move |other| json!({ "allOf": [one, other] });
                    later.iter().map(pair)
                });
                *earlier = pairs.collect();
            }
            (_, earlier, later) if earlier != later => {
                if !is_annotation(keyword) {
                    conflicts.push(Conflict {
                        pointer: here,
                        earlier: earlier.clone(),
                        later: later.clone(),
                        kept: Kept::Later,
                    });
                }
                *earlier = later.clone();
            }
            _ => {}
        }
    }
}

fn merge_properties(
    target: &mut Map<String, Value>,
    part: &Map<String, Value>,
    pointer: &str,
    conflicts: &mut Vec<Conflict>,
) {
    for (name, later) in part {
        let here = pointer::join(pointer, name);
        match (target.get_mut(name), later) {
            (None, later) => {
                target.insert(name.clone(), later.clone());
            }
            (Some(Value::Object(earlier)), Value::Object(later))
                if is_object_schema(earlier) && is_object_schema(later) =>
            {
                merge_into(earlier, later, &here, conflicts);
            }
            (Some(earlier), later) if differ(earlier, later) => {
                let kept = match is_vague(later) && !is_vague(earlier) {
                    true => Kept::Earlier,
                    false => Kept::Later,
                };
                conflicts.push(Conflict {
                    pointer: here,
                    earlier: earlier.clone(),
                    later: later.clone(),
                    kept,
                });
                if kept == Kept::Later {
                    *earlier = later.clone();
                }
            }
            // They differ in words alone.
            (Some(earlier), later) => *earlier = later.clone(),
        }
    }
}

/// Whether two schemas differ in more than their words.
fn differ(a: &Value, b: &Value) -> bool {
    let (Value::Object(a), Value::Object(b)) = (a, b) else {
        return a != b;
    };
    let says = |schema: &Map<String, Value>, keyword: &String| {
        !is_annotation(keyword) && schema.contains_key(keyword)
    };
    a.keys()
        .chain(b.keys())
        .any(|keyword| (says(a, keyword) || says(b, keyword)) && a.get(keyword) != b.get(keyword))
}

/// Whether a schema says nothing of its values but that they are objects or lists,
/// which may be one of its alternatives; anything, if it does not even say that.
fn is_vague(schema: &Value) -> bool {
    let Some(schema) = schema.as_object() else {
        return true;
    };
    let is_told = [
        "$ref",
        "additionalProperties",
        "allOf",
        "enum",
        "properties",
    ]
    .into_iter()
    .any(|keyword| schema.contains_key(keyword));
    if is_told || !schema.get("items").is_none_or(is_vague) {
        return false;
    }
    let alternatives = schema.get("oneOf").or_else(|| schema.get("anyOf"));
    match alternatives.and_then(Value::as_array) {
        // A word in place of a result is no result.
        Some(alternatives) => alternatives.iter().all(|alternative| {
            is_vague(alternative) || alternative.get("type").is_some_and(|ty| ty == "string")
        }),
        None => {
            let ty = schema.get("type").and_then(Value::as_str);
            matches!(ty, None | Some("object" | "array"))
        }
    }
}

/// Whether two schemas of this kind can be united property by property.
fn is_object_schema(schema: &Map<String, Value>) -> bool {
    schema.get("properties").is_some_and(Value::is_object) && !schema.contains_key("$ref")
}

/// Whether a keyword describes a schema without restricting it.
pub(super) fn is_annotation(keyword: &str) -> bool {
    matches!(
        keyword,
        "title" | "description" | "example" | "externalDocs" | "default"
    ) || keyword.starts_with("x-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merge_values(parts: Value) -> (Value, Vec<Conflict>) {
        let parts: Vec<Map<String, Value>> =
            serde_json::from_value(parts).expect("a list of objects");
        let (merged, conflicts) = merge(&parts);
        (Value::Object(merged), conflicts)
    }

    #[test]
    fn properties_are_united_and_required_names_joined_once() {
        let (merged, conflicts) = merge_values(json!([
            { "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } },
            { "type": "object", "required": ["b", "a"], "properties": { "b": { "type": "integer" } } }
        ]));
        assert_eq!(
            merged,
            json!({
                "type": "object",
                "required": ["a", "b"],
                "properties": { "a": { "type": "string" }, "b": { "type": "integer" } }
            })
        );
        assert_eq!(conflicts, []);
    }

    #[test]
    fn the_later_result_wins_over_the_vague_one_of_the_envelope() {
        let (merged, conflicts) = merge_values(json!([
            { "properties": { "result": { "anyOf": [{ "type": "object" }, { "type": "string" }] } } },
            { "properties": { "result": { "$ref": "#/components/schemas/Zone" } } }
        ]));
        assert_eq!(
            merged["properties"]["result"],
            json!({ "$ref": "#/components/schemas/Zone" })
        );
        assert_eq!(conflicts.len(), 1);
        assert_eq!(conflicts[0].pointer, "/properties/result");
    }

    #[test]
    fn alternatives_of_two_parts_are_paired() {
        let (merged, conflicts) = merge_values(json!([
            { "oneOf": [{ "title": "a" }, { "title": "b" }] },
            { "oneOf": [{ "title": "c" }] }
        ]));
        assert_eq!(
            merged["oneOf"],
            json!([
                { "allOf": [{ "title": "a" }, { "title": "c" }] },
                { "allOf": [{ "title": "b" }, { "title": "c" }] }
            ])
        );
        assert_eq!(conflicts, []);
    }

    #[test]
    fn a_later_part_that_says_less_does_not_win() {
        let zone = json!({ "$ref": "#/components/schemas/Zone" });
        for vague in [
            json!({}),
            json!({ "type": "object", "example": {} }),
            json!({ "type": "array", "items": { "type": "object" } }),
            json!({ "anyOf": [{ "type": "object" }, { "type": "string" }] }),
        ] {
            let (merged, conflicts) = merge_values(json!([
                { "properties": { "result": zone } }, { "properties": { "result": vague } }
            ]));
            assert_eq!(merged["properties"]["result"], zone, "{vague}");
            assert_eq!(conflicts[0].kept, Kept::Earlier);
        }
    }

    #[test]
    fn words_are_no_contradiction() {
        let (merged, conflicts) = merge_values(json!([
            { "properties": { "a": { "type": "string", "example": "x" } } },
            { "properties": { "a": { "type": "string", "example": "y" } } }
        ]));
        assert_eq!(merged["properties"]["a"]["example"], "y");
        assert_eq!(conflicts, []);
    }

    #[test]
    fn nested_objects_are_united_and_keep_the_earlier_fields() {
        let (merged, conflicts) = merge_values(json!([
            { "properties": { "info": { "properties": { "page": { "type": "number" } } } } },
            { "properties": { "info": { "properties": { "count": { "type": "number" } } } } }
        ]));
        assert_eq!(
            merged["properties"]["info"]["properties"],
            json!({ "page": { "type": "number" }, "count": { "type": "number" } })
        );
        assert_eq!(conflicts, []);
    }

    #[test]
    fn a_contradiction_is_reported_and_a_description_is_not() {
        let (merged, conflicts) = merge_values(json!([
            { "description": "One", "properties": { "a/b": { "type": "boolean", "enum": [true] } } },
            { "description": "Two", "properties": { "a/b": { "type": "boolean", "enum": [false] } } }
        ]));
        assert_eq!(merged["description"], "Two");
        assert_eq!(conflicts.len(), 1);
        assert_eq!(conflicts[0].pointer, "/properties/a~1b");
        assert_eq!(
            conflicts[0].later,
            json!({ "type": "boolean", "enum": [false] })
        );
    }
}
