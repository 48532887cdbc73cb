//! Sending: one attempt at a time, and as many as a call takes.

mod attempt;
pub(crate) mod core;
pub(crate) mod credentials;
mod deadline;
pub(crate) mod hook;
pub(crate) mod limiter;
pub(crate) mod options;
pub(crate) mod prepared;
mod send;
pub(crate) mod servers;
pub(crate) mod source;
pub(crate) mod tls;
mod trace;
