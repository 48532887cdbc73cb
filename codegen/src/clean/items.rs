//! Arrays that do not say what their items are.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::Defect::MissingItems;
use super::describe::describe;
use super::malformed::capital;
use super::repair::Findings;
use super::schemas::Schemas;
use super::types::{common_kind, composed_in};
use crate::openapi::grammar;
use crate::pointer;
use crate::type_check::Kind;

/// Gives an array without `items` those that its example shows, or `{}`.
pub(super) fn missing(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    // Whether a schema says what items are: asked for each part of a whole.
    let mut says: HashMap<*const Value, bool> = HashMap::new();
    grammar::each_schema(document, &mut |schema, at| {
        let is_array = schema.get("type").and_then(Value::as_str) == Some("array");
        if !is_array || schema.contains_key("items") {
            return;
        }
        let own = document.pointer(at);
        let whole = composed_in(document, at);
        let says = |schema: &Value| {
            *says
                .entry(std::ptr::from_ref(schema))
                .or_insert_with(|| schemas.says(schema, "items"))
        };
        if own.into_iter().chain(whole).any(says) {
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
