//! Sends a request as often as it takes.

use crate::error::{Call, Error, TransportProblem};
use crate::response::arrival::Arrival;
use crate::response::outcome::ResponseMeta;
use crate::retry::clock::Real;
use crate::retry::repeat::{Progress, repeat};
use crate::transport::prepared::Prepared;
use crate::transport::trace::Trace;

impl Prepared {
    /// Sends, repeats where that is safe, and reads the whole body.
    pub async fn send(&self) -> Result<Arrival, Error> {
        let trace = self.trace();
        let sending = repeat(
            &self.limits.retry,
            &Real,
            |progress| self.turn(progress),
            |progress| self.attempt_whole(progress, &trace),
            |wait| trace.waits(wait),
        );
        let result = trace.run(sending).await;
        let response = result.as_ref().map(|arrival| {
            let ResponseMeta { call, head, .. } = arrival.meta.as_ref();
            (call.attempts, head.status, head.request_id())
        });
        trace.finishes(response);
        result
    }

    /// Sends, repeats where that is safe, and leaves the body unread.
    pub async fn send_raw(&self) -> Result<reqwest::Response, Error> {
        let trace = self.trace();
        let sending = repeat(
            &self.limits.retry,
            &Real,
            |progress| self.turn(progress),
            |progress| self.attempt_head(progress, &trace),
            |wait| trace.waits(wait),
        );
        let result = trace.run(sending).await;
        let header = self.core.inner().protocol.request_id_header();
        let response = result.as_ref().map(|response| {
            let call = response.extensions().get::<Call>();
            let id = response.headers().get(header);
            let id = id.and_then(|id| id.to_str().ok());
            (call.map_or(0, |call| call.attempts), response.status(), id)
        });
        trace.finishes(response);
        result
    }

    fn trace(&self) -> Trace {
        Trace::new(&self.operation, &self.method, &self.template, &self.url)
    }

    /// Waits until the client's own rate limit lets the next attempt through.
    async fn turn(&self, progress: Progress) -> Result<(), Error> {
        let Some(limiter) = &self.core.inner().limiter else {
            return Ok(());
        };
        let total = self.limits.retry.total_timeout;
        let left = total.saturating_sub(progress.start.elapsed());
        limiter.pass(left).await.map_err(|wait| {
            let problem = TransportProblem::Throttled(wait);
            Error::Transport(self.failure(progress, None, problem))
        })
    }
}
