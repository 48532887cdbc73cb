//! Why a request, or its response, did not get through.

use std::error::Error as StdError;
use std::time::Duration;

use crate::error::call::{Call, Head};
use crate::text::chain;

/// Why a request, or its response, did not get through.
#[derive(Debug)]
#[non_exhaustive]
pub struct TransportError {
    /// The call.
    pub call: Call,
    /// The head of the response, where there was one.
    pub head: Option<Head>,
    /// Whether the server may have carried out the request. It surely has not
    /// where at no attempt a connection came about, or it refused each.
    pub may_have_been_executed: bool,
    /// What happened.
    pub problem: TransportProblem,
}

/// What happened to a request or its response on the way.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportProblem {
    /// What the HTTP client says.
    #[error("{}", chain(.0))]
    Http(#[source] reqwest::Error),
    /// An attempt, with connecting and the body of its response, took longer than
    /// it may.
    #[error("the attempt took longer than the {} s that it may", .0.as_secs_f32())]
    AttemptTimeout(Duration),
    /// All attempts together took longer than the call may.
    #[error("the call took longer than the {} s that it may", .0.as_secs_f32())]
    Timeout(Duration),
    /// The body is larger than the client takes.
    #[error("the response has more than {0} bytes, which is the limit of this client")]
    TooLarge(u64),
    /// The client's own rate limit would have held the call back for longer than
    /// it may take. Nothing was sent.
    #[error("the rate limit of this client would hold the call back for {} s", .0.as_secs_f32())]
    Throttled(Duration),
    /// What was to be sent cannot be read, such as a file that is not there.
    /// Nothing was sent.
    #[error("the body of the request cannot be read: {}", chain(.0))]
    Body(#[source] std::io::Error),
}

impl TransportProblem {
    /// Whether it may pass by itself.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Http(error) => !(error.is_builder() || error.is_redirect()),
            Self::AttemptTimeout(_) | Self::Timeout(_) | Self::Throttled(_) => true,
            Self::TooLarge(_) | Self::Body(_) => false,
        }
    }

    /// A word for it that stays the same, for traces.
    #[cfg(feature = "tracing")]
    pub(crate) fn kind(&self) -> &'static str {
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
    pub(crate) fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Http(error) => Some(error),
            Self::Body(error) => Some(error),
            _ => None,
        }
    }
}
