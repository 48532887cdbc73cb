//! Turns an OpenAPI document and a plan into the files of a Rust client crate.
pub mod backend;
pub mod clean;
pub mod document;
pub mod model;
pub mod names;
pub mod normalize;
pub mod plan;
pub mod pointer;
pub mod polish;
pub mod slice;
