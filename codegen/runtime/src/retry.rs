//! When a failed attempt is repeated, and after which wait.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

/// The longest wait before the first repetition; it doubles with each further one.
const FIRST: Duration = Duration::from_millis(500);

/// The longest wait that is not the server's own wish.
const LONGEST: Duration = Duration::from_secs(8);

/// Whether a status tells of a trouble that passes by itself: 500, 502 to 504,
/// and Cloudflare's own 520 to 527 and 530.
pub(super) fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 500 | 502..=504 | 520..=527 | 530)
}

/// Whether an answer of this status is worth another attempt. After 429 the
/// server has done nothing; after the rest it may have.
pub(super) fn worth_repeating(status: StatusCode, idempotent: bool) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || (idempotent && is_passing(status))
}

/// The wait before repetition number `retry` (from 1): what the server wishes,
/// or a random part of a limit that doubles each time ("full jitter").
pub(super) fn wait(retry: u32, headers: Option<&HeaderMap>) -> Duration {
    if let Some(wish) = headers.and_then(wish) {
        return wish;
    }
    let limit = FIRST
        .saturating_mul(2_u32.saturating_pow(retry.saturating_sub(1)))
        .min(LONGEST);
    limit.mul_f64(fastrand::f64())
}

/// `Retry-After`, or the time of an exhausted `Ratelimit`.
fn wish(headers: &HeaderMap) -> Option<Duration> {
    if let Some(wish) = headers.get(RETRY_AFTER).and_then(retry_after) {
        return Some(wish);
    }
    let text = headers.get("ratelimit")?.to_str().ok()?;
    let number = |key: &str| -> Option<u64> {
        text.split([';', ',']).find_map(|part| {
            let (name, value) = part.trim().split_once('=')?;
            (name == key).then(|| value.parse().ok())?
        })
    };
    (number("r")? == 0).then(|| number("t").map(Duration::from_secs))?
}

/// The value of `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
pub(super) fn retry_after(value: &HeaderValue) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    match text.parse::<u64>() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let date = httpdate::parse_http_date(text).ok()?;
            Some(date.duration_since(SystemTime::now()).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn the_server_s_wish_is_honoured() {
        let seconds = headers("retry-after", "7");
        assert_eq!(wait(1, Some(&seconds)), Duration::from_secs(7));
        let past = headers("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT");
        assert_eq!(wait(1, Some(&past)), Duration::ZERO);
        let exhausted = headers("ratelimit", "\"default\";r=0;t=30");
        assert_eq!(wait(1, Some(&exhausted)), Duration::from_secs(30));
    }

    #[test]
    fn a_limit_that_is_not_exhausted_is_no_wish() {
        assert_eq!(wish(&headers("ratelimit", "\"default\";r=50;t=30")), None);
    }

    #[test]
    fn waits_stay_below_a_limit_that_doubles() {
        for retry in 1..40 {
            let limit = FIRST
                .saturating_mul(2_u32.saturating_pow(retry - 1))
                .min(LONGEST);
            assert!(wait(retry, None) <= limit);
        }
    }

    #[test]
    fn only_what_may_be_repeated_is_worth_it() {
        assert!(worth_repeating(StatusCode::TOO_MANY_REQUESTS, false));
        assert!(!worth_repeating(StatusCode::BAD_GATEWAY, false));
        assert!(worth_repeating(StatusCode::BAD_GATEWAY, true));
        assert!(!worth_repeating(StatusCode::NOT_IMPLEMENTED, true));
    }
}
