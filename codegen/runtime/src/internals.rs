//! What is private to the runtime, for the fuzz target and for benchmarks. No
//! emitted client has it.

pub mod property;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::answer::Answer;
use super::decode;
use super::error::Error;
use super::problem::{Call, Head, Headers};
use super::response::Response;

/// An answer as it arrives from the network.
fn answer(call: Call, status: StatusCode, headers: HeaderMap, body: Bytes) -> Answer {
    let headers = Headers(headers);
    let head = Head { status, headers };
    Answer::new(call, head, body)
}

/// A success that has arrived and is not read yet.
pub struct Arrived(Answer);

impl Arrived {
    /// A success with this body.
    pub fn new(body: Bytes) -> Self {
        let headers = HeaderMap::new();
        Self(answer(Call::default(), StatusCode::OK, headers, body))
    }

    /// Reads it as an operation does whose answers come in the envelope.
    ///
    /// # Errors
    ///
    /// Those of decoding.
    pub fn enveloped<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        decode::enveloped(self.0, || None)
    }
}
