//! Choices about one call.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::retry::policy::Policy;

/// The limits of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Of one attempt.
    pub timeout: Duration,
    /// Whether that was chosen. It then wins over the HTTP client's own.
    pub is_timeout_chosen: bool,
    /// Of all attempts and the waits between them.
    pub retry: Policy,
    /// In bytes.
    pub max_body: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            is_timeout_chosen: false,
            retry: Policy {
                max_retries: 3,
                total_timeout: Duration::from_secs(60),
                first_wait: Duration::from_millis(500),
                longest_wait: Duration::from_secs(8),
            },
            max_body: 64 * 1024 * 1024,
        }
    }
}

/// Choices about one call, which win over the client's.
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    timeout: Option<Duration>,
    total_timeout: Option<Duration>,
    max_retries: Option<u32>,
    backoff: Option<(Duration, Duration)>,
    max_body: Option<u64>,
    pub(crate) idempotent: Option<bool>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) members: Vec<(String, Value)>,
}

impl CallOptions {
    /// No choices.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long one attempt may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long all attempts, and the waits between them, may take.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = Some(timeout);
        self
    }

    /// How often a failed attempt is repeated; 0 for never.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// The longest wait before the first retry, which doubles with each further
    /// one, and the longest before any. The wait is a random part of it, unless
    /// the server asks for another.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.backoff = Some((first, longest));
        self
    }

    /// The largest body that the response may have, in bytes.
    pub fn max_body(mut self, bytes: u64) -> Self {
        self.max_body = Some(bytes);
        self
    }

    /// Whether the call does no harm when it is carried out twice.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = Some(idempotent);
        self
    }

    /// One more header. It wins over the client's own of that name, be it the
    /// credentials.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// One more query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// One more member of the JSON object that is sent, such as one that the
    /// document does not know. It wins over a member of that name; without a body,
    /// it is the body.
    pub fn member(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.members.push((name.into(), value.into()));
        self
    }

    /// The limits of the call, given those of its client.
    pub(crate) fn limits(&self, client: Limits) -> Limits {
        let (first_wait, longest_wait) = self
            .backoff
            .unwrap_or((client.retry.first_wait, client.retry.longest_wait));
        Limits {
            timeout: self.timeout.unwrap_or(client.timeout),
            is_timeout_chosen: client.is_timeout_chosen || self.timeout.is_some(),
            retry: Policy {
                max_retries: self.max_retries.unwrap_or(client.retry.max_retries),
                total_timeout: self.total_timeout.unwrap_or(client.retry.total_timeout),
                first_wait,
                longest_wait,
            },
            max_body: self.max_body.unwrap_or(client.max_body),
        }
    }
}

/// Values of headers, parameters and members may be secrets, and are not printed.
impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn names<T>(pairs: &[(String, T)]) -> Vec<&str> {
            pairs.iter().map(|(name, _)| name.as_str()).collect()
        }
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("total_timeout", &self.total_timeout)
            .field("max_retries", &self.max_retries)
            .field("backoff", &self.backoff)
            .field("max_body", &self.max_body)
            .field("idempotent", &self.idempotent)
            .field("headers", &names(&self.headers))
            .field("query", &names(&self.query))
            .field("members", &names(&self.members))
            .finish()
    }
}
