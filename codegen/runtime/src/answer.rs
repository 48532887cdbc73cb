//! An answer that has arrived, and the reading of its body.

use bytes::{Bytes, BytesMut};

use super::problem::{Call, Head, TransportProblem};
use super::response::{Around, Response};

/// An answer that has arrived whole.
pub(super) struct Answer {
    pub around: Box<Around>,
    pub body: Bytes,
}

impl Answer {
    pub fn new(call: Call, head: Head, body: Bytes) -> Self {
        let around = Around {
            call,
            head,
            ..Around::default()
        };
        Self {
            around: Box::new(around),
            body,
        }
    }

    /// The response with this result.
    pub fn with<T>(self, result: T) -> Response<T> {
        Response {
            result,
            around: self.around,
        }
    }
}

/// Reads a body of at most `limit` bytes. What it holds in memory is bounded by
/// that, whatever `Content-Length` says.
pub(super) async fn read_body(
    mut response: reqwest::Response,
    limit: u64,
) -> Result<Bytes, TransportProblem> {
    let too_large = TransportProblem::TooLarge(limit);
    let announced = response.content_length();
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large);
    }
    // Most bodies come in one piece, which need not be copied.
    let mut first = Bytes::new();
    let mut body = BytesMut::new();
    loop {
        let chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) if body.is_empty() => return Ok(first),
            Ok(None) => return Ok(body.freeze()),
            Err(error) => return Err(TransportProblem::Http(error.without_url())),
        };
        let so_far = first.len().max(body.len());
        let length = so_far.saturating_add(chunk.len()) as u64;
        if length > limit {
            return Err(too_large);
        }
        // To ask whether more comes would be to wait for the connection's task.
        let is_whole = announced == Some(length);
        if so_far == 0 {
            if is_whole {
                return Ok(chunk);
            }
            first = chunk;
            continue;
        }
        if body.is_empty() {
            body.extend_from_slice(&std::mem::take(&mut first));
        }
        body.extend_from_slice(&chunk);
        if is_whole {
            return Ok(body.freeze());
        }
    }
}
