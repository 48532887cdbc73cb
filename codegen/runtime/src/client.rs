//! The client.

use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderMap;
use reqwest::{Method, Url};
use secrecy::SecretString;

use super::builder::ClientBuilder;
use super::error::Error;
use super::hook::Hook;
use super::limiter::Limiter;
use super::options::{CallOptions, Limits};
use super::request::Request;

/// Calls the API. A clone shares the connections and the rate limit of its
/// original, and costs next to nothing.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub http: reqwest::Client,
    pub base_url: Url,
    /// Sensitive, and wiped when dropped.
    pub credentials: HeaderMap,
    pub limits: Limits,
    pub limiter: Option<Limiter>,
    pub hooks: Vec<Arc<dyn Hook>>,
    /// The headers and parameters of every call.
    pub always: CallOptions,
}

impl Client {
    /// A client that authenticates with an API token.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the token cannot be sent as a header.
    pub fn new(token: impl Into<SecretString>) -> Result<Self, Error> {
        Self::builder().token(token).build()
    }

    /// A client that takes its credentials from the environment: a token in
    /// `CLOUDFLARE_API_TOKEN`, or else `CLOUDFLARE_EMAIL` and
    /// `CLOUDFLARE_API_KEY`, or else a user service key in
    /// `CLOUDFLARE_API_USER_SERVICE_KEY`. `CLOUDFLARE_BASE_URL` is optional.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if none is set, or one cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().read_env()?.build()
    }

    /// A client with choices.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A request to an endpoint that this client has no method for, with the
    /// same authentication, retries and errors. `path` is below the base URL.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        Request::custom(self, method, path.into())
    }

    pub(super) fn made(inner: Inner) -> Self {
        Self {
            inner: Arc::new(inner),
        }
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.inner
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.inner.base_url.as_str())
            .field("limits", &self.inner.limits)
            .finish_non_exhaustive()
    }
}
