//! Schemas as values: what a document says of data, once its keywords are read.

use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};
use serde_json::{Number, Value};

use crate::type_check::Kind;

/// A schema of a [`Description`](super::Description), by its place in the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub(super) u32);

impl SchemaId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which schemas say the same: two with one `ContentId` differ in their places alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId(pub(super) u32);

/// What a schema is to what it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The whole body of a request.
    Body,
    /// A property of a form or multipart body.
    BodyPart,
    /// The whole of a response in one media type.
    Response,
    /// A parameter.
    Parameter,
    /// A header of a response or a part.
    Header,
    /// A member of `components/schemas`.
    Component,
    /// The items of an array.
    Item,
    /// A property of an object.
    Property,
    /// The properties of an object that have no names.
    AdditionalProperty,
    /// A part of an `allOf`.
    Part,
    /// A schema of a `oneOf` or `anyOf`.
    Alternative,
    /// The schema of a `not`.
    Negated,
}

impl Role {
    /// Whether the schema describes values within those of the schema around it,
    /// and not the same values.
    pub fn is_within(self) -> bool {
        matches!(
            self,
            Self::Item | Self::Property | Self::AdditionalProperty | Self::BodyPart
        )
    }
}

/// What the outermost schema around a schema was written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The body of a request.
    Request,
    /// A response.
    Response,
    /// A parameter, or a header.
    Parameter,
    /// Whatever refers to it: it is a component.
    Any,
}

/// A schema, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// Where it is in the document, as a JSON pointer. Of a schema that was made of
    /// others, where the last of them is.
    pub pointer: Rc<str>,
    /// What it is to what it stands in.
    pub role: Role,
    /// What the outermost schema around it was written for.
    pub purpose: Purpose,
    /// Whether it describes a value within the one that the outermost schema around
    /// it describes: an item or a property, perhaps of a part.
    pub is_within: bool,
    /// Equal for schemas that say the same.
    pub content: ContentId,
    /// What it says.
    pub kind: SchemaKind,
}

/// What a schema says.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemaKind {
    /// Nothing: any value will do.
    Any,
    /// What another schema says.
    Reference(SchemaId),
    /// What a schema says that the document does not have.
    Missing(Rc<str>),
    /// Something of its own.
    Definition(Rc<Definition>),
}

/// The keywords of a schema that is no reference.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Definition {
    /// `title`.
    pub title: Option<String>,
    /// `description`, without blanks around it; absent if empty.
    pub description: Option<String>,
    /// `example`.
    pub example: Option<Value>,
    /// `default`.
    pub default: Option<Value>,
    /// The flags.
    pub marks: Marks,
    /// `type`; several where a document lists them.
    pub types: Vec<Kind>,
    /// `format`.
    pub format: Option<String>,
    /// `enum`.
    pub values: Option<Vec<Value>>,
    /// `minimum`.
    pub minimum: Option<Number>,
    /// `maximum`.
    pub maximum: Option<Number>,
    /// `multipleOf`.
    pub multiple_of: Option<Number>,
    /// The keywords that limit values and never make a client refuse one: lengths,
    /// patterns, numbers of items.
    pub limits: IndexMap<&'static str, Value>,
    /// `allOf`.
    pub all_of: Vec<SchemaId>,
    /// `oneOf`.
    pub one_of: Option<Vec<SchemaId>>,
    /// `anyOf`.
    pub any_of: Option<Vec<SchemaId>>,
    /// `not`.
    pub not: Option<SchemaId>,
    /// `items`.
    pub items: Option<SchemaId>,
    /// `properties`.
    pub properties: Option<Rc<IndexMap<String, SchemaId>>>,
    /// `required`.
    pub required: IndexSet<String>,
    /// `additionalProperties`.
    pub additional: Option<Additional>,
    /// `discriminator`.
    pub discriminator: Option<Discriminator>,
    /// The members that begin with `x-`.
    pub extensions: IndexMap<String, Value>,
}

/// The flags of a schema, where it has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// `nullable`.
    pub nullable: Option<bool>,
    /// `readOnly`.
    pub read_only: Option<bool>,
    /// `writeOnly`.
    pub write_only: Option<bool>,
    /// `deprecated`.
    pub deprecated: Option<bool>,
}

/// What an object may have besides the properties that are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Additional {
    /// Anything, or nothing.
    Allowed(bool),
    /// What this schema describes.
    Values(SchemaId),
}

/// How a property tells the alternatives of a schema apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discriminator {
    /// `propertyName`.
    pub property: String,
    /// `mapping`: each value with the schema that it leads to; absent where the
    /// document has none.
    pub mapping: Option<Vec<(String, SchemaId)>>,
}

/// What values a schema has, in one word: by its alternatives, its `type`, or the
/// keywords that imply one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape<'s> {
    /// One of several, `oneOf` before `anyOf`.
    Alternatives(&'s [SchemaId]),
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A list of what this describes, or of anything.
    Array(Option<SchemaId>),
    /// An object.
    Object,
    /// Null alone.
    Null,
    /// Nothing is said.
    Any,
}

impl Definition {
    /// What values it has. Of several types, none counts: it is anything.
    pub fn shape(&self) -> Shape<'_> {
        match self.alternatives() {
            Some(alternatives) => Shape::Alternatives(alternatives),
            None => self.own_shape(),
        }
    }

    /// What values it has, going by what stands beside its alternatives.
    pub fn own_shape(&self) -> Shape<'_> {
        match self.types.as_slice() {
            [Kind::String] => Shape::String,
            [Kind::Boolean] => Shape::Boolean,
            [Kind::Integer] => Shape::Integer,
            [Kind::Number] => Shape::Number,
            [Kind::Array] => Shape::Array(self.items),
            [Kind::Object] => Shape::Object,
            [Kind::Null] => Shape::Null,
            [] if self.properties.is_some() => Shape::Object,
            [] if self.items.is_some() => Shape::Array(self.items),
            _ => Shape::Any,
        }
    }

    /// The schemas of its `oneOf`, or else of its `anyOf`.
    pub fn alternatives(&self) -> Option<&[SchemaId]> {
        self.one_of.as_deref().or(self.any_of.as_deref())
    }

    /// The schemas of its `oneOf` and of its `anyOf`.
    pub fn all_alternatives(&self) -> impl Iterator<Item = SchemaId> {
        let both = self.one_of.iter().chain(&self.any_of);
        both.flatten().copied()
    }

    /// Its properties, in the document's order.
    pub fn properties(&self) -> impl Iterator<Item = (&String, SchemaId)> {
        let properties = self.properties.iter().flat_map(|all| all.iter());
        properties.map(|(name, id)| (name, *id))
    }

    /// The schema of the property `name`.
    pub fn property(&self, name: &str) -> Option<SchemaId> {
        self.properties.as_ref()?.get(name).copied()
    }

    /// The schema of properties that have no names.
    pub fn additional_values(&self) -> Option<SchemaId> {
        match self.additional {
            Some(Additional::Values(id)) => Some(id),
            _ => None,
        }
    }

    /// Whether null is a value of it, by a mark or as one of those that it lists.
    pub fn is_nullable(&self) -> bool {
        let lists_null = || {
            let values = self.values.as_ref();
            values.is_some_and(|values| values.contains(&Value::Null))
        };
        self.marks.nullable == Some(true) || lists_null()
    }

    /// Whether null is its only value.
    pub fn is_null_alone(&self) -> bool {
        let values = self.values.as_ref();
        self.types == [Kind::Null] || values.is_some_and(|values| values.iter().all(Value::is_null))
    }

    /// Whether it says what its values look like, and not only how they are limited.
    pub fn has_shape(&self) -> bool {
        !self.types.is_empty()
            || self.values.is_some()
            || self.items.is_some()
            || self.properties.is_some()
            || self.additional.is_some()
            || self.one_of.is_some()
            || self.any_of.is_some()
            || !self.all_of.is_empty()
    }

    /// Every schema that it holds, but for that of `not`, of which no value is.
    pub fn children(&self) -> impl Iterator<Item = SchemaId> {
        let properties = self.properties().map(|(_, id)| id);
        self.all_of
            .iter()
            .copied()
            .chain(self.all_alternatives())
            .chain(self.items)
            .chain(properties)
            .chain(self.additional_values())
    }
}
