//! Everything that can go wrong with a call, with all that the server said.

mod api;
mod call;
mod config;
mod decode;
mod request;
mod transport;

use std::error::Error as StdError;
use std::fmt::{self, Write};
use std::time::Duration;

use reqwest::StatusCode;

use crate::protocol::Protocol;
use crate::text::OneLine;
use crate::wire::message::Message;
use crate::wire::rate_limit::{self, RateLimit};
use crate::wire::retry_after::retry_after;

pub use api::ApiError;
pub use call::{Call, Head, Headers};
pub use config::ConfigError;
pub use decode::{DecodeError, DecodeProblem};
pub use request::{RequestError, RequestProblem};
pub use transport::{TransportError, TransportProblem};

/// How many characters are printed of what happened.
const PRINTED: usize = 1000;

/// Why a call has no result. As large as two pointers; the details are boxed.
///
/// It prints as one line of at most some 1,200 characters, which names the
/// operation, what happened and why, the server's identifier of the request, and the
/// number of attempts where there were several; `{:?}` is the same line, and `{:#?}`
/// the details. [`source`](std::error::Error::source) is the error of
/// another crate behind it, such as `reqwest::Error` or `serde_json::Error`.
#[non_exhaustive]
pub enum Error {
    /// The client could not be made.
    Config(Box<ConfigError>),
    /// The request could not be made from what was given; nothing was sent.
    Request(Box<RequestError>),
    /// The request, or the response, did not get through.
    Transport(Box<TransportError>),
    /// The server refused, in the API's own form.
    Api(Box<ApiError>),
    /// The server responded with what this client does not understand.
    Decode(Box<DecodeError>),
}

impl Error {
    /// The HTTP status of the response, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.head().map(|head| head.status)
    }

    /// The head of the response, where there was one.
    #[must_use]
    pub fn head(&self) -> Option<&Head> {
        match self {
            Self::Api(error) => Some(&error.head),
            Self::Decode(error) => Some(&error.head),
            Self::Transport(error) => error.head.as_ref(),
            Self::Config(_) | Self::Request(_) => None,
        }
    }

    /// The call, where one was tried.
    #[must_use]
    pub fn call(&self) -> Option<&Call> {
        match self {
            Self::Api(error) => Some(&error.call),
            Self::Decode(error) => Some(&error.call),
            Self::Transport(error) => Some(&error.call),
            Self::Config(_) | Self::Request(_) => None,
        }
    }

    /// How often the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.call().map_or(0, |call| call.attempts)
    }

    /// What the server said, where it refused.
    #[must_use]
    pub fn errors(&self) -> &[Message] {
        match self {
            Self::Api(error) => &error.errors,
            _ => &[],
        }
    }

    /// The body of the response as it came, where there was a whole one.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        match self {
            Self::Api(error) => Some(&error.body),
            Self::Decode(error) => Some(&error.body),
            _ => None,
        }
    }

    /// The server's identifier of the request, which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.head()?.request_id()
    }

    /// The server's rate limit of which the least is left, as it stood with the
    /// response.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        rate_limit::tightest(&self.head()?.headers.0)
    }

    /// Whether the server named `code`: in its errors, at any depth of their
    /// chains, or on a page for people.
    #[must_use]
    pub fn has_code(&self, code: i64) -> bool {
        fn named(messages: &[Message], code: i64) -> bool {
            messages
                .iter()
                .any(|message| message.code == code || named(&message.error_chain, code))
        }
        match self {
            Self::Decode(error) => match error.problem {
                DecodeProblem::NotJson {
                    code: Some(on_page),
                    ..
                } => i64::from(on_page) == code,
                _ => false,
            },
            _ => named(self.errors(), code),
        }
    }

    /// Whether what was asked for does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
            || self.means(|protocol| protocol.codes.not_found)
    }

    /// Whether the server named one of the codes that have a meaning.
    fn means(&self, codes: impl Fn(&Protocol) -> &'static [i64]) -> bool {
        let codes = self.call().map_or(&[][..], |call| codes(call.protocol));
        codes.iter().any(|code| self.has_code(*code))
    }

    /// Whether there were too many requests, for the server or for the client's
    /// own limit.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
            || self.means(|protocol| protocol.codes.rate_limited)
            || self.throttled().is_some()
    }

    /// Whether the credentials were missing, wrong, or not enough.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        matches!(
            self.status(),
            Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        ) || self.means(|protocol| protocol.codes.authentication)
    }

    /// Whether an attempt, or the whole call, took longer than it may.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Transport(error) => match &error.problem {
                TransportProblem::AttemptTimeout(_) | TransportProblem::Timeout(_) => true,
                TransportProblem::Http(error) => error.is_timeout(),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the server may have carried out the request, although there is no
    /// response that says so. A request that is not idempotent should then not be
    /// sent again without a look at what it did.
    #[must_use]
    pub fn may_have_been_executed(&self) -> bool {
        match self {
            Self::Transport(error) => error.may_have_been_executed,
            Self::Config(_) | Self::Request(_) => false,
            Self::Api(_) | Self::Decode(_) => {
                let refused = self.status().is_some_and(|status| status.is_client_error());
                !refused || self.call().is_some_and(|call| call.executed_before)
            }
        }
    }

    /// Whether the same call may succeed later. Whether it does harm to send it
    /// again is another question: see
    /// [`may_have_been_executed`](Self::may_have_been_executed).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Config(_) | Self::Request(_) => false,
            Self::Transport(error) => error.problem.is_transient(),
            Self::Api(_) | Self::Decode(_) => self.is_rate_limited() || self.is_transient(),
        }
    }

    fn is_transient(&self) -> bool {
        let status = self.status().map_or(0, |status| status.as_u16());
        self.call()
            .is_some_and(|call| call.protocol.is_transient(status))
    }

    /// How long the server asked to be left alone: by `Retry-After`, an exhausted
    /// `Ratelimit`, or a member of the body that is meant for it. Of a call that the
    /// client's own limit held back, how long until it may go.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let asked = || {
            let page = &self.call()?.protocol.error_page;
            let body = self.body().unwrap_or_default();
            retry_after(&self.head()?.headers.0, body, page)
        };
        self.throttled().or_else(asked)
    }

    fn throttled(&self) -> Option<Duration> {
        match self {
            Self::Transport(error) => match error.problem {
                TransportProblem::Throttled(wait) => Some(wait),
                _ => None,
            },
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = OneLine::new(f, PRINTED);
        match self {
            Self::Config(error) => write!(line, "{error}")?,
            Self::Request(error) => write!(line, "{error}")?,
            Self::Transport(error) => {
                write!(line, "{}: ", error.call.operation)?;
                if let Some(head) = &error.head {
                    write!(line, "{}: ", head.status)?;
                }
                write!(line, "{}", error.problem)?;
                if error.may_have_been_executed && !error.call.method.is_idempotent() {
                    write!(line, "; the request may have been carried out")?;
                }
            }
            Self::Api(error) => {
                write!(line, "{}: {}", error.call.operation, error.head.status)?;
                let said = match error.errors.is_empty() {
                    true => &error.messages,
                    false => &error.errors,
                };
                for (index, message) in said.iter().enumerate() {
                    write!(line, "{} {message}", if index == 0 { ":" } else { ";" })?;
                }
            }
            Self::Decode(error) => {
                let status = error.head.status;
                write!(
                    line,
                    "{}: {status}: {}",
                    error.call.operation, error.problem
                )?;
            }
        }
        if let (Some(id), Some(call)) = (self.request_id(), self.call()) {
            let word = call.protocol.request_id.map_or("request", |(_, word)| word);
            write!(f, " [{word} ")?;
            OneLine::new(f, 100).write_str(id)?;
            f.write_str("]")?;
        }
        match self.attempts() {
            0 | 1 => Ok(()),
            attempts => write!(f, " [{attempts} attempts]"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return write!(f, "{self}");
        }
        match self {
            Self::Config(error) => fmt::Debug::fmt(error, f),
            Self::Request(error) => fmt::Debug::fmt(error, f),
            Self::Transport(error) => fmt::Debug::fmt(error, f),
            Self::Api(error) => fmt::Debug::fmt(error, f),
            Self::Decode(error) => fmt::Debug::fmt(error, f),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // What each kind says is in the text of this error already.
        match self {
            Self::Config(error) => StdError::source(error.as_ref()),
            Self::Request(error) => StdError::source(&error.problem),
            Self::Transport(error) => error.problem.cause(),
            Self::Decode(error) => error.problem.cause(),
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
