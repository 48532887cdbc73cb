//! Resolves a schema until it says directly what it is: no `$ref`, no `allOf`.

use serde_json::{Map, Value};

use super::all_of::{self, Conflict};

/// How many references may lie one behind the other around one schema. The
/// deepest in Cloudflare's documents has fewer than ten.
const DEEPEST: usize = 64;

/// How many schemas may go into one, so that parts which double at each level
/// end in an error and not in a hang.
const MOST_PARTS: usize = 10_000;

/// Why a schema cannot be resolved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// A `$ref` names nothing in the document.
    #[error("`$ref` to `{0}`, which is not in the document")]
    Missing(String),
    /// References and compositions lead back to themselves, or go on too long.
    #[error(
        "`$ref`s or `allOf`s that never arrive at a schema, by way of `{0}`; one of them must be replaced by a definition"
    )]
    Endless(String),
}

/// A schema without `$ref` and `allOf` at its top.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// What it says; subschemas are as the document has them.
    pub schema: Map<String, Value>,
    /// Every place where parts of an `allOf` contradicted each other.
    pub conflicts: Vec<Conflict>,
}

/// Finds what a local reference (`#/components/…`) points to.
pub fn target<'a>(document: &'a Value, reference: &str) -> Result<&'a Value, Unresolved> {
    reference
        .strip_prefix('#')
        .and_then(|pointer| document.pointer(pointer))
        .ok_or_else(|| Unresolved::Missing(reference.to_owned()))
}

/// The names that a schema requires by itself.
pub fn required(schema: &Value) -> impl Iterator<Item = &str> {
    names(schema.get("required"))
}

/// Whether a resolved schema requires its property `name`.
pub fn requires(schema: &Map<String, Value>, name: &str) -> bool {
    names(schema.get("required")).any(|required| required == name)
}

fn names(list: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str)
}

/// Follows the `$ref` of `schema` and merges its `allOf`, as often as needed.
///
/// What stands beside an `allOf` counts as its last part.
pub fn resolve(document: &Value, schema: &Value) -> Result<Resolved, Unresolved> {
    resolve_within(document, schema, 0, &mut 0)
}

fn resolve_within(
    document: &Value,
    schema: &Value,
    depth: usize,
    parts_seen: &mut usize,
) -> Result<Resolved, Unresolved> {
    *parts_seen += 1;
    let Some(schema) = schema.as_object() else {
        // `true` and everything that is no schema promise nothing.
        return Ok(Resolved {
            schema: Map::new(),
            conflicts: Vec::new(),
        });
    };
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        if depth == DEEPEST {
            return Err(Unresolved::Endless(reference.to_owned()));
        }
        return resolve_within(
            document,
            target(document, reference)?,
            depth + 1,
            parts_seen,
        );
    }
    let Some(parts) = schema.get("allOf").and_then(Value::as_array) else {
        return Ok(Resolved {
            schema: schema.clone(),
            conflicts: Vec::new(),
        });
    };
    if depth == DEEPEST || *parts_seen > MOST_PARTS {
        return Err(Unresolved::Endless("allOf".to_owned()));
    }
    let mut conflicts = Vec::new();
    let mut resolved = Vec::with_capacity(parts.len() + 1);
    for part in parts {
        let part = resolve_within(document, part, depth + 1, parts_seen)?;
        conflicts.extend(part.conflicts);
        resolved.push(part.schema);
    }
    let mut beside = schema.clone();
    beside.shift_remove("allOf");
    resolved.push(beside);
    let (schema, found) = all_of::merge(&resolved);
    conflicts.extend(found);
    Ok(Resolved { schema, conflicts })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_and_nested_all_ofs_become_one_schema() {
        let document = json!({ "components": { "schemas": {
            "Base": { "allOf": [{ "properties": { "a": {} } }, { "properties": { "b": {} } }] },
            "Alias": { "$ref": "#/components/schemas/Base" }
        } } });
        let schema = json!({
            "allOf": [{ "$ref": "#/components/schemas/Alias" }],
            "properties": { "c": {} }
        });
        let resolved = resolve(&document, &schema).expect("a resolvable schema");
        assert_eq!(
            Value::Object(resolved.schema),
            json!({ "properties": { "a": {}, "b": {}, "c": {} } })
        );
    }

    #[test]
    fn a_reference_to_nothing_is_named() {
        let error = resolve(&json!({}), &json!({ "$ref": "#/components/schemas/Gone" }));
        assert_eq!(
            error,
            Err(Unresolved::Missing("#/components/schemas/Gone".to_owned()))
        );
    }

    #[test]
    fn a_circle_of_references_ends() {
        let document = json!({
            "a": { "$ref": "#/b" },
            "b": { "allOf": [{ "$ref": "#/a" }] }
        });
        assert!(matches!(
            resolve(&document, &document["a"]),
            Err(Unresolved::Endless(_))
        ));
    }

    #[test]
    fn parts_that_double_at_each_level_end_in_an_error() {
        let mut document = Map::new();
        for level in 0..40 {
            let next = json!({ "$ref": format!("#/{}", level + 1) });
            document.insert(level.to_string(), json!({ "allOf": [next, next] }));
        }
        document.insert("40".to_owned(), json!({ "type": "object" }));
        let document = Value::Object(document);
        assert!(matches!(
            resolve(&document, &document["0"]),
            Err(Unresolved::Endless(_))
        ));
    }
}
