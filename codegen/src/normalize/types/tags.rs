//! What tells the alternatives of a union apart: discriminators, properties with few
//! values, and examples.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::alternatives::{self, Alternative};
use crate::openapi::{Definition, Discriminator, Resolver, SchemaId};

/// A property that tells an alternative from the others, with the values that mean it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tag {
    pub property: String,
    pub values: Vec<Value>,
}

/// What the discriminator of `definition` says of an alternative that is a reference:
/// the property, with the values that lead there (OpenAPI 3.0.3, "Discriminator
/// Object"). An alternative that the mapping does not name is meant by the name of
/// its component, unless it lists other values itself.
pub(super) fn told(
    resolver: &Resolver<'_>,
    definition: &Definition,
    alternative: SchemaId,
    resolved: &Definition,
) -> Vec<Tag> {
    let Some(discriminator) = &definition.discriminator else {
        return Vec::new();
    };
    let values = values_of(resolver, discriminator, alternative, resolved);
    let tag = (!values.is_empty()).then(|| Tag {
        property: discriminator.property.clone(),
        values: values.into_iter().map(Value::String).collect(),
    });
    tag.into_iter().collect()
}

/// The values of `discriminator` that mean `alternative`.
pub(crate) fn values_of(
    resolver: &Resolver<'_>,
    discriminator: &Discriminator,
    alternative: SchemaId,
    resolved: &Definition,
) -> Vec<String> {
    let mapped = mapped(resolver, discriminator, alternative);
    let Some(component) = alternatives::component(resolver, alternative) else {
        return mapped;
    };
    if !mapped.is_empty() {
        return mapped;
    }
    let property = resolved.property(&discriminator.property);
    let property = property.and_then(|property| resolver.resolve(property).ok());
    let listed = property.and_then(|property| super::scalar::string_values(&property));
    match listed {
        // The alternative knows better.
        Some(listed) if !listed.contains(&component) => Vec::new(),
        _ => vec![component],
    }
}

/// The values that the mapping of `discriminator` has for `alternative`.
pub(super) fn mapped(
    resolver: &Resolver<'_>,
    discriminator: &Discriminator,
    alternative: SchemaId,
) -> Vec<String> {
    let Ok(end) = resolver.target(alternative) else {
        return Vec::new();
    };
    let mapping = discriminator.mapping.iter().flatten();
    let mapping = mapping.filter(|(_, target)| resolver.target(*target) == Ok(end));
    mapping.map(|(value, _)| value.clone()).collect()
}

/// What an alternative shows of one of its properties.
struct Shown {
    index: usize,
    values: Vec<Value>,
    /// Whether the values are listed, and not those of an example.
    is_listed: bool,
}

/// Finds the properties that tell the alternatives apart: those of which no two
/// alternatives have a value in common.
pub(super) fn find(resolver: &Resolver<'_>, alternatives: &mut [Alternative]) {
    let mut by_name: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
    for (index, alternative) in alternatives.iter().enumerate() {
        for (name, property) in alternative.resolved.properties() {
            let resolved = resolver.resolve(property).ok();
            let shown = resolved.and_then(|it| alternatives::values_of(&it));
            if let Some((values, is_listed)) = shown {
                by_name.entry(name.clone()).or_default().push(Shown {
                    index,
                    values,
                    is_listed,
                });
            }
        }
    }
    let mut tags: Vec<Vec<Tag>> = vec![Vec::new(); alternatives.len()];
    let mut by_example: Vec<(String, Vec<Shown>)> = Vec::new();
    for (name, shown) in by_name {
        let mut distinct = HashSet::new();
        let all = shown.iter().flat_map(|shown| &shown.values);
        let is_distinct = all
            .map(Value::to_string)
            .all(|value| distinct.insert(value));
        if shown.len() < 2 || !is_distinct {
            continue;
        }
        if shown.iter().all(|shown| shown.is_listed) {
            add(&mut tags, &name, shown);
        } else {
            by_example.push((name, shown));
        }
    }
    if tags.iter().all(Vec::is_empty)
        && let Some((name, shown)) = telling(by_example, alternatives)
    {
        add(&mut tags, &name, shown);
    }
    for (alternative, tags) in alternatives.iter_mut().zip(tags) {
        // The discriminator's word is the document's own.
        if alternative.tags.is_empty() {
            alternative.tags = tags;
        }
    }
}

fn add(tags: &mut [Vec<Tag>], name: &str, shown: Vec<Shown>) {
    for Shown { index, values, .. } in shown {
        if let Some(tags) = tags.get_mut(index) {
            tags.push(Tag {
                property: name.to_owned(),
                values,
            });
        }
    }
}

/// The property whose examples are words that tell the alternatives apart: one that
/// is called a type or kind, or one that every alternative requires. Names and
/// identifiers differ from object to object, whatever their examples are.
fn telling(
    candidates: Vec<(String, Vec<Shown>)>,
    alternatives: &[Alternative],
) -> Option<(String, Vec<Shown>)> {
    let is_word = |value: &Value| {
        let word = value.as_str().unwrap_or_default();
        let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.chars().all(is_letter)
    };
    let is_required = |name: &str| {
        let name = name.to_ascii_lowercase();
        let is_own_name = matches!(name.as_str(), "id" | "name" | "title") || name.ends_with("_id");
        !is_own_name
            && alternatives.iter().all(|alternative| {
                let resolved = &alternative.resolved;
                resolved.property(&name).is_some() && resolved.required.contains(&name)
            })
    };
    let mut fitting = candidates.into_iter().filter(|(name, shown)| {
        let mut values = shown.iter().flat_map(|shown| &shown.values);
        (is_called_a_kind(name) || is_required(name)) && values.all(is_word)
    });
    let first = fitting.next()?;
    if is_called_a_kind(&first.0) {
        return Some(first);
    }
    let named = fitting.find(|(name, _)| is_called_a_kind(name));
    Some(named.unwrap_or(first))
}

fn is_called_a_kind(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "type" | "kind" | "@type")
        || name.ends_with("_type")
        || name.ends_with("_kind")
}

/// The alternatives that nothing tells from another one, by their numbers: objects with the
/// same properties, of which the same are required.
pub(super) fn twins(alternatives: &[Alternative]) -> Vec<Vec<usize>> {
    let mut by_shape: BTreeMap<(BTreeSet<&String>, BTreeSet<&String>), Vec<usize>> =
        BTreeMap::new();
    for (index, alternative) in alternatives.iter().enumerate() {
        let definition: &Rc<Definition> = &alternative.resolved;
        let properties: BTreeSet<&String> = definition.properties().map(|(name, _)| name).collect();
        if alternative.tags.is_empty() && !properties.is_empty() {
            let required = definition.required.iter().collect();
            by_shape
                .entry((properties, required))
                .or_default()
                .push(index);
        }
    }
    let twins = by_shape.into_values().filter(|twins| twins.len() > 1);
    twins.collect()
}
