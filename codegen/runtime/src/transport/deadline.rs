//! When an attempt has to be over.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::TransportProblem;
use crate::retry::repeat::Progress;
use crate::transport::options::Limits;

/// No attempt takes longer, whatever was asked for: a clock has an end.
pub(crate) const LONGEST: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// When an attempt has to be over, by its own limit or by the call's.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    at: Instant,
    start: Instant,
    timeout: Duration,
    total_timeout: Duration,
}

impl Deadline {
    pub fn new(progress: Progress, limits: &Limits) -> Self {
        let total_timeout = limits.retry.total_timeout;
        let before = progress.begun - progress.start;
        let left = total_timeout.saturating_sub(before);
        Self {
            at: progress.begun + limits.timeout.min(left).min(LONGEST),
            start: progress.start,
            timeout: limits.timeout,
            total_timeout,
        }
    }

    /// Runs an attempt, or a part of it, until it has to be over.
    pub async fn keep<T>(
        self,
        attempt: Pin<&mut impl Future<Output = Result<T, TransportProblem>>>,
    ) -> Result<T, TransportProblem> {
        match tokio::time::timeout_at(self.at, attempt).await {
            // Of two timers for one moment, either may be first.
            Ok(Err(TransportProblem::Http(error)))
                if error.is_timeout() && !error.is_connect() && Instant::now() >= self.at =>
            {
                Err(self.exceeded())
            }
            Ok(result) => result,
            Err(_) => Err(self.exceeded()),
        }
    }

    /// Why the attempt has to be over now.
    fn exceeded(&self) -> TransportProblem {
        let left = self.total_timeout.saturating_sub(self.start.elapsed());
        match left.is_zero() {
            true => TransportProblem::Timeout(self.total_timeout),
            false => TransportProblem::AttemptTimeout(self.timeout),
        }
    }
}
