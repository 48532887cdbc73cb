//! What stands where in an OpenAPI 3.0 document.
//!
//! Only its place tells a schema from data: a property may be called `default`
//! or `$ref`, and what stands in an `example`, an `enum` or a member that begins
//! with `x-` is never a schema, whatever it looks like. So whoever looks for
//! schemas or references walks the document with [`walk`], whose steps are the
//! fixed fields of OpenAPI 3.0.3 ("Schema", section 4.7).

use std::fmt;

use serde_json::{Map, Value};

/// What a value is, by its place in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// The document itself.
    Document,
    /// The object of all components.
    Components,
    /// What a path leads to.
    PathItem,
    /// What a method of a path does.
    Operation,
    /// A parameter of a path or an operation.
    Parameter,
    /// A header of a response or of a part.
    Header,
    /// The body of a request.
    RequestBody,
    /// A response.
    Response,
    /// A body in one media type.
    MediaType,
    /// How one property of a body is written.
    Encoding,
    /// A named example.
    Example,
    /// A link from a response to an operation.
    Link,
    /// Paths that the server calls.
    Callback,
    /// A way to prove who is calling.
    SecurityScheme,
    /// A schema.
    Schema,
}

/// How a member holds values that have a kind of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Children {
    /// The member is one such value.
    One(NodeKind),
    /// The member is a list of them.
    List(NodeKind),
    /// The member is an object with one of them under each name.
    Map(NodeKind),
}

/// A value that has a place, as [`walk`] shows it.
#[derive(Debug, Clone, Copy)]
pub struct Node<'s, 'd> {
    /// What the value is.
    pub kind: NodeKind,
    /// Its JSON pointer.
    pub pointer: &'s str,
    /// The value, which may be of any type where the document is wrong.
    pub value: &'d Value,
    /// What lies around it.
    pub within: Within,
}

/// What lies around a value, as far as the walk that shows it has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Within {
    /// Whether it is a callback or lies in one.
    pub callback: bool,
    /// Whether it is the schema of a `not` or lies in one.
    pub negation: bool,
}

impl<'d> Node<'_, 'd> {
    /// The local or foreign reference, if the value is a Reference Object.
    pub fn reference(&self) -> Option<&'d str> {
        self.value.get("$ref")?.as_str()
    }
}

/// What the member `name` of a value at `place` holds; `None` where it holds
/// text, numbers or data.
pub fn children(kind: NodeKind, name: &str) -> Option<Children> {
    use Children::{List, Map, One};
    Some(match (kind, name) {
        (NodeKind::Document, "paths") => Map(NodeKind::PathItem),
        (NodeKind::Document, "components") => One(NodeKind::Components),
        (NodeKind::Components, "schemas") => Map(NodeKind::Schema),
        (NodeKind::Components, "responses") => Map(NodeKind::Response),
        (NodeKind::Components, "parameters") => Map(NodeKind::Parameter),
        (NodeKind::Components, "requestBodies") => Map(NodeKind::RequestBody),
        (NodeKind::Components | NodeKind::Response | NodeKind::Encoding, "headers") => {
            Map(NodeKind::Header)
        }
        (NodeKind::Components, "securitySchemes") => Map(NodeKind::SecurityScheme),
        (NodeKind::Components | NodeKind::Response, "links") => Map(NodeKind::Link),
        (NodeKind::Components | NodeKind::Operation, "callbacks") => Map(NodeKind::Callback),
        (
            NodeKind::Components | NodeKind::Parameter | NodeKind::Header | NodeKind::MediaType,
            "examples",
        ) => Map(NodeKind::Example),
        (
            NodeKind::PathItem,
            "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace",
        ) => One(NodeKind::Operation),
        (NodeKind::PathItem | NodeKind::Operation, "parameters") => List(NodeKind::Parameter),
        (NodeKind::Operation, "requestBody") => One(NodeKind::RequestBody),
        (NodeKind::Operation, "responses") => Map(NodeKind::Response),
        (NodeKind::Parameter | NodeKind::Header | NodeKind::MediaType, "schema") => {
            One(NodeKind::Schema)
        }
        (
            NodeKind::Parameter | NodeKind::Header | NodeKind::RequestBody | NodeKind::Response,
            "content",
        ) => Map(NodeKind::MediaType),
        (NodeKind::MediaType, "encoding") => Map(NodeKind::Encoding),
        (NodeKind::Callback, name) if !name.starts_with("x-") && name != "$ref" => {
            One(NodeKind::PathItem)
        }
        (NodeKind::Schema, "allOf" | "anyOf" | "oneOf") => List(NodeKind::Schema),
        (NodeKind::Schema, "not" | "items" | "additionalProperties") => One(NodeKind::Schema),
        (NodeKind::Schema, "properties") => Map(NodeKind::Schema),
        _ => return None,
    })
}

/// Whether OpenAPI 3.0 knows the member `name` of a value of `kind`: it holds values
/// with a kind of their own, or text, numbers or data.
pub fn is_known(kind: NodeKind, name: &str) -> bool {
    children(kind, name).is_some() || data(kind).contains(&name)
}

/// The members of a value of `kind` that hold text, numbers or data. Those of schemas
/// are known to their reader.
fn data(kind: NodeKind) -> &'static [&'static str] {
    match kind {
        NodeKind::Document => &[
            "openapi",
            "info",
            "servers",
            "security",
            "tags",
            "externalDocs",
        ],
        NodeKind::PathItem => &["$ref", "summary", "description", "servers"],
        NodeKind::Operation => &[
            "tags",
            "summary",
            "description",
            "externalDocs",
            "operationId",
            "deprecated",
            "security",
            "servers",
        ],
        NodeKind::Parameter => &[
            "name",
            "in",
            "description",
            "required",
            "deprecated",
            "allowEmptyValue",
            "style",
            "explode",
            "allowReserved",
            "example",
        ],
        NodeKind::RequestBody => &["description", "required"],
        NodeKind::Response => &["description"],
        NodeKind::MediaType => &["example"],
        NodeKind::Encoding => &["contentType", "style", "explode", "allowReserved"],
        _ => &[],
    }
}

impl fmt::Display for NodeKind {
    /// With its article: `an operation`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Document => "a document",
            Self::Components => "the components",
            Self::PathItem => "a path",
            Self::Operation => "an operation",
            Self::Parameter => "a parameter",
            Self::Header => "a header",
            Self::RequestBody => "a request body",
            Self::Response => "a response",
            Self::MediaType => "a media type",
            Self::Encoding => "an encoding",
            Self::Example => "an example",
            Self::Link => "a link",
            Self::Callback => "a callback",
            Self::SecurityScheme => "a security scheme",
            Self::Schema => "a schema",
        })
    }
}

/// Whether `name`, in a map of values at `place`, is an extension and none of
/// them. Components and properties may have such names.
pub fn is_extension(kind: NodeKind, name: &str) -> bool {
    matches!(kind, NodeKind::PathItem | NodeKind::Response) && name.starts_with("x-")
}

/// Shows `visit` every value of `value`, which is at `place` and `pointer`, that
/// has a place itself; parents before their members, in the document's order.
///
/// References are shown and not followed. What stands beside one is shown for
/// schemas and path items alone.
pub fn walk<'d>(
    value: &'d Value,
    kind: NodeKind,
    pointer: &str,
    visit: &mut dyn FnMut(&Node<'_, 'd>),
) {
    let mut pointer = pointer.to_owned();
    step(value, kind, &mut pointer, Within::default(), visit);
}

/// Shows `visit` every schema of `document` that is an object and no reference.
pub fn each_schema<'d>(document: &'d Value, visit: &mut dyn FnMut(&'d Map<String, Value>, &str)) {
    walk(document, NodeKind::Document, "", &mut |node| {
        if node.kind == NodeKind::Schema
            && node.reference().is_none()
            && let Some(schema) = node.value.as_object()
        {
            visit(schema, node.pointer);
        }
    });
}

/// The place of what `pointer` points to; `None` for what has none.
pub fn kind_of(pointer: &str) -> Option<NodeKind> {
    let mut kind = NodeKind::Document;
    let mut segments = pointer.split('/').skip(1);
    while let Some(name) = segments.next() {
        kind = match children(kind, &crate::pointer::unescape(name))? {
            Children::One(inner) => inner,
            Children::List(inner) | Children::Map(inner) => segments.next().map(|_| inner)?,
        };
    }
    Some(kind)
}

fn step<'d>(
    value: &'d Value,
    kind: NodeKind,
    pointer: &mut String,
    within: Within,
    visit: &mut dyn FnMut(&Node<'_, 'd>),
) {
    let within = Within {
        callback: within.callback || kind == NodeKind::Callback,
        ..within
    };
    let node = Node {
        kind,
        pointer,
        value,
        within,
    };
    visit(&node);
    // Path items have a `$ref` among their other members; beside that of a schema,
    // authors write what they wrongly believe to be heeded.
    let keeps_siblings = matches!(kind, NodeKind::PathItem | NodeKind::Schema);
    if node.reference().is_some() && !keeps_siblings {
        return;
    }
    let length = pointer.len();
    for (name, member) in value.as_object().into_iter().flatten() {
        let Some(held) = children(kind, name) else {
            continue;
        };
        let within = Within {
            negation: within.negation || (kind, name.as_str()) == (NodeKind::Schema, "not"),
            ..within
        };
        crate::pointer::push(pointer, name);
        match (held, member) {
            // `additionalProperties` may just say whether there are any.
            (Children::One(_), Value::Bool(_)) if name == "additionalProperties" => {}
            (Children::One(inner), member) => step(member, inner, pointer, within, visit),
            (Children::List(inner), Value::Array(items)) => {
                let length = pointer.len();
                for (index, item) in items.iter().enumerate() {
                    crate::pointer::push(pointer, &index.to_string());
                    step(item, inner, pointer, within, visit);
                    pointer.truncate(length);
                }
            }
            (Children::Map(inner), Value::Object(members)) => {
                let length = pointer.len();
                for (name, member) in members {
                    if !is_extension(inner, name) {
                        crate::pointer::push(pointer, name);
                        step(member, inner, pointer, within, visit);
                        pointer.truncate(length);
                    }
                }
            }
            _ => {}
        }
        pointer.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schemas_of(document: &Value) -> Vec<String> {
        let mut found = Vec::new();
        each_schema(document, &mut |_, pointer| found.push(pointer.to_owned()));
        found
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        let document = json!({ "components": { "schemas": { "x-part": { "properties": {
            "default": { "type": "string" },
            "$ref": { "items": {} },
            "properties": { "properties": { "enum": {} } }
        } } } } });
        let properties = "/components/schemas/x-part/properties";
        let found = schemas_of(&document);
        assert_eq!(
            found,
            [
                "/components/schemas/x-part".to_owned(),
                format!("{properties}/default"),
                format!("{properties}/$ref"),
                format!("{properties}/$ref/items"),
                format!("{properties}/properties"),
                format!("{properties}/properties/properties/enum"),
            ]
        );
        for pointer in found {
            assert_eq!(kind_of(&pointer), Some(NodeKind::Schema), "{pointer}");
        }
    }

    #[test]
    fn what_lies_around_a_value_is_known_whatever_properties_are_called() {
        let document = json!({ "components": {
            "schemas": { "a": {
                "not": { "items": {} },
                "properties": { "not": {}, "callbacks": { "properties": { "x": {} } } }
            } },
            "callbacks": { "c": { "url": { "post": {} } } }
        } });
        let (mut negated, mut called_back) = (Vec::new(), Vec::new());
        walk(&document, NodeKind::Document, "", &mut |node| {
            let at = node.pointer.trim_start_matches("/components").to_owned();
            if node.within.negation {
                negated.push(at);
            } else if node.within.callback {
                called_back.push(at);
            }
        });
        assert_eq!(negated, ["/schemas/a/not", "/schemas/a/not/items"]);
        let expected = ["/callbacks/c", "/callbacks/c/url", "/callbacks/c/url/post"];
        assert_eq!(called_back, expected);
    }

    #[test]
    fn data_that_looks_like_a_schema_is_none() {
        let data = json!({ "type": "object", "properties": { "a": { "$ref": "#/gone" } } });
        let document = json!({
            "paths": { "x-paths": { "get": data }, "/a": { "get": {
                "x-schema": data,
                "responses": { "x-default": data, "200": { "content": { "application/json": {
                    "example": data,
                    "examples": { "one": { "value": data } },
                    "schema": { "example": data, "default": data, "enum": [data], "additionalProperties": true }
                } } } }
            } } }
        });
        assert_eq!(
            schemas_of(&document),
            ["/paths/~1a/get/responses/200/content/application~1json/schema"]
        );
    }

    #[test]
    fn what_is_of_another_type_than_its_place_asks_for_ends_the_walk() {
        let document = json!({ "components": { "schemas": {
            "a": { "properties": [1], "allOf": {}, "items": 5, "oneOf": [null] }
        } } });
        assert_eq!(schemas_of(&document), ["/components/schemas/a"]);
    }
}
