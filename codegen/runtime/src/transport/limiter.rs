//! The client's own rate limit, which keeps it below the server's.

use std::collections::VecDeque;
use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// How long a server may hold all calls back at most, whatever it asks for: what it
/// says may be a mistake, and nothing but time reopens a limiter.
const LONGEST_SILENCE: Duration = Duration::from_secs(3600);

/// Lets no more than a number of requests pass in any span of a window. Clones share
/// the limit, so that several clients can.
///
/// It remembers the time of each request, because a bucket that refills lets through
/// twice as many in the worst span, and servers block callers for that. A 429 of a
/// server that names a wait holds all calls back, for an hour at most. A call that is
/// dropped while it waits gives its place to the next.
#[derive(Clone)]
pub struct RateLimiter {
    inner: Arc<Inner>,
}

struct Inner {
    requests: usize,
    window: Duration,
    state: Mutex<State>,
    /// Those who wait may come earlier than they thought.
    moved_up: Notify,
}

#[derive(Default)]
struct State {
    /// When the latest requests passed; the oldest first.
    passed: VecDeque<Instant>,
    /// Who waits, in the order in which they came.
    waiting: VecDeque<u64>,
    tickets: u64,
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
                moved_up: Notify::new(),
            }),
        }
    }

    /// Waits until the next request may pass.
    ///
    /// # Errors
    ///
    /// How long that would take, if it is more than `patience`.
    pub(crate) async fn pass(&self, patience: Duration) -> Result<(), Duration> {
        let now = Instant::now();
        let until = now.checked_add(patience);
        let mut place = match self.inner.take_or_queue(now, patience)? {
            None => return Ok(()),
            Some(ticket) => Place {
                limiter: &self.inner,
                ticket,
            },
        };
        loop {
            let mut moved_up = pin!(self.inner.moved_up.notified());
            moved_up.as_mut().enable();
            let now = Instant::now();
            let at = match place.try_pass(now) {
                Ok(()) => return Ok(()),
                Err(wait) => now.checked_add(wait),
            };
            let at = match (at, until) {
                (Some(at), until) if until.is_none_or(|until| at < until) => at,
                (at, _) => return Err(at.map_or(Duration::MAX, |at| at - now)),
            };
            // Whichever comes first, there is something new to see.
            let _ = tokio::time::timeout_at(at, moved_up).await;
        }
    }

    /// Lets nothing pass for `wait`, as the server asked, but an hour at most.
    pub(crate) fn close_for(&self, wait: Duration) {
        let until = Instant::now().checked_add(wait.min(LONGEST_SILENCE));
        let mut state = self.inner.state();
        state.closed_until = state.closed_until.max(until);
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes at once, or takes a place in the queue.
    fn take_or_queue(&self, now: Instant, patience: Duration) -> Result<Option<u64>, Duration> {
        let mut state = self.state();
        let before = state.waiting.len();
        let wait = self.wait(&mut state, now, before);
        if wait.is_zero() {
            state.passed.push_back(now);
            return Ok(None);
        }
        if wait >= patience {
            return Err(wait);
        }
        let ticket = state.tickets;
        state.tickets = state.tickets.wrapping_add(1);
        state.waiting.push_back(ticket);
        Ok(Some(ticket))
    }

    /// How long one has to wait before whom there are `before` others.
    fn wait(&self, state: &mut State, now: Instant, before: usize) -> Duration {
        let over = |passed: &Instant| {
            passed
                .checked_add(self.window)
                .is_some_and(|end| end <= now)
        };
        while state.passed.front().is_some_and(over) {
            state.passed.pop_front();
        }
        // One passes a window after the one who is as many places before as may pass
        // in a window; whoever is a whole window's number behind passes a window later.
        let (windows, place) = (before / self.requests, before % self.requests);
        let index = (state.passed.len() + place).checked_sub(self.requests);
        let free = match index.and_then(|index| state.passed.get(index)) {
            // A window beyond the end of time does not end.
            Some(passed) => match passed.checked_add(self.window) {
                Some(end) => end.saturating_duration_since(now),
                None => return self.window,
            },
            None => Duration::ZERO,
        };
        let closed = state.closed_until;
        let closed = closed.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let windows = u32::try_from(windows).unwrap_or(u32::MAX);
        let later = self.window.saturating_mul(windows);
        free.max(closed).saturating_add(later)
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

/// A place in the queue, which is given up with it.
struct Place<'l> {
    limiter: &'l Inner,
    ticket: u64,
}

impl Place<'_> {
    /// Passes, or says how long that will take.
    fn try_pass(&mut self, now: Instant) -> Result<(), Duration> {
        let mut state = self.limiter.state();
        let before = self.before(&state).unwrap_or_default();
        let wait = self.limiter.wait(&mut state, now, before);
        if !wait.is_zero() {
            return Err(wait);
        }
        state.waiting.remove(before);
        state.passed.push_back(now);
        Ok(())
    }

    /// How many are before it; `None` if it has passed.
    fn before(&self, state: &State) -> Option<usize> {
        state.waiting.iter().position(|it| *it == self.ticket)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.limiter.state();
        if let Some(index) = self.before(&state) {
            state.waiting.remove(index);
            drop(state);
            self.limiter.moved_up.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, timeout};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// When each of `calls` calls passes that begin at once.
    async fn passes(limiter: &RateLimiter, calls: usize) -> Vec<Duration> {
        let start = Instant::now();
        let calls = (0..calls).map(|_| {
            let limiter = limiter.clone();
            tokio::spawn(async move {
                limiter.pass(Duration::MAX).await.unwrap();
                Instant::now()
            })
        });
        let mut times = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            times.push(call.await.unwrap() - start);
        }
        times
    }

    #[tokio::test(start_paused = true)]
    async fn no_span_of_the_window_has_more_requests_than_allowed() {
        let limiter = RateLimiter::new(5, SECOND);
        let start = Instant::now();
        let mut times = Vec::new();
        for index in 0..40 {
            limiter.pass(Duration::MAX).await.unwrap();
            times.push(Instant::now());
            advance(Duration::from_millis(index * 7 % 60)).await;
        }
        for six in times.windows(6) {
            assert!(six[5] - six[0] >= SECOND);
        }
        // And no slower than that: 40 requests are seven full windows.
        assert!(times[39] - start < 8 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_begin_at_once_pass_window_by_window() {
        let limiter = RateLimiter::new(2, SECOND);
        let seconds = passes(&limiter, 7).await;
        let seconds: Vec<_> = seconds.iter().map(Duration::as_secs).collect();
        assert_eq!(seconds, [0, 0, 1, 1, 2, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_cannot_wait_takes_no_place() {
        let limiter = RateLimiter::new(1, SECOND);
        assert!(limiter.pass(Duration::ZERO).await.is_ok());
        for _ in 0..10 {
            assert_eq!(limiter.pass(SECOND / 2).await, Err(SECOND));
        }
        assert!(limiter.pass(2 * SECOND).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_passed_is_forgotten() {
        let limiter = RateLimiter::new(1_000_000, SECOND);
        for _ in 0..1000 {
            limiter.pass(SECOND).await.unwrap();
            advance(SECOND / 2).await;
        }
        assert!(limiter.inner.state().passed.len() <= 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_without_end_lets_nothing_more_through() {
        let limiter = RateLimiter::new(0, Duration::MAX);
        assert!(limiter.pass(SECOND).await.is_ok());
        assert_eq!(limiter.pass(SECOND).await, Err(Duration::MAX));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_asks_for_silence_gets_it() {
        let limiter = RateLimiter::new(9, SECOND);
        limiter.close_for(3 * SECOND);
        limiter.close_for(SECOND);
        assert_eq!(passes(&limiter, 1).await, [3 * SECOND]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_waits_hears_of_a_silence_that_is_too_long() {
        let limiter = RateLimiter::new(1, SECOND);
        limiter.pass(SECOND).await.unwrap();
        let waiting = limiter.pass(5 * SECOND);
        let close = async {
            tokio::task::yield_now().await;
            limiter.close_for(60 * SECOND);
        };
        assert_eq!(tokio::join!(waiting, close).0, Err(59 * SECOND));
        assert!(limiter.inner.state().waiting.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_cannot_close_a_limiter_for_good() {
        let limiter = RateLimiter::new(9, SECOND);
        for wait in [
            Duration::from_secs(1_000_000_000_000_000_000),
            Duration::MAX,
        ] {
            limiter.close_for(wait);
            assert_eq!(limiter.pass(SECOND).await, Err(LONGEST_SILENCE));
        }
        advance(LONGEST_SILENCE).await;
        assert!(limiter.pass(SECOND).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_are_dropped_give_their_places_back() {
        let limiter = RateLimiter::new(2, SECOND);
        for _ in 0..2 {
            limiter.pass(SECOND).await.unwrap();
        }
        for _ in 0..200 {
            let dropped = timeout(SECOND / 1000, limiter.pass(Duration::MAX));
            assert!(dropped.await.is_err());
        }
        assert_eq!(
            passes(&limiter, 3).await,
            [SECOND * 4 / 5, SECOND * 4 / 5, SECOND * 9 / 5]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_behind_a_dropped_call_moves_up() {
        let limiter = RateLimiter::new(1, SECOND);
        limiter.pass(SECOND).await.unwrap();
        let start = Instant::now();
        let before = timeout(SECOND / 2, limiter.pass(Duration::MAX));
        let behind = limiter.pass(Duration::MAX);
        let (before, behind) = tokio::join!(before, behind);
        assert!(before.is_err() && behind.is_ok());
        assert_eq!(start.elapsed(), SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn neither_too_many_nor_too_few_pass_whoever_gives_up() {
        let limiter = RateLimiter::new(3, SECOND);
        let mut random = fastrand::Rng::with_seed(11);
        let start = Instant::now();
        let calls = (0..400).map(|_| {
            let (begin, patience) = (random.u64(..60_000), random.u64(..4000));
            let limiter = limiter.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(begin)).await;
                let call = timeout(Duration::from_millis(patience), limiter.pass(Duration::MAX));
                call.await.ok().map(|_| Instant::now() - start)
            })
        });
        let mut times = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            times.extend(call.await.unwrap());
        }
        times.sort();
        for four in times.windows(4) {
            assert!(four[3] - four[0] >= SECOND, "{four:?}");
        }
        // 400 calls in a minute are more than there are places for.
        assert!(times.len() > 170, "{}", times.len());
    }

    #[tokio::test(start_paused = true)]
    async fn clones_share_the_limit() {
        let limiter = RateLimiter::new(1, SECOND);
        assert!(limiter.clone().pass(SECOND).await.is_ok());
        assert_eq!(limiter.pass(SECOND).await, Err(SECOND));
    }
}
