//! operations.json: what a crate offers, for tools and tests.

use std::collections::BTreeMap;

use serde::Serialize;

use super::features;
use super::operation::{answer_type, expression, result_type};
use crate::model::{Answer, Api, Body, Envelope, Operation, Outcome};
use crate::normalize::operations::builder_name;
use crate::polish::rust_type::owned;

/// An entry of operations.json. An operation that takes bodies of several media
/// types has one for each, under the same id.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    id: &'a str,
    method: &'a str,
    path: &'a str,
    /// The client's method.
    function: &'a str,
    /// The builder that it returns.
    builder: String,
    /// The cargo feature that the method needs, where it needs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    feature: Option<String>,
    /// The Rust type of the body, or its media type where it has none.
    body: Option<String>,
    /// The Rust type of the result.
    result: String,
    /// Where the result is in the answer.
    envelope: &'static str,
    /// What each status holds, where that differs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    results: BTreeMap<String, Held>,
}

/// What a success of one status holds.
#[derive(Debug, Serialize)]
struct Held {
    /// The Rust type.
    result: String,
    /// Where it is in the answer.
    envelope: &'static str,
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
    let answers = match &operation.outcome {
        Outcome::ByStatus { answers, .. } => answers.as_slice(),
        _ => &[],
    };
    let results = answers.iter().map(|answer| {
        let held = Held {
            result: answer_type(operation, &answer.outcome, api),
            envelope: place(answer.envelope),
        };
        (statuses(answer), held)
    });
    Entry {
        id: &operation.id,
        method: &operation.method,
        path: &operation.path,
        function: &operation.function,
        builder: format!("operations::{}", builder_name(operation)),
        feature: features::of(operation, api),
        body: operation.body.as_ref().map(|body| match body {
            Body::Json { ty, .. } | Body::Form { ty, .. } => {
                expression(&owned(ty, &quote::quote!(types::)))
            }
            Body::Multipart { .. } => "multipart/form-data".to_owned(),
            Body::Content { media_type, .. } => media_type.clone(),
        }),
        result: result_type(operation, api),
        envelope: place(operation.envelope),
        results: results.collect(),
    }
}

/// The statuses of an answer, with a comma between; `2XX` for any other success.
fn statuses(answer: &Answer) -> String {
    let statuses: Vec<String> = answer.statuses.iter().map(u16::to_string).collect();
    match statuses.as_slice() {
        [] => "2XX".to_owned(),
        statuses => statuses.join(","),
    }
}

/// A word for where a result is.
fn place(envelope: Envelope) -> &'static str {
    match envelope {
        Envelope::Absent => "absent",
        Envelope::Around => "around",
        Envelope::Among => "among",
    }
}
