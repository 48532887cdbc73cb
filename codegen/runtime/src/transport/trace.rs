//! A span for each call, with the names of OpenTelemetry's semantic conventions for
//! HTTP clients, and an event for each attempt. Without the feature `tracing`,
//! nothing.

use std::time::Duration;

use reqwest::{Method, StatusCode, Url};

use crate::error::{Error, Head, TransportError};

/// The span of a call.
pub(crate) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

/// The number of attempts, the status, and the server's identifier of the request.
type Received<'a> = (u32, StatusCode, Option<&'a str>);

#[cfg(feature = "tracing")]
impl Trace {
    pub fn new(operation: &str, method: &Method, template: &str, url: &Url) -> Self {
        use tracing::field::Empty;

        let span = tracing::info_span!(
            "call",
            "otel.name" = format_args!("{method} {template}"),
            "otel.kind" = "client",
            "operation" = %operation,
            "http.request.method" = method.as_str(),
            "url.template" = %template,
            "server.address" = url.host_str(),
            "server.port" = url.port_or_known_default(),
            "http.response.status_code" = Empty,
            "http.request.resend_count" = Empty,
            "request_id" = Empty,
            "error.type" = Empty,
        );
        Self { span }
    }

    /// Runs a call within its span. It is not an `async fn`, whose future would hold
    /// the call twice.
    pub fn run<F: Future>(&self, call: F) -> impl Future<Output = F::Output> {
        tracing::Instrument::instrument(call, self.span.clone())
    }

    /// Notes what attempt `number` came to.
    pub fn ends(&self, number: u32, outcome: Result<&Head, &TransportError>) {
        let head = match outcome {
            Ok(head) => Some(head),
            Err(error) => error.head.as_ref(),
        };
        tracing::debug!(
            parent: &self.span,
            attempt = number,
            status = head.map(|head| head.status.as_u16()),
            request_id = head.and_then(Head::request_id),
            error = outcome.err().map(|error| error.problem.kind()),
            "the attempt ended"
        );
    }

    /// Notes that another attempt follows after `wait`.
    pub fn waits(&self, wait: Duration) {
        let wait = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(parent: &self.span, wait_ms = wait, "the attempt is repeated");
    }

    /// Notes what the whole call came to.
    pub fn finishes(&self, outcome: Result<Received<'_>, &Error>) {
        let (attempts, status, id) = match outcome {
            Ok((attempts, status, id)) => (attempts, Some(status), id),
            Err(error) => (error.attempts(), error.status(), error.request_id()),
        };
        if let Some(resent @ 1..) = attempts.checked_sub(1) {
            self.span.record("http.request.resend_count", resent);
        }
        if let Some(id) = id {
            self.span.record("request_id", id);
        }
        if let Some(status) = status {
            let number = status.as_u16();
            self.span.record("http.response.status_code", number);
        }
        let refused = status.filter(|status| status.as_u16() >= 400);
        match (outcome, refused) {
            (Err(Error::Transport(error)), _) => {
                self.span.record("error.type", error.problem.kind());
            }
            (_, Some(status)) => {
                self.span.record("error.type", status.as_str());
            }
            _ => {}
        }
    }
}

#[cfg(not(feature = "tracing"))]
impl Trace {
    pub fn new(_operation: &str, _method: &Method, _template: &str, _url: &Url) -> Self {
        Self {}
    }

    pub fn run<F: Future>(&self, call: F) -> impl Future<Output = F::Output> {
        call
    }

    pub fn ends(&self, _number: u32, _outcome: Result<&Head, &TransportError>) {}

    pub fn waits(&self, _wait: Duration) {}

    pub fn finishes(&self, _outcome: Result<Received<'_>, &Error>) {}
}
