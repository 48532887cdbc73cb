//! Schemas whose `type` is unknown or missing.

use serde_json::{Map, Value, json};

use super::Defect::{MissingType, UnknownType};
use super::describe::describe;
use super::malformed::capital;
use super::repair::{Findings, show};
use super::schemas::Schemas;
use crate::openapi::grammar;
use crate::pointer;
use crate::type_check::Kind;

/// Replaces a `type` that OpenAPI 3.0 does not have by the one that is meant,
/// and removes it where that is not evident.
pub(super) fn unknown(document: &Value, findings: &mut Findings) {
    grammar::each_schema(document, &mut |schema, at| {
        let Some(value) = schema.get("type") else {
            return;
        };
        let is_known = value
            .as_str()
            .and_then(Kind::named)
            .is_some_and(|kind| kind != Kind::Null);
        if is_known {
            return;
        }
        let what = capital(&describe(document, at));
        let type_at = pointer::join(at, "type");
        let meant = match value {
            Value::String(name) => meant_by(name),
            Value::Array(names) => meant_by_all(names),
            _ => None,
        };
        let Some(meant) = meant else {
            let reason = format!(
                "{what} has the type {}, which OpenAPI does not have; what is meant is not evident.",
                show(value)
            );
            findings.remove(UnknownType, type_at, reason);
            return;
        };
        let reason = format!(
            "{what} has the type {}, which OpenAPI 3.0 does not have; {} is meant.",
            show(value),
            meant.words()
        );
        let mut add = |keyword: &str, value: Value| {
            if !schema.contains_key(keyword) {
                let at = pointer::join(at, keyword);
                findings.set(UnknownType, at, value, reason.clone());
            }
        };
        if let Some(format) = meant.format {
            add("format", json!(format));
        }
        if meant.nullable {
            add("nullable", json!(true));
        }
        match meant.kinds.as_slice() {
            [] => findings.remove(UnknownType, type_at, reason),
            [kind] => findings.set(UnknownType, type_at, json!(kind.name()), reason),
            kinds => {
                let any_of: Vec<Value> = kinds
                    .iter()
                    .map(|kind| json!({ "type": kind.name() }))
                    .collect();
                add("anyOf", Value::Array(any_of));
                findings.remove(UnknownType, type_at, reason);
            }
        }
    });
}

/// What the author of an unknown type meant.
#[derive(Default)]
struct Meant {
    kinds: Vec<Kind>,
    format: Option<&'static str>,
    nullable: bool,
}

impl Meant {
    fn words(&self) -> String {
        let mut words: Vec<String> = self.kinds.iter().map(ToString::to_string).collect();
        if self.nullable {
            words.push("null".to_owned());
        }
        let format = self.format.map(|format| format!(" of format `{format}`"));
        format!("{}{}", words.join(" or "), format.unwrap_or_default())
    }
}

fn meant_by(name: &str) -> Option<Meant> {
    let (kind, format) = match name.to_ascii_lowercase().as_str() {
        "string" | "str" | "text" | "char" | "varchar" => (Kind::String, None),
        "date" => (Kind::String, Some("date")),
        "date-time" | "datetime" | "timestamp" => (Kind::String, Some("date-time")),
        "uuid" => (Kind::String, Some("uuid")),
        "uri" | "url" => (Kind::String, Some("uri")),
        "email" => (Kind::String, Some("email")),
        "ipv4" => (Kind::String, Some("ipv4")),
        "ipv6" => (Kind::String, Some("ipv6")),
        "hostname" => (Kind::String, Some("hostname")),
        "file" | "binary" => (Kind::String, Some("binary")),
        "integer" | "int" => (Kind::Integer, None),
        "int32" => (Kind::Integer, Some("int32")),
        "int64" | "long" => (Kind::Integer, Some("int64")),
        "number" | "decimal" | "numeric" => (Kind::Number, None),
        "float" => (Kind::Number, Some("float")),
        "double" => (Kind::Number, Some("double")),
        "boolean" | "bool" => (Kind::Boolean, None),
        "array" | "list" => (Kind::Array, None),
        "object" | "dict" | "map" | "hash" => (Kind::Object, None),
        "null" | "nil" => {
            return Some(Meant {
                nullable: true,
                ..Meant::default()
            });
        }
        _ => return None,
    };
    Some(Meant {
        kinds: vec![kind],
        format,
        nullable: false,
    })
}

/// The list of types of OpenAPI 3.1, in which `null` is one of them.
fn meant_by_all(names: &[Value]) -> Option<Meant> {
    let mut all = Meant::default();
    for name in names {
        let meant = meant_by(name.as_str()?)?;
        all.nullable |= meant.nullable;
        for kind in meant.kinds {
            if !all.kinds.contains(&kind) {
                all.kinds.push(kind);
            }
        }
    }
    (!names.is_empty()).then_some(all)
}

/// Gives a schema the `type` that its other members imply. A schema that is made
/// of parts or alternatives has the type of those, and an empty one means
/// anything; both are left alone.
pub(super) fn missing(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    grammar::each_schema(document, &mut |schema, at| {
        let is_composed = ["allOf", "oneOf", "anyOf", "not"]
            .iter()
            .any(|keyword| schema.contains_key(*keyword));
        if schema.contains_key("type") || is_composed {
            return;
        }
        let whole = composed_in(document, at);
        let Some((keyword, kind)) = implied(schema, whole.is_some()) else {
            return;
        };
        // The parts of one schema must not be given types that exclude each other.
        if let Some(whole) = whole {
            let kinds = schemas.kinds(whole);
            if !kinds.is_empty() && !kinds.iter().any(|whole| whole.takes(kind)) {
                return;
            }
        }
        let because = match schema.get(keyword) {
            Some(value @ (Value::String(_) | Value::Number(_) | Value::Bool(_))) => {
                format!("`{keyword}` of {}", show(value))
            }
            _ => format!("`{keyword}`"),
        };
        let reason = format!(
            "{} has no `type`; by its {because} it is {kind}.",
            capital(&describe(document, at))
        );
        findings.set(
            MissingType,
            pointer::join(at, "type"),
            json!(kind.name()),
            reason,
        );
    });
}

/// The schema of whose `allOf`, `oneOf` or `anyOf` the schema at `at` is a part.
pub(super) fn composed_in<'d>(document: &'d Value, at: &str) -> Option<&'d Value> {
    let (list, index) = at.rsplit_once('/')?;
    let (parent, keyword) = list.rsplit_once('/')?;
    // No map of schemas has schemas below its members' names, so this is the
    // keyword and no property.
    let is_list = matches!(keyword, "allOf" | "oneOf" | "anyOf");
    let is_item = index.bytes().all(|byte| byte.is_ascii_digit());
    if !is_list || !is_item {
        return None;
    }
    document
        .pointer(parent)
        .filter(|parent| parent.get(keyword).is_some_and(Value::is_array))
}

/// The type that the members of `schema` imply, and the keyword that does. What
/// is a part of another schema is not judged by its values alone.
fn implied(schema: &Map<String, Value>, is_part: bool) -> Option<(&'static str, Kind)> {
    let structural: [(&'static str, Kind); 13] = [
        ("properties", Kind::Object),
        ("additionalProperties", Kind::Object),
        ("required", Kind::Object),
        ("minProperties", Kind::Object),
        ("maxProperties", Kind::Object),
        ("items", Kind::Array),
        ("minItems", Kind::Array),
        ("maxItems", Kind::Array),
        ("uniqueItems", Kind::Array),
        ("pattern", Kind::String),
        ("minLength", Kind::String),
        ("maxLength", Kind::String),
        ("multipleOf", Kind::Number),
    ];
    if let Some(found) = structural
        .into_iter()
        .find(|(keyword, _)| schema.contains_key(*keyword))
    {
        return Some(found);
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return Some(("enum", common_kind(values)?));
    }
    if let Some(format) = schema.get("format").and_then(Value::as_str) {
        return Some(("format", *super::formats::kinds_of(format)?.first()?));
    }
    let value = |keyword: &'static str| Some((keyword, schema.get(keyword)?));
    if let Some((keyword, bound)) = value("minimum").or_else(|| value("maximum")) {
        let default = schema.get("default").or_else(|| schema.get("example"));
        let is_whole = |value: &Value| Kind::of(value) == Kind::Integer;
        let kind = match is_whole(bound) && default.is_some_and(is_whole) {
            true => Kind::Integer,
            false => Kind::Number,
        };
        return Some((keyword, kind));
    }
    if is_part {
        return None;
    }
    let (keyword, value) = value("default")
        .filter(|(_, value)| !value.is_null())
        .or_else(|| value("example"))?;
    let kind = match Kind::of(value) {
        Kind::Null => return None,
        // A whole number as an example does not promise whole numbers.
        Kind::Integer => Kind::Number,
        kind => kind,
    };
    Some((keyword, kind))
}

/// The kind that all `values` have in common; nulls do not count.
pub(super) fn common_kind(values: &[Value]) -> Option<Kind> {
    let mut kinds = values
        .iter()
        .map(Kind::of)
        .filter(|kind| *kind != Kind::Null);
    let first = kinds.next()?;
    kinds.try_fold(first, |common, kind| {
        if common.takes(kind) {
            Some(common)
        } else if kind.takes(common) {
            Some(kind)
        } else {
            None
        }
    })
}
