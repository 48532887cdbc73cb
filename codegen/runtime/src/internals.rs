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
fn answer(status: StatusCode, headers: HeaderMap, body: Bytes) -> Answer {
    let headers = Headers(headers);
    Answer {
        call: Call {
            operation: "get-things".to_owned(),
            attempts: 1,
            ..Call::default()
        },
        head: Head { status, headers },
        body,
    }
}

/// Reads the body of a success as an operation does whose answers come in the
/// envelope.
///
/// # Errors
///
/// Those of decoding.
pub fn enveloped<T: DeserializeOwned>(body: Bytes) -> Result<Response<T>, Error> {
    decode::enveloped(answer(StatusCode::OK, HeaderMap::new(), body), || None)
}
