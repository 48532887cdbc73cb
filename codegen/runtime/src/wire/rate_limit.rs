//! What a server says about its rate limits, in the headers `Ratelimit` and
//! `Ratelimit-Policy` (IETF draft "RateLimit header fields for HTTP").

use std::time::Duration;

use reqwest::header::HeaderMap;

/// A rate limit of the server, as it stood with a response. What the server did
/// not say is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The name of the limit.
    pub name: String,
    /// How many requests are left.
    pub remaining: Option<u64>,
    /// How long until there are more.
    pub reset: Option<Duration>,
    /// How many requests there are in each window.
    pub quota: Option<u64>,
    /// How long a window is.
    pub window: Option<Duration>,
}

/// Every limit that the headers name. A policy is joined with the limit of its
/// name, or where there is just one of each, with that.
pub(crate) fn rate_limits(headers: &HeaderMap) -> Vec<RateLimit> {
    let mut limits = Vec::new();
    for (name, parameters) in items(headers, "ratelimit") {
        limits.push(RateLimit {
            remaining: number(&parameters, "r"),
            reset: number(&parameters, "t").map(Duration::from_secs),
            name,
            ..RateLimit::default()
        });
    }
    let policies = items(headers, "ratelimit-policy");
    let alone = limits.len() == 1 && policies.len() == 1;
    for (name, parameters) in policies {
        let known = limits.iter().position(|limit| alone || limit.name == name);
        let index = known.unwrap_or(limits.len());
        if known.is_none() {
            limits.push(RateLimit {
                name,
                ..RateLimit::default()
            });
        }
        if let Some(limit) = limits.get_mut(index) {
            limit.quota = number(&parameters, "q");
            limit.window = number(&parameters, "w").map(Duration::from_secs);
        }
    }
    limits
}

/// The limit of which the least is left.
pub(crate) fn tightest(headers: &HeaderMap) -> Option<RateLimit> {
    rate_limits(headers)
        .into_iter()
        .min_by_key(|limit| limit.remaining.unwrap_or(u64::MAX))
}

/// How long the server wants to be left alone, because nothing is left of a
/// limit.
pub(crate) fn exhausted(headers: &HeaderMap) -> Option<Duration> {
    rate_limits(headers)
        .iter()
        .filter(|limit| limit.remaining == Some(0))
        .filter_map(|limit| limit.reset)
        .max()
}

type Item = (String, Vec<(String, String)>);

/// The members of a list of items with parameters (RFC 9651, section 3.1), in
/// all header lines of `name`.
fn items(headers: &HeaderMap, name: &str) -> Vec<Item> {
    let lines = headers.get_all(name).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| split(line, ','))
        .filter_map(|item| {
            let mut parts = split(item, ';').into_iter().map(str::trim);
            let name = parts.next()?.trim_matches('"').to_owned();
            let parameters = parts
                .filter_map(|part| part.split_once('='))
                .map(|(key, value)| (key.to_owned(), value.trim_matches('"').to_owned()));
            let item = (name, parameters.collect::<Vec<_>>());
            (!item.1.is_empty()).then_some(item)
        })
        .collect()
}

/// Splits at `separator` outside of quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|char| {
        quoted ^= char == '"';
        !quoted && char == separator
    })
    .collect()
}

fn number(parameters: &[(String, String)], name: &str) -> Option<u64> {
    let (_, value) = parameters.iter().find(|(key, _)| key == name)?;
    value.parse().ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_headers_of_a_limit_are_read() {
        let headers = headers(&[
            ("ratelimit", "\"default\";r=50;t=30"),
            ("ratelimit-policy", "\"burst\";q=100;w=60"),
        ]);
        let expected = RateLimit {
            name: "default".to_owned(),
            remaining: Some(50),
            reset: Some(Duration::from_secs(30)),
            quota: Some(100),
            window: Some(Duration::from_secs(60)),
        };
        assert_eq!(rate_limits(&headers), [expected]);
        assert_eq!(exhausted(&headers), None);
    }

    #[test]
    fn several_limits_are_told_apart_and_the_tightest_is_found() {
        let headers = headers(&[
            ("ratelimit", "\"a,b\";r=5;t=3, \"c\";r=0;t=7"),
            ("ratelimit", "\"d\";r=0;t=9"),
            ("ratelimit-policy", "\"c\";q=10;w=60, \"e\";q=1;w=1"),
        ]);
        let limits = rate_limits(&headers);
        let names: Vec<_> = limits.iter().map(|limit| limit.name.as_str()).collect();
        assert_eq!(names, ["a,b", "c", "d", "e"]);
        assert_eq!(limits[1].quota, Some(10));
        assert_eq!(tightest(&headers).unwrap().name, "c");
        assert_eq!(exhausted(&headers), Some(Duration::from_secs(9)));
    }

    #[test]
    fn nonsense_is_no_limit() {
        for text in ["", ";;;,,", "r", "\"", "=;=", "\"a\";r=x"] {
            let headers = headers(&[("ratelimit", text)]);
            let limits = rate_limits(&headers);
            assert!(
                limits.iter().all(|limit| limit.remaining.is_none()),
                "{text}"
            );
        }
        assert_eq!(tightest(&HeaderMap::new()), None);
    }
}
