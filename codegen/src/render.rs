//! The render stage: a surface becomes the files of a crate. Nothing is decided here
//! but how things look.

pub mod text;
