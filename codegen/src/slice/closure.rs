//! Everything that a part of a document refers to, directly or by way of others.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use super::Error;
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;

/// The pointers of all components, and of what else of the document, `paths` reach by `$ref`, by the mappings of
/// discriminators, and as what is made of a base that has a discriminator. A
/// reference to another file reaches nothing; the next stage repairs it.
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
            let target = match references.follow(&reference) {
                Ok(Some(target)) => target,
                Err(error) if reference.is_required => return Err(error),
                Ok(None) | Err(_) => continue,
            };
            // All of a component is kept, so all of it is followed. Elsewhere in
            // the document, only what refers to a thing tells what it is.
            let component = pointer::component_of(&target);
            let (kept, kind) = match grammar::kind_of(component) {
                Some(kind) => (component, kind),
                None => (target.as_str(), reference.kind),
            };
            if reached.insert(kept.to_owned()) {
                let target = whole.pointer(kept);
                open.extend(target.map(|target| (kept.to_owned(), kind, target)));
            }
        }
    }
    Ok(reached)
}

/// A reference, and where it stands.
struct Reference {
    at: String,
    text: String,
    /// What it is a reference to.
    kind: NodeKind,
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
                    kind: node.kind,
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
                    kind: NodeKind::Schema,
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

    /// The pointer to what `reference` leads to, where its chain of references ends
    /// at a definition; `None` where it leads to another file.
    fn follow(&mut self, reference: &Reference) -> Result<Option<String>, Error> {
        if !reference.text.starts_with('#') {
            return Ok(None);
        }
        let error =
            |make: fn(String, String) -> Error| make(reference.at.clone(), reference.text.clone());
        let Some((first, mut last)) = pointer::follow(self.whole, &reference.text) else {
            return Err(error(|pointer, target| Error::Dangling { pointer, target }));
        };
        let mut way = HashSet::from([first.to_string()]);
        // Where a further one leads nowhere, that is said of its own place.
        while let Some(next) = last.get("$ref").and_then(Value::as_str)
            && let Some((next, value)) = pointer::follow(self.whole, next)
            && !self.settled.contains(next.as_ref())
        {
            if !way.insert(next.into_owned()) {
                return Err(error(|pointer, target| Error::Circle { pointer, target }));
            }
            last = value;
        }
        self.settled.extend(way);
        Ok(Some(first.into_owned()))
    }
}
