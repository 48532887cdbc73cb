//! Everything that a part of a document refers to, directly or by way of others.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Error;
use crate::pointer;

/// How many references may follow each other without a definition between them.
const LONGEST_CHAIN: usize = 64;

/// The pointers of all components that `paths` reach by `$ref`, and by the
/// mappings of discriminators.
pub fn reach(whole: &Value, paths: &Map<String, Value>) -> Result<BTreeSet<String>, Error> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<(String, &Value)> = paths
        .iter()
        .map(|(path, item)| (pointer::join("/paths", path), item))
        .collect();
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Array(items) => {
                let members = items.iter().enumerate();
                open.extend(members.map(|(index, item)| (format!("{at}/{index}"), item)));
            }
            Value::Object(members) => {
                for (name, reference, required) in references(members, &at) {
                    let target = follow(whole, &name, reference);
                    match target {
                        Ok(target) => {
                            // All of it is kept, so all of it is followed.
                            let component = component_of(reference);
                            let target = whole.pointer(&component).unwrap_or(target);
                            if reached.insert(component.clone()) {
                                open.push((component, target));
                            }
                        }
                        Err(error) if required => return Err(error),
                        Err(_) => {}
                    }
                }
                let is_data =
                    |name: &str| matches!(name, "example" | "examples" | "default" | "enum");
                open.extend(
                    members
                        .iter()
                        .filter(|(name, value)| !(is_data(name) && is_schema_data(name, value)))
                        .map(|(name, value)| (pointer::join(&at, name), value)),
                );
            }
            _ => {}
        }
    }
    Ok(reached)
}

/// Whether the member is a value of the described API, in which a `$ref` has no
/// meaning. `examples` may hold references where it is an object, and a property
/// may be called `default`.
fn is_schema_data(name: &str, value: &Value) -> bool {
    match name {
        "examples" => !value.is_object(),
        "default" => {
            !value.get("$ref").is_some_and(Value::is_string)
                && value.get("content").is_none()
                && value.get("type").is_none()
        }
        "example" => value.get("type").is_none(),
        _ => true,
    }
}

/// The references that an object makes: (pointer, reference, whether it must
/// lead somewhere).
fn references<'v>(members: &'v Map<String, Value>, at: &str) -> Vec<(String, &'v str, bool)> {
    let own = members.get("$ref").and_then(Value::as_str);
    let mut found: Vec<_> = own
        .map(|reference| (format!("{at}/$ref"), reference, true))
        .into_iter()
        .collect();
    let mapping = members
        .get("discriminator")
        .and_then(|discriminator| discriminator.get("mapping"))
        .and_then(Value::as_object);
    for (value, reference) in mapping.into_iter().flatten() {
        // A mapping may also give the bare name of a schema.
        if let Some(reference) = reference.as_str().filter(|text| text.starts_with('#')) {
            let at = pointer::join(&format!("{at}/discriminator/mapping"), value);
            found.push((at, reference, false));
        }
    }
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
