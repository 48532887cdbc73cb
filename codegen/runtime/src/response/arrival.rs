//! A response that has arrived, and the reading of its body.

use bytes::{Bytes, BytesMut};

use crate::error::{Call, Head, TransportProblem};
use crate::protocol::Protocol;
use crate::response::outcome::{Response, ResponseMeta};

/// A response that has arrived whole.
pub(crate) struct Arrival {
    pub meta: Box<ResponseMeta>,
    pub body: Bytes,
}

impl Arrival {
    pub fn new(call: Call, head: Head, body: Bytes) -> Self {
        let meta = ResponseMeta {
            call,
            head,
            ..ResponseMeta::default()
        };
        Self {
            meta: Box::new(meta),
            body,
        }
    }

    pub fn protocol(&self) -> &'static Protocol {
        self.meta.call.protocol
    }

    /// The body without the byte order mark that some servers put first.
    pub fn json(&self) -> &[u8] {
        self.body
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(&self.body)
    }

    /// The response with this result.
    pub fn with<T>(self, result: T) -> Response<T> {
        Response {
            result,
            meta: self.meta,
        }
    }
}

/// Reads a body of at most `limit` bytes. What it holds in memory is bounded by
/// that, whatever `Content-Length` says.
pub(crate) async fn read_body(
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
