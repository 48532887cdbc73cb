//! Why a request could not be made.

use std::sync::Arc;

use crate::encode::path::InvalidArgument;
use crate::text::one_line;

/// Why a request could not be made. Nothing was sent.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}: {problem}", one_line(operation, 200))]
#[non_exhaustive]
pub struct RequestError {
    /// The operationId.
    pub operation: String,
    /// What is wrong.
    #[source]
    pub problem: RequestProblem,
}

/// What is wrong with a request.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RequestProblem {
    /// An argument that cannot stand in the path.
    #[error(transparent)]
    Path(#[from] InvalidArgument),
    /// A parameter or body that JSON cannot say.
    #[error("`{}` cannot be encoded: {source}", one_line(name, 100))]
    Encode {
        /// The parameter, or `body`.
        name: String,
        /// Why not.
        source: Arc<serde_json::Error>,
    },
    /// The part of a form has a media type that values cannot be written in.
    #[error(
        "the part `{}` is to be `{media_type}`, which this client does not write: give it as text or bytes",
        one_line(name, 100)
    )]
    Part {
        /// The part.
        name: String,
        /// Its media type.
        media_type: &'static str,
    },
    /// The body is not a JSON object, and so takes no member of this name.
    #[error("`{}` cannot be added to a body that is not a JSON object", one_line(.0, 100))]
    Member(String),
    /// A header that HTTP cannot carry.
    #[error(
        "the header `{}` cannot be sent: its name or value has characters that HTTP forbids", one_line(.0, 100)
    )]
    Header(String),
    /// The base URL and the path, which is given without its query, make no URL
    /// below the base URL.
    #[error("`{}` is not a path below the base URL", one_line(.0, 300))]
    Url(String),
    /// The operation's own server, which the protocol does not name.
    #[error("the server `{}` is not among those that the client's credentials may go to", one_line(.0, 300))]
    Server(String),
    /// The client has none of the credentials that the operation takes.
    #[error("the client has no credentials that this operation takes: {0}")]
    Credentials(String),
    /// The body is a stream, which was sent before, with a clone of this request.
    #[error("the body can be sent once only, and it was sent with a clone of this request")]
    Spent,
}
