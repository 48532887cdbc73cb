//! Everything that can go wrong with a call, with all that the server said.

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

use super::message::Message;
use super::path::InvalidArgument;
use super::retry;

/// Why a call has no result. As large as two pointers; the details are boxed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The client could not be made.
    Config(Box<ConfigError>),
    /// The request could not be made from what was given; nothing was sent.
    Request(Box<RequestError>),
    /// The request, or the answer, did not get through.
    Transport(Box<TransportError>),
    /// The server refused, in words of its own.
    Api(Box<ApiError>),
    /// The server answered with what this client does not understand.
    Answer(Box<AnswerError>),
}

/// The call that an error is about.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Call {
    /// The operationId, or the method and path of a request of one's own.
    pub operation: String,
    /// The URL, without its query.
    pub url: String,
    /// How often the request was sent.
    pub attempts: u32,
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
    #[error("the credentials cannot be sent as a header: they have control characters")]
    Credentials,
    /// The base URL is none.
    #[error("the base URL `{url}` cannot be used: {why}")]
    BaseUrl {
        /// What was given.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The HTTP client could not be made.
    #[error("the HTTP client cannot be made: {0}")]
    Http(#[source] reqwest::Error),
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
    /// A header that HTTP cannot carry.
    #[error("the header `{0}` cannot be sent: its name or value has characters that HTTP forbids")]
    Header(String),
    /// The base URL and the path make no URL.
    #[error("`{0}` is no URL")]
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
    /// Whether the server may have carried out the request.
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
    /// The call took longer than it was allowed to.
    #[error("the call took longer than the {} s that it may", .0.as_secs_f32())]
    Timeout(Duration),
    /// The body is larger than the client takes.
    #[error("the answer has more than {0} bytes, which is the limit of this client")]
    TooLarge(u64),
}

/// The words of an error and of all behind it.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
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
    text
}

/// A refusal in the words of the API.
#[derive(Debug)]
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
}

/// An answer that this client does not understand.
#[derive(Debug)]
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
        /// The page's title, where it has one.
        title: Option<String>,
        /// Cloudflare's code of the error, such as 1015, where one is named.
        code: Option<u32>,
    },
    /// It is JSON of another shape than the document promises.
    #[error("the answer does not fit the API's document at `{path}`: {source}")]
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
}

fn page(title: &Option<String>, code: &Option<u32>) -> String {
    match (title, code) {
        (Some(title), Some(code)) => format!("a page titled `{title}` (error code {code})"),
        (Some(title), None) => format!("a page titled `{title}`"),
        (None, Some(code)) => format!("a page about error code {code}"),
        (None, None) => "other text".to_owned(),
    }
}

impl Error {
    /// The HTTP status of the answer, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.head().map(|head| head.status)
    }

    /// The head of the answer, where there was one.
    #[must_use]
    pub fn head(&self) -> Option<&Head> {
        match self {
            Self::Api(error) => Some(&error.head),
            Self::Answer(error) => Some(&error.head),
            Self::Transport(error) => error.head.as_ref(),
            Self::Config(_) | Self::Request(_) => None,
        }
    }

    /// The call, where one was tried.
    #[must_use]
    pub fn call(&self) -> Option<&Call> {
        match self {
            Self::Api(error) => Some(&error.call),
            Self::Answer(error) => Some(&error.call),
            Self::Transport(error) => Some(&error.call),
            Self::Config(_) | Self::Request(_) => None,
        }
    }

    /// The server's words, where it refused.
    #[must_use]
    pub fn errors(&self) -> &[Message] {
        match self {
            Self::Api(error) => &error.errors,
            _ => &[],
        }
    }

    /// Cloudflare's identifier of the request, which its support asks for.
    #[must_use]
    pub fn ray_id(&self) -> Option<&str> {
        self.head()?.ray_id()
    }

    /// Whether the server named `code`, at any depth of its chains.
    #[must_use]
    pub fn has_code(&self, code: i64) -> bool {
        fn named(messages: &[Message], code: i64) -> bool {
            messages
                .iter()
                .any(|message| message.code == code || named(&message.error_chain, code))
        }
        named(self.errors(), code)
    }

    /// Whether what was asked for does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Whether there were too many requests.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS) || self.has_code(971)
    }

    /// Whether the credentials were missing, wrong, or not enough.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        matches!(
            self.status(),
            Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        ) || [6100, 6101, 6103, 6111, 9109, 10000]
            .into_iter()
            .any(|code| self.has_code(code))
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Config(_) | Self::Request(_) => false,
            Self::Transport(error) => !matches!(error.problem, TransportProblem::TooLarge(_)),
            Self::Api(_) | Self::Answer(_) => {
                self.is_rate_limited() || self.status().is_some_and(retry::is_passing)
            }
        }
    }

    /// How long the server asked to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(self.head()?.headers.0.get(RETRY_AFTER)?)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => write!(f, "{error}"),
            Self::Request(error) => write!(f, "{error}"),
            Self::Transport(error) => write!(f, "{}: {}", error.call.operation, error.problem)
                .and_then(|()| attempts(&error.call, f)),
            Self::Api(error) => {
                write!(f, "{}: {}", error.call.operation, error.head.status)?;
                for (index, message) in error.errors.iter().enumerate() {
                    write!(f, "{} {message}", if index == 0 { ":" } else { ";" })?;
                }
                ray(&error.head, f)?;
                attempts(&error.call, f)
            }
            Self::Answer(error) => {
                let (call, head) = (&error.call, &error.head);
                write!(f, "{}: {}: {}", call.operation, head.status, error.problem)?;
                ray(head, f)?;
                attempts(call, f)
            }
        }
    }
}

fn ray(head: &Head, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    head.ray_id()
        .map_or(Ok(()), |ray| write!(f, " [ray {ray}]"))
}

fn attempts(call: &Call, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match call.attempts {
        0 | 1 => Ok(()),
        attempts => write!(f, " [{attempts} attempts]"),
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Config(error) => Some(error.as_ref()),
            Self::Request(error) => Some(error.as_ref()),
            Self::Transport(error) => Some(&error.problem),
            Self::Answer(error) => Some(&error.problem),
            Self::Api(_) => None,
        }
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::Config(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_two_words_and_crosses_threads() {
        fn assert_bounds<T: Send + Sync + 'static>() {}
        assert_bounds::<Error>();
        assert!(size_of::<Error>() <= 16);
    }
}
