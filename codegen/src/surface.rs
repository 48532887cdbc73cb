//! The public interface of an emitted crate, as a value.
//!
//! The names stage makes a [`Surface`], the render stage prints it, and the crate
//! carries it as `surface.json`: whoever must know the crate reads that, and parses
//! no Rust. `docs/surface.md` describes the format.

mod call;
mod facts;
mod read;
mod sample;
mod type_ref;
mod types;

use serde::{Deserialize, Serialize};

pub use call::{
    Alternative, Body, BodyField, Call, Encoding, Envelope, FieldEncoding, Location, Output,
    Paging, Parameter, ParameterStyle, Part, PartContent, PathStyle, QueryStyle, Security,
    StatusOutput,
};
pub use facts::{Feature, Module, Package, Program, Readme, Source, TypeModule};
pub use sample::{Expr, Sample};
pub use type_ref::{Format, TypeRef};
pub use types::{Additional, Field, Kind, Tag, TypeItem, UnionVariant, Value};

use crate::protocol::Protocol;

/// The version of the format of `surface.json`. It grows when a reader of the
/// format before would misunderstand what is written.
pub const FORMAT: u32 = 1;

/// The public interface of an emitted crate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Surface {
    /// The version of this format: [`FORMAT`].
    pub format: u32,
    /// What the crate was made from, and by what.
    pub source: Source,
    /// What its manifest says.
    pub package: Package,
    /// The document's `info.title`.
    pub title: String,
    /// How the API is spoken to.
    pub protocol: Protocol,
    /// The modules of calls, a resource of the API each, in the order of their names.
    pub modules: Vec<Module>,
    /// The files of types, where there are several; else all are in `types`.
    pub type_modules: Vec<TypeModule>,
    /// The calls, in the document's order.
    pub calls: Vec<Call>,
    /// The types, in the order of their names.
    pub types: Vec<TypeItem>,
    /// Text types that occur, such as `DateTime`.
    pub formats: Vec<Format>,
    /// Which calls the README shows.
    pub readme: Readme,
    /// The example program, where the plan wants one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<Program>,
}

/// What the document says of one of its parts, as it says it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Docs {
    /// One line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Text of any length, in Markdown of some kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A value that is given as an example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<serde_json::Value>,
    /// Whether it advises against its use.
    #[serde(skip_serializing_if = "is_false")]
    pub deprecated: bool,
}

impl Docs {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn is_false(flag: &bool) -> bool {
    !*flag
}
