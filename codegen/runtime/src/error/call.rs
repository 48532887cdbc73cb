//! What an error is about: the call, and the head of the response.

use std::borrow::Cow;
use std::fmt;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

use crate::protocol::{Protocol, UNKNOWN};

/// The call that an error is about.
#[derive(Clone)]
#[non_exhaustive]
pub struct Call {
    /// The operationId, or the method and path of a request of one's own.
    pub operation: Cow<'static, str>,
    /// The HTTP method.
    pub method: Method,
    /// The URL, without its query.
    pub url: String,
    /// How often the request was sent.
    pub attempts: u32,
    /// Whether the server may have carried out an attempt before the last one, so
    /// that a refusal such as 404 may be the consequence.
    pub executed_before: bool,
    pub(crate) protocol: &'static Protocol,
}

impl Default for Call {
    fn default() -> Self {
        Self {
            operation: Cow::Borrowed(""),
            method: Method::GET,
            url: String::new(),
            attempts: 0,
            executed_before: false,
            protocol: &UNKNOWN,
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("url", &self.url)
            .field("attempts", &self.attempts)
            .field("executed_before", &self.executed_before)
            .finish()
    }
}

/// The head of a response.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Head {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers, `set-cookie` among them: [`Debug`] and `Display` of this
    /// crate's errors never print them.
    pub headers: Headers,
    /// The header with the server's identifier of the request, if it has one.
    pub(crate) request_id: &'static str,
}

impl Head {
    /// The server's identifier of the request, which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.headers.0.get(self.request_id)?.to_str().ok()
    }
}

/// The headers of a response, which print as their number alone.
#[derive(Clone, Default)]
pub struct Headers(pub HeaderMap);

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} headers", self.0.len())
    }
}
