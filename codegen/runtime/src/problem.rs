//! The kinds of errors, each with all that is known of it.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value};

use super::line::one_line;
use super::message::Message;
use super::path::InvalidArgument;

/// How many characters of a body an excerpt has.
const EXCERPT: usize = 200;

/// The call that an error is about.
#[derive(Debug, Clone, Default)]
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
}

/// The head of an answer.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Head {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers, `set-cookie` among them: [`Debug`] and `Display` of this
    /// crate's errors never print them.
    pub headers: Headers,
}

/// The headers of an answer, which print as their number alone.
#[derive(Clone, Default)]
pub struct Headers(pub HeaderMap);

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} headers", self.0.len())
    }
}

impl Head {
    /// Cloudflare's identifier of the request, which its support asks for.
    #[must_use]
    pub fn ray_id(&self) -> Option<&str> {
        self.headers.0.get("cf-ray")?.to_str().ok()
    }
}

/// Why a client could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// No credentials were given, or found in the environment.
    #[error("no credentials: {0}")]
    NoCredentials(String),
    /// A token or key has characters that no header can carry.
    #[error(
        "the credentials cannot be sent as a header: they have control characters, perhaps a line break at their end"
    )]
    Credentials,
    /// The base URL is none.
    #[error("the base URL `{url}` cannot be used: {why}")]
    BaseUrl {
        /// What was given, without what may be secret in it.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// These credentials and an HTTP client of the caller's own: if that follows
    /// redirects, it takes the key along to any host.
    #[error(
        "a key in a header of Cloudflare's own is not given to a ready HTTP client, which may take it to another host when it follows a redirect: give the builder a `reqwest::ClientBuilder` by `http_builder`"
    )]
    Redirects,
    /// The HTTP client could not be made.
    #[error("the HTTP client cannot be made: {}", chain(.0))]
    Http(#[source] reqwest::Error),
    /// The TLS settings of this machine cannot be used.
    #[error("TLS cannot be set up: {}", chain(.0.as_ref()))]
    Tls(#[source] Box<dyn StdError + Send + Sync>),
    /// The threads that blocking calls need could not be started.
    #[error("blocking calls cannot be made: {0}")]
    Runtime(#[source] std::io::Error),
}

/// Why a request could not be made. Nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("{operation}: {problem}")]
#[non_exhaustive]
pub struct RequestError {
    /// The operationId.
    pub operation: String,
    /// What is wrong.
    #[source]
    pub problem: RequestProblem,
}

/// What is wrong with a request.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestProblem {
    /// An argument that cannot stand in the path.
    #[error(transparent)]
    Path(#[from] InvalidArgument),
    /// A query parameter, header or body that JSON cannot say.
    #[error("`{name}` cannot be encoded: {source}")]
    Encode {
        /// The parameter, or `body`.
        name: String,
        /// Why not.
        source: serde_json::Error,
    },
    /// The body is no JSON object, and so takes no member of this name.
    #[error("`{0}` cannot be added to a body that is no JSON object")]
    Member(String),
    /// A header that HTTP cannot carry.
    #[error("the header `{0}` cannot be sent: its name or value has characters that HTTP forbids")]
    Header(String),
    /// The base URL and the path, which is given without its query, make no URL
    /// below the base URL.
    #[error("`{0}` is no path below the base URL")]
    Url(String),
}

/// Why a request, or its answer, did not get through.
#[derive(Debug)]
#[non_exhaustive]
pub struct TransportError {
    /// The call.
    pub call: Call,
    /// The head of the answer, where there was one.
    pub head: Option<Head>,
    /// Whether the server may have carried out the request. It surely has not
    /// where at no attempt a connection came about, or it refused each.
    pub may_have_been_executed: bool,
    /// What happened.
    pub problem: TransportProblem,
}

/// What happened to a request or its answer on the way.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportProblem {
    /// The HTTP client's word for it.
    #[error("{}", chain(.0))]
    Http(#[source] reqwest::Error),
    /// An attempt, with connecting and the body of its answer, took longer than it
    /// may.
    #[error("the attempt took longer than the {} s that it may", .0.as_secs_f32())]
    AttemptTimeout(Duration),
    /// All attempts together took longer than the call may.
    #[error("the call took longer than the {} s that it may", .0.as_secs_f32())]
    Timeout(Duration),
    /// The body is larger than the client takes.
    #[error("the answer has more than {0} bytes, which is the limit of this client")]
    TooLarge(u64),
    /// The client's own rate limit would have held the call back for longer than
    /// it may take. Nothing was sent.
    #[error("the rate limit of this client would hold the call back for {} s", .0.as_secs_f32())]
    Throttled(Duration),
    /// What was to be sent cannot be read, such as a file that is not there.
    /// Nothing was sent.
    #[error("the body of the request cannot be read: {0}")]
    Body(#[source] std::io::Error),
}

impl TransportProblem {
    /// Whether it may pass by itself.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Http(error) => !(error.is_builder() || error.is_redirect()),
            Self::AttemptTimeout(_) | Self::Timeout(_) | Self::Throttled(_) => true,
            Self::TooLarge(_) | Self::Body(_) => false,
        }
    }

    /// A word for it that stays the same, for traces.
    #[cfg(feature = "tracing")]
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Http(error) if error.is_timeout() => "timeout",
            Self::Http(error) if error.is_connect() => "connect",
            Self::Http(_) => "transport",
            Self::AttemptTimeout(_) | Self::Timeout(_) => "timeout",
            Self::TooLarge(_) => "too_large",
            Self::Throttled(_) => "throttled",
            Self::Body(_) => "body",
        }
    }

    /// The error of another crate that is behind this one.
    pub(super) fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Http(error) => Some(error),
            Self::Body(error) => Some(error),
            _ => None,
        }
    }
}

/// The words of an error and of all behind it.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    one_line(&text, 500)
}

/// A refusal in the words of the API.
#[non_exhaustive]
pub struct ApiError {
    /// The call.
    pub call: Call,
    /// The head of the answer.
    pub head: Head,
    /// Why the server refused.
    pub errors: Vec<Message>,
    /// What else it remarked.
    pub messages: Vec<Message>,
    /// What stood in the place of the result, where it was not null.
    pub result: Option<Value>,
    /// All other members of the answer.
    pub other: Map<String, Value>,
    /// The body, as it came.
    pub body: bytes::Bytes,
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("call", &self.call)
            .field("head", &self.head)
            .field("errors", &Printed(&self.errors))
            .field("messages", &Printed(&self.messages))
            .finish_non_exhaustive()
    }
}

/// Messages as text of bounded length, however many there are.
struct Printed<'a>(&'a [Message]);

impl fmt::Debug for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let few = self.0.iter().take(10).map(Message::to_string);
        f.debug_list().entries(few).finish()?;
        match self.0.len() {
            0..=10 => Ok(()),
            count => write!(f, " of {count}"),
        }
    }
}

/// An answer that this client does not understand.
#[non_exhaustive]
pub struct AnswerError {
    /// The call.
    pub call: Call,
    /// The head of the answer.
    pub head: Head,
    /// What is wrong with its body.
    pub problem: AnswerProblem,
    /// The body, as it came.
    pub body: bytes::Bytes,
}

impl AnswerError {
    /// The part of the body that is at fault, or else its beginning: one line of
    /// at most some 200 characters.
    #[must_use]
    pub fn excerpt(&self) -> String {
        let from = match &self.problem {
            AnswerProblem::Shape { source, .. } => {
                self.position(source).saturating_sub(EXCERPT / 2)
            }
            _ => 0,
        };
        let to = from.saturating_add(4 * EXCERPT).min(self.body.len());
        let part = self.body.get(from..to).unwrap_or_default();
        let text = String::from_utf8_lossy(part);
        // A character that was cut in two is not the server's.
        let text = match from {
            0 => &text,
            _ => text.trim_start_matches(char::REPLACEMENT_CHARACTER),
        };
        one_line(text, EXCERPT)
    }

    /// Where in the body an error is.
    fn position(&self, error: &serde_json::Error) -> usize {
        let lines = self.body.split_inclusive(|byte| *byte == b'\n');
        let before = lines.take(error.line().saturating_sub(1));
        before.map(<[u8]>::len).sum::<usize>() + error.column()
    }
}

impl fmt::Debug for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerError")
            .field("call", &self.call)
            .field("head", &self.head)
            .field("problem", &format_args!("{}", self.problem))
            .field("excerpt", &self.excerpt())
            .finish_non_exhaustive()
    }
}

/// What is wrong with the body of an answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerProblem {
    /// There is none.
    #[error("the answer has no body")]
    Empty,
    /// It is a page for people, or some other text.
    #[error("the answer is no JSON but {}", page(title, code))]
    NotJson {
        /// The page's title; of plain text, its beginning.
        title: Option<String>,
        /// Cloudflare's code of the error, such as 1015, where one is named.
        code: Option<u32>,
    },
    /// It is JSON of another shape than the document promises.
    #[error("the answer does not fit the API's document at `{}`: {}", one_line(path, 200), one_line(&source.to_string(), 300))]
    Shape {
        /// Where, such as `result.status`.
        path: String,
        /// What was expected.
        source: serde_json::Error,
    },
    /// It says success, and the promised result is null or missing.
    #[error("the answer says success, but the result that the API's document promises is missing")]
    NoResult,
    /// It refuses without the words that a refusal has.
    #[error("the server refused without saying why")]
    Refused,
    /// It sends the caller to another address, where this client does not go.
    #[error("the server redirects to `{to}`, which is not followed")]
    Redirect {
        /// The address, without its query.
        to: String,
    },
}

impl AnswerProblem {
    /// The error of another crate that is behind this one.
    pub(super) fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Shape { source, .. } => Some(source),
            _ => None,
        }
    }
}

fn page(title: &Option<String>, code: &Option<u32>) -> String {
    match (title, code) {
        (Some(title), Some(code)) => format!("a page titled `{title}` (error code {code})"),
        (Some(title), None) => format!("a page titled `{title}`"),
        (None, Some(code)) => format!("a page about error code {code}"),
        (None, None) => "a page without a title".to_owned(),
    }
}
