//! What stands around calls and types: the manifest, modules, features, the README.

use serde::{Deserialize, Serialize};

use super::is_false;

/// What a crate was made from, and by what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The generator and its version: `codegen 0.1.0`.
    pub generator: String,
    /// The name of the document's file.
    pub file: String,
    /// The SHA-256 of the document and the plan.
    pub sha256: String,
}

/// What the manifest says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// The name, as cargo has it.
    pub name: String,
    /// The name, as Rust has it.
    pub library: String,
    /// The version.
    pub version: String,
    /// One line about it.
    pub description: String,
    /// The licence, where one is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// The URL of its sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The edition of Rust, where it is not the runtime's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Words to find it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// The features that it has for its resources, in the order of their names;
    /// none where it has one resource.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
    /// Whether every resource is on by default.
    #[serde(default, skip_serializing_if = "is_false")]
    pub all_by_default: bool,
    /// Whether anything is received as bytes.
    #[serde(default, skip_serializing_if = "is_false")]
    pub download: bool,
    /// Whether files, streams or multipart forms are sent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub upload: bool,
}

/// The cargo feature of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// Features that it turns on: `download`, `upload`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enables: Vec<String>,
}

/// A module of calls: a resource of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// Its name, and that of its file.
    pub name: String,
    /// What the document calls the resource.
    pub title: String,
    /// The cargo feature that it needs, where it needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feature: Option<String>,
}

/// A file of types, which is compiled where one of its features is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeModule {
    /// Its name, and that of its file.
    pub name: String,
    /// The modules whose calls need its types.
    pub used_by: Vec<String>,
    /// The cargo features, any of which it needs.
    pub features: Vec<String>,
}

/// Which calls the README shows: methods of the client, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Readme {
    /// The first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// One that only reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// One that sends a JSON object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changing: Option<String>,
    /// A list in pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<String>,
    /// The setter of that list that chooses a page by its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// One that sends files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload: Option<String>,
    /// One that receives bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub download: Option<String>,
}

/// The example program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its name, and that of its file.
    pub name: String,
    /// The method of the client that it calls.
    pub function: String,
}
