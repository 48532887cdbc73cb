//! Bodies that are made for each attempt.

use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use reqwest::RequestBuilder;

/// A request that is being given its body.
pub(super) type Attaching<'a> =
    Pin<Box<dyn Future<Output = io::Result<RequestBuilder>> + Send + 'a>>;

/// Where the body of an attempt comes from.
pub(super) trait Source: Send + Sync {
    /// Gives `request` the body, and headers that describe it.
    fn attach(&self, request: RequestBuilder) -> Attaching<'_>;

    /// Whether there can be a second attempt with the same body.
    fn is_repeatable(&self) -> bool;
}

/// What can be sent only once.
pub(super) struct Once(Mutex<Option<reqwest::Body>>);

impl Once {
    pub fn new(body: impl Into<reqwest::Body>) -> Self {
        Self(Mutex::new(Some(body.into())))
    }

    /// The body, the first time.
    pub fn take(&self) -> io::Result<reqwest::Body> {
        let body = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        body.ok_or_else(|| io::Error::other("it was sent before, and cannot be again"))
    }
}

impl Source for Once {
    fn attach(&self, request: RequestBuilder) -> Attaching<'_> {
        Box::pin(async { Ok(request.body(self.take()?)) })
    }

    fn is_repeatable(&self) -> bool {
        false
    }
}
