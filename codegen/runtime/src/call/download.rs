//! Responses that are read as they come.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use crate::call::request::Request;
use crate::error::{Call, Error, Head, Headers, TransportError, TransportProblem};
use crate::response::arrival::{Arrival, read_body};
use crate::response::decode;
use crate::response::outcome::Response;

/// The body of a response: a stream of its bytes, as they come.
///
/// It ends after an error. All of it must arrive in the time that one attempt may
/// take, and its size has no limit.
pub struct Download {
    chunks: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    pub(crate) call: Call,
    pub(crate) head: Head,
    is_over: bool,
}

impl Download {
    /// The next bytes; `None` once all of them have come.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        self.chunks.as_mut().poll_next(cx).map(|next| {
            let chunk = next.inspect(|chunk| self.is_over = chunk.is_err());
            chunk.map(|chunk| {
                chunk.map_err(|error| {
                    let problem = TransportProblem::Http(error.without_url());
                    lost(self.call.clone(), self.head.clone(), problem)
                })
            })
        })
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("call", &self.call)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// Sends, and gives the body as it comes, without holding all of it in memory.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Config`; the stream yields one if the rest is lost.
    pub async fn send_stream(self) -> Result<Response<Download>, Error> {
        let (response, _) = self.accepting_any().send_download().await?;
        Ok(response)
    }

    /// With the largest body that the call takes.
    pub(crate) async fn send_download(self) -> Result<(Response<Download>, u64), Error> {
        let prepared = self.prepare()?;
        let limit = prepared.limits.max_body;
        let mut response = prepared.send_raw().await?;
        let call = response
            .extensions_mut()
            .remove::<Call>()
            .unwrap_or_default();
        let head = Head {
            status: response.status(),
            headers: Headers(response.headers().clone()),
            request_id: call.protocol.request_id_header(),
        };
        if !head.status.is_success() {
            return Err(match read_body(response, limit).await {
                Ok(body) => decode::refusal(Arrival::new(call, head, body)),
                Err(problem) => lost(call, head, problem),
            });
        }
        let download = Download {
            chunks: Box::pin(response.bytes_stream()),
            call: call.clone(),
            head: head.clone(),
            is_over: false,
        };
        let response = Arrival::new(call, head, Bytes::new()).with(download);
        Ok((response, limit))
    }
}

/// The error for a response of which only the head has come.
pub(crate) fn lost(call: Call, head: Head, problem: TransportProblem) -> Error {
    Error::Transport(Box::new(TransportError {
        may_have_been_executed: !head.status.is_client_error() || call.executed_before,
        head: Some(head),
        call,
        problem,
    }))
}
