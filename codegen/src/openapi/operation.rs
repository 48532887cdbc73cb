//! Operations as values: what a document says of requests and responses.

use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::Value;

use super::schema::SchemaId;
use super::security::{Requirement, Server};

/// An operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Where it is in the document, as a JSON pointer.
    pub pointer: String,
    /// `operationId`, where it has one.
    pub id: Option<String>,
    /// The HTTP method, in small letters.
    pub method: &'static str,
    /// The path template.
    pub path: String,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `tags`.
    pub tags: Vec<String>,
    /// Its parameters and those of its path, of which its own win.
    pub parameters: Vec<Rc<Parameter>>,
    /// What a request carries.
    pub body: Option<Rc<RequestBody>>,
    /// Its responses by status, in the document's order.
    pub responses: Vec<(String, Rc<Response>)>,
    /// What proves who is calling: any of these. Absent where it says nothing, so
    /// that what the document says for all counts.
    pub security: Option<Vec<Requirement>>,
    /// Its own servers, or else those of its path.
    pub servers: Vec<Server>,
    /// The names of its callbacks.
    pub callbacks: Vec<String>,
    /// The members that begin with `x-`.
    pub extensions: IndexMap<String, Value>,
}

impl Operation {
    /// The operationId, or what stands for it.
    pub fn name(&self) -> String {
        match &self.id {
            Some(id) => id.clone(),
            None => format!("{} {}", self.method, self.path),
        }
    }

    /// The responses of success: those of 2xx, or else the default one.
    pub fn successes(&self) -> Vec<&(String, Rc<Response>)> {
        let is_success = |(status, _): &&(String, Rc<Response>)| status.starts_with('2');
        let successes: Vec<_> = self.responses.iter().filter(is_success).collect();
        if !successes.is_empty() {
            return successes;
        }
        let others = self.responses.iter();
        others.filter(|(status, _)| status == "default").collect()
    }
}

/// Where the value of a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// How a list or an object is written (OpenAPI 3.0.3, "Style Values").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// `;color=blue`
    Matrix,
    /// `.blue`
    Label,
    /// `color=blue`
    Form,
    /// `blue`
    Simple,
    /// `blue%20black`
    SpaceDelimited,
    /// `blue|black`
    PipeDelimited,
    /// `color[R]=100`
    DeepObject,
}

impl Style {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "matrix" => Self::Matrix,
            "label" => Self::Label,
            "form" => Self::Form,
            "simple" => Self::Simple,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            _ => return None,
        })
    }
}

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Where it is described, as a JSON pointer.
    pub pointer: String,
    /// `name`.
    pub name: String,
    /// `in`.
    pub location: Location,
    /// `required`.
    pub required: bool,
    /// `description`.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `style`, or the one that its location has without it.
    pub style: Style,
    /// `explode`, or what its style has without it.
    pub explode: bool,
    /// `allowReserved`.
    pub allow_reserved: bool,
    /// The media type of its one `content`, where it has that in place of a schema.
    pub media_type: Option<String>,
    /// Its schema, or that of its `content`.
    pub schema: Option<SchemaId>,
    /// `example`.
    pub example: Option<Value>,
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestBody {
    /// Where it is described, as a JSON pointer.
    pub pointer: String,
    /// `description`.
    pub description: Option<String>,
    /// `required`.
    pub required: bool,
    /// What it is made of in each media type.
    pub content: Vec<MediaType>,
}

/// A response of one status.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Where it is described, as a JSON pointer.
    pub pointer: String,
    /// `description`.
    pub description: Option<String>,
    /// Its headers.
    pub headers: Vec<Header>,
    /// What it holds in each media type.
    pub content: Vec<MediaType>,
    /// The names of its links.
    pub links: Vec<String>,
}

/// A header of a response or of a part.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Whether it is always there.
    pub required: bool,
    /// Its schema.
    pub schema: Option<SchemaId>,
}

/// What a body is in one media type.
#[derive(Debug, Clone, PartialEq)]
pub struct MediaType {
    /// Where it is described, as a JSON pointer.
    pub pointer: String,
    /// Its name as the document has it, perhaps with parameters.
    pub name: String,
    /// Its schema.
    pub schema: Option<SchemaId>,
    /// Its examples: `example` first.
    pub examples: Vec<Example>,
    /// How its properties are written.
    pub encoding: IndexMap<String, Encoding>,
}

/// An example of a whole value.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Where its value is, as a JSON pointer.
    pub pointer: String,
    /// The value.
    pub value: Value,
}

/// How a property of a form or multipart body is written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Encoding {
    /// `contentType`.
    pub content_type: Option<String>,
    /// `style`.
    pub style: Option<Style>,
    /// `explode`.
    pub explode: Option<bool>,
    /// `allowReserved`.
    pub allow_reserved: bool,
    /// The headers of its part.
    pub headers: Vec<Header>,
}

impl MediaType {
    /// The media type without its parameters, in small letters.
    pub fn essence(&self) -> String {
        essence(&self.name)
    }

    /// Whether it is JSON: by its name, or because it may be anything and its schema
    /// is that of an object, which no other format would be meant for.
    pub fn is_json(&self) -> bool {
        is_json(&self.name)
    }
}

/// A media type without its parameters, in small letters.
pub fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a media type is JSON by its name.
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}
