//! What the types of clients are made with.

pub mod choice;
mod formatted;
pub mod integer;
pub mod nullable;
pub mod open_enum;
