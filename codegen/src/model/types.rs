//! The types that requests and responses carry.

use super::Docs;

/// A Rust type, as emitted code names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// `String`.
    String,
    /// `bool`.
    Bool,
    /// A whole number.
    Integer(Integer),
    /// `f64`.
    Number,
    /// Text in a format of which every example in the document is.
    Formatted(Format),
    /// Anything that JSON can say: `serde_json::Value`.
    Any,
    /// `Vec` of its items.
    List(Box<Type>),
    /// `BTreeMap` from `String` to its values.
    Map(Box<Type>),
    /// `Option`: an item of a list or a value of a map that may be null.
    Nullable(Box<Type>),
    /// A type of the client's own, by its claimed name.
    Named(String),
}

impl Type {
    /// Makes whole numbers as wide as a response may need them, whatever the document
    /// says of their range.
    pub fn widen(&mut self) {
        match self {
            Self::Integer(range @ Integer::I32) => *range = Integer::I64,
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.widen(),
            _ => {}
        }
    }

    /// Whether values in it may be null.
    pub fn has_nulls(&self) -> bool {
        match self {
            Self::Nullable(_) => true,
            Self::List(inner) | Self::Map(inner) => inner.has_nulls(),
            _ => false,
        }
    }

    /// The name of the client's own type that it is, or is a list or map of.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.name(),
            _ => None,
        }
    }

    /// The format of its text, or of the text that it is a list or map of.
    pub(super) fn format(&self) -> Option<Format> {
        match self {
            Self::Formatted(format) => Some(*format),
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.format(),
            _ => None,
        }
    }
}

/// The range of a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Integer {
    /// `i32`: `format: int32`, in what is only sent.
    I32,
    /// `i64`.
    I64,
    /// `u64`: what the document says exceeds `i64`.
    U64,
}

/// A format of text (OpenAPI 3.0.3, "Data Types", and RFC 3339, 9562, 4291).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// `date-time`.
    DateTime,
    /// `date`.
    Date,
    /// `uuid`.
    Uuid,
    /// `ipv4`.
    Ipv4,
    /// `ipv6`.
    Ipv6,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::DateTime,
        Self::Date,
        Self::Uuid,
        Self::Ipv4,
        Self::Ipv6,
    ];

    /// The name of its type in the emitted crate.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::DateTime => "DateTime",
            Self::Date => "Date",
            Self::Uuid => "Uuid",
            Self::Ipv4 => "Ipv4",
            Self::Ipv6 => "Ipv6",
        }
    }
}

/// A type of the client's own.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    /// The JSON pointer of the schema that it comes from.
    pub pointer: String,
    /// What the document says of it.
    pub docs: Docs,
    /// What it is made of.
    pub shape: Shape,
    /// Whether a request carries it.
    pub sent: bool,
    /// Whether a response carries it.
    pub received: bool,
}

/// What a named type is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// An object with known properties, in the document's order.
    Struct {
        /// The known properties.
        fields: Vec<Field>,
        /// Further properties, where the document says what they hold.
        rest: Option<AdditionalProperties>,
    },
    /// A string of which some values are known: (value, claimed variant).
    Enum(Vec<(String, String)>),
    /// One of several types, the most specific first.
    Union(Vec<Variant>),
}

impl Shape {
    /// The types that it holds.
    pub fn parts(&self) -> Box<dyn Iterator<Item = &Type> + '_> {
        match self {
            Self::Struct { fields, rest } => {
                let rest = rest.iter().map(|rest| &rest.ty);
                Box::new(fields.iter().map(|field| &field.ty).chain(rest))
            }
            Self::Union(variants) => Box::new(variants.iter().map(|variant| &variant.ty)),
            Self::Enum(_) => Box::new(std::iter::empty()),
        }
    }

    /// The types that it holds, to be changed.
    pub fn parts_mut(&mut self) -> Box<dyn Iterator<Item = &mut Type> + '_> {
        match self {
            Self::Struct { fields, rest } => {
                let rest = rest.iter_mut().map(|rest| &mut rest.ty);
                Box::new(fields.iter_mut().map(|field| &mut field.ty).chain(rest))
            }
            Self::Union(variants) => Box::new(variants.iter_mut().map(|it| &mut it.ty)),
            Self::Enum(_) => Box::new(std::iter::empty()),
        }
    }
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub name: String,
    /// The claimed name of the field.
    pub rust_name: String,
    /// What it holds.
    pub ty: Type,
    /// Whether whoever makes the object must give it.
    pub required: bool,
    /// Whether the field is an `Option`: every field of what is received is, since
    /// responses lack what their document promises.
    pub optional: bool,
    /// Whether whoever makes the object may give null for it, which is not the same
    /// as leaving it out. Never so in what is received, where both mean nothing.
    pub nullable: bool,
    /// What null means in it, to whoever sends the object.
    pub null: Null,
    /// Whether its values hold the object around them again, so that they are boxed:
    /// `Option<Box<_>>`, or `Box<_>`.
    pub is_boxed: bool,
    /// What the document says of it.
    pub docs: Docs,
}

/// What null means in a property that is sent.
///
/// [`Field::nullable`] is for what is only sent; this holds for every type that is sent,
/// those that are received as well included, so that null can be told from nothing in
/// them, too: `Optional` is an `Option<Option<_>>` that is left out when it is
/// `None`, `Always` is an `Option<_>` that is written as `null` when it is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Null {
    /// The property is never null.
    #[default]
    Never,
    /// It may be null, and it may be left out.
    Optional,
    /// It may be null, and it may not be left out.
    Always,
}

/// The properties of an object that have no names in the document.
#[derive(Debug, Clone, PartialEq)]
pub struct AdditionalProperties {
    /// The claimed name of the field that holds them.
    pub rust_name: String,
    /// What each holds.
    pub ty: Type,
}

/// An alternative of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The claimed name.
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// Properties that tell it from the others: each has one of these values. Those
    /// of [`Variant::told_by`] whose values are all texts.
    pub tags: Vec<(String, Vec<String>)>,
    /// Properties that tell it from the others: each has one of these values, which
    /// are texts, numbers, or `true` and `false`. A value that has another for one of
    /// them is not of this variant.
    pub told_by: Vec<(String, Vec<serde_json::Value>)>,
    /// Properties that an object of it has.
    pub required: Vec<String>,
    /// Whether objects of another variant have the same properties, and nothing tells
    /// the two apart: a value that fits both equally well is of neither, and stays
    /// what the union does not know.
    pub is_twin: bool,
    /// Whether it holds the union again, so that it is boxed.
    pub is_boxed: bool,
}
