//! References that have other members beside them.

use serde_json::{Map, Value, json};

use super::Defect::ReferenceWithSiblings;
use super::describe::describe;
use super::malformed::capital;
use super::repair::Findings;
use crate::openapi::grammar::{self, NodeKind};

/// Moves the `$ref` of a schema into an `allOf`, beside which members count;
/// anywhere else removes the siblings, which have no meaning.
pub(super) fn repair(document: &Value, findings: &mut Findings) {
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        let (Some(reference), Some(members)) = (site.reference(), site.value.as_object()) else {
            return;
        };
        if members.len() < 2 || site.kind == NodeKind::PathItem {
            return;
        }
        let names: Vec<String> = members
            .keys()
            .filter(|name| *name != "$ref")
            .map(|name| format!("`{name}`"))
            .collect();
        let names = names.join(", ");
        let what = describe(document, site.pointer);
        let what = capital(&what);
        let at = site.pointer.to_owned();
        if site.kind != NodeKind::Schema {
            let reason = format!(
                "{what} is a reference to `{reference}`, beside which {names} have no meaning."
            );
            findings.set(
                ReferenceWithSiblings,
                at,
                json!({ "$ref": reference }),
                reason,
            );
            return;
        }
        let reason = format!(
            "{what} has {names} beside its `$ref` to `{reference}`, where tools ignore them; \
             beside an `allOf` with the reference they count."
        );
        findings.set(
            ReferenceWithSiblings,
            at,
            in_all_of(reference, members),
            reason,
        );
    });
}

/// The members with the reference as the first part of their `allOf`.
fn in_all_of(reference: &str, members: &Map<String, Value>) -> Value {
    let mut parts = vec![json!({ "$ref": reference })];
    if let Some(Value::Array(own)) = members.get("allOf") {
        parts.extend(own.iter().cloned());
    }
    let mut schema = Map::new();
    schema.insert("allOf".to_owned(), Value::Array(parts));
    for (name, value) in members {
        if name != "$ref" && name != "allOf" {
            schema.insert(name.clone(), value.clone());
        }
    }
    Value::Object(schema)
}
