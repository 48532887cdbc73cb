//! What a client consists of, once names are claimed and shapes are simple:
//! the operations, and the types that they send and receive.

use std::collections::BTreeMap;

/// A whole client, as `normalize` understood the document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Api {
    /// The document's `info.title`.
    pub title: String,
    /// The URL of the document's first server, without a slash at its end.
    pub base_url: String,
    /// In the document's order.
    pub operations: Vec<Operation>,
    /// Every named type, by its Rust name.
    pub types: BTreeMap<String, TypeDef>,
}

/// One operation: a method of the client, and the builder that it returns.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The document's operationId.
    pub id: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path template, such as `/zones/{zone_id}`.
    pub path: String,
    /// The claimed name of the client's method.
    pub function: String,
    /// What the document says of it, the summary first.
    pub docs: Docs,
    /// The permissions that `x-cfPermissionsRequired` names.
    pub permissions: Vec<String>,
    /// Whether it may be sent again when it is not known to have arrived.
    pub idempotent: bool,
    /// In the order in which the path and the document name them.
    pub parameters: Vec<Parameter>,
    /// What a request carries, where it carries anything.
    pub body: Option<Body>,
    /// What a successful answer holds.
    pub outcome: Outcome,
    /// Whether its answers come in the plan's envelope.
    pub enveloped: bool,
    /// The whole JSON of a success, where the document gives an example of it.
    pub answer_example: Option<serde_json::Value>,
    /// The name of the module that it belongs to: its first tag in snake case.
    pub resource: String,
}

impl Operation {
    /// Whether its result is a list that comes in pages.
    pub fn is_paged(&self) -> bool {
        let by_number = |parameter: &Parameter| {
            matches!(parameter.place, Place::Query(_))
                && matches!(parameter.name.as_str(), "page" | "cursor")
        };
        let is_paged_list = matches!(
            &self.outcome,
            Outcome::Json {
                ty: Type::List(_),
                paged: true,
                ..
            }
        );
        is_paged_list && self.parameters.iter().any(by_number)
    }
}

/// The words of the document about one of its parts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Docs {
    /// One line, for the head of a list.
    pub summary: Option<String>,
    /// Markdown of any length.
    pub description: Option<String>,
    /// A value that the document gives as an example, as JSON.
    pub example: Option<serde_json::Value>,
    /// Whether the document advises against its use.
    pub deprecated: bool,
}

/// A value that goes into the path, the query or the headers of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The claimed name of the argument or setter.
    pub rust_name: String,
    /// Where it goes.
    pub place: Place,
    /// Whether it is an argument (or else a setter).
    pub required: bool,
    /// What it takes.
    pub ty: Type,
    /// What the document says of it.
    pub docs: Docs,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Into the path, escaped.
    Path,
    /// Into the query, in one of the styles of OpenAPI 3.0 ("Style Values").
    Query(QueryStyle),
    /// Into a header of the request.
    Header,
}

/// How a list or an object is written into a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryStyle {
    /// `a=1&a=2`: `form`, exploded.
    Form,
    /// `a=1,2`: `form`, not exploded.
    FormJoined,
    /// `a=1%202`: `spaceDelimited`.
    Space,
    /// `a=1|2`: `pipeDelimited`.
    Pipe,
    /// `a[b]=1`: `deepObject`.
    DeepObject,
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// `application/json`, of this type.
    Json {
        /// The type that is encoded.
        ty: Type,
        /// Whether a request without it is refused.
        required: bool,
    },
    /// Bytes of this media type, sent as they are.
    Bytes {
        /// The `Content-Type`.
        media_type: String,
    },
}

/// What a successful answer holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// JSON of this type, out of the envelope where there is one.
    Json {
        /// The type that is decoded.
        ty: Type,
        /// Whether the document allows `null` in its place.
        nullable: bool,
        /// Whether the envelope says which page of a list it is.
        paged: bool,
    },
    /// Nothing beyond the fact of success.
    Nothing,
    /// Text, as it came.
    Text,
    /// Bytes, as they came.
    Bytes,
}

/// A Rust type, as emitted code names it.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// `String`.
    String,
    /// `bool`.
    Bool,
    /// `i64`, or `i32` for `format: int32`.
    Integer {
        /// 32 or 64.
        bits: u8,
    },
    /// `f64`.
    Number,
    /// Anything that JSON can say: `serde_json::Value`.
    Any,
    /// `Vec` of its items.
    List(Box<Type>),
    /// `BTreeMap` from `String` to its values.
    Map(Box<Type>),
    /// A type of the client's own, by its claimed name.
    Named(String),
}

/// A type of the client's own.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    /// The JSON pointer of the schema that it comes from.
    pub pointer: String,
    /// What the document says of it.
    pub docs: Docs,
    /// What it is made of.
    pub shape: Shape,
    /// Whether a request carries it.
    pub sent: bool,
    /// Whether an answer carries it.
    pub received: bool,
}

/// What a named type is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// An object with known properties, in the document's order.
    Struct(Vec<Field>),
    /// A string of which some values are known: (value, claimed variant).
    Enum(Vec<(String, String)>),
    /// One of several types: (claimed variant, its type), the most specific first.
    Union(Vec<(String, Type)>),
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub name: String,
    /// The claimed name of the field.
    pub rust_name: String,
    /// What it holds.
    pub ty: Type,
    /// Whether an object without it is refused.
    pub required: bool,
    /// What the document says of it.
    pub docs: Docs,
}
