//! Reads schemas into the arena: the one place that knows their keywords.

use std::collections::HashMap;
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value};

use super::grammar::{self, Children, NodeKind};
use super::schema::{
    Additional, ContentId, Definition, Discriminator, Purpose, Role, Schema, SchemaId, SchemaKind,
};
use super::unused::UnusedParts;
use crate::pointer;
use crate::type_check::Kind;

/// Keywords that only limit values. A client never refuses a value for one of them,
/// so they are read for what they tell of contradictions and not reported.
const LIMITS: [&str; 13] = [
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "maxItems",
    "maxLength",
    "maxProperties",
    "minItems",
    "minLength",
    "minProperties",
    "multipleOf",
    "pattern",
    "uniqueItems",
    "xml",
];

/// The arena while it is filled.
#[derive(Default)]
pub(super) struct Schemas {
    /// Those that are referred to before they are met are empty for a while.
    arena: Vec<Option<Schema>>,
    /// Where each of them is.
    pointers: Vec<Rc<str>>,
    by_pointer: HashMap<Rc<str>, SchemaId>,
    contents: HashMap<String, ContentId>,
    pub(super) unused: UnusedParts,
}

/// The place of a schema that is about to be read.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub role: Role,
    pub purpose: Purpose,
    pub is_within: bool,
}

impl Place {
    /// The place of an outermost schema.
    pub fn outermost(role: Role, purpose: Purpose) -> Self {
        Self {
            role,
            purpose,
            is_within: false,
        }
    }

    fn inner(self, role: Role) -> Self {
        Self {
            role,
            is_within: self.is_within || role.is_within(),
            ..self
        }
    }
}

impl Schemas {
    /// The schema at `pointer`, which is read now or later.
    fn reserve(&mut self, pointer: &str) -> SchemaId {
        if let Some(id) = self.by_pointer.get(pointer) {
            return *id;
        }
        // More schemas than 2^32 do not fit into a document.
        let id = SchemaId(self.arena.len() as u32);
        let pointer: Rc<str> = pointer.into();
        self.arena.push(None);
        self.pointers.push(Rc::clone(&pointer));
        self.by_pointer.insert(pointer, id);
        id
    }

    /// Reads the schema `value` at `pointer`, and those in it. A reference is not
    /// followed: it gets the id of what will be read at its target.
    pub fn read(&mut self, value: &Value, pointer: &str, place: Place) -> SchemaId {
        let id = self.reserve(pointer);
        if self.arena.get(id.index()).is_some_and(Option::is_some) {
            return id;
        }
        let kind = match value {
            Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
                Some(reference) => self.reference(reference),
                None => SchemaKind::Definition(Rc::new(self.definition(members, pointer, place))),
            },
            _ => SchemaKind::Any,
        };
        let content = self.content(&kind);
        let schema = Schema {
            pointer: pointer.into(),
            role: place.role,
            purpose: place.purpose,
            is_within: place.is_within,
            content,
            kind,
        };
        if let Some(slot) = self.arena.get_mut(id.index()) {
            *slot = Some(schema);
        }
        id
    }

    fn reference(&mut self, reference: &str) -> SchemaKind {
        match pointer::of_reference(reference) {
            Some(target) => SchemaKind::Reference(self.reserve(&target)),
            None => SchemaKind::Missing(reference.into()),
        }
    }

    fn definition(
        &mut self,
        members: &Map<String, Value>,
        pointer: &str,
        place: Place,
    ) -> Definition {
        let mut found = Definition::default();
        for (name, member) in members {
            let at = || pointer::join(pointer, name);
            match (grammar::children(NodeKind::Schema, name), member) {
                (Some(Children::List(_)), Value::Array(items)) => {
                    let role = match name.as_str() {
                        "allOf" => Role::Part,
                        _ => Role::Alternative,
                    };
                    let at = at();
                    let items = items.iter().enumerate();
                    let items = items.map(|(index, item)| {
                        self.read(item, &format!("{at}/{index}"), place.inner(role))
                    });
                    let items = items.collect();
                    match name.as_str() {
                        "allOf" => found.all_of = items,
                        "oneOf" => found.one_of = Some(items),
                        _ => found.any_of = Some(items),
                    }
                }
                (Some(Children::Map(_)), Value::Object(properties)) => {
                    let at = at();
                    let role = match place.role {
                        Role::BodyPart => Role::BodyPart,
                        _ => Role::Property,
                    };
                    let properties = properties.iter().map(|(name, property)| {
                        let at = pointer::join(&at, name);
                        (name.clone(), self.read(property, &at, place.inner(role)))
                    });
                    found.properties = Some(Rc::new(properties.collect()));
                }
                (Some(Children::One(_)), Value::Bool(allowed))
                    if name == "additionalProperties" =>
                {
                    found.additional = Some(Additional::Allowed(*allowed));
                }
                (Some(Children::One(_)), member) if member.is_object() || name == "items" => {
                    match name.as_str() {
                        "items" => {
                            found.items = Some(self.read(member, &at(), place.inner(Role::Item)));
                        }
                        "additionalProperties" => {
                            let place = place.inner(Role::AdditionalProperty);
                            let id = self.read(member, &at(), place);
                            found.additional = Some(Additional::Values(id));
                        }
                        _ => {
                            let why = "a type of Rust cannot leave values out";
                            self.unused.add(&at(), "not", why);
                            found.not = Some(self.read(member, &at(), place.inner(Role::Negated)));
                        }
                    }
                }
                (Some(_), _) => {
                    self.ignored(&at(), name, "it is not of the type that it must have")
                }
                (None, member) => self.keyword(&mut found, name, member, pointer),
            }
        }
        found
    }

    /// A keyword that holds no schema.
    fn keyword(&mut self, found: &mut Definition, name: &str, member: &Value, pointer: &str) {
        let text = || member.as_str().map(str::to_owned);
        match name {
            "title" => found.title = text(),
            "description" => found.description = super::words(member),
            "example" => found.example = Some(member.clone()),
            "default" => found.default = Some(member.clone()),
            "nullable" => found.marks.nullable = member.as_bool(),
            "readOnly" => found.marks.read_only = member.as_bool(),
            "writeOnly" => found.marks.write_only = member.as_bool(),
            "deprecated" => found.marks.deprecated = member.as_bool(),
            "format" => found.format = text(),
            "type" => found.types = kinds(member),
            "enum" => found.values = member.as_array().cloned(),
            "minimum" => found.minimum = member.as_number().cloned(),
            "maximum" => found.maximum = member.as_number().cloned(),
            "required" => found.required = names(member),
            "discriminator" => found.discriminator = self.discriminator(member),
            _ if name.starts_with("x-") => {
                found.extensions.insert(name.to_owned(), member.clone());
            }
            _ => match LIMITS.iter().find(|limit| **limit == name) {
                Some(limit) => {
                    if name == "multipleOf" {
                        found.multiple_of = member.as_number().cloned();
                    }
                    found.limits.insert(limit, member.clone());
                }
                None => {
                    let at = pointer::join(pointer, name);
                    self.ignored(&at, name, "it is no keyword of a schema in OpenAPI 3.0");
                }
            },
        }
    }

    fn ignored(&mut self, at: &str, name: &str, why: &str) {
        self.unused.add(at, name, why);
    }

    fn discriminator(&mut self, member: &Value) -> Option<Discriminator> {
        let property = member.get("propertyName")?.as_str()?.to_owned();
        let mapping = member.get("mapping").and_then(Value::as_object);
        let mapping = mapping.map(|mapping| {
            let targets = mapping.iter().filter_map(|(value, target)| {
                let target = target.as_str()?;
                // A mapping may also give the bare name of a schema.
                let at = match pointer::of_reference(target) {
                    Some(at) => at.into_owned(),
                    None => pointer::join("/components/schemas", target),
                };
                Some((value.clone(), self.reserve(&at)))
            });
            targets.collect()
        });
        Some(Discriminator { property, mapping })
    }

    /// The id of all schemas that say what `kind` says.
    fn content(&mut self, kind: &SchemaKind) -> ContentId {
        let text = match kind {
            SchemaKind::Any => "any".to_owned(),
            SchemaKind::Reference(id) => format!("ref {}", id.0),
            SchemaKind::Missing(reference) => format!("missing {reference}"),
            SchemaKind::Definition(definition) => {
                let content = |id: SchemaId| {
                    let schema = self.arena.get(id.index()).and_then(Option::as_ref);
                    schema.map(|schema| schema.content)
                };
                content_text(definition, &content)
            }
        };
        let next = ContentId(self.contents.len() as u32);
        *self.contents.entry(text).or_insert(next)
    }

    /// The arena, once everything is read: what is still referred to and was never
    /// met is looked up in `document`.
    pub fn finish(
        mut self,
        document: &Value,
    ) -> (Vec<Rc<Schema>>, HashMap<Rc<str>, SchemaId>, UnusedParts) {
        let mut index = 0;
        while let Some(slot) = self.arena.get(index) {
            if slot.is_none() {
                let at = self.pointers.get(index).map(Rc::clone).unwrap_or_default();
                let place = Place::outermost(Role::Component, Purpose::Any);
                match document.pointer(&at) {
                    Some(value) => {
                        self.read(value, &at, place);
                    }
                    None => {
                        let kind = SchemaKind::Missing(format!("#{at}").into());
                        let content = self.content(&kind);
                        let missing = Schema {
                            pointer: at,
                            role: place.role,
                            purpose: place.purpose,
                            is_within: false,
                            content,
                            kind,
                        };
                        if let Some(slot) = self.arena.get_mut(index) {
                            *slot = Some(missing);
                        }
                    }
                }
            }
            index += 1;
        }
        let arena = self.arena.into_iter().flatten().map(Rc::new).collect();
        (arena, self.by_pointer, self.unused)
    }
}

/// A text that is equal for definitions that say the same; `content` knows what
/// the schemas in it say.
pub(super) fn content_text(
    definition: &Definition,
    content: &dyn Fn(SchemaId) -> Option<ContentId>,
) -> String {
    let Definition {
        title,
        description,
        example,
        default,
        marks,
        types,
        format,
        values,
        minimum,
        maximum,
        multiple_of: _,
        limits,
        all_of,
        one_of,
        any_of,
        not,
        items,
        properties,
        required,
        additional,
        discriminator,
        extensions,
    } = definition;
    let ids = |ids: &[SchemaId]| ids.iter().map(|id| content(*id)).collect::<Vec<_>>();
    let properties: Option<Vec<_>> = properties.as_ref().map(|properties| {
        let properties = properties.iter();
        properties.map(|(name, id)| (name, content(*id))).collect()
    });
    let additional = match additional {
        Some(Additional::Values(id)) => (None, content(*id)),
        Some(Additional::Allowed(allowed)) => (Some(*allowed), None),
        None => (None, None),
    };
    let words = (title, description, example, default, extensions);
    let own = (marks, types, format, values, minimum, maximum, limits);
    let inner = (
        ids(all_of),
        one_of.as_deref().map(ids),
        any_of.as_deref().map(ids),
        not.map(content),
        items.map(content),
        properties,
        required,
        additional,
        discriminator,
    );
    format!("{words:?} {own:?} {inner:?}")
}

/// The types that the keyword `type` names; none where one of them is unknown.
fn kinds(member: &Value) -> Vec<Kind> {
    let named: Option<Vec<Kind>> = match member {
        Value::String(name) => Kind::named(name).map(|kind| vec![kind]),
        Value::Array(names) => names
            .iter()
            .map(|name| Kind::named(name.as_str()?))
            .collect(),
        _ => None,
    };
    named.unwrap_or_default()
}

fn names(member: &Value) -> IndexSet<String> {
    let names = member.as_array().into_iter().flatten();
    names.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The members of `value` that begin with `x-`.
pub(super) fn extensions(value: &Map<String, Value>) -> IndexMap<String, Value> {
    let own = value.iter().filter(|(name, _)| name.starts_with("x-"));
    own.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
