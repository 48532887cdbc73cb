//! What a request carries, and what an answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::model::{Api, Shape, Type, TypeDef};
use crate::pointer;
use crate::slice;

/// What requests and answers make of a document's schema components, which are
/// named by their pointers.
#[derive(Debug, Clone, Default)]
pub struct Components {
    /// Those of which a request carries something else than an answer: both reach
    /// them, and properties in them are `readOnly` or `writeOnly`.
    pub two_way: BTreeSet<String>,
    /// Those that are the whole body of a request.
    pub bodies: BTreeSet<String>,
}

impl Components {
    /// Those of `document`.
    pub fn of(document: &Value) -> Self {
        Self {
            two_way: two_way(document),
            bodies: bodies(document),
        }
    }
}

fn bodies(document: &Value) -> BTreeSet<String> {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut bodies = BTreeSet::new();
    for (_, _, operation) in paths.into_iter().flat_map(slice::operations) {
        let body = operation
            .get("requestBody")
            .and_then(|body| followed(document, body));
        let content = body.and_then(|body| body.get("content")?.as_object());
        let media = content.into_iter().flatten();
        let mut open: Vec<&Value> = media.filter_map(|(_, media)| media.get("schema")).collect();
        while let Some(schema) = open.pop() {
            let reference = schema.get("$ref").and_then(Value::as_str);
            if let Some(at) = reference.and_then(|reference| reference.strip_prefix('#'))
                && bodies.insert(at.to_owned())
            {
                open.extend(document.pointer(at));
            }
            for keyword in ["allOf", "oneOf", "anyOf"] {
                open.extend(
                    schema
                        .get(keyword)
                        .and_then(Value::as_array)
                        .into_iter()
                        .flatten(),
                );
            }
        }
    }
    bodies
}

/// What `value` is, or refers to.
fn followed<'d>(document: &'d Value, value: &'d Value) -> Option<&'d Value> {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.pointer(reference.strip_prefix('#')?),
        None => Some(value),
    }
}

fn two_way(document: &Value) -> BTreeSet<String> {
    let empty = Map::new();
    let paths = document.get("paths").and_then(Value::as_object);
    let mut sent = BTreeSet::new();
    let mut received = BTreeSet::new();
    let paths = paths.unwrap_or(&empty);
    for (path, _, operation) in slice::operations(paths) {
        let shared = paths.get(path).and_then(|item| item.get("parameters"));
        let request = ["parameters", "requestBody"].map(|member| operation.get(member));
        let request = request.into_iter().chain([shared]).flatten();
        request.for_each(|part| reach(document, part, &mut sent));
        let answers = operation.get("responses").into_iter();
        answers.for_each(|part| reach(document, part, &mut received));
    }
    let marked = marked(document);
    let both = sent.intersection(&received);
    both.filter(|component| marked.contains(*component))
        .cloned()
        .collect()
}

/// The schema components that hold a `readOnly` or `writeOnly` schema, directly or
/// by way of others.
fn marked(document: &Value) -> BTreeSet<String> {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut open = Vec::new();
    for (name, schema) in schemas.into_iter().flatten() {
        let component = pointer::join("/components/schemas", name);
        let mut parts = BTreeSet::new();
        references(schema, &mut |part| {
            parts.insert(part.to_owned());
        });
        for part in parts {
            users.entry(part).or_default().push(component.clone());
        }
        if has_marks(schema) {
            open.push(component);
        }
    }
    let mut marked = BTreeSet::new();
    while let Some(component) = open.pop() {
        if marked.insert(component.clone()) {
            open.extend(users.get(&component).into_iter().flatten().cloned());
        }
    }
    marked
}

/// Adds the components that `part` refers to, directly or by way of others.
fn reach(document: &Value, part: &Value, reached: &mut BTreeSet<String>) {
    let mut open = vec![part];
    while let Some(value) = open.pop() {
        references(value, &mut |component| {
            if reached.insert(component.to_owned()) {
                open.extend(document.pointer(component));
            }
        });
    }
}

/// Calls `found` with the component of every `$ref` in `value`.
fn references(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            if let Some(path) = reference.and_then(|reference| reference.strip_prefix('#')) {
                found(pointer::component_of(path));
            }
            members
                .values()
                .for_each(|member| references(member, found));
        }
        _ => {}
    }
}

/// Whether what a request carries of `schema` differs from what an answer does,
/// where `two_way` are the components of which it does.
pub fn is_two_way(schema: &Value, two_way: &BTreeSet<String>) -> bool {
    let mut is_two_way = has_marks(schema);
    references(schema, &mut |component| {
        is_two_way |= two_way.contains(component)
    });
    is_two_way
}

/// Whether a schema in `value` is `readOnly` or `writeOnly`.
fn has_marks(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_marks),
        Value::Object(members) => {
            let is_marked = |keyword: &str| members.get(keyword) == Some(&Value::Bool(true));
            is_marked("readOnly") || is_marked("writeOnly") || members.values().any(has_marks)
        }
        _ => false,
    }
}

/// Marks every type of `api` as sent, as received, or as both. Every field of what
/// is received becomes optional, none of them tells null from nothing, and its whole
/// numbers are wide.
pub fn mark(api: &mut Api) {
    for operation in &api.operations {
        let sent = operation.sent();
        sent.for_each(|ty| spread(ty, &mut api.types, &|def| &mut def.sent));
        let received = operation.received();
        received.for_each(|ty| spread(ty, &mut api.types, &|def| &mut def.received));
    }
    for operation in &mut api.operations {
        operation.received_mut().for_each(Type::widen);
    }
    for def in api.types.values_mut().filter(|def| def.received) {
        def.shape.parts_mut().for_each(Type::widen);
        if let Shape::Struct { fields, .. } = &mut def.shape {
            for field in fields {
                field.optional = true;
                field.nullable = false;
            }
        }
    }
}

fn spread(
    ty: &Type,
    types: &mut BTreeMap<String, TypeDef>,
    mark: &impl Fn(&mut TypeDef) -> &mut bool,
) {
    let mut open = vec![ty.clone()];
    while let Some(ty) = open.pop() {
        match ty {
            Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => open.push(*inner),
            Type::Named(name) => {
                let Some(def) = types.get_mut(&name) else {
                    continue;
                };
                if !std::mem::replace(mark(def), true) {
                    open.extend(def.shape.parts().cloned());
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_component_of_both_ways_with_a_marked_property_is_two() {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let media = |name: &str| json!({ "content": { "application/json": { "schema": reference(name) } } });
        let document = json!({
            "paths": { "/a": { "put": {
                "requestBody": media("zone"),
                "responses": { "200": media("zone"), "201": media("answer") }
            } } },
            "components": { "schemas": {
                "zone": { "properties": { "owner": reference("owner"), "plan": reference("plan") } },
                "owner": { "properties": { "id": { "readOnly": true } } },
                "plan": { "properties": { "name": {} } },
                "answer": { "properties": { "at": { "readOnly": true } } }
            } }
        });
        let two_way: Vec<String> = two_way(&document).into_iter().collect();
        assert_eq!(
            two_way,
            ["/components/schemas/owner", "/components/schemas/zone"]
        );
    }
}
