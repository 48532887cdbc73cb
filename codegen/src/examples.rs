//! The examples that a document gives of what its operations carry.
//!
//! An example is given for a media type, or for a schema, or it is composed of
//! the `example`s of a schema's properties. Only JSON has examples that tell
//! something of types.

mod compose;
mod faults;

use std::collections::HashSet;

use serde_json::Value;

pub use faults::{Fault, Problem, faults};

use crate::clean::{self, Clean};
use crate::document::Document;
use crate::error::Error;
use crate::generate::slice_document;
use crate::openapi::{self, Description, MediaType, Operation, Resolver, SchemaId, SchemaKind};
use crate::plan::Plan;
use crate::pointer;

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
/// out of the document as the clean stage leaves it, which is given as well, and
/// described.
///
/// # Errors
///
/// As those of [`generate`](crate::generate()) about the document and the
/// selection.
pub fn read(
    document: &Document,
    plan: &Plan,
) -> Result<(Clean, Description, Vec<OfOperation>), Error> {
    let sliced = slice_document(document, &plan.select).map_err(|error| error.in_plan(plan))?;
    let cleaned = clean::clean(sliced).map_err(|error| Error::clean(document, error))?;
    let description = openapi::describe(&cleaned);
    let examples = collect(&description);
    Ok((cleaned, description, examples))
}

/// Collects the examples of every operation of `description`, in its order.
///
/// What leads nowhere or never ends gives no example.
pub fn collect(description: &Description) -> Vec<OfOperation> {
    let resolver = Resolver::new(description);
    let operations = description.operations.iter();
    operations
        .map(|operation| {
            let mut reader = Reader {
                resolver: &resolver,
                operation: operation.name(),
                examples: Vec::new(),
            };
            reader.operation(operation);
            OfOperation {
                operation: reader.operation,
                pointer: operation.pointer.clone(),
                tag: operation.tags.first().cloned().unwrap_or_default(),
                examples: reader.examples,
            }
        })
        .collect()
}

struct Reader<'r, 'd> {
    resolver: &'r Resolver<'d>,
    /// The id of the operation that is being read.
    operation: String,
    examples: Vec<Example>,
}

impl Reader<'_, '_> {
    fn operation(&mut self, operation: &Operation) {
        if let Some(body) = &operation.body {
            self.content(&body.content, compose::Direction::Sent, |media_type| {
                Part::Body { media_type }
            });
        }
        let responses = operation.responses.iter();
        for (status, response) in responses.filter(|(status, _)| status.starts_with('2')) {
            let direction = compose::Direction::Received;
            self.content(&response.content, direction, |media_type| Part::Response {
                status: status.clone(),
                media_type,
            });
        }
    }

    /// The examples of a request body or a response.
    fn content(
        &mut self,
        content: &[MediaType],
        direction: compose::Direction,
        part: impl Fn(String) -> Part,
    ) {
        for media in content.iter().filter(|media| media.is_json()) {
            self.media(media, direction, &part(media.name.clone()));
        }
    }

    fn media(&mut self, media: &MediaType, direction: compose::Direction, part: &Part) {
        let schema_at = pointer::join(&media.pointer, "schema");
        let mut add = |pointer: &str, source: Source, value: &Value| {
            self.examples.push(Example {
                operation: self.operation.clone(),
                part: part.clone(),
                pointer: pointer.to_owned(),
                schema: schema_at.clone(),
                source,
                value: value.clone(),
            });
        };
        for example in &media.examples {
            add(&example.pointer, Source::MediaType, &example.value);
        }
        let Some(schema) = media.schema else {
            return;
        };
        let own = own_example(self.resolver, schema);
        if let Some((value, at)) = &own {
            add(at, Source::Schema, value);
        }
        let own = own.map(|(value, _)| value);
        let composed = compose::compose(self.resolver, schema, direction);
        for value in composed.iter().filter(|value| Some(*value) != own.as_ref()) {
            add(&schema_at, Source::Composed, value);
        }
    }
}

/// The `example` that a schema has of itself as a whole, and where it is: an
/// example of one part among others of an `allOf` is none.
fn own_example(resolver: &Resolver<'_>, id: SchemaId) -> Option<(Value, String)> {
    let mut seen = HashSet::new();
    let mut next = id;
    loop {
        let id = resolver.target(next).ok()?;
        let schema = resolver.schema(id);
        let SchemaKind::Definition(definition) = &schema.kind else {
            return None;
        };
        if let Some(example) = &definition.example {
            return Some((example.clone(), pointer::join(&schema.pointer, "example")));
        }
        let [only] = definition.all_of.as_slice() else {
            return None;
        };
        if definition.properties().next().is_some() || !seen.insert(id) {
            return None;
        }
        next = *only;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openapi::describe_value;

    fn examples(document: &Value) -> Vec<Example> {
        let found = collect(&describe_value(document)).into_iter();
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
        let found = collect(&describe_value(&document(
            json!({ "schema": { "type": "string" } }),
        )));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].operation, "list");
        assert_eq!(found[0].examples, []);
    }
}
