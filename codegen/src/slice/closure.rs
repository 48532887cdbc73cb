//! Everything that a part of a document refers to, directly or by way of others.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use super::Error;
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;

/// The pointers of all components that `paths` reach by `$ref`, by the mappings of
/// discriminators, and as what is made of a base that has a discriminator.
pub fn reach(whole: &Value, paths: &Map<String, Value>) -> Result<BTreeSet<String>, Error> {
    let mut reached = BTreeSet::new();
    let mut references = References::of(whole);
    let mut open: Vec<(String, NodeKind, &Value)> = paths
        .iter()
        .filter(|(path, _)| !grammar::is_extension(NodeKind::PathItem, path))
        .map(|(path, item)| (pointer::join("/paths", path), NodeKind::PathItem, item))
        .collect();
    while let Some((at, kind, value)) = open.pop() {
        for reference in references.within(value, kind, &at) {
            let target = references.follow(&reference);
            if let Err(error) = target {
                if reference.is_required {
                    return Err(error);
                }
                continue;
            }
            // All of a component is kept, so all of it is followed.
            let target = pointer::of_reference(&reference.text).unwrap_or_default();
            let component = pointer::component_of(&target).to_owned();
            if reached.contains(&component) {
                continue;
            }
            if let (Some(target), Some(kind)) =
                (whole.pointer(&component), grammar::kind_of(&component))
            {
                open.push((component.clone(), kind, target));
            }
            reached.insert(component);
        }
    }
    Ok(reached)
}

/// Writes references as they are followed: without percent signs that stand for
/// other characters.
pub fn decode(document: &mut Value) {
    let mut found: Vec<(String, String)> = Vec::new();
    grammar::walk(document, NodeKind::Document, "", &mut |node| {
        if let Some(reference) = node.reference().filter(|text| text.contains('%'))
            && let Some(target) = pointer::of_reference(reference)
        {
            found.push((pointer::join(node.pointer, "$ref"), format!("#{target}")));
        }
    });
    for (at, reference) in found {
        if let Some(value) = document.pointer_mut(&at) {
            *value = Value::String(reference);
        }
    }
}

/// A reference, and where it stands.
struct Reference {
    at: String,
    text: String,
    /// Whether it must lead somewhere.
    is_required: bool,
}

/// How references of a document are followed.
struct References<'d> {
    whole: &'d Value,
    /// Those that are known to end at a definition.
    settled: HashSet<String>,
    /// The names of the components that have a part that refers to the component of
    /// this name.
    children: HashMap<String, Vec<&'d str>>,
}

impl<'d> References<'d> {
    fn of(whole: &'d Value) -> Self {
        let schemas = whole.pointer("/components/schemas");
        let mut children: HashMap<String, Vec<&str>> = HashMap::new();
        for (name, schema) in schemas.and_then(Value::as_object).into_iter().flatten() {
            let parts = schema.get("allOf").and_then(Value::as_array);
            for part in parts.into_iter().flatten() {
                let reference = part.get("$ref").and_then(Value::as_str);
                if let Some(base) = reference.and_then(pointer::of_reference) {
                    children.entry(base.into_owned()).or_default().push(name);
                }
            }
        }
        Self {
            whole,
            settled: HashSet::new(),
            children,
        }
    }

    /// The references within `value`.
    fn within(&self, value: &Value, kind: NodeKind, at: &str) -> Vec<Reference> {
        let mut found = Vec::new();
        grammar::walk(value, kind, at, &mut |node| {
            if let Some(reference) = node.reference() {
                found.push(Reference {
                    at: format!("{}/$ref", node.pointer),
                    text: reference.to_owned(),
                    is_required: true,
                });
            }
            let discriminator = node.value.get("discriminator");
            if let (NodeKind::Schema, Some(discriminator)) = (node.kind, discriminator) {
                let at = format!("{}/discriminator", node.pointer);
                let mapping = discriminator.get("mapping").and_then(Value::as_object);
                let mapped = mapping.into_iter().flatten();
                let mapped = mapped.filter_map(|(_, target)| target.as_str());
                let mapped = mapped.map(|target| match target.starts_with('#') {
                    true => target.to_owned(),
                    // A mapping may also give the bare name of a schema.
                    false => format!("#{}", pointer::join("/components/schemas", target)),
                });
                let lists = ["oneOf", "anyOf"].map(|keyword| node.value.get(keyword));
                let has_list = lists.iter().any(Option::is_some);
                let subtypes = if has_list {
                    Vec::new()
                } else {
                    self.made_of(node.pointer)
                };
                found.extend(mapped.chain(subtypes).map(|text| Reference {
                    at: at.clone(),
                    text,
                    is_required: false,
                }));
            }
        });
        found
    }

    /// References to the components that are made of the one at `pointer`, also by
    /// way of others.
    fn made_of(&self, pointer: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![pointer.to_owned()];
        while let Some(base) = open.pop() {
            for name in self.children.get(&base).into_iter().flatten() {
                if seen.insert(*name) {
                    let child = pointer::join("/components/schemas", name);
                    found.push(format!("#{child}"));
                    open.push(child);
                }
            }
        }
        found
    }

    /// Whether the chain of references that starts at `reference` ends at a
    /// definition.
    fn follow(&mut self, reference: &Reference) -> Result<(), Error> {
        let pointer = reference.at.clone();
        let target = reference.text.clone();
        let Some(first) = pointer::of_reference(&target) else {
            return Err(Error::Foreign { pointer, target });
        };
        let Some(mut last) = self.whole.pointer(&first) else {
            return Err(Error::Dangling { pointer, target });
        };
        let mut way = HashSet::from([first.into_owned()]);
        while let Some(next) = last.get("$ref").and_then(Value::as_str)
            && let Some(next) = pointer::of_reference(next)
            && !self.settled.contains(next.as_ref())
            && let Some(value) = self.whole.pointer(&next)
        {
            if !way.insert(next.into_owned()) {
                return Err(Error::Circle { pointer, target });
            }
            last = value;
        }
        self.settled.extend(way);
        Ok(())
    }
}
