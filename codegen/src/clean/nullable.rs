//! `nullable` in schemas that have no `type`.

use serde_json::{Value, json};

use super::Defect::NullableWithoutType;
use super::describe::describe;
use super::malformed::capital;
use super::repair::Findings;
use super::schemas::Schemas;
use crate::openapi::grammar;
use crate::pointer;

/// Puts the type of its parts beside a `nullable`, which has an effect beside
/// `type` alone (OpenAPI 3.0.3, "Schema Object"). Of alternatives of several
/// types the first is made nullable. Where any value is allowed, null is too.
pub(super) fn without_type(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    grammar::each_schema(document, &mut |schema, at| {
        if schema.get("nullable") != Some(&Value::Bool(true)) || schema.contains_key("type") {
            return;
        }
        let what = capital(&describe(document, at));
        let kinds = schemas.kinds(document.pointer(at).unwrap_or(&Value::Null));
        if let [kind] = kinds.as_slice() {
            let reason = format!(
                "{what} is `nullable` without a `type`, which has no effect; by its parts it is {kind}."
            );
            let at = pointer::join(at, "type");
            findings.set(NullableWithoutType, at, json!(kind.name()), reason);
            return;
        }
        if kinds.is_empty() {
            let reason = format!(
                "{what} is `nullable` without a `type`, which has no effect; it can be anything, null included."
            );
            findings.remove(NullableWithoutType, pointer::join(at, "nullable"), reason);
            return;
        }
        for keyword in ["oneOf", "anyOf"] {
            let alternatives = schema.get(keyword).and_then(Value::as_array);
            let alternatives = alternatives.map_or(&[][..], Vec::as_slice);
            let is_nullable = |schema: &Value| schema.get("nullable") == Some(&Value::Bool(true));
            if alternatives.iter().any(is_nullable) {
                return;
            }
            let typed = |schema: &Value| schema.get("type").is_some_and(Value::is_string);
            if let Some(index) = alternatives.iter().position(typed) {
                let reason = format!(
                    "{what} is `nullable` beside alternatives of several types, which has no effect; \
                     one of the alternatives has to be nullable."
                );
                let at = format!("{at}/{keyword}/{index}/nullable");
                findings.set(NullableWithoutType, at, json!(true), reason);
                return;
            }
        }
    });
}
