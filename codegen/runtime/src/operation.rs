//! What is known of an operation when the client is compiled.

use reqwest::Method;

/// An operation of the API, as its document describes it.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The document's operationId.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL, with its arguments in braces.
    pub path: &'static str,
    /// Whether it may be sent again when it is not known to have arrived.
    pub idempotent: bool,
    /// Where the result of an answer is.
    pub envelope: Envelope,
}

/// Where the result of an answer is: many come in an envelope, which says beside
/// the result whether the call succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Envelope {
    /// It is the answer.
    Absent,
    /// It is the member of the envelope that is meant for it.
    Around,
    /// It is all members of the envelope that are not the envelope's own.
    Among,
}
