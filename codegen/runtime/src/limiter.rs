//! The client's own rate limit, which keeps it below the server's.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Lets no more than `requests` pass in any span of `window`. It remembers the
/// time of each, because a bucket that refills lets through twice as many in the
/// worst span, and the server blocks the caller for that.
pub(super) struct Limiter {
    requests: usize,
    window: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When the latest requests passed, or will; the oldest first.
    passed: VecDeque<Instant>,
    /// The server asked for silence until then.
    closed_until: Option<Instant>,
}

impl Limiter {
    /// A `requests` of 0 counts as 1.
    pub fn new(requests: u32, window: Duration) -> Self {
        Self {
            requests: usize::try_from(requests.max(1)).unwrap_or(usize::MAX),
            window,
            state: Mutex::default(),
        }
    }

    /// Takes the next free place, and says when that is. If it is more than
    /// `patience` away, none is taken, and the wait is the error.
    pub fn reserve(&self, patience: Duration) -> Result<Instant, Duration> {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = |passed: &Instant| passed.checked_add(self.window);
        while state
            .passed
            .front()
            .and_then(ends)
            .is_some_and(|end| end <= now)
        {
            state.passed.pop_front();
        }
        let full = state.passed.len() >= self.requests;
        let free = match state.passed.front() {
            // A window beyond the end of time does not end.
            Some(oldest) if full => Some(ends(oldest).ok_or(self.window)?),
            _ => None,
        };
        let at = [free, state.closed_until]
            .into_iter()
            .flatten()
            .fold(now, Instant::max);
        let wait = at - now;
        if wait >= patience && !wait.is_zero() {
            return Err(wait);
        }
        if full {
            state.passed.pop_front();
        }
        state.passed.push_back(at);
        Ok(at)
    }

    /// Lets nothing pass for `wait`, as the server asked.
    pub fn close_for(&self, wait: Duration) {
        let Some(until) = Instant::now().checked_add(wait) else {
            return;
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.closed_until = state.closed_until.max(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn no_span_of_the_window_has_more_requests_than_allowed() {
        let limiter = Limiter::new(5, SECOND);
        let mut times = Vec::new();
        for index in 0..40 {
            times.push(limiter.reserve(Duration::MAX).unwrap());
            tokio::time::advance(Duration::from_millis(index * 7 % 60)).await;
        }
        for six in times.windows(6) {
            assert!(six[5] - six[0] >= SECOND);
        }
        // And no slower than that: 40 requests are seven full windows.
        assert!(times[39] - times[0] < 8 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn who_cannot_wait_takes_no_place() {
        let limiter = Limiter::new(1, SECOND);
        assert!(limiter.reserve(Duration::ZERO).is_ok());
        for _ in 0..10 {
            assert_eq!(limiter.reserve(SECOND / 2), Err(SECOND));
        }
        assert!(limiter.reserve(2 * SECOND).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_over_is_forgotten() {
        let limiter = Limiter::new(1_000_000, SECOND);
        for _ in 0..1000 {
            limiter.reserve(SECOND).unwrap();
            tokio::time::advance(SECOND / 2).await;
        }
        assert!(limiter.state.lock().unwrap().passed.len() <= 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_without_end_lets_nothing_more_through() {
        let limiter = Limiter::new(0, Duration::MAX);
        assert!(limiter.reserve(SECOND).is_ok());
        assert_eq!(limiter.reserve(SECOND), Err(Duration::MAX));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_s_wish_for_silence_is_kept() {
        let limiter = Limiter::new(9, SECOND);
        limiter.close_for(3 * SECOND);
        limiter.close_for(SECOND);
        assert_eq!(
            limiter.reserve(Duration::MAX),
            Ok(Instant::now() + 3 * SECOND)
        );
    }
}
