//! What a document says that OpenAPI does not know: most often a typing error,
//! which nothing else would ever tell of.

use serde::Serialize;
use serde_json::{Map, Value};

use super::describe::describe;
use super::repair::show;
use crate::document::Document;
use crate::limits::LONGEST_MISSPELT;
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;
use crate::slice::{Slice, near};

/// Something that a document says and OpenAPI does not know. It has no effect on
/// the client; the author may have meant something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Warning {
    /// What is not known.
    pub kind: WarningKind,
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// The line of the file, from 1.
    pub line: usize,
    /// What is unknown, in a sentence that can be understood without the document.
    pub message: String,
    /// The names that may be meant, the most similar first.
    pub near: Vec<String>,
}

/// What is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WarningKind {
    /// A member of an object that OpenAPI does not give it.
    UnknownMember,
    /// A value where OpenAPI lists those that there are.
    UnknownValue,
}

/// What `slice`, which is cut out of `document`, says that OpenAPI does not know,
/// in the document's order. Members whose names begin with `x-` may be anything.
pub fn warnings(document: &Document, slice: &Slice) -> Vec<Warning> {
    let value = slice.value();
    let version = document.value().get("openapi").and_then(Value::as_str);
    let mut finder = Finder {
        document,
        value,
        is_3_0: version.is_none_or(|version| version.starts_with("3.0")),
        found: Vec::new(),
    };
    // A slice leaves away what it does not know of the document itself.
    finder.members("", document.value(), &DOCUMENT, &DOCUMENT_3_1);
    finder.head();
    grammar::walk(value, NodeKind::Document, "", &mut |site| {
        if site.reference().is_some() && site.kind != NodeKind::PathItem {
            return;
        }
        if let Some((known, newer)) = known(site.kind) {
            finder.members(site.pointer, site.value, known, newer);
        }
        for (member, values) in closed(site.kind, site.value) {
            finder.value(site.pointer, site.value, member, values);
        }
    });
    finder.found
}

struct Finder<'d> {
    document: &'d Document,
    value: &'d Value,
    is_3_0: bool,
    found: Vec<Warning>,
}

impl Finder<'_> {
    /// The objects that are no [`Place`].
    fn head(&mut self) {
        let document = self.document.value();
        let fixed: [(&str, &[&str]); 3] = [
            (
                "/info",
                &[
                    "title",
                    "description",
                    "termsOfService",
                    "contact",
                    "license",
                    "version",
                    "summary",
                ],
            ),
            ("/info/contact", &["name", "url", "email"]),
            ("/info/license", &["name", "url", "identifier"]),
        ];
        for (at, known) in fixed {
            if let Some(value) = document.pointer(at) {
                self.members(at, value, known, &[]);
            }
        }
        for (list, known) in [
            ("servers", &["url", "description", "variables"][..]),
            ("tags", &["name", "description", "externalDocs"][..]),
        ] {
            let items = document.get(list).and_then(Value::as_array);
            for (index, item) in items.into_iter().flatten().enumerate() {
                self.members(&format!("/{list}/{index}"), item, known, &[]);
            }
        }
    }

    /// Warns of the members of `value` that are not `known`. The `newer` are known
    /// to OpenAPI 3.1.
    fn members(&mut self, at: &str, value: &Value, known: &[&str], newer: &[&str]) {
        for name in value.as_object().into_iter().flat_map(Map::keys) {
            if known.contains(&name.as_str()) || name.starts_with("x-") {
                continue;
            }
            let is_newer = newer.contains(&name.as_str());
            if is_newer && !self.is_3_0 {
                continue;
            }
            let what = describe(self.value, at);
            let (message, near) = match is_newer {
                true => {
                    let message =
                        format!("`{name}` of {what} is a keyword of OpenAPI 3.1, and not of 3.0.");
                    (message, Vec::new())
                }
                false => {
                    let near = nearest(name, known);
                    let message = format!(
                        "`{name}` of {what} is none of the members that OpenAPI gives it{}",
                        end(&near)
                    );
                    (message, near)
                }
            };
            let at = pointer::join(at, name);
            self.warn(WarningKind::UnknownMember, at, message, near);
        }
    }

    /// Warns of a `member` of `value` that is text, and none of `values`.
    fn value(&mut self, at: &str, value: &Value, member: &str, values: &[&str]) {
        let Some(found) = value.get(member) else {
            return;
        };
        let at = pointer::join(at, member);
        let texts: Vec<(String, &Value)> = match found {
            // The types of OpenAPI 3.1.
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items
                    .map(|(index, item)| (format!("{at}/{index}"), item))
                    .collect()
            }
            other => vec![(at, other)],
        };
        for (at, found) in texts {
            let Some(text) = found.as_str() else { continue };
            if values.contains(&text) || (text == "null" && !self.is_3_0) {
                continue;
            }
            let near = nearest(text, values);
            let message = format!(
                "The `{member}` of {} is {}, but must be one of `{}`{}",
                describe(self.value, &at),
                show(found),
                values.join("`, `"),
                end(&near)
            );
            self.warn(WarningKind::UnknownValue, at, message, near);
        }
    }

    fn warn(&mut self, kind: WarningKind, pointer: String, message: String, near: Vec<String>) {
        self.found.push(Warning {
            kind,
            line: self.document.line_of(&pointer),
            pointer,
            message,
            near,
        });
    }
}

fn nearest(name: &str, known: &[&str]) -> Vec<String> {
    if name.len() > LONGEST_MISSPELT {
        return Vec::new();
    }
    let near = near(name, known.iter().copied()).into_iter();
    near.map(|name| name.trim_matches('`').to_owned()).collect()
}

/// The end of a sentence about what is unknown.
fn end(near: &[String]) -> String {
    match near {
        [] => ".".to_owned(),
        near => format!("; did you mean `{}`?", near.join("`, or `")),
    }
}

/// The members of `value`, which is at `place`, of whose values OpenAPI lists all
/// that there are.
fn closed(kind: NodeKind, value: &Value) -> Vec<(&'static str, &'static [&'static str])> {
    const STYLES: &[&str] = &[
        "form",
        "simple",
        "label",
        "matrix",
        "spaceDelimited",
        "pipeDelimited",
        "deepObject",
    ];
    match kind {
        NodeKind::Parameter => vec![
            ("in", &["query", "path", "header", "cookie"]),
            ("style", STYLES),
        ],
        NodeKind::Header => vec![("style", &["simple"])],
        NodeKind::Encoding => vec![(
            "style",
            &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        )],
        NodeKind::Schema => vec![(
            "type",
            &["string", "number", "integer", "boolean", "array", "object"],
        )],
        NodeKind::SecurityScheme => {
            let mut all: Vec<(&'static str, &'static [&'static str])> = vec![(
                "type",
                &["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"],
            )];
            if value.get("type").and_then(Value::as_str) == Some("apiKey") {
                all.push(("in", &["query", "header", "cookie"]));
            }
            all
        }
        _ => Vec::new(),
    }
}

const DOCUMENT: [&str; 8] = [
    "openapi",
    "info",
    "servers",
    "paths",
    "components",
    "security",
    "tags",
    "externalDocs",
];

const DOCUMENT_3_1: [&str; 2] = ["webhooks", "jsonSchemaDialect"];

/// The members that OpenAPI 3.0.3 gives to what is at `place`, and those that
/// 3.1 adds; `None` where names are free.
fn known(kind: NodeKind) -> Option<(&'static [&'static str], &'static [&'static str])> {
    let none: &[&str] = &[];
    Some(match kind {
        // Looked at by itself, and free.
        NodeKind::Document | NodeKind::Callback => return None,
        NodeKind::Components => (
            &[
                "schemas",
                "responses",
                "parameters",
                "examples",
                "requestBodies",
                "headers",
                "securitySchemes",
                "links",
                "callbacks",
            ],
            &["pathItems"],
        ),
        NodeKind::PathItem => (
            &[
                "$ref",
                "summary",
                "description",
                "get",
                "put",
                "post",
                "delete",
                "options",
                "head",
                "patch",
                "trace",
                "servers",
                "parameters",
            ],
            none,
        ),
        NodeKind::Operation => (
            &[
                "tags",
                "summary",
                "description",
                "externalDocs",
                "operationId",
                "parameters",
                "requestBody",
                "responses",
                "callbacks",
                "deprecated",
                "security",
                "servers",
            ],
            none,
        ),
        NodeKind::Parameter => (
            &[
                "name",
                "in",
                "description",
                "required",
                "deprecated",
                "allowEmptyValue",
                "style",
                "explode",
                "allowReserved",
                "schema",
                "example",
                "examples",
                "content",
            ],
            none,
        ),
        NodeKind::Header => (
            &[
                "description",
                "required",
                "deprecated",
                "allowEmptyValue",
                "style",
                "explode",
                "allowReserved",
                "schema",
                "example",
                "examples",
                "content",
            ],
            none,
        ),
        NodeKind::RequestBody => (&["description", "content", "required"], none),
        NodeKind::Response => (&["description", "headers", "content", "links"], none),
        NodeKind::MediaType => (&["schema", "example", "examples", "encoding"], none),
        NodeKind::Encoding => (
            &[
                "contentType",
                "headers",
                "style",
                "explode",
                "allowReserved",
            ],
            none,
        ),
        NodeKind::Example => (&["summary", "description", "value", "externalValue"], none),
        NodeKind::Link => (
            &[
                "operationRef",
                "operationId",
                "parameters",
                "requestBody",
                "description",
                "server",
            ],
            none,
        ),
        NodeKind::SecurityScheme => (
            &[
                "type",
                "description",
                "name",
                "in",
                "scheme",
                "bearerFormat",
                "flows",
                "openIdConnectUrl",
            ],
            none,
        ),
        NodeKind::Schema => (
            &[
                "title",
                "multipleOf",
                "maximum",
                "exclusiveMaximum",
                "minimum",
                "exclusiveMinimum",
                "maxLength",
                "minLength",
                "pattern",
                "maxItems",
                "minItems",
                "uniqueItems",
                "maxProperties",
                "minProperties",
                "required",
                "enum",
                "type",
                "allOf",
                "oneOf",
                "anyOf",
                "not",
                "items",
                "properties",
                "additionalProperties",
                "description",
                "format",
                "default",
                "nullable",
                "discriminator",
                "readOnly",
                "writeOnly",
                "xml",
                "externalDocs",
                "example",
                "deprecated",
                "$ref",
            ],
            &[
                "const",
                "examples",
                "$defs",
                "$id",
                "$anchor",
                "$schema",
                "$comment",
                "$dynamicRef",
                "$dynamicAnchor",
                "$vocabulary",
                "prefixItems",
                "contains",
                "minContains",
                "maxContains",
                "unevaluatedItems",
                "unevaluatedProperties",
                "if",
                "then",
                "else",
                "dependentSchemas",
                "dependentRequired",
                "patternProperties",
                "propertyNames",
                "contentEncoding",
                "contentMediaType",
                "contentSchema",
            ],
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slice::{Selection, slice};

    fn warnings_of(text: &str) -> Vec<Warning> {
        let document = Document::parse("shop.yaml", text.as_bytes()).expect("a document");
        let slice = slice(&document, &Selection::default()).expect("a slice");
        warnings(&document, &slice)
    }

    #[test]
    fn misspelt_words_are_told_with_their_line_and_what_is_near() {
        let found = warnings_of(
            "openapi: 3.0.3
info: { title: Shop, version: '1', licence: { name: MIT } }
paths:
  /parts/{id}:
    gett: {}
    get:
      operationId: get-part
      parameters:
        - { name: id, in: path, schema: { type: string } }
        - { name: page, in: qeury, styel: form, schema: { type: int } }
      responses:
        '200':
          description: The part
          contents: {}
          content:
            application/json:
              schema:
                type: string
                enun: [a, b]
                const: a
                x-anything: {}
                examples: [a]
component: {}
",
        );
        let found: Vec<(usize, &str, Vec<&str>)> = found
            .iter()
            .map(|warning| {
                let near = warning.near.iter().map(String::as_str).collect();
                (warning.line, warning.message.as_str(), near)
            })
            .collect();
        assert_eq!(
            found,
            [
                (
                    23,
                    "`component` of the document is none of the members that OpenAPI gives it; did you mean `components`?",
                    vec!["components"]
                ),
                (
                    2,
                    "`licence` of the document is none of the members that OpenAPI gives it; did you mean `license`?",
                    vec!["license"]
                ),
                (
                    5,
                    "`gett` of the path `/parts/{id}` is none of the members that OpenAPI gives it; did you mean `get`?",
                    vec!["get"]
                ),
                (
                    10,
                    "`styel` of the parameter `page` of `GET /parts/{id}` is none of the members that OpenAPI gives it; did you mean `style`?",
                    vec!["style"]
                ),
                (
                    10,
                    "The `in` of the parameter `page` of `GET /parts/{id}` is `\"qeury\"`, but must be one of `query`, `path`, `header`, `cookie`; did you mean `query`?",
                    vec!["query"]
                ),
                (
                    10,
                    "The `type` of the parameter `page` of `GET /parts/{id}` is `\"int\"`, but must be one of `string`, `number`, `integer`, `boolean`, `array`, `object`; did you mean `integer`?",
                    vec!["integer"]
                ),
                (
                    14,
                    "`contents` of the response 200 of `GET /parts/{id}` is none of the members that OpenAPI gives it; did you mean `content`?",
                    vec!["content"]
                ),
                (
                    19,
                    "`enun` of the response 200 of `GET /parts/{id}` is none of the members that OpenAPI gives it; did you mean `enum`?",
                    vec!["enum"]
                ),
                (
                    20,
                    "`const` of the response 200 of `GET /parts/{id}` is a keyword of OpenAPI 3.1, and not of 3.0.",
                    vec![]
                ),
                (
                    22,
                    "`examples` of the response 200 of `GET /parts/{id}` is a keyword of OpenAPI 3.1, and not of 3.0.",
                    vec![]
                ),
            ]
        );
    }

    #[test]
    fn what_openapi_knows_and_what_is_data_is_not_warned_of() {
        assert_eq!(warnings_of(include_str!("../../tests/shop.yaml")), []);
        assert_eq!(
            warnings_of(include_str!("../../../openapi/client-certificates.yaml")),
            []
        );
    }
}
