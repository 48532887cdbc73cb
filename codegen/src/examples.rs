//! The examples that a document gives of what its operations carry.
//!
//! An example is given for a media type, or for a schema, or it is composed of
//! the `example`s of a schema's properties. Only JSON has examples that tell
//! something of types.

mod compose;
mod faults;
mod subtype;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

pub use faults::{Fault, Problem, faults};

use crate::clean::{self, Clean};
use crate::document::Document;
use crate::error::Error;
use crate::generate::slice_document;
use crate::normalize::schema;
use crate::plan::Plan;
use crate::pointer;
use crate::slice::operations;

/// Which part of an operation an example is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What a request carries.
    Body {
        /// The media type, as the document writes it.
        media_type: String,
    },
    /// What a success holds.
    Response {
        /// The status, as the document writes it: `200`, or `2XX`.
        status: String,
        /// The media type, as the document writes it.
        media_type: String,
    },
}

/// Where an example comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// `example` or `examples` of the media type.
    MediaType,
    /// `example` of the schema.
    Schema,
    /// The `example`s of the schema's properties, put together. Required
    /// properties without any are filled in with a plain value.
    Composed,
}

/// A value that a document gives as an example.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The operation's id, as `operations.json` has it.
    pub operation: String,
    /// Which part of the operation it is of.
    pub part: Part,
    /// Where it is in the document, as a JSON pointer; of a composed example,
    /// where its schema is.
    pub pointer: String,
    /// Where its schema is in the document, as a JSON pointer.
    pub schema: String,
    /// Where it comes from.
    pub source: Source,
    /// The example itself.
    pub value: Value,
}

/// The examples of one operation's JSON, which may be none.
#[derive(Debug, Clone, PartialEq)]
pub struct OfOperation {
    /// The operation's id, as `operations.json` has it.
    pub operation: String,
    /// Where the operation is in the document, as a JSON pointer.
    pub pointer: String,
    /// Its first tag, or nothing.
    pub tag: String,
    /// Its examples, the body's first.
    pub examples: Vec<Example>,
}

/// Collects the examples of the operations of `document` that `plan` selects,
/// out of the document as the clean stage leaves it, which is given as well.
///
/// # Errors
///
/// As those of [`generate`](crate::generate()) about the document and the
/// selection.
pub fn read(document: &Document, plan: &Plan) -> Result<(Clean, Vec<OfOperation>), Error> {
    let sliced = slice_document(document, &plan.select).map_err(|error| error.in_plan(plan))?;
    let cleaned = clean::clean(sliced).map_err(|error| Error::clean(document, error))?;
    let examples = collect(&cleaned);
    Ok((cleaned, examples))
}

/// Collects the examples of every operation of `clean`, in its order.
///
/// What leads nowhere or never ends gives no example.
pub fn collect(clean: &Clean) -> Vec<OfOperation> {
    of_document(clean.value())
}

fn of_document(document: &Value) -> Vec<OfOperation> {
    let paths = document.get("paths").and_then(Value::as_object);
    let found = paths.into_iter().flat_map(operations);
    found
        .map(|(path, method, operation)| {
            let at = pointer::join(&pointer::join("/paths", path), method);
            let id = operation.get("operationId").and_then(Value::as_str);
            let tag = operation.get("tags").and_then(|tags| tags.get(0)?.as_str());
            let mut reader = Reader {
                document,
                operation: id.map_or_else(|| format!("{method} {path}"), str::to_owned),
                examples: Vec::new(),
            };
            reader.operation(operation, &at);
            OfOperation {
                operation: reader.operation,
                pointer: at,
                tag: tag.unwrap_or_default().to_owned(),
                examples: reader.examples,
            }
        })
        .collect()
}

struct Reader<'d> {
    document: &'d Value,
    /// The id of the operation that is being read.
    operation: String,
    examples: Vec<Example>,
}

impl Reader<'_> {
    fn operation(&mut self, operation: &Map<String, Value>, at: &str) {
        if let Some(body) = operation.get("requestBody") {
            let at = pointer::join(at, "requestBody");
            self.content(body, &at, compose::Direction::Sent, |media_type| {
                Part::Body { media_type }
            });
        }
        let responses = operation.get("responses").and_then(Value::as_object);
        let successes = responses.into_iter().flatten();
        for (status, response) in successes.filter(|(status, _)| status.starts_with('2')) {
            let at = pointer::join(&pointer::join(at, "responses"), status);
            self.content(response, &at, compose::Direction::Received, |media_type| {
                Part::Response {
                    status: status.clone(),
                    media_type,
                }
            });
        }
    }

    /// The examples of a request body or a response.
    fn content(
        &mut self,
        holder: &Value,
        at: &str,
        direction: compose::Direction,
        part: impl Fn(String) -> Part,
    ) {
        let Some((holder, at)) = follow(self.document, holder, at) else {
            return;
        };
        let content = holder.get("content").and_then(Value::as_object);
        for (media_type, media) in content.into_iter().flatten() {
            if !is_json(media_type) {
                continue;
            }
            let at = pointer::join(&pointer::join(&at, "content"), media_type);
            self.media(media, &at, direction, &part(media_type.clone()));
        }
    }

    fn media(&mut self, media: &Value, at: &str, direction: compose::Direction, part: &Part) {
        let schema_at = pointer::join(at, "schema");
        let mut add = |pointer: String, source: Source, value: Value| {
            self.examples.push(Example {
                operation: self.operation.clone(),
                part: part.clone(),
                pointer,
                schema: schema_at.clone(),
                source,
                value,
            });
        };
        if let Some(value) = media.get("example") {
            add(
                pointer::join(at, "example"),
                Source::MediaType,
                value.clone(),
            );
        }
        let named = media.get("examples").and_then(Value::as_object);
        for (name, example) in named.into_iter().flatten() {
            let at = pointer::join(&pointer::join(at, "examples"), name);
            let found = follow(self.document, example, &at);
            if let Some((value, at)) =
                found.and_then(|(example, at)| Some((example.get("value")?, at)))
            {
                add(
                    pointer::join(&at, "value"),
                    Source::MediaType,
                    value.clone(),
                );
            }
        }
        let Some(schema) = media.get("schema") else {
            return;
        };
        let own = own_example(self.document, schema, &schema_at);
        if let Some((value, at)) = &own {
            add(at.clone(), Source::Schema, (*value).clone());
        }
        let own = own.map(|(value, _)| value);
        let composed = compose::compose(self.document, schema, direction);
        for value in composed.into_iter().filter(|value| Some(value) != own) {
            add(schema_at.clone(), Source::Composed, value);
        }
    }
}

/// Whether a media type is JSON.
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

/// Follows the `$ref`s of `value`, which is at `at`, to something without.
fn follow<'d>(document: &'d Value, value: &'d Value, at: &str) -> Option<(&'d Value, String)> {
    let (mut value, mut at) = (value, at.to_owned());
    let mut seen = BTreeSet::new();
    while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        if !seen.insert(reference) {
            return None;
        }
        value = schema::target(document, reference).ok()?;
        at = reference.trim_start_matches('#').to_owned();
    }
    Some((value, at))
}

/// The `example` that a schema has of itself as a whole, and where it is: an
/// example of one part among others of an `allOf` is none.
fn own_example<'d>(
    document: &'d Value,
    schema: &'d Value,
    at: &str,
) -> Option<(&'d Value, String)> {
    let (mut schema, mut at) = follow(document, schema, at)?;
    let mut seen = BTreeSet::new();
    loop {
        if let Some(example) = schema.get("example") {
            return Some((example, pointer::join(&at, "example")));
        }
        let parts = schema.get("allOf").and_then(Value::as_array)?;
        let [only] = parts.as_slice() else {
            return None;
        };
        if schema.get("properties").is_some_and(has_members) || !seen.insert(at.clone()) {
            return None;
        }
        (schema, at) = follow(document, only, &format!("{at}/allOf/0"))?;
    }
}

fn has_members(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|members: &Map<String, Value>| !members.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn examples(document: &Value) -> Vec<Example> {
        let found = of_document(document).into_iter();
        found.flat_map(|operation| operation.examples).collect()
    }

    fn document(media: Value) -> Value {
        json!({ "paths": { "/parts": { "get": {
            "operationId": "list",
            "responses": {
                "200": { "content": { "application/json": media } },
                "404": { "content": { "application/json": { "example": "not found" } } }
            }
        } } } })
    }

    #[test]
    fn examples_of_the_media_type_come_with_their_places() {
        let mut document = document(json!({
            "example": 1,
            "examples": { "a/b": { "value": 2 }, "c": { "$ref": "#/components/examples/C" } }
        }));
        document["components"] = json!({ "examples": { "C": { "value": 3 } } });
        let found: Vec<_> = examples(&document)
            .into_iter()
            .map(|example| (example.pointer, example.value))
            .collect();
        let media = "/paths/~1parts/get/responses/200/content/application~1json";
        assert_eq!(
            found,
            [
                (format!("{media}/example"), json!(1)),
                (format!("{media}/examples/a~1b/value"), json!(2)),
                ("/components/examples/C/value".to_owned(), json!(3)),
            ]
        );
    }

    #[test]
    fn an_example_of_the_schema_is_found_through_references() {
        let mut document = document(json!({ "schema": { "$ref": "#/components/schemas/A" } }));
        document["components"] = json!({ "schemas": {
            "A": { "allOf": [{ "$ref": "#/components/schemas/B" }] },
            "B": { "type": "string", "example": "b" }
        } });
        let found = examples(&document);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].source, Source::Schema);
        assert_eq!(found[0].pointer, "/components/schemas/B/example");
        assert_eq!(found[0].value, json!("b"));
    }

    #[test]
    fn an_example_of_one_part_of_several_is_none_of_the_whole() {
        let document = document(json!({ "schema": { "allOf": [
            { "type": "object", "example": { "a": 1 } },
            { "type": "object", "properties": { "b": { "type": "integer", "example": 2 } } }
        ] } }));
        let found = examples(&document);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            (found[0].source, &found[0].value),
            (Source::Composed, &json!({ "b": 2 }))
        );
    }

    #[test]
    fn only_json_and_only_successes_have_examples() {
        let mut document = document(json!({}));
        document["paths"]["/parts"]["get"]["requestBody"] = json!({ "content": {
            "multipart/form-data": { "example": 1 },
            "application/merge-patch+json; charset=utf-8": { "example": 2 }
        } });
        let found = examples(&document);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(matches!(found[0].part, Part::Body { .. }), "{found:?}");
    }

    #[test]
    fn an_operation_without_examples_is_listed_all_the_same() {
        let found = of_document(&document(json!({ "schema": { "type": "string" } })));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].operation, "list");
        assert_eq!(found[0].examples, []);
    }
}
