//! The calls of an emitted crate.

use serde::{Deserialize, Serialize};

use super::{Docs, Sample, TypeRef, is_false};

/// A method of the client, and the builder that it returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The document's operationId. An operation that takes bodies of several kinds
    /// has a call for each.
    pub operation: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The URL that the path is below, where it is not the base URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The client's method.
    pub function: String,
    /// The builder that it returns, in `operations`.
    pub builder: String,
    /// The module of `operations` that both are in.
    pub module: String,
    /// Whether it may be sent again when it is not known to have arrived.
    pub idempotent: bool,
    /// Which credentials it sends.
    #[serde(default, skip_serializing_if = "Security::is_client")]
    pub security: Security,
    /// What the document says of it.
    #[serde(default, skip_serializing_if = "Docs::is_empty")]
    pub docs: Docs,
    /// The permissions that it needs, as the document names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// The required ones are arguments of the method, in this order; the others are
    /// setters of the builder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// What it sends; required parts of it are arguments after the parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// What a success gives.
    pub output: Output,
    /// Where in a response that is.
    #[serde(default, skip_serializing_if = "Envelope::is_none")]
    pub envelope: Envelope,
    /// Other media types that a response can be had in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
    /// How its pages are turned, where it is a list in pages: the builder has
    /// `into_stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paging: Option<Paging>,
    /// A success, where the document has an example of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_example: Option<serde_json::Value>,
    /// How a caller would write it.
    pub sample: Sample,
}

/// Which credentials a call sends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Those that its client has.
    #[default]
    Client,
    /// None.
    None,
    /// The first of these sets of schemes that its client has.
    AnyOf(Vec<Vec<String>>),
}

impl Security {
    fn is_client(&self) -> bool {
        *self == Self::Client
    }
}

/// A value for the path, the query, a header or a cookie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The name of the argument or setter.
    pub rust_name: String,
    /// Where it goes.
    pub location: Location,
    /// How it is written.
    #[serde(default, skip_serializing_if = "ParameterStyle::is_default")]
    pub style: ParameterStyle,
    /// Whether it is an argument, or else a setter.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// What it takes.
    #[serde(rename = "type")]
    pub ty: TypeRef,
    /// What the document says of it.
    #[serde(default, skip_serializing_if = "Docs::is_empty")]
    pub docs: Docs,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into a header.
    Header,
    /// Into a cookie.
    Cookie,
}

/// How a parameter is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterStyle {
    /// As its location has it.
    #[default]
    Default,
    /// Into a query, in another style.
    Query(QueryStyle),
    /// Into a query, its reserved characters as they are.
    QueryReserved(QueryStyle),
    /// Into the path, a list or an object.
    Path {
        /// How it begins.
        style: PathStyle,
        /// Whether its items stand apart.
        explode: bool,
    },
    /// Into a header, the members of an object as `a=1`.
    HeaderExploded,
    /// Into a cookie, the items of a list in one value.
    CookieJoined,
}

impl ParameterStyle {
    fn is_default(&self) -> bool {
        *self == Self::Default
    }
}

/// How a list or an object is written into a path (OpenAPI 3.0.3, "Style Values").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathStyle {
    /// `blue,black`.
    Simple,
    /// `.blue.black`.
    Label,
    /// `;color=blue,black`.
    Matrix,
}

/// How a list or an object is written into a query (OpenAPI 3.0.3, "Style Values").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryStyle {
    /// `a=1&a=2`.
    #[default]
    Form,
    /// `a=1,2`.
    FormJoined,
    /// `a=1%202`.
    Space,
    /// `a=1|2`.
    Pipe,
    /// `a[b]=1`.
    DeepObject,
    /// `a={"b":1}`.
    Json,
}

/// What a call sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// A struct, field by field: the required ones are arguments, the others
    /// setters; `body` of the builder sets it whole.
    Fields {
        /// The struct, in `types`.
        #[serde(rename = "type")]
        ty: String,
        /// Its fields, in its order.
        fields: Vec<BodyField>,
        /// Whether nothing is sent unless something is set.
        #[serde(default, skip_serializing_if = "is_false")]
        optional: bool,
        /// How it is written.
        encoding: Encoding,
    },
    /// A value: the argument `body` where it is required, else the setter `body`.
    Whole {
        /// Its type.
        #[serde(rename = "type")]
        ty: TypeRef,
        /// Whether it is an argument.
        #[serde(default, skip_serializing_if = "is_false")]
        required: bool,
        /// How it is written.
        encoding: Encoding,
    },
    /// A form of parts: the required ones are arguments, the others setters; `part`
    /// of the builder adds any other.
    Parts {
        /// The known parts.
        parts: Vec<Part>,
        /// How parts are written, where their type alone does not say it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        encodings: Vec<FieldEncoding>,
        /// Whether nothing is sent unless something is set.
        #[serde(default, skip_serializing_if = "is_false")]
        optional: bool,
    },
    /// Text, bytes, a file or a stream, as it is: the argument or setter `body`.
    Content {
        /// The media types that the document lists, the preferred one first.
        media_types: Vec<String>,
        /// Whether the caller gives one of them beside the body.
        #[serde(default, skip_serializing_if = "is_false")]
        is_chosen: bool,
        /// Whether it is an argument.
        #[serde(default, skip_serializing_if = "is_false")]
        required: bool,
    },
}

/// A field of a body that is given field by field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BodyField {
    /// The field of the struct.
    pub field: String,
    /// The argument of the client's method, or the setter of the builder.
    pub rust_name: String,
    /// The builder's method that sets it to null, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null_setter: Option<String>,
}

/// How a typed body is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// JSON of this media type.
    Json(String),
    /// `application/x-www-form-urlencoded`, its fields as these say.
    Form(Vec<FieldEncoding>),
}

/// How a field of a form, or a part of one, is written where its type alone does not say
/// it (OpenAPI 3.0.3, "Encoding Object").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldEncoding {
    /// The name on the wire.
    pub name: String,
    /// As a query parameter of this style.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<QueryStyle>,
    /// Its reserved characters stay as they are.
    #[serde(skip_serializing_if = "is_false")]
    pub allow_reserved: bool,
    /// Its media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

impl FieldEncoding {
    /// Whether it differs from what a field without it is written like.
    pub(crate) fn says_something(&self) -> bool {
        self.style.is_some() || self.allow_reserved || self.content_type.is_some()
    }
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The name on the wire.
    pub name: String,
    /// The name of the argument or setter.
    pub rust_name: String,
    /// What it holds.
    pub content: PartContent,
    /// Whether it is an argument, or else a setter.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// What the document says of it.
    #[serde(default, skip_serializing_if = "Docs::is_empty")]
    pub docs: Docs,
}

/// What a part of a form holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartContent {
    /// A text or a file.
    File,
    /// Several of them, each a part.
    Files,
    /// A value: a scalar as text, anything else as JSON.
    Value(TypeRef),
}

/// What a success gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Output {
    /// JSON of this type.
    Json {
        /// The type that is decoded.
        #[serde(rename = "type")]
        ty: TypeRef,
        /// Whether null stands for nothing: an `Option`, or an empty list or map.
        #[serde(default, skip_serializing_if = "is_false")]
        nullable: bool,
    },
    /// Nothing.
    Nothing,
    /// Text, as it came.
    Text,
    /// Bytes, as they came.
    Bytes,
    /// What the status says: an enum of `operations` with a variant for each.
    ByStatus {
        /// Its name.
        name: String,
        /// Its variants.
        variants: Vec<StatusOutput>,
    },
}

/// What a success of one status gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatusOutput {
    /// The statuses; none for any other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<u16>,
    /// The variant.
    pub variant: String,
    /// What it holds; never [`Output::ByStatus`].
    pub output: Output,
    /// Where in the response that is.
    #[serde(default, skip_serializing_if = "Envelope::is_none")]
    pub envelope: Envelope,
}

/// Where the result of a response is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Envelope {
    /// The response is the result.
    #[default]
    None,
    /// In the envelope's member for it.
    Member,
    /// It is every member that is not the envelope's own.
    Flattened,
}

impl Envelope {
    fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// A media type that a response can be had in besides JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// Its name.
    pub media_type: String,
    /// The builder's method that asks for it.
    pub method: String,
    /// Whether it is text, and not to be read as it comes.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_text: bool,
}

/// How the pages of a list are turned: by the parameters that it has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    /// The query parameter that chooses a page by its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The query parameter that says where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
