//! Media types without a schema, and names that are no media type.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::Defect::{MediaTypeWithoutSchema, UnusableMediaType};
use super::describe::describe;
use super::malformed::capital;
use super::repair::Findings;
use super::schemas::Schemas;
use super::unsendable::is_token;
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;
use crate::type_check::Kind;

/// Gives a media type without schema the one that its name implies. A body of
/// which nothing is said is removed from methods that have none by their nature.
pub(super) fn without_schema(document: &Value, findings: &mut Findings) {
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        if site.reference().is_some() {
            return;
        }
        let content = site.value.get("content").and_then(Value::as_object);
        let without: Vec<(&String, &Value)> = content
            .into_iter()
            .flatten()
            .filter(|(_, media)| media.is_object() && media.get("schema").is_none())
            .collect();
        if without.is_empty()
            || !matches!(
                site.kind,
                NodeKind::RequestBody | NodeKind::Response | NodeKind::Parameter | NodeKind::Header
            )
        {
            return;
        }
        let what = capital(&describe(document, site.pointer));
        let says_nothing = content.is_some_and(|content| {
            let all = content.values();
            all.into_iter()
                .all(|media| media.as_object().is_some_and(serde_json::Map::is_empty))
        });
        let method = site
            .pointer
            .strip_suffix("/requestBody")
            .and_then(|operation| {
                let (_, method) = pointer::split_last(operation)?;
                Some(method)
            });
        let is_bodiless = method
            .as_deref()
            .is_some_and(|method| matches!(method, "delete" | "get" | "head" | "trace"));
        if site.kind == NodeKind::RequestBody && says_nothing && is_bodiless {
            let reason = format!(
                "{what} says nothing of what is sent, and such a request has no body by its nature."
            );
            findings.remove(MediaTypeWithoutSchema, site.pointer.to_owned(), reason);
            return;
        }
        let content_at = pointer::join(site.pointer, "content");
        for (media_type, _) in &without {
            let schema = implied_schema(media_type);
            let reason = format!(
                "{what} does not say what is in the `{media_type}`; it can be {}.",
                match schema.get("type") {
                    Some(Value::String(kind)) if kind == "object" => "any object",
                    Some(_) if schema.get("format").is_some() => "any bytes",
                    Some(_) => "any text",
                    None => "anything",
                }
            );
            let at = pointer::join(&pointer::join(&content_at, media_type), "schema");
            findings.set(MediaTypeWithoutSchema, at, schema, reason);
        }
        let is_required = site.value.get("required") == Some(&Value::Bool(true));
        if site.kind == NodeKind::RequestBody && says_nothing && is_required {
            let reason = format!(
                "{what} is required, but nothing is said of what is sent; so nobody can be made to send it."
            );
            let at = pointer::join(site.pointer, "required");
            findings.remove(MediaTypeWithoutSchema, at, reason);
        }
    });
}

/// The schema of which `media_type` speaks by its name.
fn implied_schema(media_type: &str) -> Value {
    let essence = essence(media_type);
    if is_json(media_type) || !essence.contains('/') {
        json!({})
    } else if essence.starts_with("multipart/") || essence == "application/x-www-form-urlencoded" {
        json!({ "type": "object" })
    } else if essence.starts_with("text/") {
        json!({ "type": "string" })
    } else {
        json!({ "type": "string", "format": "binary" })
    }
}

/// Puts content whose media type has no usable name under the one that its
/// schema implies.
pub(super) fn unusable(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        let content = site.value.get("content").and_then(Value::as_object);
        let has_content = matches!(
            site.kind,
            NodeKind::RequestBody | NodeKind::Response | NodeKind::Parameter | NodeKind::Header
        );
        let Some(content) = content.filter(|_| has_content && site.reference().is_none()) else {
            return;
        };
        let content_at = pointer::join(site.pointer, "content");
        let mut taken: HashSet<&str> = content.keys().map(String::as_str).collect();
        for (name, media) in content.iter().filter(|(name, _)| !is_usable(name)) {
            let schema = media.get("schema").unwrap_or(&Value::Null);
            let kinds = schemas.kinds(schema);
            let is_text = kinds == [Kind::String];
            let what = capital(&describe(document, site.pointer));
            let wanted = match is_text {
                true => ["text/plain", "application/octet-stream", "*/*"],
                false => ["application/json", "application/octet-stream", "*/*"],
            };
            let at = pointer::join(&content_at, name);
            let Some(proper) = wanted.into_iter().find(|wanted| !taken.contains(*wanted)) else {
                let reason = format!(
                    "{what} has content under `{name}`, which is no media type, beside every one that could be meant."
                );
                findings.remove(UnusableMediaType, at, reason);
                continue;
            };
            taken.insert(proper);
            let reason = format!(
                "{what} has content under `{name}`, which is no media type; {} goes under `{proper}`.",
                if is_text {
                    "text"
                } else {
                    "what the schema describes"
                }
            );
            findings.rename(UnusableMediaType, at, proper.to_owned(), reason);
        }
    });
}

/// Whether `name` has a type and a subtype (RFC 9110, section 8.3.1).
fn is_usable(name: &str) -> bool {
    // What stands behind the essence is sent, too.
    let is_visible = |c: char| c.is_ascii_graphic() || matches!(c, ' ' | '\t');
    name.chars().all(is_visible)
        && essence(name)
            .split_once('/')
            .is_some_and(|(main, sub)| is_token(main) && is_token(sub))
}

/// Whether `media_type` is JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}

fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}
