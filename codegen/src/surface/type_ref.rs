//! Types of Rust, as data.

use serde::{Deserialize, Serialize};

/// A type of Rust, as the public interface of an emitted crate names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeRef {
    /// `()`.
    Unit,
    /// `String`.
    String,
    /// `bool`.
    Bool,
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `u64`.
    U64,
    /// `f64`.
    F64,
    /// `bytes::Bytes`.
    Bytes,
    /// `serde_json::Value`: any JSON.
    Json,
    /// Text of a format: a type of the module `types`.
    Format(Format),
    /// A type of the module `types`.
    Type(String),
    /// A type of the module `operations`.
    Outcome(String),
    /// `Vec` of its items.
    List(Box<TypeRef>),
    /// `BTreeMap` from `String`; of [`TypeRef::Json`], `serde_json::Map`.
    Map(Box<TypeRef>),
    /// `Option`.
    Option(Box<TypeRef>),
    /// `Box`.
    Box(Box<TypeRef>),
}

impl TypeRef {
    /// `Option` of it.
    #[must_use]
    pub fn optional(self) -> Self {
        Self::Option(Box::new(self))
    }

    /// `Box` of it.
    #[must_use]
    pub fn boxed(self) -> Self {
        Self::Box(Box::new(self))
    }

    /// The types of the module `types` in it: at most one, since a list, a map, an
    /// option and a box hold one type.
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::Type(name) => Some(name),
            Self::List(inner) | Self::Map(inner) | Self::Option(inner) | Self::Box(inner) => {
                inner.named()
            }
            _ => None,
        }
    }

    /// Whether it is a whole number, or holds some.
    pub fn has_integer(&self) -> bool {
        match self {
            Self::I32 | Self::I64 | Self::U64 => true,
            Self::List(inner) | Self::Map(inner) | Self::Option(inner) | Self::Box(inner) => {
                inner.has_integer()
            }
            _ => false,
        }
    }

    /// Whether it names a type of the module `types`.
    pub fn is_of_types(&self) -> bool {
        match self {
            Self::Type(_) | Self::Format(_) => true,
            Self::List(inner) | Self::Map(inner) | Self::Option(inner) | Self::Box(inner) => {
                inner.is_of_types()
            }
            _ => false,
        }
    }

    /// Whether it is a list or a map.
    pub fn is_collection(&self) -> bool {
        matches!(self, Self::List(_) | Self::Map(_))
    }
}

/// A format of text that has a type of its own (OpenAPI 3.0.3, "Data Types").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// `date-time`: `types::DateTime`.
    DateTime,
    /// `date`: `types::Date`.
    Date,
    /// `uuid`: `types::Uuid`.
    Uuid,
    /// `ipv4`: `types::Ipv4`.
    Ipv4,
    /// `ipv6`: `types::Ipv6`.
    Ipv6,
}

impl Format {
    /// The name of its type in the module `types`.
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
