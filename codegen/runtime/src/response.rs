//! What a successful call gives: the result, and all around it.

use std::ops::{Deref, DerefMut};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::message::{Message, Messages, PageInfo};
use super::problem::{Call, Head};
use super::rate_limit::{self, RateLimit};

/// The result of a call, with what the server said around it. Derefs to the
/// result.
#[derive(Debug, Clone)]
pub struct Response<T> {
    pub(super) result: T,
    /// Boxed, since an answer passes through many hands.
    pub(super) around: Box<Around>,
}

/// All that is known of an answer besides its result.
#[derive(Debug, Clone, Default)]
pub(super) struct Around {
    pub call: Call,
    pub head: Head,
    pub messages: Messages,
    pub page_info: Option<Box<PageInfo>>,
}

impl<T> Response<T> {
    /// The result alone.
    pub fn into_inner(self) -> T {
        self.result
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.around.head.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.around.head.headers.0
    }

    /// Cloudflare's identifier of the request, which its support asks for.
    pub fn ray_id(&self) -> Option<&str> {
        self.around.head.ray_id()
    }

    /// What the server remarked beside the result.
    pub fn messages(&self) -> &[Message] {
        self.around.messages.read()
    }

    /// Where this page stands in the whole list, if the server said so.
    pub fn page_info(&self) -> Option<&PageInfo> {
        self.around.page_info.as_deref()
    }

    /// The server's rate limit of which the least is left, as it stood with this
    /// answer.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        rate_limit::tightest(&self.around.head.headers.0)
    }

    /// Every rate limit of the server that this answer names.
    pub fn rate_limits(&self) -> Vec<RateLimit> {
        rate_limit::rate_limits(&self.around.head.headers.0)
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.around.call.attempts
    }
}

impl<T> Response<T> {
    /// The same answer with the result that `change` makes of this one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            result: change(self.result),
            around: self.around,
        }
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
