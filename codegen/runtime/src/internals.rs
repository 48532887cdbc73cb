//! What is private to the runtime, for the fuzz target and for benchmarks. No
//! emitted client has it.

pub mod property;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::decode;
use super::error::Error;
use super::problem::{Call, Head, Headers};
use super::response::Response;
use super::send::Answer;

/// An answer as it arrives from the network.
fn answer(call: Call, status: StatusCode, headers: HeaderMap, body: Bytes) -> Answer {
    let headers = Headers(headers);
    let head = Head { status, headers };
    Answer::new(call, head, body)
}

/// Reads the body of a success as an operation does whose answers come in the
/// envelope.
///
/// # Errors
///
/// Those of decoding.
pub fn enveloped<T: DeserializeOwned>(body: Bytes) -> Result<Response<T>, Error> {
    let answer = answer(Call::default(), StatusCode::OK, HeaderMap::new(), body);
    decode::enveloped(answer, || None)
}
