//! The retry loop: a function over an attempt, a policy and a clock.

use std::time::Duration;

use tokio::time::Instant;

use crate::retry::clock::Clock;
use crate::retry::policy::Policy;

/// How far a call has come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    /// When the call began.
    pub start: Instant,
    /// When the attempt began.
    pub begun: Instant,
    /// The number of the attempt, from 1.
    pub attempts: u32,
    /// Whether the server may have carried out an attempt before this one.
    pub executed_before: bool,
}

/// What one attempt came to.
pub(crate) enum Outcome<T, E> {
    /// The end, whatever it is.
    Final(Result<T, E>),
    /// Something that asks for another attempt. It is what the call comes to if there
    /// is none.
    Again {
        result: Result<T, E>,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
        /// Whether the server may have carried it out.
        executed: bool,
    },
}

/// Attempts until one is final, the retries are used up, or the time would be.
///
/// `turn` is waited for before each attempt, which is not counted if it fails.
/// `waits` hears of each wait before it begins.
pub(crate) async fn repeat<T, E, W, A>(
    policy: &Policy,
    clock: &impl Clock,
    turn: impl Fn(Progress) -> W,
    attempt: impl Fn(Progress) -> A,
    waits: impl Fn(Duration),
) -> Result<T, E>
where
    W: Future<Output = Result<(), E>>,
    A: Future<Output = Outcome<T, E>>,
{
    let start = clock.now();
    let mut progress = Progress {
        start,
        begun: start,
        attempts: 0,
        executed_before: false,
    };
    loop {
        turn(progress).await?;
        progress.attempts = progress.attempts.saturating_add(1);
        progress.begun = clock.now();
        let number = progress.attempts;
        let (result, retry_after) = match attempt(progress).await {
            Outcome::Final(result) => return result,
            Outcome::Again {
                result,
                retry_after,
                executed,
            } => {
                progress.executed_before |= executed;
                (result, retry_after)
            }
        };
        let wait = retry_after.unwrap_or_else(|| policy.backoff(number, clock.chance()));
        let left = policy.total_timeout.saturating_sub(clock.now() - start);
        if number > policy.max_retries || wait >= left {
            return result;
        }
        waits(wait);
        // Its connection is free for others meanwhile.
        drop(result);
        clock.sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::Mutex;
    use std::task::{Context, Poll, Waker};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A clock that stands still but for those who sleep.
    struct Fake {
        now: Mutex<Instant>,
    }

    impl Fake {
        fn new() -> Self {
            Self {
                now: Mutex::new(Instant::now()),
            }
        }

        fn pass(&self, time: Duration) {
            *self.now.lock().unwrap() += time;
        }
    }

    impl Clock for Fake {
        fn now(&self) -> Instant {
            *self.now.lock().unwrap()
        }

        async fn sleep(&self, time: Duration) {
            self.pass(time);
        }

        fn chance(&self) -> f64 {
            1.0
        }
    }

    const POLICY: Policy = Policy {
        max_retries: 3,
        total_timeout: Duration::from_secs(60),
        first_wait: SECOND,
        longest_wait: Duration::from_secs(3),
    };

    type Step = Outcome<&'static str, &'static str>;

    fn again(retry_after: Option<Duration>, executed: bool) -> Step {
        Outcome::Again {
            result: Err("again"),
            retry_after,
            executed,
        }
    }

    /// Runs what never waits for anything but the clock.
    fn run<T>(future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        match future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("it waits"),
        }
    }

    /// The result, the progress of each attempt, and the waits between them.
    fn outcome(
        policy: &Policy,
        attempt: impl Fn(&Fake, u32) -> Step,
    ) -> (Result<&'static str, &'static str>, Vec<Progress>, Vec<u64>) {
        let clock = Fake::new();
        let seen = RefCell::new(Vec::new());
        let waits = RefCell::new(Vec::new());
        let result = run(repeat(
            policy,
            &clock,
            |_| std::future::ready(Ok(())),
            |progress| {
                seen.borrow_mut().push(progress);
                std::future::ready(attempt(&clock, progress.attempts))
            },
            |wait| waits.borrow_mut().push(wait.as_secs()),
        ));
        (result, seen.into_inner(), waits.into_inner())
    }

    #[test]
    fn the_first_that_is_final_ends_it() {
        let (result, seen, waits) = outcome(&POLICY, |_, number| match number {
            3 => Outcome::Final(Ok("done")),
            _ => again(None, false),
        });
        assert_eq!((result, seen.len(), waits), (Ok("done"), 3, vec![1, 2]));
        let (result, seen, _) = outcome(&POLICY, |_, _| Outcome::Final(Err("no")));
        assert_eq!((result, seen.len()), (Err("no"), 1));
    }

    #[test]
    fn there_is_one_attempt_more_than_retries_and_no_wait_after_the_last() {
        let (result, seen, waits) = outcome(&POLICY, |_, _| again(None, false));
        assert_eq!(
            (result, seen.len(), waits),
            (Err("again"), 4, vec![1, 2, 3])
        );
        let never = Policy {
            max_retries: 0,
            ..POLICY
        };
        let (_, seen, waits) = outcome(&never, |_, _| again(Some(SECOND), false));
        assert_eq!((seen.len(), waits.len()), (1, 0));
    }

    #[test]
    fn the_wait_is_the_server_s_where_it_asks_for_one() {
        let (_, _, waits) = outcome(&POLICY, |_, number| match number {
            1 => again(Some(7 * SECOND), false),
            2 => again(Some(Duration::ZERO), false),
            _ => again(None, false),
        });
        assert_eq!(waits, [7, 0, 3]);
    }

    #[test]
    fn a_wait_that_would_exceed_the_total_time_is_not_begun() {
        let (result, seen, waits) = outcome(&POLICY, |_, _| again(Some(60 * SECOND), false));
        assert_eq!((result, seen.len(), waits.len()), (Err("again"), 1, 0));
        let (_, seen, waits) = outcome(&POLICY, |clock, _| {
            clock.pass(29 * SECOND);
            again(None, false)
        });
        assert_eq!((seen.len(), waits), (2, vec![1]));
        let forever = Duration::from_secs(u64::MAX);
        let (_, seen, _) = outcome(&POLICY, |_, _| again(Some(forever), false));
        assert_eq!(seen.len(), 1);
    }

    #[test]
    fn what_may_have_been_executed_is_remembered() {
        let (_, seen, _) = outcome(&POLICY, |_, number| again(None, number == 2));
        let before: Vec<_> = seen.iter().map(|it| it.executed_before).collect();
        assert_eq!(before, [false, false, true, true]);
    }

    #[test]
    fn a_turn_that_never_comes_is_no_attempt() {
        let clock = Fake::new();
        let result = run(repeat(
            &POLICY,
            &clock,
            |progress: Progress| {
                let turn = match progress.attempts {
                    0 => Ok(()),
                    _ => Err("no turn"),
                };
                std::future::ready(turn)
            },
            |_| std::future::ready(again(None, false)),
            |_| {},
        ));
        assert_eq!(result, Err("no turn"));
    }
}
