//! How long a server asks to be left alone.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use serde_json::Value;

use crate::protocol::ErrorPage;
use crate::wire::rate_limit;

/// `Retry-After`, the time of an exhausted `Ratelimit`, or a member of the body of
/// an error page (in seconds).
pub(crate) fn retry_after(headers: &HeaderMap, body: &[u8], page: &ErrorPage) -> Option<Duration> {
    let header = || headers.get(RETRY_AFTER).and_then(seconds_or_date);
    let limit = || rate_limit::exhausted(headers);
    let member = || in_body(body, page.retry_after_member);
    header().or_else(limit).or_else(member)
}

/// Seconds, or a date (RFC 9110, section 10.2.3).
fn seconds_or_date(value: &HeaderValue) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    match text.parse::<u64>() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let date = httpdate::parse_http_date(text).ok()?;
            Some(date.duration_since(SystemTime::now()).unwrap_or_default())
        }
    }
}

fn in_body(body: &[u8], member: &str) -> Option<Duration> {
    // Few responses have it, and only a glance tells.
    let is_there =
        !member.is_empty() && body.windows(member.len()).any(|it| it == member.as_bytes());
    let body: Value = is_there.then(|| serde_json::from_slice(body).ok())??;
    Duration::try_from_secs_f64(body.get(member)?.as_f64()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: ErrorPage = ErrorPage::new().retry_after_member("retry_after");

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn a_wait_is_found_wherever_a_server_says_it() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let found = |name, value| retry_after(&headers(name, value), b"", &PAGE);
        assert_eq!(found("retry-after", "7"), seconds(7));
        assert_eq!(
            found("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"),
            seconds(0)
        );
        assert_eq!(found("ratelimit", "\"default\";r=0;t=30"), seconds(30));
        let body = br#"{"title":"Error 1015","retry_after":12}"#;
        assert_eq!(retry_after(&HeaderMap::new(), body, &PAGE), seconds(12));
        assert_eq!(
            retry_after(&HeaderMap::new(), body, &ErrorPage::new()),
            None
        );
    }

    #[test]
    fn nonsense_is_no_wait() {
        for text in ["", "-1", "soon", "99999999999999999999999"] {
            assert_eq!(
                retry_after(&headers("retry-after", text), b"", &PAGE),
                None,
                "{text}"
            );
        }
        let left = headers("ratelimit", "\"default\";r=50;t=30");
        assert_eq!(retry_after(&left, b"", &PAGE), None);
        for body in [
            r#"{"retry_after":-1}"#,
            r#"{"retry_after":1e300}"#,
            r#"["retry_after"]"#,
        ] {
            let found = retry_after(&HeaderMap::new(), body.as_bytes(), &PAGE);
            assert_eq!(found, None, "{body}");
        }
    }
}
