//! Values that come one after the other in the body of a response.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use serde::de::DeserializeOwned;

use crate::call::download::{Download, lost};
use crate::call::request::Request;
use crate::error::{Error, TransportProblem};
use crate::response::arrival::Arrival;
use crate::response::decode;
use crate::response::outcome::Response;
use crate::wire::frames::{Frames, Framing};

/// What ends some streams of events, in place of a value.
const DONE: &[u8] = b"[DONE]";

/// The values of a body, as they come: of events (`text/event-stream`), or of lines
/// (NDJSON).
///
/// It ends after an error. All of it must arrive in the time that one attempt may take
/// (see [`CallOptions::timeout`](crate::CallOptions::timeout)); each value may be as
/// large as a whole response, and the body has no limit.
pub struct Values<T> {
    download: Download,
    frames: Frames,
    /// The largest value.
    limit: u64,
    is_over: bool,
    values: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Values<T> {
    /// The next value; `None` once all of them have come.
    ///
    /// # Errors
    ///
    /// [`Error::Transport`], and [`Error::Decode`] for a value of another shape.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The name of the event that the last value is of; empty where it has none.
    pub fn event(&self) -> &str {
        &self.frames.last.name
    }

    /// The identifier that was sent last, of an event that the last value is of or of
    /// one before it; empty where there was none.
    pub fn last_event_id(&self) -> &str {
        &self.frames.last.id
    }

    fn read(&mut self, text: Vec<u8>) -> Option<Result<T, Error>> {
        if text == DONE {
            self.is_over = true;
            return None;
        }
        let (call, head) = (self.download.call.clone(), self.download.head.clone());
        let arrival = Arrival::new(call, head, Bytes::from(text));
        let value = decode::bare(arrival, || None).map(Response::into_inner);
        self.is_over = value.is_err();
        Some(value)
    }
}

impl<T: DeserializeOwned> Stream for Values<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if this.is_over {
                return Poll::Ready(None);
            }
            if let Some(text) = this.frames.next() {
                return Poll::Ready(this.read(text));
            }
            if this.frames.held() as u64 > this.limit {
                this.is_over = true;
                let (call, head) = (this.download.call.clone(), this.download.head.clone());
                let problem = TransportProblem::TooLarge(this.limit);
                return Poll::Ready(Some(Err(lost(call, head, problem))));
            }
            match ready!(Pin::new(&mut this.download).poll_next(cx)) {
                Some(Ok(bytes)) => this.frames.push(&bytes),
                Some(Err(error)) => {
                    this.is_over = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    let rest = this.frames.rest();
                    let last = rest.and_then(|text| this.read(text));
                    this.is_over = true;
                    return Poll::Ready(last);
                }
            }
        }
    }
}

impl<T> fmt::Debug for Values<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Values")
            .field("download", &self.download)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// Sends, and gives the value of each event (`text/event-stream`) as it comes.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Config`; the stream yields one if the rest is lost, or for a
    /// value of another shape.
    pub async fn send_events<T: DeserializeOwned>(mut self) -> Result<Response<Values<T>>, Error> {
        self.accept_unless_chosen("text/event-stream");
        self.send_values(Framing::Events).await
    }

    /// Sends, and gives the value in each line (NDJSON, JSON Lines) as it comes.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Config`; the stream yields one if the rest is lost, or for a
    /// value of another shape.
    pub async fn send_lines<T: DeserializeOwned>(mut self) -> Result<Response<Values<T>>, Error> {
        self.accept_unless_chosen("application/x-ndjson, application/jsonl");
        self.send_values(Framing::Lines).await
    }

    async fn send_values<T: DeserializeOwned>(
        self,
        framing: Framing,
    ) -> Result<Response<Values<T>>, Error> {
        let (response, limit) = self.send_download().await?;
        Ok(response.map(|download| Values {
            download,
            frames: Frames::new(framing),
            limit,
            is_over: false,
            values: PhantomData,
        }))
    }
}
