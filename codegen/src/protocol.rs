//! How an API is spoken to, apart from its operations: its server, credentials,
//! envelope, pages and error pages. The emitted crate states it in one file.
//!
//! Three sources agree on a [`Protocol`]: the document, the plan, and a
//! [`Preset`] of what is known about one API. The plan overrules
//! the preset, and the preset the document.

pub mod declared;
pub mod preset;
mod resolve;

use serde::{Deserialize, Serialize};

pub use declared::{Declared, DeclaredScheme, Requirement};
pub use preset::Preset;
pub use resolve::{Error, Note, resolve};

use crate::openapi::Server;

/// How an API is spoken to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protocol {
    /// The name of the preset that it was made with.
    pub preset: Option<String>,
    /// The URL of the API's server, without a slash at its end. Empty where the
    /// document names none that a client could use.
    pub base_url: String,
    /// The other servers that operations are called at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<String>,
    /// The environment variable that overrules it.
    pub base_url_variable: String,
    /// What proves who calls, in the document's order.
    pub schemes: Vec<Scheme>,
    /// Ways to authenticate, in the order in which a client looks for them.
    pub credentials: Vec<Credential>,
    /// What an operation sends of the credentials that its client was given.
    pub security: SecuritySource,
    /// The members around a result, where responses come in an envelope.
    pub envelope: Option<EnvelopeKeys>,
    /// The query parameters that turn the pages of a list.
    pub pages: Option<PageParameters>,
    /// The response header that identifies a request.
    pub request_id: Option<RequestId>,
    /// Statuses that say that the same request may succeed later.
    pub transient_statuses: Vec<u16>,
    /// Codes of messages that tell what a status leaves open.
    pub codes: Codes,
    /// What responses look like that do not come from the API itself.
    pub error_page: ErrorPage,
    /// A sentence about the server's rate limit.
    pub rate_limit: Option<String>,
    /// The extension of an operation that lists the permissions that it needs.
    pub permissions: Option<String>,
}

impl Protocol {
    /// The server that an operation is called at whose own servers, or whose path's, are
    /// `own`: the first of these, unless it is the base URL or credentials must not go
    /// there.
    pub fn server_of(&self, own: &[Server]) -> Option<String> {
        let server = absolute(&own.first()?.default_url(), &self.base_url);
        self.servers.contains(&server).then_some(server)
    }
}

/// The URL `server`, which may be relative to that of the document: nobody knows where
/// the document is served, so its own server stands for that (OpenAPI 3.0.3, "Server
/// Object").
fn absolute(server: &str, base_url: &str) -> String {
    let origin = base_url.split_once("://").map(|(scheme, rest)| {
        let host = rest.split('/').next().unwrap_or_default();
        format!("{scheme}://{host}")
    });
    let server = match origin {
        Some(origin) if server.starts_with('/') && !server.starts_with("//") => {
            format!("{origin}{server}")
        }
        _ => server.to_owned(),
    };
    server.trim_end_matches('/').to_owned()
}

/// Statuses that are transient for any API (RFC 9110, section 15.6).
pub const TRANSIENT_STATUSES: [u16; 4] = [500, 502, 503, 504];

/// A security scheme that a client can use (OpenAPI 3.0.3, "Security Scheme
/// Object").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// Its key in the document's `components/securitySchemes`.
    pub name: String,
    /// Where its secret goes.
    pub placement: Placement,
    /// The environment variables that hold it: two for `basic`, else one.
    pub variables: Vec<String>,
}

/// Where the secret of a scheme goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Placement {
    /// `Authorization: Bearer …` (RFC 6750).
    Bearer,
    /// `Authorization: Basic …` (RFC 7617): a name and a password.
    Basic,
    /// A header of this name.
    Header {
        /// The header.
        name: String,
    },
    /// A query parameter of this name.
    Query {
        /// The parameter.
        name: String,
    },
    /// A cookie of this name.
    Cookie {
        /// The cookie.
        name: String,
    },
}

/// One way to authenticate: a method of the client's builder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The method's name, such as `email_and_key`.
    pub method: String,
    /// What it takes, as the end of a sentence: "an API token".
    pub doc: String,
    /// Its arguments, in their order.
    pub arguments: Vec<Argument>,
}

impl Credential {
    /// The names of the schemes that it fills, in their order and each once.
    pub fn schemes(&self) -> Vec<&str> {
        let mut schemes: Vec<&str> = Vec::new();
        for argument in &self.arguments {
            if schemes.last() != Some(&argument.scheme.as_str()) {
                schemes.push(&argument.scheme);
            }
        }
        schemes
    }
}

/// An argument of a [`Credential`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// Its name in Rust.
    pub name: String,
    /// The scheme that it goes to. Two for one scheme are the name and the
    /// password of `basic`.
    pub scheme: String,
    /// Whether it must not be printed.
    pub secret: bool,
}

/// What an operation sends of the credentials that its client was given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecuritySource {
    /// What its `security` in the document asks for.
    #[default]
    Document,
    /// All of them.
    Client,
}

/// The names of an envelope's members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EnvelopeKeys {
    /// A boolean: whether the call succeeded.
    pub success: String,
    /// The messages that say why it did not.
    pub errors: String,
    /// Remarks beside the result.
    pub messages: String,
    /// What the caller asked for.
    pub result: String,
    /// Where a page stands in the whole list.
    pub result_info: String,
}

impl Default for EnvelopeKeys {
    fn default() -> Self {
        Self {
            success: "success".to_owned(),
            errors: "errors".to_owned(),
            messages: "messages".to_owned(),
            result: "result".to_owned(),
            result_info: "result_info".to_owned(),
        }
    }
}

/// The query parameters that turn the pages of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageParameters {
    /// The number of a page, from 1.
    pub page: Option<String>,
    /// Where the page before ended, in the server's own spelling.
    pub cursor: Option<String>,
}

/// The response header that identifies a request to the API's support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestId {
    /// The header, in lower case.
    pub header: String,
    /// What errors call it: `[ray 8f…]`.
    pub label: String,
}

/// Codes of messages that tell what a status leaves open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Codes {
    /// The credentials are missing, wrong, or not enough.
    pub authentication: Vec<i64>,
    /// There were too many requests.
    pub rate_limited: Vec<i64>,
}

/// What responses look like that do not come from the API itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ErrorPage {
    /// The JSON member that holds a code.
    pub code_member: Option<String>,
    /// The JSON member that says how many seconds to wait.
    pub retry_after_member: Option<String>,
    /// Whether pages for people name a code in their text, as in `error code: 1015`.
    pub code_in_text: bool,
}
