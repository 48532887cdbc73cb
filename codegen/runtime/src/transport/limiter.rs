//! The client's own rate limit, which keeps it below the server's.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long a server may hold all calls back at most, whatever it asks for: what it
/// says may be a mistake, and nothing but time reopens a limiter.
const LONGEST_SILENCE: Duration = Duration::from_secs(3600);

/// Lets no more than a number of requests pass in any span of a window. Clones share
/// the limit, so that several clients can.
///
/// It remembers the time of each request, because a bucket that refills lets through
/// twice as many in the worst span, and servers block callers for that. A 429 of a
/// server that names a wait holds all calls back, for an hour at most.
#[derive(Clone)]
pub struct RateLimiter {
    inner: Arc<Inner>,
}

struct Inner {
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

impl RateLimiter {
    /// No more than `requests` in any span of `window`; 0 counts as 1.
    pub fn new(requests: u32, window: Duration) -> Self {
        Self {
            inner: Arc::new(Inner {
                requests: usize::try_from(requests.max(1)).unwrap_or(usize::MAX),
                window,
                state: Mutex::default(),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.inner.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the next free place. If it is more than `patience` away, none is taken,
    /// and the wait is the error.
    pub(crate) fn reserve(&self, patience: Duration) -> Result<Turn<'_>, Duration> {
        let window = self.inner.window;
        let now = Instant::now();
        let mut state = self.state();
        let ends = |passed: &Instant| passed.checked_add(window);
        while state
            .passed
            .front()
            .and_then(ends)
            .is_some_and(|end| end <= now)
        {
            state.passed.pop_front();
        }
        let before = state.passed.len().checked_sub(self.inner.requests);
        let free = match before.and_then(|index| state.passed.get(index)) {
            // A window beyond the end of time does not end.
            Some(oldest) => Some(ends(oldest).ok_or(window)?),
            None => None,
        };
        // Those who wait keep their order.
        let latest = state.passed.back().copied();
        let at = [free, latest, state.closed_until]
            .into_iter()
            .flatten()
            .fold(now, Instant::max);
        let wait = at - now;
        if wait >= patience && !wait.is_zero() {
            return Err(wait);
        }
        state.passed.push_back(at);
        Ok(Turn {
            limiter: self,
            at,
            is_used: false,
        })
    }

    /// Lets nothing pass for `wait`, as the server asked, but an hour at most.
    pub(crate) fn close_for(&self, wait: Duration) {
        let until = Instant::now().checked_add(wait.min(LONGEST_SILENCE));
        let mut state = self.state();
        state.closed_until = state.closed_until.max(until);
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter")
            .field("requests", &self.inner.requests)
            .field("window", &self.inner.window)
            .finish_non_exhaustive()
    }
}

/// A place in the order of requests. Who gives up before it is used gives it back.
#[must_use = "a turn that is not used is given back"]
pub(crate) struct Turn<'l> {
    limiter: &'l RateLimiter,
    at: Instant,
    is_used: bool,
}

impl Turn<'_> {
    /// Waits until it has come, and uses it.
    pub async fn come(mut self) {
        tokio::time::sleep_until(self.at).await;
        self.is_used = true;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.is_used {
            return;
        }
        let mut state = self.limiter.state();
        let index = state.passed.iter().rposition(|passed| *passed == self.at);
        if let Some(index) = index {
            state.passed.remove(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Takes a place as if its time had come.
    fn take(limiter: &RateLimiter, patience: Duration) -> Result<Instant, Duration> {
        let mut turn = limiter.reserve(patience)?;
        turn.is_used = true;
        Ok(turn.at)
    }

    #[tokio::test(start_paused = true)]
    async fn no_span_of_the_window_has_more_requests_than_allowed() {
        let limiter = RateLimiter::new(5, SECOND);
        let mut times = Vec::new();
        for index in 0..40 {
            times.push(take(&limiter, Duration::MAX).unwrap());
            tokio::time::advance(Duration::from_millis(index * 7 % 60)).await;
        }
        for six in times.windows(6) {
            assert!(six[5] - six[0] >= SECOND);
        }
        // And no slower than that: 40 requests are seven full windows.
        assert!(times[39] - times[0] < 8 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_cannot_wait_takes_no_place() {
        let limiter = RateLimiter::new(1, SECOND);
        assert!(take(&limiter, Duration::ZERO).is_ok());
        for _ in 0..10 {
            assert_eq!(take(&limiter, SECOND / 2), Err(SECOND));
        }
        assert!(take(&limiter, 2 * SECOND).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_passed_is_forgotten() {
        let limiter = RateLimiter::new(1_000_000, SECOND);
        for _ in 0..1000 {
            take(&limiter, SECOND).unwrap();
            tokio::time::advance(SECOND / 2).await;
        }
        assert!(limiter.state().passed.len() <= 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_without_end_lets_nothing_more_through() {
        let limiter = RateLimiter::new(0, Duration::MAX);
        assert!(take(&limiter, SECOND).is_ok());
        assert_eq!(take(&limiter, SECOND), Err(Duration::MAX));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_asks_for_silence_gets_it() {
        let limiter = RateLimiter::new(9, SECOND);
        limiter.close_for(3 * SECOND);
        limiter.close_for(SECOND);
        assert_eq!(
            take(&limiter, Duration::MAX),
            Ok(Instant::now() + 3 * SECOND)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_cannot_close_a_limiter_for_good() {
        let limiter = RateLimiter::new(9, SECOND);
        for wait in [
            Duration::from_secs(1_000_000_000_000_000_000),
            Duration::MAX,
        ] {
            limiter.close_for(wait);
            assert_eq!(take(&limiter, SECOND), Err(LONGEST_SILENCE));
        }
        tokio::time::advance(LONGEST_SILENCE).await;
        assert!(take(&limiter, SECOND).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_gives_up_gives_its_place_back() {
        let limiter = RateLimiter::new(2, SECOND);
        let start = take(&limiter, SECOND).unwrap();
        take(&limiter, SECOND).unwrap();
        let kept = limiter.reserve(Duration::MAX).unwrap();
        for _ in 0..200 {
            let turns = [(); 3].map(|()| limiter.reserve(Duration::MAX).unwrap());
            let waited = tokio::time::timeout(
                SECOND / 1000,
                limiter.reserve(Duration::MAX).unwrap().come(),
            );
            assert!(waited.await.is_err());
            drop(turns);
        }
        assert_eq!(kept.at, start + SECOND);
        assert_eq!(take(&limiter, Duration::MAX).unwrap(), start + SECOND);
        assert_eq!(take(&limiter, Duration::MAX).unwrap(), start + 2 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn no_span_has_too_many_requests_whoever_gives_up() {
        let limiter = RateLimiter::new(3, SECOND);
        let mut random = fastrand::Rng::with_seed(11);
        let mut waiting: Vec<Turn<'_>> = Vec::new();
        let mut passed = Vec::new();
        for _ in 0..2000 {
            if waiting.len() < 12 {
                waiting.push(limiter.reserve(Duration::MAX).unwrap());
            }
            if random.u8(..4) == 0 && !waiting.is_empty() {
                waiting.remove(random.usize(..waiting.len()));
            }
            tokio::time::advance(SECOND / 20).await;
            while waiting
                .first()
                .is_some_and(|turn| turn.at <= Instant::now())
            {
                let mut turn = waiting.remove(0);
                turn.is_used = true;
                passed.push(turn.at);
            }
        }
        assert!(passed.len() > 200, "{}", passed.len());
        for four in passed.windows(4) {
            assert!(four[3] - four[0] >= SECOND);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn clones_share_the_limit() {
        let limiter = RateLimiter::new(1, SECOND);
        assert!(take(&limiter.clone(), SECOND).is_ok());
        assert_eq!(take(&limiter, SECOND), Err(SECOND));
    }
}
