//! The polish stage: makes progenitor's types, and the items that codegen adds
//! beside them, look as if a person had written them.

pub mod docs;
pub mod paths;
