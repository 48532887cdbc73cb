//! The caller's own code around each attempt.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;

use crate::error::{Head, TransportError};

/// One sending of a request.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operationId, or the method and path of a request of one's own.
    pub operation: &'a str,
    /// The HTTP method.
    pub method: &'a Method,
    /// The path of the operation, with its arguments in braces.
    pub template: &'a str,
    /// The URL, without its query.
    pub url: &'a str,
    /// 1 for the first attempt of the call, 2 for its first retry.
    pub number: u32,
}

/// Runs before and after each attempt, such as to log, to count, or to add a
/// header of the moment. It runs within the call, so it should be quick.
pub trait Hook: Send + Sync {
    /// Runs before an attempt. `headers` are those that will be sent, without
    /// the credentials, which are added unless a header of that name is there.
    fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        let _ = (attempt, headers);
    }

    /// Runs when an attempt has ended: with a response, whatever its status, or
    /// without a whole one. `elapsed` is how long it took. It does not run if
    /// the caller drops the call.
    fn after(
        &self,
        attempt: &Attempt<'_>,
        outcome: Result<&Head, &TransportError>,
        elapsed: Duration,
    ) {
        let _ = (attempt, outcome, elapsed);
    }
}
