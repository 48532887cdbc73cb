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
    /// Whether answers come in the envelope of `success`, `errors` and `result`.
    pub envelope: bool,
}
