//! operations.json: what a crate offers, for tools and tests.

use serde::Serialize;

use super::operation::{expression, result_type};
use crate::model::{Api, Body, Operation};
use crate::normalize::operations::builder_name;
use crate::polish::rust_type::owned;

/// An entry of operations.json.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    id: &'a str,
    method: &'a str,
    path: &'a str,
    /// The client's method.
    function: &'a str,
    /// The builder that it returns.
    builder: String,
    /// The Rust type of the body, or its media type where it is bytes.
    body: Option<String>,
    /// The Rust type of the result.
    result: String,
}

/// The text of operations.json, an entry per operation in the document's order.
pub fn operations(api: &Api) -> Result<String, serde_json::Error> {
    let entries: Vec<Entry<'_>> = api
        .operations
        .iter()
        .map(|operation| entry(operation, api))
        .collect();
    Ok(serde_json::to_string_pretty(&entries)? + "\n")
}

fn entry<'a>(operation: &'a Operation, api: &Api) -> Entry<'a> {
    Entry {
        id: &operation.id,
        method: &operation.method,
        path: &operation.path,
        function: &operation.function,
        builder: format!("operations::{}", builder_name(operation)),
        body: operation.body.as_ref().map(|body| match body {
            Body::Json { ty, .. } => expression(&owned(ty, &quote::quote!(types::))),
            Body::Bytes { media_type } => media_type.clone(),
        }),
        result: result_type(operation, api),
    }
}
