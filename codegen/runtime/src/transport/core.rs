//! What all calls of a client share.

use std::fmt;
use std::sync::Arc;

use crate::protocol::Protocol;
use crate::transport::credentials::Credentials;
use crate::transport::hook::Hook;
use crate::transport::limiter::RateLimiter;
use crate::transport::options::{CallOptions, Limits};
use crate::transport::servers::Servers;

/// A client of any API. A clone shares the connections and the rate limit of its
/// original, and costs next to nothing.
#[derive(Clone)]
pub struct Core {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub http: reqwest::Client,
    pub servers: Servers,
    pub protocol: &'static Protocol,
    pub credentials: Credentials,
    pub limits: Limits,
    pub limiter: Option<RateLimiter>,
    pub hooks: Vec<Arc<dyn Hook>>,
    /// The headers and parameters of every call.
    pub always: CallOptions,
}

impl Core {
    pub(crate) fn made(inner: Inner) -> Self {
        Self {
            inner: Arc::new(inner),
        }
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("base_url", &self.inner.servers.base_url.as_str())
            .field("limits", &self.inner.limits)
            .finish_non_exhaustive()
    }
}
