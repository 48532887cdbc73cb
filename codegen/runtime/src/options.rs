//! Choices about one call.

use std::time::Duration;

/// Choices about one call, which win over the client's.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct CallOptions {
    pub(super) timeout: Option<Duration>,
    pub(super) total_timeout: Option<Duration>,
    pub(super) max_retries: Option<u32>,
    pub(super) idempotent: Option<bool>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) query: Vec<(String, String)>,
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

    /// Whether the call does no harm when it is carried out twice.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = Some(idempotent);
        self
    }

    /// One more header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// One more query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }
}
