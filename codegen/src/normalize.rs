//! The normalize stage: changes *valid* shapes of a document to suit Rust.

pub mod all_of;
pub mod envelope;
pub mod schema;
