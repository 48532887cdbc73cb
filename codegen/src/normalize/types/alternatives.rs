//! The schemas of a `oneOf` or `anyOf`, and what to call them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::scalar;
use super::tags::{self, Tag};
use crate::limits::LONGEST_TITLE;
use crate::names;
use crate::openapi::{ContentId, Definition, Resolver, SchemaId, SchemaKind, Shape};
use crate::pointer;
use crate::type_check::Kind;

/// One schema of a `oneOf` or `anyOf`.
pub(super) struct Alternative {
    /// The schema, with what stands beside the alternatives.
    pub id: SchemaId,
    /// The same, resolved.
    pub resolved: Rc<Definition>,
    /// The name of the component that it is, where it is a reference.
    component: Option<String>,
    /// What it may be called, the best first.
    names: Vec<String>,
    /// Properties that tell it from the others, with their values.
    pub tags: Vec<Tag>,
}

impl Alternative {
    /// Gives it the best of its names.
    pub fn call(&mut self, name: &str) {
        self.names.insert(0, name.to_owned());
    }
}

/// The alternatives of `definition`, which is resolved already, where it has any that
/// differ in shape.
///
/// Left out are those that only allow null, those that only limit what stands
/// beside them, and those equal to one before. The properties beside the
/// alternatives go into each of them that is an object.
pub(super) fn of(resolver: &Resolver<'_>, definition: &Definition) -> Option<Vec<Alternative>> {
    let list = definition.alternatives()?;
    let beside = beside(resolver, definition, list);
    let mut found: Vec<Alternative> = Vec::with_capacity(list.len());
    let mut known = HashSet::new();
    for alternative in list.iter().copied() {
        let Ok(alone) = resolver.resolve(alternative) else {
            continue;
        };
        if alone.is_null_alone() || !alone.has_shape() {
            continue;
        }
        let is_object = matches!(alone.own_shape(), Shape::Object | Shape::Any);
        let whole = match beside {
            Some(beside) if is_object => resolver.both(beside, alternative),
            _ => alternative,
        };
        let resolved = resolver.resolve(whole).unwrap_or(alone);
        let tags = tags::told(resolver, definition, alternative, &resolved);
        let is_new = known.insert(shape_of(resolver, &resolved));
        if tags.is_empty() && !is_new {
            continue;
        }
        found.push(Alternative {
            id: whole,
            names: own_names(resolver, definition, alternative, &resolved),
            component: component(resolver, alternative),
            resolved,
            tags,
        });
    }
    if found.is_empty() {
        return None;
    }
    tags::find(resolver, &mut found);
    name_by_properties(&mut found);
    Some(found)
}

/// The alternatives that `ids` are, which stand in no list: the subtypes of a base,
/// each with the tags that tell it from the others.
pub(super) fn of_subtypes(
    resolver: &Resolver<'_>,
    subtypes: Vec<(SchemaId, Vec<Tag>)>,
) -> Vec<Alternative> {
    let found = subtypes.into_iter().filter_map(|(id, tags)| {
        Some(Alternative {
            id,
            resolved: resolver.resolve(id).ok()?,
            names: Vec::new(),
            component: component(resolver, id),
            tags,
        })
    });
    let mut found: Vec<Alternative> = found.collect();
    for alternative in &mut found {
        alternative.names.extend(alternative.component.clone());
    }
    found
}

/// What stands beside the alternatives and has a shape of its own, as a schema.
fn beside(resolver: &Resolver<'_>, definition: &Definition, list: &[SchemaId]) -> Option<SchemaId> {
    definition.properties.as_ref()?;
    let like = resolver.schema(*list.first()?);
    let beside = Definition {
        types: definition.types.clone(),
        properties: definition.properties.clone(),
        required: definition.required.clone(),
        additional: definition.additional,
        ..Definition::default()
    };
    Some(resolver.make(&like, beside))
}

/// The name of the component that `id` refers to, or is.
pub(super) fn component(resolver: &Resolver<'_>, id: SchemaId) -> Option<String> {
    let schema = resolver.schema(id);
    let at = match &schema.kind {
        SchemaKind::Reference(target) => Rc::clone(&resolver.schema(*target).pointer),
        _ if schema.role == crate::openapi::Role::Component => Rc::clone(&schema.pointer),
        _ => return None,
    };
    let (_, name) = pointer::split_last(&at)?;
    Some(name.into_owned())
}

/// What is equal for schemas that differ in nothing but their words and limits.
fn shape_of(resolver: &Resolver<'_>, definition: &Definition) -> String {
    let content = |id: &SchemaId| -> ContentId { resolver.schema(*id).content };
    let contents = |ids: &Option<Vec<SchemaId>>| {
        let ids = ids.as_ref()?;
        Some(ids.iter().map(content).collect::<Vec<_>>())
    };
    let properties: Option<BTreeMap<&String, ContentId>> =
        definition.properties.as_ref().map(|properties| {
            let properties = properties.iter();
            properties.map(|(name, id)| (name, content(id))).collect()
        });
    let additional = definition.additional_values().as_ref().map(content);
    let shape = (
        &definition.types,
        &definition.values,
        definition.items.as_ref().map(content),
        contents(&definition.one_of),
        contents(&definition.any_of),
        properties,
        additional,
        additional.is_none().then_some(definition.additional),
        &definition.required,
    );
    format!("{shape:?}")
}

/// Names that an alternative has by itself: the discriminator's, its title.
fn own_names(
    resolver: &Resolver<'_>,
    definition: &Definition,
    alternative: SchemaId,
    resolved: &Definition,
) -> Vec<String> {
    let mapped = definition.discriminator.as_ref().and_then(|discriminator| {
        tags::mapped(resolver, discriminator, alternative)
            .into_iter()
            .next()
    });
    let title = resolved.title.clone();
    let title = title.filter(|title| title.len() <= LONGEST_TITLE);
    mapped.into_iter().chain(title).collect()
}

/// Adds names by what tells an alternative from the others: the value of a tag,
/// its component, a property that no other has, its JSON type.
fn name_by_properties(alternatives: &mut [Alternative]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for alternative in alternatives.iter() {
        for (name, _) in alternative.resolved.properties() {
            *counts.entry(name.clone()).or_default() += 1;
        }
    }
    for alternative in alternatives {
        let tag = alternative
            .tags
            .iter()
            .find_map(|tag| match tag.values.as_slice() {
                [Value::String(only)] => Some(only.clone()),
                _ => None,
            });
        let is_own = |name: &&String| counts.get(*name) == Some(&1);
        let mut own = alternative.resolved.properties().map(|(name, _)| name);
        let names = [
            tag,
            alternative.component.clone(),
            own.find(is_own).cloned(),
            Some(kind(&alternative.resolved).to_owned()),
        ];
        alternative.names.extend(names.into_iter().flatten());
    }
}

/// What a value of the schema is, in one word.
pub(super) fn kind(schema: &Definition) -> &'static str {
    match schema.own_shape() {
        Shape::String => "text",
        Shape::Boolean => "bool",
        Shape::Integer => "integer",
        Shape::Number => "number",
        Shape::Array(_) => "list",
        _ => "object",
    }
}

/// The properties that a schema has and requires.
pub(super) fn required(schema: &Definition) -> Vec<String> {
    let names = schema.properties().map(|(name, _)| name);
    let required = names.filter(|name| schema.required.contains(*name));
    required.cloned().collect()
}

/// A name for each alternative: the best of its names that is no other's.
pub(super) fn chosen_names(alternatives: &[Alternative]) -> Vec<String> {
    let spelled: Vec<Vec<String>> = alternatives
        .iter()
        .map(|alternative| {
            let names = alternative.names.iter();
            names.map(|name| names::type_name(name)).collect()
        })
        .collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for names in &spelled {
        let distinct: HashSet<&str> = names.iter().map(String::as_str).collect();
        for name in distinct {
            *counts.entry(name).or_default() += 1;
        }
    }
    let chosen = alternatives.iter().zip(&spelled);
    chosen
        .map(|(alternative, names)| {
            let best = names
                .iter()
                .position(|name| counts.get(name.as_str()) == Some(&1));
            let best = best.and_then(|best| alternative.names.get(best));
            let name = best.or(alternative.names.first());
            name.cloned().unwrap_or_else(|| "other".to_owned())
        })
        .collect()
}

/// The values that a schema shows of a property: those that it lists, or else the one
/// of its example; and whether it lists them.
pub(super) fn values_of(schema: &Definition) -> Option<(Vec<Value>, bool)> {
    let is_scalar = |value: &Value| !(value.is_object() || value.is_array() || value.is_null());
    if let Some(values) = &schema.values {
        if let Some(strings) = scalar::string_values(schema) {
            return Some((strings.into_iter().map(Value::String).collect(), true));
        }
        let values: Vec<Value> = values.iter().filter(|it| is_scalar(it)).cloned().collect();
        return (!values.is_empty()).then_some((values, true));
    }
    let is_word = schema.types.is_empty() || schema.types == [Kind::String];
    let example = schema.example.as_ref().filter(|_| is_word)?;
    example.is_string().then(|| (vec![example.clone()], false))
}
