//! A span for each call, with the names of OpenTelemetry's semantic conventions
//! for HTTP clients. Without the feature `tracing`, nothing.

use std::time::Duration;

use super::problem::{Head, TransportError};
use super::send::Prepared;

/// The span of a call.
pub(super) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
impl Trace {
    pub fn new(call: &Prepared) -> Self {
        use tracing::field::Empty;

        let span = tracing::info_span!(
            "call",
            "otel.name" = format_args!("{} {}", call.draft.method, call.draft.path),
            "otel.kind" = "client",
            "operation" = %call.draft.operation,
            "http.request.method" = call.draft.method.as_str(),
            "url.template" = %call.draft.path,
            "server.address" = call.url.host_str(),
            "server.port" = call.url.port_or_known_default(),
            "http.response.status_code" = Empty,
            "http.request.resend_count" = Empty,
            "http.response.header.cf-ray" = Empty,
            "error.type" = Empty,
        );
        Self { span }
    }

    /// Runs a call within its span. It is no `async fn`, whose future would hold
    /// the call twice.
    pub fn run<F: Future>(&self, call: F) -> impl Future<Output = F::Output> {
        tracing::Instrument::instrument(call, self.span.clone())
    }

    /// Notes that attempt `number` begins.
    pub fn begins(&self, number: u32) {
        if number > 1 {
            self.span.record("http.request.resend_count", number - 1);
        }
    }

    /// Notes what an attempt came to.
    pub fn ends(&self, outcome: Result<&Head, &TransportError>) {
        let head = match outcome {
            Ok(head) => Some(head),
            Err(error) => error.head.as_ref(),
        };
        if let Some(head) = head {
            let status = head.status.as_u16();
            self.span.record("http.response.status_code", status);
            if let Some(ray) = head.ray_id() {
                self.span.record("http.response.header.cf-ray", ray);
            }
            if status >= 400 {
                self.span.record("error.type", head.status.as_str());
            }
        }
        if let Err(error) = outcome {
            self.span.record("error.type", error.problem.kind());
        }
    }

    /// Notes that another attempt follows after `wait`.
    pub fn waits(&self, wait: Duration) {
        let wait = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(parent: &self.span, wait_ms = wait, "the attempt failed and is repeated");
    }
}

#[cfg(not(feature = "tracing"))]
impl Trace {
    pub fn new(_call: &Prepared) -> Self {
        Self {}
    }

    pub fn run<F: Future>(&self, call: F) -> impl Future<Output = F::Output> {
        call
    }

    pub fn begins(&self, _number: u32) {}

    pub fn ends(&self, _outcome: Result<&Head, &TransportError>) {}

    pub fn waits(&self, _wait: Duration) {}
}
