//! The values of an `enum`: null, of another type, or none at all.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::Defect;
use super::Defect::{EnumValueOfAnotherType, EnumValueThatDoesNotFit, NullInEnum};
use super::describe::describe;
use super::malformed::capital;
use super::repair::{Findings, show_all};
use super::schemas::Schemas;
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;
use crate::type_check::{self, Kind};

/// Takes `null` out of an `enum` and makes the schema `nullable`.
pub(super) fn null(document: &Value, findings: &mut Findings) {
    grammar::each_schema(document, &mut |schema, at| {
        let Some(values) = values_of(schema).filter(|values| values.contains(&Value::Null)) else {
            return;
        };
        let kept: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
        // Beside others, an alternative that is null alone is the way to say that null
        // is allowed.
        if kept.is_empty() && is_alternative(at) {
            return;
        }
        let what = capital(&describe(document, at));
        let reason = match kept.is_empty() {
            true => format!(
                "{what} lists `null` as its only value; that it can be null is what `nullable` says."
            ),
            false => format!(
                "{what} lists `null` among its values; that it can be null is what `nullable` says."
            ),
        };
        replace(NullInEnum, at, &kept, reason.clone(), findings);
        if schema.get("nullable") != Some(&Value::Bool(true)) {
            let at = pointer::join(at, "nullable");
            findings.set(NullInEnum, at, json!(true), reason);
        }
    });
}

/// Whether the schema at `at` stands in a `oneOf` or `anyOf`.
fn is_alternative(at: &str) -> bool {
    let list = pointer::split_last(at).map(|(list, _)| list);
    list.and_then(pointer::split_last)
        .is_some_and(|(owner, keyword)| {
            matches!(keyword.as_ref(), "oneOf" | "anyOf")
                && grammar::kind_of(owner) == Some(NodeKind::Schema)
        })
}

/// Converts values of another type than the schema's, such as `"1"` for an
/// integer.
pub(super) fn of_another_type(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    grammar::each_schema(document, &mut |_, at| {
        let Some((values, kinds)) = typed_values(&schemas, document.pointer(at)) else {
            return;
        };
        let mut converted = Vec::new();
        let mut odd = Vec::new();
        for value in values {
            let fits = |kind: &Kind| kind.takes(Kind::of(value));
            let mended = kinds
                .iter()
                .find_map(|kind| type_check::convert(value, *kind));
            match mended {
                Some(mended) if !value.is_null() && !kinds.iter().any(fits) => {
                    odd.push(value);
                    converted.push(mended);
                }
                _ => converted.push(value.clone()),
            }
        }
        if odd.is_empty() {
            return;
        }
        let reason = format!(
            "{} is {}, but its `enum` lists {}; written as the type has it, each means the same.",
            capital(&describe(document, at)),
            words(&kinds),
            show_all(odd)
        );
        let converted: Vec<&Value> = converted.iter().collect();
        replace(EnumValueOfAnotherType, at, &converted, reason, findings);
    });
}

/// Drops values that the schema's type does not allow, and those listed twice.
pub(super) fn that_do_not_fit(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    grammar::each_schema(document, &mut |schema, at| {
        let Some(values) = values_of(schema) else {
            return;
        };
        let kinds =
            typed_values(&schemas, document.pointer(at)).map_or(Vec::new(), |(_, kinds)| kinds);
        let mut kept: Vec<&Value> = Vec::new();
        let mut seen: HashSet<&Value> = HashSet::new();
        let mut dropped = Vec::new();
        let mut twice = Vec::new();
        for value in values {
            let fits = |kind: &Kind| kind.takes(Kind::of(value));
            if !(kinds.is_empty() || value.is_null() || kinds.iter().any(fits)) {
                dropped.push(value);
            } else if !seen.insert(value) {
                twice.push(value);
            } else {
                kept.push(value);
            }
        }
        let what = capital(&describe(document, at));
        let reason = match (dropped.is_empty(), twice.is_empty()) {
            (false, _) => format!(
                "{what} is {}, which {} cannot be.",
                words(&kinds),
                show_all(dropped)
            ),
            (true, false) => format!("{what} lists {} more than once.", show_all(twice)),
            (true, true) if values.is_empty() => {
                format!("{what} lists no value at all, so that nothing would fit it.")
            }
            (true, true) => return,
        };
        replace(EnumValueThatDoesNotFit, at, &kept, reason, findings);
    });
}

fn values_of(schema: &Map<String, Value>) -> Option<&Vec<Value>> {
    schema.get("enum")?.as_array()
}

/// The values and the kinds that the schema allows, where it allows some.
fn typed_values<'d>(
    schemas: &Schemas<'d>,
    schema: Option<&'d Value>,
) -> Option<(&'d Vec<Value>, Vec<Kind>)> {
    let values = values_of(schema?.as_object()?)?;
    let kinds = schemas.kinds(schema?);
    (!kinds.is_empty()).then_some((values, kinds))
}

/// Sets the values; an `enum` without any allows nothing, and is removed.
fn replace(defect: Defect, at: &str, values: &[&Value], reason: String, findings: &mut Findings) {
    let at = pointer::join(at, "enum");
    match values.is_empty() {
        true => findings.remove(defect, at, reason),
        false => findings.set(defect, at, json!(values), reason),
    }
}

fn words(kinds: &[Kind]) -> String {
    let words: Vec<String> = kinds.iter().map(ToString::to_string).collect();
    words.join(" or ")
}
