//! Reads from a document what names of operations depend on.

use codegen::names::resources::Operation;
use serde_json::{Map, Value};

/// The methods that a path item may have.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Members of an envelope that hold what was asked for.
const CONTENTS: [&str; 6] = ["result", "data", "items", "results", "value", "values"];

/// Each operation of `document`, with the JSON of it.
pub fn operations(document: &Value) -> Vec<(Operation<'_>, &Map<String, Value>)> {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut operations = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let (true, Some(operation)) =
                (METHODS.contains(&method.as_str()), operation.as_object())
            else {
                continue;
            };
            let text = |key: &str| operation.get(key).and_then(Value::as_str);
            let tag = operation.get("tags").and_then(|tags| tags.get(0)?.as_str());
            let read = Operation {
                method,
                path,
                id: text("operationId"),
                tag,
                summary: text("summary"),
                is_list: is_list(document, path, operation),
            };
            operations.push((read, operation));
        }
    }
    operations
}

/// What a reference leads to; itself, if it is none.
pub fn resolve<'d>(document: &'d Value, mut schema: &'d Value) -> &'d Value {
    for _ in 0..32 {
        let Some(target) = schema.get("$ref").and_then(Value::as_str) else {
            break;
        };
        let Some(found) = document.pointer(target.trim_start_matches('#')) else {
            break;
        };
        schema = found;
    }
    schema
}

/// Whether the response is a list, bare or in an envelope; nothing, if it does not say.
fn is_list(document: &Value, path: &str, operation: &Map<String, Value>) -> Option<bool> {
    let responses = operation.get("responses")?.as_object()?;
    let (_, response) = responses
        .iter()
        .find(|(status, _)| status.starts_with('2'))?;
    let content = resolve(document, response).get("content")?.as_object()?;
    let (_, media) = content.iter().find(|(kind, _)| kind.contains("json"))?;
    let schema = resolve(document, media.get("schema")?);
    if is_array(document, schema) {
        return Some(true);
    }
    // `{ "events": […], "total": 3 }` for `/hijacks/events`.
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_under_its_name = |schema| {
        let own = property(document, schema, last, 0);
        own.is_some_and(|own| is_array(document, own))
    };
    for name in CONTENTS {
        if let Some(content) = property(document, schema, name, 0) {
            return Some(is_array(document, content) || is_under_its_name(content));
        }
    }
    is_under_its_name(schema).then_some(true)
}

fn is_array(document: &Value, schema: &Value) -> bool {
    let schema = resolve(document, schema);
    let is_typed = schema.get("type").and_then(Value::as_str) == Some("array");
    let parts = schema.get("allOf").and_then(Value::as_array);
    is_typed || parts.is_some_and(|parts| parts.iter().any(|part| is_array(document, part)))
}

/// The property `name` of a schema, or of what it is put together from.
pub fn property<'d>(
    document: &'d Value,
    schema: &'d Value,
    name: &str,
    depth: usize,
) -> Option<&'d Value> {
    let schema = resolve(document, schema);
    if let Some(own) = schema.get("properties").and_then(|all| all.get(name)) {
        return Some(own);
    }
    if depth > 8 {
        return None;
    }
    // What comes last says it more exactly.
    let parts = schema.get("allOf")?.as_array()?;
    parts
        .iter()
        .rev()
        .find_map(|part| property(document, part, name, depth + 1))
}
