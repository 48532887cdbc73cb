//! Everything that can go wrong with a call, with all that the server said.

use std::fmt::{self, Write};
use std::time::Duration;

use reqwest::StatusCode;

use super::line::OneLine;
use super::message::Message;
use super::problem::{
    AnswerError, AnswerProblem, ApiError, Call, ConfigError, Head, RequestError, TransportError,
    TransportProblem,
};
use super::rate_limit::{self, RateLimit};
use super::retry;

/// How many characters are printed of what happened.
const PRINTED: usize = 1000;

/// Why a call has no result. As large as two pointers; the details are boxed.
///
/// It prints as one line of at most some 1,200 characters, which names the
/// operation, what happened and why, the ray id, and the number of attempts where
/// there were several. [`source`](std::error::Error::source) is the error of
/// another crate behind it, such as `reqwest::Error` or `serde_json::Error`.
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

    /// How often the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.call().map_or(0, |call| call.attempts)
    }

    /// The server's words, where it refused.
    #[must_use]
    pub fn errors(&self) -> &[Message] {
        match self {
            Self::Api(error) => &error.errors,
            _ => &[],
        }
    }

    /// The body of the answer as it came, where there was a whole one.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        match self {
            Self::Api(error) => Some(&error.body),
            Self::Answer(error) => Some(&error.body),
            _ => None,
        }
    }

    /// Cloudflare's identifier of the request, which its support asks for.
    #[must_use]
    pub fn ray_id(&self) -> Option<&str> {
        self.head()?.ray_id()
    }

    /// The server's rate limit of which the least is left, as it stood with the
    /// answer.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        rate_limit::tightest(&self.head()?.headers.0)
    }

    /// Whether the server named `code`: in its errors, at any depth of their
    /// chains, or on a page such as that of 1015.
    #[must_use]
    pub fn has_code(&self, code: i64) -> bool {
        fn named(messages: &[Message], code: i64) -> bool {
            messages
                .iter()
                .any(|message| message.code == code || named(&message.error_chain, code))
        }
        match self {
            Self::Answer(error) => match error.problem {
                AnswerProblem::NotJson {
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
    }

    /// Whether there were too many requests, for the server or for the client's
    /// own limit.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
            || [971, 1015].into_iter().any(|code| self.has_code(code))
            || self.throttled().is_some()
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
    /// answer that says so. A request that is not idempotent should then not be
    /// sent again without a look at what it did.
    #[must_use]
    pub fn may_have_been_executed(&self) -> bool {
        match self {
            Self::Transport(error) => error.may_have_been_executed,
            Self::Config(_) | Self::Request(_) => false,
            Self::Api(_) | Self::Answer(_) => {
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
            Self::Transport(error) => error.problem.is_passing(),
            Self::Api(_) | Self::Answer(_) => {
                self.is_rate_limited() || self.status().is_some_and(retry::is_passing)
            }
        }
    }

    /// How long the server asked to be left alone: by `Retry-After`, an
    /// exhausted `Ratelimit`, or `retry_after` in the body. Of a call that the
    /// client's own limit held back, how long until it may go.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let wish = || retry::wish(&self.head()?.headers.0, self.body().unwrap_or_default());
        self.throttled().or_else(wish)
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
            Self::Answer(error) => {
                let status = error.head.status;
                write!(
                    line,
                    "{}: {status}: {}",
                    error.call.operation, error.problem
                )?;
            }
        }
        if let Some(ray) = self.ray_id() {
            f.write_str(" [ray ")?;
            OneLine::new(f, 100).write_str(ray)?;
            f.write_str("]")?;
        }
        match self.attempts() {
            0 | 1 => Ok(()),
            attempts => write!(f, " [{attempts} attempts]"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // Each kind's own words are in the text of this error already.
        match self {
            Self::Config(error) => std::error::Error::source(error.as_ref()),
            Self::Request(error) => std::error::Error::source(&error.problem),
            Self::Transport(error) => error.problem.cause(),
            Self::Answer(error) => error.problem.cause(),
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
