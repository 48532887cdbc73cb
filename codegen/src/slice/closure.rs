//! Everything that a part of a document refers to, directly or by way of others.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Error;
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;

/// How many references may follow each other without a definition between them.
const LONGEST_CHAIN: usize = 64;

/// The pointers of all components that `paths` reach by `$ref`, and by the
/// mappings of discriminators.
pub fn reach(whole: &Value, paths: &Map<String, Value>) -> Result<BTreeSet<String>, Error> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<(String, NodeKind, &Value)> = paths
        .iter()
        .filter(|(path, _)| !grammar::is_extension(NodeKind::PathItem, path))
        .map(|(path, item)| (pointer::join("/paths", path), NodeKind::PathItem, item))
        .collect();
    while let Some((at, place, value)) = open.pop() {
        for (at, reference, required) in references(value, place, &at) {
            let target = follow(whole, &at, reference);
            if let Err(error) = target {
                if required {
                    return Err(error);
                }
                continue;
            }
            // All of a component is kept, so all of it is followed.
            let component = component_of(reference);
            if reached.contains(&component) {
                continue;
            }
            if let (Some(target), Some(place)) =
                (whole.pointer(&component), grammar::kind_of(&component))
            {
                open.push((component.clone(), place, target));
            }
            reached.insert(component);
        }
    }
    Ok(reached)
}

/// The references within `value`: (pointer, reference, whether it must lead
/// somewhere).
fn references<'v>(value: &'v Value, place: NodeKind, at: &str) -> Vec<(String, &'v str, bool)> {
    let mut found = Vec::new();
    grammar::walk(value, place, at, &mut |site| {
        if let Some(reference) = site.reference() {
            found.push((format!("{}/$ref", site.pointer), reference, true));
        }
        if site.kind != NodeKind::Schema {
            return;
        }
        let mapping = site
            .value
            .get("discriminator")
            .and_then(|discriminator| discriminator.get("mapping"))
            .and_then(Value::as_object);
        for (value, reference) in mapping.into_iter().flatten() {
            // A mapping may also give the bare name of a schema.
            if let Some(reference) = reference.as_str().filter(|text| text.starts_with('#')) {
                let at = format!("{}/discriminator/mapping", site.pointer);
                found.push((pointer::join(&at, value), reference, false));
            }
        }
    });
    found
}

/// What `reference` points to, where the chain of references that starts there
/// ends at a definition.
fn follow<'d>(whole: &'d Value, at: &str, reference: &str) -> Result<&'d Value, Error> {
    let (pointer, target) = (at.to_owned(), reference.to_owned());
    let Some(path) = reference.strip_prefix('#') else {
        return Err(Error::Foreign { pointer, target });
    };
    let Some(first) = whole.pointer(path) else {
        return Err(Error::Dangling { pointer, target });
    };
    let mut last = first;
    for _ in 0..LONGEST_CHAIN {
        let next = last.get("$ref").and_then(Value::as_str);
        let Some(next) = next.and_then(|next| whole.pointer(next.strip_prefix('#')?)) else {
            return Ok(first);
        };
        last = next;
    }
    Err(Error::Circle { pointer, target })
}

/// The pointer of the component that `reference` is, or lies in.
fn component_of(reference: &str) -> String {
    let path = reference.trim_start_matches('#');
    path.split('/').take(4).collect::<Vec<_>>().join("/")
}
