//! What is private to the runtime, for the fuzz target and for benchmarks. No client
//! has it.

pub mod property;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::error::{Call, Error, Head, Headers};
use crate::protocol::{Codes, EnvelopeKeys, ErrorPage, Protocol};
use crate::response::arrival::Arrival;
use crate::response::decode;
use crate::response::outcome::Response;

/// An API with an envelope.
static PROTOCOL: Protocol = Protocol::new("https://api.example.com")
    .envelope(EnvelopeKeys {
        success: "success",
        errors: "errors",
        messages: "messages",
        result: "result",
        result_info: "result_info",
    })
    .request_id("request-id", "request")
    .transient_statuses(&[500, 502, 503, 520, 530])
    .codes(Codes::new().authentication(&[10000]).rate_limited(&[971]))
    .error_page(
        ErrorPage::new()
            .code_member("error_code")
            .retry_after_member("retry_after")
            .code_in_text(),
    );

/// A response as it arrives from the network.
fn arrival(call: Call, status: StatusCode, headers: HeaderMap, body: Bytes) -> Arrival {
    let call = Call {
        protocol: &PROTOCOL,
        ..call
    };
    let head = Head {
        status,
        headers: Headers(headers),
        request_id: PROTOCOL.request_id_header(),
    };
    Arrival::new(call, head, body)
}

/// A success that has arrived and is not read yet.
pub struct Arrived(Arrival);

impl Arrived {
    /// A success with this body.
    pub fn new(body: Bytes) -> Self {
        let headers = HeaderMap::new();
        Self(arrival(Call::default(), StatusCode::OK, headers, body))
    }

    /// Reads it as an operation does whose results come in the envelope.
    ///
    /// # Errors
    ///
    /// Those of decoding.
    pub fn enveloped<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        decode::enveloped(self.0, || None)
    }
}
