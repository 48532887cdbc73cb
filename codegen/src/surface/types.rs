//! The types of an emitted crate.

use serde::{Deserialize, Serialize};

use super::{Docs, Format, TypeRef, is_false};

/// A type of the module `types`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TypeItem {
    /// Its name.
    pub name: String,
    /// The file of `types` that it is in, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// The JSON pointer of the schema that it comes from.
    pub pointer: String,
    /// What the document says of it.
    #[serde(default, skip_serializing_if = "Docs::is_empty")]
    pub docs: Docs,
    /// Whether requests carry it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sent: bool,
    /// Whether responses carry it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub received: bool,
    /// The traits that it implements, by the names of the standard library and serde.
    pub traits: Vec<String>,
    /// What it is made of.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What a type is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// An object with known properties, in the document's order.
    Struct {
        /// The known properties.
        fields: Vec<Field>,
        /// The others, where the type keeps them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        additional: Option<Additional>,
    },
    /// A text of which some values are known; any other is `Unknown`.
    Enum {
        /// The known values.
        values: Vec<Value>,
    },
    /// One of several types, the most specific first; anything else is `Unknown`.
    Union {
        /// The alternatives.
        variants: Vec<UnionVariant>,
    },
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The name on the wire.
    pub name: String,
    /// The name of the field.
    pub rust_name: String,
    /// What it holds, where it holds anything.
    #[serde(rename = "type")]
    pub ty: TypeRef,
    /// Whether what it holds is in a `Box`, because it may hold its own type.
    #[serde(default, skip_serializing_if = "is_false")]
    pub boxed: bool,
    /// Whether whoever makes the object must give it: an argument of `new`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Whether it may be absent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// Whether null may be sent for it, which is not the same as its absence.
    #[serde(default, skip_serializing_if = "is_false")]
    pub nullable: bool,
    /// The method that sets it, where the type is sent and it is not required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setter: Option<String>,
    /// The method that sets it to null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null_setter: Option<String>,
    /// What the document says of it.
    #[serde(default, skip_serializing_if = "Docs::is_empty")]
    pub docs: Docs,
}

impl Field {
    /// The type of the field: what it holds, boxed, nullable and optional as it is.
    pub fn rust_type(&self) -> TypeRef {
        let mut ty = self.ty.clone();
        if self.boxed {
            ty = ty.boxed();
        }
        if self.nullable {
            ty = ty.optional();
        }
        if self.optional {
            ty = ty.optional();
        }
        ty
    }
}

/// The properties of an object that have no names in the document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Additional {
    /// The field that holds them, and the method that sets them.
    pub rust_name: String,
    /// What each holds.
    #[serde(rename = "type")]
    pub ty: TypeRef,
}

/// A known value of an enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// As the API spells it.
    pub value: String,
    /// Its variant.
    pub variant: String,
}

/// An alternative of a union.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnionVariant {
    /// Its variant.
    pub variant: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub ty: TypeRef,
    /// Whether that is in a `Box`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub boxed: bool,
    /// Properties that tell it from the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Properties that an object of it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    /// Whether nothing tells it from another with the same properties: a value that
    /// fits both is of neither, and stays what the union does not know.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_twin: bool,
}

/// A property that tells an alternative of a union from the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    /// The name on the wire.
    pub name: String,
    /// The values, one of which it has: texts, numbers, or `true` and `false`.
    pub values: Vec<serde_json::Value>,
}

impl TypeItem {
    /// The types that it holds.
    pub fn parts(&self) -> Vec<&TypeRef> {
        match &self.kind {
            Kind::Struct { fields, additional } => {
                let additional = additional.iter().map(|additional| &additional.ty);
                fields
                    .iter()
                    .map(|field| &field.ty)
                    .chain(additional)
                    .collect()
            }
            Kind::Enum { .. } => Vec::new(),
            Kind::Union { variants } => variants.iter().map(|variant| &variant.ty).collect(),
        }
    }
}

impl From<crate::model::Format> for Format {
    fn from(format: crate::model::Format) -> Self {
        match format {
            crate::model::Format::DateTime => Self::DateTime,
            crate::model::Format::Date => Self::Date,
            crate::model::Format::Uuid => Self::Uuid,
            crate::model::Format::Ipv4 => Self::Ipv4,
            crate::model::Format::Ipv6 => Self::Ipv6,
        }
    }
}
