//! What a successful call gives: the result, and what is known of the exchange.

use std::ops::{Deref, DerefMut};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::error::{Call, Head};
use crate::wire::message::{Message, Messages};
use crate::wire::page_info::PageInfo;
use crate::wire::rate_limit::{self, RateLimit};

/// The result of a call, to which it derefs. What the server said beside it is in
/// [`meta`](Self::meta).
#[derive(Debug, Clone)]
pub struct Response<T> {
    pub(crate) result: T,
    /// Boxed, since a response passes through many hands.
    pub(crate) meta: Box<ResponseMeta>,
}

/// What is known of a response besides its result.
#[derive(Debug, Clone, Default)]
pub struct ResponseMeta {
    pub(crate) call: Call,
    pub(crate) head: Head,
    pub(crate) messages: Messages,
    pub(crate) page_info: Option<Box<PageInfo>>,
}

impl<T> Response<T> {
    /// The result alone.
    pub fn into_inner(self) -> T {
        self.result
    }

    /// The HTTP exchange, and what the server said beside the result.
    pub fn meta(&self) -> &ResponseMeta {
        &self.meta
    }

    /// The same response with the result that `change` makes of this one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            result: change(self.result),
            meta: self.meta,
        }
    }
}

impl ResponseMeta {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers.0
    }

    /// The server's identifier of the request, which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.head.request_id()
    }

    /// How often the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.call.attempts
    }

    /// The server's rate limit of which the least is left, as it stood with this
    /// response.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        rate_limit::tightest(&self.head.headers.0)
    }

    /// Every rate limit of the server that this response names.
    #[must_use]
    pub fn rate_limits(&self) -> Vec<RateLimit> {
        rate_limit::rate_limits(&self.head.headers.0)
    }

    /// What the server remarked beside the result.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        self.messages.read()
    }

    /// Where this page stands in the whole list, if the server said so.
    #[must_use]
    pub fn page_info(&self) -> Option<&PageInfo> {
        self.page_info.as_deref()
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.result
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.result
    }
}
