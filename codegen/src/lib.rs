//! Turns an OpenAPI document and a plan into the files of a Rust client crate.
//!
//! The data flows one way, a module for each stage: `document` reads,
//! [`mod@slice`] selects, [`mod@clean`] repairs, [`normalize`] brings shapes
//! into Rust's, [`names`] claims every name and gives the public interface as a
//! [`surface`], `render` prints it. [`generate()`] is all of it:
//!
//! ```
//! use codegen::{Document, Plan, generate};
//!
//! let text = br##"{
//!     "openapi": "3.0.3",
//!     "info": { "title": "Shop", "version": "1" },
//!     "servers": [{ "url": "https://api.example.com" }],
//!     "paths": { "/parts/{id}": { "get": {
//!         "operationId": "get-part",
//!         "parameters": [
//!             { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }
//!         ],
//!         "responses": { "200": { "description": "The part", "content": { "application/json": {
//!             "schema": { "$ref": "#/components/schemas/Part" }
//!         } } } }
//!     } } },
//!     "components": { "schemas": {
//!         "Part": { "type": "object", "properties": { "name": { "type": "string" } } }
//!     } }
//! }"##;
//! let document = Document::parse("shop.json", text)?;
//! let (emitted, report) = generate(&document, &Plan::for_package("shop"))?;
//! assert_eq!(report.operations, 1);
//! assert!(emitted.files["src/types.rs"].contains("pub struct Part {"));
//! # Ok::<(), codegen::Error>(())
//! ```

#![cfg_attr(not(test), deny(clippy::unwrap_used))]

pub mod backend;
pub mod clean;
mod document;
mod error;
pub mod examples;
mod generate;
pub mod limits;
pub mod model;
pub mod names;
pub mod normalize;
pub mod openapi;
pub mod plan;
pub mod pointer;
pub mod protocol;
mod render;
pub mod slice;
pub mod surface;
mod type_check;

pub use document::Document;
pub use error::Error;
pub use generate::{
    GeneratedCrate, Report, clean_document, document_warnings, generate, slice_document,
};
pub use plan::{Plan, Runtime};
pub use render::render;
pub use render::vendored::runtime_files;
pub use surface::Surface;
