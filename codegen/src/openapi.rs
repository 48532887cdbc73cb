//! The openapi stage: what a clean document says, as values.
//!
//! This is the only place after `clean` that reads keywords and follows `$ref`:
//! [`describe`] turns the tree into a [`Description`], whose schemas lie in an arena,
//! each with its place, its [`Role`] and its marks; a [`Resolver`] says what a schema
//! is once references are followed and the parts of an `allOf` are merged. What the
//! document says and no client makes use of is gathered in [`Description::unused`].
//!
//! A keyword that OpenAPI 3.1 adds, such as `const`, is a row in [`grammar`] or an
//! arm in `read_schema.rs`, a field of [`Definition`], and what `all_of.rs` does when two
//! parts have it; what it means to a client is decided in `normalize/types/scalar.rs`.

pub mod all_of;
pub mod grammar;
mod operation;
mod read;
mod read_schema;
mod resolver;
mod schema;
mod security;
mod unused;

use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::Value;

pub use operation::{
    Encoding, Example, Header, Location, MediaType, Operation, Parameter, RequestBody, Response,
    Style, essence, is_json,
};
pub use resolver::{Resolver, Unresolved};
pub use schema::{
    Additional, ContentId, Definition, Discriminator, Marks, Purpose, Role, Schema, SchemaId,
    SchemaKind, Shape,
};
pub use security::{Requirement, SchemeKind, SecurityScheme, Server, Variable};
pub use unused::{Unused, UnusedParts};

use crate::clean::Clean;

/// What a document says.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// The servers of the whole document.
    pub servers: Vec<Server>,
    /// What proves who is calling, where an operation does not say otherwise: any of
    /// these, nothing for an empty list. Absent where the document does not say.
    pub security: Option<Vec<Requirement>>,
    /// The ways to prove who is calling, in the document's order.
    pub schemes: Vec<SecurityScheme>,
    /// The operations, in the document's order.
    pub operations: Vec<Operation>,
    /// The schemas among the components, by their names.
    pub components: IndexMap<String, SchemaId>,
    /// The members of the document that begin with `x-`.
    pub extensions: IndexMap<String, Value>,
    /// What no client makes use of.
    pub unused: UnusedParts,
    schemas: Vec<Rc<Schema>>,
    by_pointer: HashMap<Rc<str>, SchemaId>,
    subtypes: HashMap<SchemaId, Vec<SchemaId>>,
}

impl Description {
    /// Every schema of the document, those of components first.
    pub fn schemas(&self) -> impl Iterator<Item = (SchemaId, &Schema)> {
        let all = self.schemas.iter().enumerate();
        all.map(|(index, schema)| (SchemaId(index as u32), schema.as_ref()))
    }

    /// The schema at `pointer`.
    pub fn schema_at(&self, pointer: &str) -> Option<SchemaId> {
        self.by_pointer.get(pointer).copied()
    }

    /// The components that are made of `base` by an `allOf`, where `base` has a
    /// discriminator to tell them apart and does not list them (OpenAPI 3.0.3,
    /// "Composition and Inheritance"); each with the values of the discriminator
    /// that mean it.
    pub fn subtypes(&self, base: SchemaId) -> &[SchemaId] {
        self.subtypes.get(&base).map_or(&[], Vec::as_slice)
    }
}

/// Reads what `clean` says.
pub fn describe(clean: &Clean) -> Description {
    read::document(clean.value())
}

/// Reads a document that need not be clean, for tests of later stages.
#[cfg(test)]
pub(crate) fn describe_value(document: &Value) -> Description {
    read::document(document)
}

/// The text in `value`, without blanks around it; `None` if there is none.
fn words(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
