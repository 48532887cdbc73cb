//! When a failed attempt is repeated, after which wait, and the loop that does it.

pub(crate) mod clock;
pub(crate) mod policy;
pub(crate) mod repeat;
