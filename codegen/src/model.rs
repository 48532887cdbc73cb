//! What a client consists of, once names are claimed and shapes are simple:
//! the operations, and the types that they send and receive.

mod operation;
mod types;

use std::collections::{BTreeMap, BTreeSet};

pub use crate::openapi::{Encoding, Requirement, SchemeKind, SecurityScheme, Server, Style};
pub use operation::{
    Alternative, Body, Envelope, Operation, Outcome, Parameter, ParameterLocation, Part, PartKind,
    QueryStyle, StatusOutcome, Written,
};
pub use types::{
    AdditionalProperties, Field, Format, Integer, Null, Shape, Type, TypeDef, Variant,
};

/// A whole client, as `normalize` understood the document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Api {
    /// The document's `info.title`.
    pub title: String,
    /// The URL of the document's first server, without a slash at its end.
    pub base_url: String,
    /// In the document's order.
    pub operations: Vec<Operation>,
    /// Every named type, by its Rust name.
    pub types: BTreeMap<String, TypeDef>,
    /// The document's servers, whose variables the caller may choose.
    pub servers: Vec<Server>,
    /// The ways to prove who is calling, in the document's order.
    pub schemes: Vec<SecurityScheme>,
    /// The schemes that a call needs where its operation does not say otherwise: any
    /// of these.
    pub security: Option<Vec<Requirement>>,
}

impl Api {
    /// The formats of text that occur in it.
    pub fn formats(&self) -> BTreeSet<Format> {
        let of_operations = self
            .operations
            .iter()
            .flat_map(|operation| operation.sent().chain(operation.received()));
        let of_types = self.types.values().flat_map(|def| def.shape.parts());
        let formats = of_operations.chain(of_types).filter_map(Type::format);
        formats.collect()
    }
}

/// The words of the document about one of its parts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Docs {
    /// One line, for the head of a list.
    pub summary: Option<String>,
    /// Markdown of any length.
    pub description: Option<String>,
    /// A value that the document gives as an example, as JSON.
    pub example: Option<serde_json::Value>,
    /// Whether the document advises against its use.
    pub deprecated: bool,
}
