//! The schemas of a `oneOf` or `anyOf`, and what to call them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::scalar;
use crate::names;
use crate::normalize::schema;

/// Keywords that say what a value looks like, and not only how it is limited.
const SHAPES: [&str; 9] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "enum",
    "items",
    "oneOf",
    "properties",
    "type",
];

/// Marks what stands beside alternatives, once it is made a part of each: it may
/// come from anywhere.
pub(super) const MERGED: &str = "x-merged";

/// One schema of a `oneOf` or `anyOf`.
pub(super) struct Alternative {
    /// Where it stands, relative to the schema around it.
    pub at: String,
    /// As the document has it, with what stands beside the alternatives.
    pub schema: Value,
    /// The same, resolved.
    pub resolved: Map<String, Value>,
    /// What it may be called, the best first.
    names: Vec<String>,
    /// Properties that tell it from the others, with their values.
    pub tags: Vec<(String, Vec<String>)>,
}

/// The alternatives of `schema`, which is resolved already, where it has any that
/// differ in shape.
///
/// Left out are those that only allow null, those that only limit what stands
/// beside them, and those equal to one before. The properties beside the
/// alternatives go into each of them that is an object.
pub(super) fn of(document: &Value, schema: &Map<String, Value>) -> Option<Vec<Alternative>> {
    let keyword = ["oneOf", "anyOf"]
        .into_iter()
        .find(|keyword| schema.get(*keyword).is_some_and(Value::is_array))?;
    let list = schema.get(keyword)?.as_array()?;
    let beside = beside(schema);
    let mut found: Vec<Alternative> = Vec::with_capacity(list.len());
    for (index, alternative) in list.iter().enumerate() {
        let Ok(alone) = schema::resolve(document, alternative) else {
            continue;
        };
        if is_null(&alone.schema) || !has_shape(&alone.schema) {
            continue;
        }
        let is_object = matches!(scalar::type_word(&alone.schema), Some("object") | None);
        let whole = match &beside {
            Some(beside) if is_object => json!({ "allOf": [beside, alternative] }),
            _ => alternative.clone(),
        };
        let resolved = match schema::resolve(document, &whole) {
            Ok(resolved) => resolved.schema,
            Err(_) => alone.schema,
        };
        let told = told(schema, alternative);
        let is_known = |known: &Alternative| is_same(&known.resolved, &resolved);
        if told.is_empty() && found.iter().any(is_known) {
            continue;
        }
        found.push(Alternative {
            at: format!("/{keyword}/{index}"),
            names: own_names(schema, alternative, &resolved),
            schema: whole,
            resolved,
            tags: told,
        });
    }
    if found.is_empty() {
        return None;
    }
    tag(document, &mut found);
    name_by_properties(&mut found);
    Some(found)
}

/// What stands beside the alternatives and has a shape of its own.
fn beside(schema: &Map<String, Value>) -> Option<Value> {
    let mut beside = Map::new();
    for keyword in ["type", "properties", "required", "additionalProperties"] {
        if let Some(value) = schema.get(keyword) {
            beside.insert(keyword.to_owned(), value.clone());
        }
    }
    beside.insert(MERGED.to_owned(), Value::Bool(true));
    beside
        .contains_key("properties")
        .then_some(Value::Object(beside))
}

fn is_null(schema: &Map<String, Value>) -> bool {
    let values = schema.get("enum").and_then(Value::as_array);
    schema.get("type").and_then(Value::as_str) == Some("null")
        || values.is_some_and(|values| values.iter().all(Value::is_null))
}

fn has_shape(schema: &Map<String, Value>) -> bool {
    SHAPES.iter().any(|keyword| schema.contains_key(*keyword))
}

/// Whether two schemas differ in nothing but their words and limits.
fn is_same(a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
    let shape = |schema: &Map<String, Value>| -> Vec<(String, Value)> {
        let mut shape: Vec<_> = schema
            .iter()
            .filter(|(keyword, _)| SHAPES.contains(&keyword.as_str()) || *keyword == "required")
            .map(|(keyword, value)| (keyword.clone(), value.clone()))
            .collect();
        shape.sort_by(|a, b| a.0.cmp(&b.0));
        shape
    };
    shape(a) == shape(b)
}

/// What the discriminator of `schema` says of an alternative that is a reference:
/// the property, with the values that lead there (OpenAPI 3.0.3, "Discriminator
/// Object"). Without a mapping, that is the name of its component.
fn told(schema: &Map<String, Value>, alternative: &Value) -> Vec<(String, Vec<String>)> {
    let told = || {
        let discriminator = schema.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?;
        let reference = alternative.get("$ref")?.as_str()?;
        let component = reference.rsplit('/').next()?;
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let values: Vec<String> = match mapping {
            Some(mapping) => mapping
                .iter()
                .filter(|(_, target)| *target == reference || *target == component)
                .map(|(value, _)| value.clone())
                .collect(),
            None => vec![component.to_owned()],
        };
        (!values.is_empty()).then(|| (property.to_owned(), values))
    };
    told().into_iter().collect()
}

/// Names that an alternative has by itself: the discriminator's, its title.
fn own_names(
    schema: &Map<String, Value>,
    alternative: &Value,
    resolved: &Map<String, Value>,
) -> Vec<String> {
    let reference = alternative.get("$ref").and_then(Value::as_str);
    let mapping = schema
        .get("discriminator")
        .and_then(|discriminator| discriminator.get("mapping")?.as_object());
    let component = reference.and_then(|reference| reference.rsplit('/').next());
    let mapped = mapping.into_iter().flatten().find_map(|(value, target)| {
        let target = target.as_str()?;
        (Some(target) == reference || Some(target) == component).then(|| value.clone())
    });
    let title = resolved.get("title").and_then(Value::as_str);
    let title = title.filter(|title| title.len() <= 40).map(str::to_owned);
    mapped.into_iter().chain(title).collect()
}

/// Finds the properties that tell the alternatives apart: enums that share no
/// value from one alternative to another.
fn tag(document: &Value, alternatives: &mut [Alternative]) {
    let enums: Vec<BTreeMap<&String, Vec<String>>> = alternatives
        .iter()
        .map(|alternative| {
            let properties = alternative.resolved.get("properties");
            let properties = properties.and_then(Value::as_object);
            let enums = properties
                .into_iter()
                .flatten()
                .filter_map(|(name, property)| {
                    let resolved = schema::resolve(document, property).ok()?.schema;
                    Some((name, scalar::string_values(&resolved)?))
                });
            enums.collect()
        })
        .collect();
    let names: BTreeSet<&String> = enums.iter().flat_map(BTreeMap::keys).copied().collect();
    let mut tags: Vec<Vec<(String, Vec<String>)>> = vec![Vec::new(); alternatives.len()];
    for name in names {
        let having: Vec<(usize, &Vec<String>)> = enums
            .iter()
            .enumerate()
            .filter_map(|(index, enums)| Some((index, enums.get(name)?)))
            .collect();
        let all: Vec<&String> = having
            .iter()
            .flat_map(|(_, values)| values.iter())
            .collect();
        let distinct: BTreeSet<&String> = all.iter().copied().collect();
        if having.len() < 2 || distinct.len() < all.len() {
            continue;
        }
        for (index, values) in having {
            if let Some(tags) = tags.get_mut(index) {
                tags.push((name.clone(), values.clone()));
            }
        }
    }
    for (alternative, tags) in alternatives.iter_mut().zip(tags) {
        // The discriminator's word is the document's own.
        if alternative.tags.is_empty() {
            alternative.tags = tags;
        }
    }
}

/// Adds names by what tells an alternative from the others: the value of a tag,
/// its component, a property that no other has, its JSON type.
fn name_by_properties(alternatives: &mut [Alternative]) {
    let properties: Vec<BTreeSet<String>> = alternatives
        .iter()
        .map(|alternative| {
            let properties = alternative.resolved.get("properties");
            let properties = properties.and_then(Value::as_object);
            properties
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect()
        })
        .collect();
    for (index, alternative) in alternatives.iter_mut().enumerate() {
        let tag = alternative
            .tags
            .iter()
            .find_map(|(_, values)| match values.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            });
        let reference = alternative
            .schema
            .get("$ref")
            .or_else(|| alternative.schema.pointer("/allOf/1/$ref"));
        let component = reference.and_then(Value::as_str);
        let component = component.and_then(|reference| reference.rsplit('/').next());
        let is_own = |name: &&String| {
            properties
                .iter()
                .enumerate()
                .all(|(other, names)| other == index || !names.contains(*name))
        };
        let own_properties = alternative
            .resolved
            .get("properties")
            .and_then(Value::as_object);
        let own = own_properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
            .find(is_own);
        let names = [
            tag,
            component.map(str::to_owned),
            own.cloned(),
            Some(kind(&alternative.resolved).to_owned()),
        ];
        alternative.names.extend(names.into_iter().flatten());
    }
}

/// What a value of the schema is, in one word.
pub(super) fn kind(schema: &Map<String, Value>) -> &'static str {
    match scalar::type_word(schema) {
        Some("string") => "text",
        Some("boolean") => "bool",
        Some("integer") => "integer",
        Some("number") => "number",
        Some("array") => "list",
        _ => "object",
    }
}

/// The properties that a schema has and requires.
pub(super) fn required(schema: &Map<String, Value>) -> Vec<String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let names = properties.into_iter().flatten().map(|(name, _)| name);
    names
        .filter(|name| schema::requires(schema, name))
        .cloned()
        .collect()
}

/// A name for each alternative: the best of its names that is no other's.
pub(super) fn chosen_names(alternatives: &[Alternative]) -> Vec<String> {
    let spelled: Vec<Vec<String>> = alternatives
        .iter()
        .map(|alternative| {
            alternative
                .names
                .iter()
                .map(|name| names::type_name(name))
                .collect()
        })
        .collect();
    let is_others = |index: usize, name: &String| {
        spelled
            .iter()
            .enumerate()
            .any(|(other, names)| other != index && names.contains(name))
    };
    alternatives
        .iter()
        .zip(&spelled)
        .enumerate()
        .map(|(index, (alternative, names))| {
            let best = names.iter().position(|name| !is_others(index, name));
            let best = best.and_then(|best| alternative.names.get(best));
            let name = best.or(alternative.names.first());
            name.cloned().unwrap_or_else(|| "other".to_owned())
        })
        .collect()
}
