//! Defaults and examples that do not fit their schemas.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::Defect;
use super::Defect::{DefaultThatDoesNotFit, ExampleThatDoesNotFit};
use super::describe::describe;
use super::malformed::capital;
use super::repair::{Findings, show};
use super::schemas::Schemas;
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;
use crate::type_check::{self, TypeMismatch};

/// Converts a `default` to the type of its schema, or removes it where that
/// cannot be done, or where the schema's `enum` does not list it.
pub(super) fn defaults(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    grammar::each_schema(document, &mut |schema, at| {
        let Some(default) = schema.get("default") else {
            return;
        };
        let default_at = pointer::join(at, "default");
        let own = document.pointer(at).unwrap_or(&Value::Null);
        if default.is_null() {
            if schema.get("nullable") != Some(&Value::Bool(true)) && schema.contains_key("type") {
                let reason = format!(
                    "{} has the default `null`, but is not `nullable`; to have no default is what is meant.",
                    capital(&describe(document, at))
                );
                findings.remove(DefaultThatDoesNotFit, default_at, reason);
            }
            return;
        }
        let mismatches = schemas.mismatches(own, default);
        if !mismatches.is_empty() {
            let found = Found {
                document,
                schemas: &schemas,
                schema: own,
                at,
                what: "default",
                defect: DefaultThatDoesNotFit,
            };
            found.mend(default, &default_at, &mismatches, findings);
            return;
        }
        let format = schema.get("format").and_then(Value::as_str);
        if let (Some(format), Some(text)) = (format, default.as_str())
            && !super::formats::is_written_as(format, text)
        {
            let reason = format!(
                "{} has the default {}, which is not of its format `{format}`.",
                capital(&describe(document, at)),
                show(default)
            );
            findings.remove(DefaultThatDoesNotFit, default_at, reason);
            return;
        }
        let listed = schema.get("enum").and_then(Value::as_array);
        let Some(listed) = listed.filter(|listed| !listed.contains(default)) else {
            return;
        };
        let is_alike = |value: &&Value| match (value.as_str(), default.as_str()) {
            (Some(value), Some(default)) => value.eq_ignore_ascii_case(default),
            _ => false,
        };
        let alike: Vec<&Value> = listed.iter().filter(is_alike).collect();
        let reason = format!(
            "{} has the default {}, which is none of the values that its `enum` lists.",
            capital(&describe(document, at)),
            show(default)
        );
        match alike.as_slice() {
            [only] => {
                let value = (*only).clone();
                let reason = format!("{reason} {} is meant.", show(only));
                findings.set(DefaultThatDoesNotFit, default_at, value, reason);
            }
            _ => findings.remove(DefaultThatDoesNotFit, default_at, reason),
        }
    });
}

/// Converts what does not fit in the examples of schemas, parameters, headers
/// and media types. What cannot be converted is removed, and of a large example
/// that is the smallest part only.
pub(super) fn examples(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    // Examples that are components must fit each place that refers to them.
    let mut shared: BTreeMap<String, Vec<TypeMismatch>> = BTreeMap::new();
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        let Some(members) = site.value.as_object() else {
            return;
        };
        let schema = match site.kind {
            NodeKind::Schema if site.reference().is_none() => site.value,
            NodeKind::Parameter | NodeKind::Header | NodeKind::MediaType => {
                match members.get("schema") {
                    Some(schema) => schema,
                    None => return,
                }
            }
            _ => return,
        };
        let found = Found {
            document,
            schemas: &schemas,
            schema,
            at: site.pointer,
            what: "example",
            defect: ExampleThatDoesNotFit,
        };
        let is_text = is_serialized(site.kind, site.pointer);
        if let Some(example) = members
            .get("example")
            .filter(|value| !(is_text && value.is_string()))
        {
            let mismatches = schemas.mismatches(schema, example);
            let at = pointer::join(site.pointer, "example");
            found.mend(example, &at, &mismatches, findings);
        }
        for (at, example) in named_examples(document, members, site.kind, site.pointer) {
            let Some(value) = example
                .get("value")
                .filter(|value| !(is_text && value.is_string()))
            else {
                continue;
            };
            let mismatches = schemas.mismatches(schema, value);
            let is_component = at.starts_with("/components/examples/");
            match (is_component, shared.get_mut(&at)) {
                (true, None) => {
                    shared.insert(at, mismatches);
                }
                (true, Some(known)) => {
                    let others: HashSet<&str> = mismatches
                        .iter()
                        .map(|mismatch| mismatch.path.as_str())
                        .collect();
                    known.retain(|mismatch| others.contains(mismatch.path.as_str()));
                }
                (false, _) => {
                    found.mend(value, &pointer::join(&at, "value"), &mismatches, findings)
                }
            }
        }
    });
    for (at, mismatches) in shared {
        let found = Found {
            document,
            schemas: &schemas,
            // Of several schemas, so that none can tell whether a list is meant.
            schema: &Value::Bool(false),
            at: &at,
            what: "example",
            defect: ExampleThatDoesNotFit,
        };
        let at = pointer::join(&at, "value");
        if let Some(value) = document.pointer(&at) {
            found.mend(value, &at, &mismatches, findings);
        }
    }
}

/// The Example Objects of `examples`, each with its pointer.
fn named_examples<'d>(
    document: &'d Value,
    members: &'d Map<String, Value>,
    kind: NodeKind,
    at: &str,
) -> Vec<(String, &'d Value)> {
    let examples = match kind {
        NodeKind::Schema => None,
        _ => members.get("examples").and_then(Value::as_object),
    };
    let at = pointer::join(at, "examples");
    examples
        .into_iter()
        .flatten()
        .filter_map(|(name, example)| match example.get("$ref") {
            None => Some((pointer::join(&at, name), example)),
            Some(reference) => {
                let (at, target) = pointer::follow(document, reference.as_str()?)?;
                Some((at.into_owned(), target))
            }
        })
        .collect()
}

/// Whether an example that is text stands for a body as it is sent, such as a
/// table in CSV, whatever the schema describes.
fn is_serialized(kind: NodeKind, at: &str) -> bool {
    let Some((_, media_type)) = pointer::split_last(at) else {
        return false;
    };
    kind == NodeKind::MediaType && !super::media_types::is_json(&media_type)
}

/// Where a value is that may not fit, and what it is called.
struct Found<'f, 'd> {
    document: &'d Value,
    schemas: &'f Schemas<'d>,
    schema: &'d Value,
    /// The pointer of what the value belongs to.
    at: &'f str,
    what: &'static str,
    defect: Defect,
}

impl Found<'_, '_> {
    /// The list that a single value stands for as an example, where the schema
    /// takes it: text with commas is how a list is written in a query.
    fn as_list(&self, value: &Value) -> Option<Value> {
        if self.defect != ExampleThatDoesNotFit {
            return None;
        }
        let items: Vec<Value> = match value {
            Value::String(text) => text.split(',').map(|item| item.trim().into()).collect(),
            Value::Number(_) | Value::Bool(_) => vec![value.clone()],
            _ => return None,
        };
        let list = Value::Array(items);
        self.schemas.fits(self.schema, &list).then_some(list)
    }

    /// Mends the places of `value`, which is at `value_at`, that do not fit.
    fn mend(
        &self,
        value: &Value,
        value_at: &str,
        mismatches: &[TypeMismatch],
        findings: &mut Findings,
    ) {
        for mismatch in mismatches {
            let Some(odd) = value.pointer(&mismatch.path) else {
                continue;
            };
            let place = match mismatch.path.as_str() {
                "" => String::new(),
                path => format!(" has at `{path}`"),
            };
            let expected: Vec<String> = mismatch.expected.iter().map(ToString::to_string).collect();
            let mended = mismatch
                .expected
                .iter()
                .find_map(|kind| type_check::convert(odd, *kind))
                .or_else(|| self.as_list(odd).filter(|_| mismatch.path.is_empty()));
            let reason = format!(
                "The {} of {}{} {}, but {} is described there{}.",
                self.what,
                describe(self.document, self.at),
                if place.is_empty() {
                    " is".to_owned()
                } else {
                    place
                },
                show(odd),
                expected.join(" or "),
                if mended.is_some() {
                    "; converted, it means the same"
                } else {
                    ""
                }
            );
            let at = format!("{value_at}{}", mismatch.path);
            match mended {
                Some(mended) => findings.set(self.defect, at, mended, reason),
                None => findings.remove(self.defect, at, reason),
            }
        }
    }
}
