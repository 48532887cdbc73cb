//! Members that are missing, or not of the JSON type that OpenAPI gives them.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::Defect::MalformedMember;
use super::describe::describe;
use super::repair::{Findings, show};
use crate::openapi::grammar::{self, Children, Node, NodeKind};
use crate::pointer;
use crate::type_check::{self, Kind};

/// Converts, wraps or removes what is of another JSON type than its place asks
/// for, and puts `{}` where a schema is needed.
pub(super) fn repair(document: &Value, findings: &mut Findings) {
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        if !site.value.is_object() {
            replace(document, site, findings);
            return;
        }
        if site.reference().is_some() {
            return;
        }
        for (name, value) in site.value.as_object().into_iter().flatten() {
            let at = || pointer::join(site.pointer, name);
            match grammar::children(site.kind, name) {
                Some(held) => container(document, held, value, at(), findings),
                None => scalar(document, site.kind, name, value, at(), findings),
            }
        }
        required_members(document, site, findings);
    });
}

/// A value with a place that is no object.
fn replace(document: &Value, site: &Node<'_, '_>, findings: &mut Findings) {
    let reason = format!(
        "{} is {} where an object is needed, {}",
        capital(&describe(document, site.pointer)),
        show(site.value),
        if site.kind == NodeKind::Schema {
            "so any value is allowed there."
        } else {
            "so it says nothing."
        }
    );
    let at = site.pointer.to_owned();
    let value = match (site.kind, site.value) {
        (NodeKind::Schema, Value::Bool(false)) => json!({ "not": {} }),
        // The form of tuples in other versions of JSON Schema.
        (NodeKind::Schema, Value::Array(items)) => match items.as_slice() {
            [] => json!({}),
            [item] => item.clone(),
            several => json!({ "anyOf": several }),
        },
        (NodeKind::Schema | NodeKind::MediaType | NodeKind::Header | NodeKind::Encoding, _) => {
            json!({})
        }
        (NodeKind::Response, Value::String(text)) => json!({ "description": text }),
        (NodeKind::Response, _) => json!({ "description": "" }),
        // Without them there is no operation; the stage refuses that itself.
        (NodeKind::Document | NodeKind::PathItem | NodeKind::Operation, _)
            if !site.within.callback =>
        {
            return;
        }
        _ => {
            findings.remove(MalformedMember, at, reason);
            return;
        }
    };
    findings.set(MalformedMember, at, value, reason);
}

/// A list or object of values with places.
fn container(document: &Value, held: Children, value: &Value, at: String, findings: &mut Findings) {
    let reason = |needed: &str| {
        let owner = describe(document, &at);
        let (_, name) = pointer::split_last(&at).unwrap_or_default();
        format!(
            "The `{name}` of {owner} is {}, but must be {needed}.",
            show(value)
        )
    };
    match (held, value) {
        (Children::One(_), _)
        | (Children::List(_), Value::Array(_))
        | (Children::Map(_), Value::Object(_)) => {}
        (Children::List(_), Value::Object(_)) => {
            let reason = reason("a list");
            findings.set(MalformedMember, at, json!([value]), reason);
        }
        (Children::List(_), _) => {
            let reason = reason("a list");
            findings.remove(MalformedMember, at, reason);
        }
        (Children::Map(_), _) => {
            let reason = reason("an object");
            findings.remove(MalformedMember, at, reason);
        }
    }
}

/// A member that is text, a number, a flag or a list of texts.
fn scalar(
    document: &Value,
    place: NodeKind,
    name: &str,
    value: &Value,
    at: String,
    findings: &mut Findings,
) {
    let Some(needed) = kind_of_member(place, name) else {
        return;
    };
    let fits = match (needed, value) {
        _ if needed.takes(Kind::of(value)) => name != "required" || is_list_of_names(value),
        // The pass for `required` as a flag knows what is meant.
        (Kind::Array, Value::Bool(_)) if name == "required" => true,
        // A limit may be written as 5.0.
        (Kind::Integer, Value::Number(number)) => number.as_f64().is_some_and(|n| n.fract() == 0.0),
        _ => false,
    } && !(is_count(name) && value.as_f64().is_some_and(|count| count < 0.0));
    if fits {
        return;
    }
    let reason = format!(
        "The `{name}` of {} is {}, but must be {}.",
        describe(document, &at),
        show(value),
        match name {
            "required" => "a list of names, each once".to_owned(),
            _ if is_count(name) => "a count, from 0".to_owned(),
            _ => needed.to_string(),
        }
    );
    let mended = match (needed, value) {
        (Kind::Array, Value::Array(items)) => names_of(items),
        (Kind::Array, Value::String(_)) => Some(json!([value])),
        (Kind::Array, Value::Number(_) | Value::Bool(_)) if name == "enum" => Some(json!([value])),
        (Kind::Object, Value::String(_)) if name == "discriminator" => {
            Some(json!({ "propertyName": value }))
        }
        // The form of other versions of JSON Schema.
        (Kind::Boolean, Value::Number(limit)) if name.starts_with("exclusive") => {
            let bound = if name == "exclusiveMinimum" {
                "minimum"
            } else {
                "maximum"
            };
            if let Some((parent, _)) = pointer::split_last(&at) {
                let parent = pointer::join(parent, bound);
                let limit = Value::Number(limit.clone());
                findings.set(MalformedMember, parent, limit, reason.clone());
            }
            Some(Value::Bool(true))
        }
        _ if is_count(name) && value.as_f64().is_some_and(|count| count < 0.0) => None,
        _ => type_check::convert(value, needed),
    };
    match mended {
        Some(mended) => findings.set(MalformedMember, at, mended, reason),
        None => findings.remove(MalformedMember, at, reason),
    }
}

/// Members without which their parent cannot be read.
fn required_members(document: &Value, site: &Node<'_, '_>, findings: &mut Findings) {
    let what = || describe(document, site.pointer);
    match site.kind {
        NodeKind::Response if site.value.get("description").is_none() => {
            let reason = format!(
                "{} has no `description`, which every response must have.",
                capital(&what())
            );
            let at = pointer::join(site.pointer, "description");
            findings.set(MalformedMember, at, json!(""), reason);
        }
        NodeKind::Operation if site.value.get("responses").is_none() => {
            let reason = format!(
                "{} has no `responses`, which every operation must have.",
                what()
            );
            let at = pointer::join(site.pointer, "responses");
            findings.set(MalformedMember, at, json!({}), reason);
        }
        NodeKind::Parameter => {
            let place = site.value.get("in").and_then(Value::as_str);
            let is_known = matches!(place, Some("path" | "query" | "header" | "cookie"));
            if !is_known || !site.value.get("name").is_some_and(Value::is_string) {
                let reason = format!(
                    "{} needs a `name` and an `in` of path, query, header or cookie; without them it cannot be sent.",
                    capital(&what())
                );
                findings.remove(MalformedMember, site.pointer.to_owned(), reason);
            }
        }
        _ => {}
    }
}

/// The JSON type of a member that holds no values with places.
fn kind_of_member(place: NodeKind, name: &str) -> Option<Kind> {
    Some(match (place, name) {
        (NodeKind::Schema, "title" | "pattern" | "format")
        | (NodeKind::Operation, "summary")
        | (_, "description") => Kind::String,
        (
            NodeKind::Schema,
            "nullable" | "readOnly" | "writeOnly" | "uniqueItems" | "exclusiveMinimum"
            | "exclusiveMaximum",
        )
        | (NodeKind::Parameter | NodeKind::Header | NodeKind::RequestBody, "required")
        | (NodeKind::Parameter | NodeKind::Header | NodeKind::Encoding, "explode")
        | (_, "deprecated") => Kind::Boolean,
        (NodeKind::Schema, "multipleOf" | "minimum" | "maximum") => Kind::Number,
        (NodeKind::Schema, name) if is_count(name) => Kind::Integer,
        (NodeKind::Schema, "enum" | "required") | (NodeKind::Operation, "tags") => Kind::Array,
        (NodeKind::Schema, "discriminator" | "xml") | (_, "externalDocs") => Kind::Object,
        _ => return None,
    })
}

fn is_count(name: &str) -> bool {
    matches!(
        name,
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
    )
}

fn is_list_of_names(value: &Value) -> bool {
    let mut seen = HashSet::new();
    value.as_array().is_some_and(|items| {
        !items.is_empty()
            && items
                .iter()
                .all(|item| item.is_string() && seen.insert(item))
    })
}

/// The texts among `items`, each once; `None` where there is none.
fn names_of(items: &[Value]) -> Option<Value> {
    let mut seen = HashSet::new();
    let names = items
        .iter()
        .filter(|item| item.is_string() && seen.insert(*item));
    let names: Vec<Value> = names.cloned().collect();
    (!names.is_empty()).then_some(Value::Array(names))
}

/// `text` as the start of a sentence.
pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// The members of `schema` that are objects, by the keyword that holds them.
pub(super) fn members<'v>(
    schema: &'v Map<String, Value>,
    keyword: &str,
) -> Option<&'v Map<String, Value>> {
    schema.get(keyword)?.as_object()
}
