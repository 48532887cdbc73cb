//! When a failed attempt is repeated, and after which wait.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use serde_json::Value;

use super::options::Limits;
use super::rate_limit;

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

/// The wait before repetition number `retry` (from 1), where the server has no
/// wish: a random part of a limit that doubles each time ("full jitter").
pub(super) fn backoff(retry: u32, limits: &Limits) -> Duration {
    longest(retry, limits).mul_f64(fastrand::f64())
}

fn longest(retry: u32, limits: &Limits) -> Duration {
    limits
        .first_wait
        .saturating_mul(2_u32.saturating_pow(retry.saturating_sub(1)))
        .min(limits.longest_wait)
}

/// How long the server wishes to be left alone: `Retry-After`, the time of an
/// exhausted `Ratelimit`, or `retry_after` in the body of Cloudflare's own
/// error pages (in seconds).
pub(super) fn wish(headers: &HeaderMap, body: &[u8]) -> Option<Duration> {
    let header = || headers.get(RETRY_AFTER).and_then(retry_after);
    let limit = || rate_limit::exhausted(headers);
    let body = || {
        // Few answers have it, and only a glance tells.
        let sent = body.windows(13).any(|window| window == b"\"retry_after\"");
        let body: Value = sent.then(|| serde_json::from_slice(body).ok())??;
        Duration::try_from_secs_f64(body.get("retry_after")?.as_f64()?).ok()
    };
    header().or_else(limit).or_else(body)
}

/// The value of `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(value: &HeaderValue) -> Option<Duration> {
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
    fn the_server_s_wish_is_found() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(wish(&headers("retry-after", "7"), b""), seconds(7));
        let past = headers("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT");
        assert_eq!(wish(&past, b""), seconds(0));
        let exhausted = headers("ratelimit", "\"default\";r=0;t=30");
        assert_eq!(wish(&exhausted, b""), seconds(30));
        let body = br#"{"title":"Error 1015","retry_after":12}"#;
        assert_eq!(wish(&HeaderMap::new(), body), seconds(12));
    }

    #[test]
    fn nonsense_is_no_wish() {
        for text in ["", "-1", "soon", "99999999999999999999999"] {
            assert_eq!(wish(&headers("retry-after", text), b""), None, "{text}");
        }
        assert_eq!(
            wish(&headers("ratelimit", "\"default\";r=50;t=30"), b""),
            None
        );
        for body in [
            r#"{"retry_after":-1}"#,
            r#"{"retry_after":1e300}"#,
            r#"["retry_after"]"#,
        ] {
            assert_eq!(wish(&HeaderMap::new(), body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn waits_stay_below_a_limit_that_doubles() {
        let limits = Limits::default();
        let longest: Vec<_> = (1..7)
            .map(|retry| longest(retry, &limits).as_millis())
            .collect();
        assert_eq!(longest, [500, 1000, 2000, 4000, 8000, 8000]);
        for retry in 1..40 {
            assert!(backoff(retry, &limits) <= super::longest(retry, &limits));
        }
        assert!(backoff(u32::MAX, &limits) <= limits.longest_wait);
    }

    #[test]
    fn only_what_may_be_repeated_is_worth_it() {
        assert!(worth_repeating(StatusCode::TOO_MANY_REQUESTS, false));
        assert!(!worth_repeating(StatusCode::BAD_GATEWAY, false));
        assert!(worth_repeating(StatusCode::BAD_GATEWAY, true));
        assert!(!worth_repeating(StatusCode::NOT_IMPLEMENTED, true));
        for status in [
            500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530,
        ] {
            assert!(
                is_passing(StatusCode::from_u16(status).unwrap()),
                "{status}"
            );
        }
    }
}
