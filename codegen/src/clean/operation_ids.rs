//! operationIds that are missing, unusable or given twice.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Defect::{DuplicateOperationId, MissingOperationId, UnusableOperationId};
use super::repair::{Findings, show};
use crate::pointer;
use crate::slice::operations;

/// Gives an operation without operationId one of its method and path.
pub(super) fn missing(document: &Value, findings: &mut Findings) {
    let mut taken = Taken::by(document);
    each_operation(document, &mut |path, method, at, id| {
        if id.is_none() {
            let made = taken.claim(words(method, path));
            let reason = format!(
                "`{} {path}` has no operationId; `{made}` is made of its method and path.",
                method.to_uppercase()
            );
            findings.set(MissingOperationId, at, json!(made), reason);
        }
    });
}

/// Replaces an operationId without a letter or digit by one of method and path.
pub(super) fn unusable(document: &Value, findings: &mut Findings) {
    let mut taken = Taken::by(document);
    each_operation(document, &mut |path, method, at, id| {
        let Some(id) = id.filter(|id| usable(id).is_none()) else {
            return;
        };
        let made = taken.claim(words(method, path));
        let reason = format!(
            "`{} {path}` has the operationId {}, of which no name can be made; \
             `{made}` is made of its method and path.",
            method.to_uppercase(),
            show(id)
        );
        findings.set(UnusableOperationId, at, json!(made), reason);
    });
}

/// Gives the second operation with an operationId one that names its method and
/// path too.
pub(super) fn duplicate(document: &Value, findings: &mut Findings) {
    let mut taken = Taken::by(document);
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    each_operation(document, &mut |path, method, at, id| {
        let Some(id) = id.and_then(usable) else {
            return;
        };
        let operation = format!("{} {path}", method.to_uppercase());
        if let Some(first) = seen.get(id) {
            let made = taken.claim(format!("{id}-{}", words(method, path)));
            let reason = format!(
                "`{operation}` has the operationId `{id}`, which is that of `{first}` already; \
                 with its method and path it becomes `{made}`."
            );
            findings.set(DuplicateOperationId, at, json!(made), reason);
            return;
        }
        seen.insert(id, operation);
    });
}

/// Shows `visit` each operation: path, method, the pointer of its operationId,
/// and that.
fn each_operation<'d>(
    document: &'d Value,
    visit: &mut dyn FnMut(&'d str, &'static str, String, Option<&'d Value>),
) {
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, method, operation) in paths.into_iter().flat_map(operations) {
        let at = pointer::join(&pointer::join("/paths", path), method);
        let at = pointer::join(&at, "operationId");
        visit(path, method, at, operation.get("operationId"));
    }
}

/// The operationId as a text of which a name can be made.
fn usable(id: &Value) -> Option<&str> {
    id.as_str()
        .filter(|id| id.chars().any(|c| c.is_ascii_alphanumeric()))
}

/// The operationIds that are taken.
struct Taken {
    ids: BTreeSet<String>,
    /// The next number that may be free, by the name that it goes behind.
    numbers: BTreeMap<String, usize>,
}

impl Taken {
    fn by(document: &Value) -> Self {
        let mut ids = BTreeSet::new();
        each_operation(document, &mut |_, _, _, id| {
            ids.extend(id.and_then(Value::as_str).map(str::to_owned));
        });
        Self {
            ids,
            numbers: BTreeMap::new(),
        }
    }

    /// `wanted`, with a number where that is taken.
    fn claim(&mut self, wanted: String) -> String {
        let mut unique = wanted.clone();
        let number = self.numbers.entry(wanted.clone()).or_insert(2);
        while !self.ids.insert(unique.clone()) {
            unique = format!("{wanted}-{number}");
            *number += 1;
        }
        unique
    }
}

/// `get-zones-zone-id` for `GET /zones/{zone_id}`.
fn words(method: &str, path: &str) -> String {
    let parts = path
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    let mut words = method.to_owned();
    for part in parts {
        words.push('-');
        words.push_str(&part.to_ascii_lowercase());
    }
    words
}
