//! Bodies that are made for each attempt.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use reqwest::RequestBuilder;

/// A request that is being given its body.
pub(crate) type Attaching<'a> =
    Pin<Box<dyn Future<Output = io::Result<RequestBuilder>> + Send + 'a>>;

/// What is sent along. A clone shares what can be sent only once.
#[derive(Clone)]
pub(crate) enum Body {
    Bytes(Bytes),
    Made(Arc<dyn Source>),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Made(_) => f.write_str("…"),
        }
    }
}

/// Where the body of an attempt comes from.
pub(crate) trait Source: Send + Sync {
    /// Gives `request` the body, and headers that describe it.
    fn attach(&self, request: RequestBuilder) -> Attaching<'_>;

    /// Whether there can be a second attempt with the same body.
    fn is_repeatable(&self) -> bool;

    /// Takes hold of the body for one call. False for one that can be sent only once
    /// and is taken.
    fn claim(&self) -> bool;
}

/// What can be sent only once, by one of its clones.
#[derive(Clone)]
pub(crate) struct Once(Arc<Taken>);

struct Taken {
    body: Mutex<Option<reqwest::Body>>,
    is_claimed: AtomicBool,
}

impl Once {
    pub fn new(body: impl Into<reqwest::Body>) -> Self {
        Self(Arc::new(Taken {
            body: Mutex::new(Some(body.into())),
            is_claimed: AtomicBool::new(false),
        }))
    }

    /// The body, the first time.
    pub fn take(&self) -> io::Result<reqwest::Body> {
        let mut body = self.0.body.lock().unwrap_or_else(PoisonError::into_inner);
        let body = body.take();
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

    fn claim(&self) -> bool {
        !self.0.is_claimed.swap(true, Ordering::Relaxed)
    }
}
