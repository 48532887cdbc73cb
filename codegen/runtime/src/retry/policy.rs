//! Which attempts are repeated, and after which wait.

use std::time::Duration;

use reqwest::StatusCode;

use crate::protocol::Protocol;

/// How often, how long, and how fast a call is repeated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    /// How often a failed attempt may be repeated.
    pub max_retries: u32,
    /// For all attempts and the waits between them.
    pub total_timeout: Duration,
    /// The longest wait before the first retry.
    pub first_wait: Duration,
    /// The longest wait before any retry that the server does not ask for itself.
    pub longest_wait: Duration,
}

impl Policy {
    /// The wait before repetition number `retry` (from 1), where the server asks for
    /// none: a random part of a limit that doubles each time ("full jitter").
    pub fn backoff(&self, retry: u32, chance: f64) -> Duration {
        self.longest(retry).mul_f64(chance.clamp(0.0, 1.0))
    }

    fn longest(&self, retry: u32) -> Duration {
        self.first_wait
            .saturating_mul(2_u32.saturating_pow(retry.saturating_sub(1)))
            .min(self.longest_wait)
    }
}

/// Whether a response of this status is worth another attempt. After 429 the server
/// has done nothing; after the rest it may have.
pub(crate) fn is_retryable_status(
    status: StatusCode,
    idempotent: bool,
    protocol: &Protocol,
) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS
        || (idempotent && protocol.is_transient(status.as_u16()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::UNKNOWN;

    #[test]
    fn waits_stay_below_a_limit_that_doubles() {
        let policy = Policy {
            max_retries: 3,
            total_timeout: Duration::MAX,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(8),
        };
        let longest: Vec<_> = (1..7)
            .map(|retry| policy.backoff(retry, 1.0).as_millis())
            .collect();
        assert_eq!(longest, [500, 1000, 2000, 4000, 8000, 8000]);
        assert_eq!(policy.backoff(3, 0.25), Duration::from_millis(500));
        for chance in [0.0, 1.0, 2.0, -1.0] {
            assert!(policy.backoff(u32::MAX, chance) <= policy.longest_wait);
        }
    }

    #[test]
    fn only_what_may_be_repeated_is_retryable() {
        static PROTOCOL: Protocol = Protocol::new("").transient_statuses(&[503, 520]);
        let is = |status: u16, idempotent, protocol| {
            let status = StatusCode::from_u16(status).unwrap();
            is_retryable_status(status, idempotent, protocol)
        };
        assert!(is(429, false, &UNKNOWN));
        assert!(!is(502, false, &UNKNOWN));
        assert!(!is(501, true, &UNKNOWN) && !is(520, true, &UNKNOWN));
        for status in [500, 502, 503, 504] {
            assert!(is(status, true, &UNKNOWN), "{status}");
        }
        assert!(is(520, true, &PROTOCOL) && !is(500, true, &PROTOCOL));
    }
}
