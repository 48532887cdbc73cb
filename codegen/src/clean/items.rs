//! Arrays that do not say what their items are.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Defect::MissingItems;
use super::describe::describe;
use super::malformed::capital;
use super::repair::Findings;
use super::types::{common_kind, composed_in};
use crate::openapi::grammar;
use crate::pointer;
use crate::type_check::Kind;

/// Gives an array without `items` those that its example shows, or `{}`.
pub(super) fn missing(document: &Value, findings: &mut Findings) {
    grammar::each_schema(document, &mut |schema, at| {
        let is_array = schema.get("type").and_then(Value::as_str) == Some("array");
        if !is_array || schema.contains_key("items") {
            return;
        }
        let own = document.pointer(at);
        let whole = composed_in(document, at);
        let is_said_elsewhere = own
            .into_iter()
            .chain(whole)
            .any(|schema| has_items(document, schema, &mut BTreeSet::new()));
        if is_said_elsewhere {
            return;
        }
        let what = capital(&describe(document, at));
        let shown = ["example", "default"].into_iter().find_map(|keyword| {
            let kind = common_kind(schema.get(keyword)?.as_array()?)?;
            Some((keyword, kind))
        });
        let (items, reason) = match shown {
            Some((keyword, kind)) => {
                // A whole number as an example does not promise whole numbers.
                let kind = if kind == Kind::Integer {
                    Kind::Number
                } else {
                    kind
                };
                let reason = format!(
                    "{what} is an array that does not say what its items are; in its `{keyword}` each is {kind}."
                );
                (json!({ "type": kind.name() }), reason)
            }
            None => {
                let reason = format!(
                    "{what} is an array that does not say what its items are, so they can be anything."
                );
                (json!({}), reason)
            }
        };
        findings.set(MissingItems, pointer::join(at, "items"), items, reason);
    });
}

/// Whether `schema` or one of its parts says what items are.
fn has_items<'d>(document: &'d Value, schema: &'d Value, seen: &mut BTreeSet<&'d str>) -> bool {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = reference
            .strip_prefix('#')
            .and_then(|at| document.pointer(at));
        return seen.insert(reference)
            && target.is_some_and(|target| has_items(document, target, seen));
    }
    schema.get("items").is_some()
        || ["allOf", "oneOf", "anyOf"].into_iter().any(|keyword| {
            let parts = schema.get(keyword).and_then(Value::as_array);
            parts
                .into_iter()
                .flatten()
                .any(|part| has_items(document, part, seen))
        })
}
