//! Operations: what they take, send and give.

use indexmap::IndexMap;

use super::{Docs, Type};
use crate::openapi::{Encoding, Requirement, Server, Style};

/// One operation: a method of the client, and the builder that it returns. An
/// operation that takes bodies of several media types becomes one of these for
/// each of them, under the same id.
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
    /// The permissions that it needs, where the protocol says which extension lists them.
    pub permissions: Vec<String>,
    /// Whether it may be sent again when it is not known to have arrived.
    pub idempotent: bool,
    /// In the order in which the path and the document name them.
    pub parameters: Vec<Parameter>,
    /// What a request carries, where it carries anything.
    pub body: Option<Body>,
    /// What a success holds.
    pub outcome: Outcome,
    /// Where the result of its responses is.
    pub envelope: Envelope,
    /// Other media types that a response can be had in.
    pub alternatives: Vec<Alternative>,
    /// The whole JSON of a success, where the document gives an example of it.
    pub response_example: Option<serde_json::Value>,
    /// The name of the module that it belongs to: its first tag in snake case.
    pub resource: String,
    /// Values for cookies, which are set as those of [`Operation::parameters`] are.
    pub cookies: Vec<Parameter>,
    /// The schemes that a call of it needs: any of these, none for an empty list.
    /// Absent where the document's own count ([`Api::security`](super::Api::security)).
    pub security: Option<Vec<Requirement>>,
    /// The servers that it is called at in place of the document's; none where those
    /// count.
    pub servers: Vec<Server>,
    /// The media types that its [`Body::Content`] may be of, the preferred one first.
    /// Where there are several, or one that stands for many (`audio/*`), the method
    /// takes the media type beside the bytes.
    pub content_types: Vec<String>,
    /// How the properties of its form or multipart body are written, where the
    /// document says so, by their names on the wire.
    pub encoding: IndexMap<String, Encoding>,
    /// What is said of its body.
    pub body_docs: Option<String>,
}

impl Operation {
    /// Whether its result is a list that comes in pages.
    pub fn is_paged(&self) -> bool {
        let by_number = |parameter: &Parameter| {
            matches!(parameter.location, ParameterLocation::Query(_))
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

    /// Every type that it sends, in parameters and body.
    pub fn sent(&self) -> impl Iterator<Item = &Type> {
        let parameters = self.parameters.iter().map(|parameter| &parameter.ty);
        let whole = match &self.body {
            Some(Body::Json { ty, .. } | Body::Form { ty, .. }) => Some(ty),
            _ => None,
        };
        let parts = match &self.body {
            Some(Body::Multipart { parts, .. }) => parts.as_slice(),
            _ => &[],
        };
        let parts = parts.iter().filter_map(|part| match &part.kind {
            PartKind::Value(ty) => Some(ty),
            PartKind::File | PartKind::Files => None,
        });
        parameters.chain(whole).chain(parts)
    }

    /// Every type that its responses hold.
    pub fn received(&self) -> impl Iterator<Item = &Type> {
        let by_status = match &self.outcome {
            Outcome::ByStatus { outcomes, .. } => outcomes.as_slice(),
            _ => &[],
        };
        let single = std::iter::once(&self.outcome);
        let outcomes = single.chain(by_status.iter().map(|one| &one.outcome));
        outcomes.filter_map(|outcome| match outcome {
            Outcome::Json { ty, .. } => Some(ty),
            _ => None,
        })
    }

    /// Every type that its responses hold, to be changed.
    pub fn received_mut(&mut self) -> impl Iterator<Item = &mut Type> {
        let outcomes: Vec<&mut Outcome> = match &mut self.outcome {
            Outcome::ByStatus { outcomes, .. } => {
                outcomes.iter_mut().map(|one| &mut one.outcome).collect()
            }
            single => vec![single],
        };
        outcomes.into_iter().filter_map(|outcome| match outcome {
            Outcome::Json { ty, .. } => Some(ty),
            _ => None,
        })
    }
}

/// A value that goes into the path, the query or the headers of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The claimed name of the argument or setter.
    pub rust_name: String,
    /// Where it goes.
    pub location: ParameterLocation,
    /// Whether it is an argument (or else a setter).
    pub required: bool,
    /// What it takes.
    pub ty: Type,
    /// What it takes as the document has it: differs from `ty` for lists and objects
    /// in a path, which `ty` leaves to the caller to spell.
    pub described: Type,
    /// How it is written.
    pub written: Written,
    /// What the document says of it.
    pub docs: Docs,
}

/// How the value of a parameter is written (OpenAPI 3.0.3, "Style Values").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// `style`, or the one of its location.
    pub style: Style,
    /// `explode`, or the one of its style.
    pub explode: bool,
    /// Whether reserved characters stay as they are: `allowReserved`.
    pub allow_reserved: bool,
    /// The media type that it is written in, in place of a style.
    pub media_type: Option<String>,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterLocation {
    /// Into the path, escaped.
    Path,
    /// Into the query, in one of the styles of OpenAPI 3.0 ("Style Values").
    Query(QueryStyle),
    /// Into a header of the request.
    Header,
    /// Into a cookie; only those of [`Operation::cookies`].
    Cookie,
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
    /// `a={"b":1}`: the parameter has `content` in place of a schema.
    Json,
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// JSON of this type.
    Json {
        /// The `Content-Type`: `application/json`, or one that ends in `+json`.
        media_type: String,
        /// The type that is encoded.
        ty: Type,
        /// Whether a request without it is refused.
        required: bool,
    },
    /// `application/x-www-form-urlencoded`: the fields of this type.
    Form {
        /// The type that is encoded.
        ty: Type,
        /// Whether a request without it is refused.
        required: bool,
    },
    /// `multipart/form-data`.
    Multipart {
        /// The known parts; there may be others.
        parts: Vec<Part>,
        /// Whether a request without it is refused.
        required: bool,
    },
    /// Bytes or text of this media type, sent as they are.
    Content {
        /// The `Content-Type`.
        media_type: String,
        /// Whether a request without it is refused.
        required: bool,
    },
}

/// A part of a `multipart/form-data` body.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The name on the wire.
    pub name: String,
    /// The claimed name of the argument or setter.
    pub rust_name: String,
    /// What it holds.
    pub kind: PartKind,
    /// Whether it is an argument (or else a setter).
    pub required: bool,
    /// What the document says of it.
    pub docs: Docs,
}

/// What a part of a `multipart/form-data` body holds.
#[derive(Debug, Clone, PartialEq)]
pub enum PartKind {
    /// A text or a file: the document often says the one where it means the other.
    File,
    /// Several of them, each a part of its own.
    Files,
    /// A value of this type: a scalar as text, anything else as JSON.
    Value(Type),
}

/// What a success holds.
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
    /// What the status says: an enum with a variant for each.
    ByStatus {
        /// The claimed name of the enum.
        name: String,
        /// In the order of their statuses.
        outcomes: Vec<StatusOutcome>,
    },
}

/// A media type that a response can be had in besides JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// Its name.
    pub media_type: String,
    /// The claimed name of the builder's method that asks for it.
    pub method: String,
    /// Whether it is text, and not to be read as it comes.
    pub is_text: bool,
}

/// What a success of one status holds.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusOutcome {
    /// The HTTP statuses; none for what comes with any other, such as that of `2XX`.
    pub statuses: Vec<u16>,
    /// The claimed name of its variant.
    pub variant: String,
    /// What it holds; never [`Outcome::ByStatus`].
    pub outcome: Outcome,
    /// Where it is in the response.
    pub envelope: Envelope,
}

/// Where the result of a response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Envelope {
    /// The response is the result.
    None,
    /// In the member of the plan's envelope that is for it.
    Member,
    /// It is every member of the plan's envelope that is not the envelope's own.
    Flattened,
}
