//! What codegen emits beside progenitor's types: the operations, and the files
//! around them.

pub mod features;
pub mod json;
pub mod manifest;
pub mod modules;
pub mod operation;
pub mod program;
pub mod readme;
pub mod runtime;
pub mod sample;
