//! Responses, from their bytes to results or to errors that say why there is none.

pub(crate) mod arrival;
pub(crate) mod decode;
mod envelope;
pub(crate) mod outcome;
pub(crate) mod page;
