//! What must hold of every response, whatever its bytes.

use std::collections::BTreeMap;
use std::error::Error as _;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::call::pages::Pages;
use crate::error::{Call, ConfigError, DecodeProblem, Error};
use crate::internals::arrival;
use crate::protocol::{Envelope, Paging};
use crate::response::decode;
use crate::response::outcome::Response;
use crate::response::page::{self, Page};
use crate::wire::message::Message;
use crate::wire::rate_limit;

/// The statuses that the first byte chooses from.
const STATUSES: [u16; 16] = [
    200, 204, 302, 304, 400, 401, 403, 404, 409, 429, 500, 502, 503, 520, 530, 999,
];

/// How long what is printed of an error may be, in bytes.
const PRINTED: usize = 20_000;

/// A type with all that emitted types have: text, numbers, an open enum, lists,
/// maps, fields that may be missing, and one that may not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Thing {
    id: String,
    #[serde(default)]
    count: Option<i64>,
    #[serde(default)]
    share: Option<f64>,
    #[serde(default)]
    status: Option<Status>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    #[serde(default)]
    by_name: Option<BTreeMap<String, Thing>>,
    #[serde(default)]
    other: Option<Box<Thing>>,
}

#[derive(Debug, Clone, PartialEq)]
enum Status {
    Active,
    Unknown(String),
}

impl Status {
    fn as_str(&self) -> &str {
        match self {
            Self::Active => "active",
            Self::Unknown(value) => value,
        }
    }
}

impl From<&str> for Status {
    fn from(value: &str) -> Self {
        match value {
            "active" => Self::Active,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

crate::open_enum!(Status);

/// Decodes `input` in every way there is, and panics if anything is not as it
/// must be. Its first byte chooses the status; lines with headers follow, an
/// empty line, and the body.
pub fn check(input: &[u8]) {
    let (first, rest) = match input.split_first() {
        Some((first, rest)) => (*first, rest),
        None => (0, input),
    };
    let status = STATUSES.get(usize::from(first) % STATUSES.len());
    let status = StatusCode::from_u16(*status.unwrap_or(&200)).unwrap_or_default();
    let (headers, body) = head(rest);
    // HTTP has no body there, whatever follows.
    let body = match status {
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => &[],
        _ => body,
    };
    let body = Bytes::copy_from_slice(body);
    let given = || arrival(call(), status, headers.clone(), body.clone());

    if let Some(value) = seen(decode::enveloped::<Value>(given(), || None), &body) {
        let Written { result } = whole(&body);
        assert_eq!(value, result, "the result is what was sent");
    }
    if let Some(value) = seen(decode::bare::<Value>(given(), || None), &body) {
        assert_eq!(value, whole::<Value>(&body), "the result is what was sent");
    }
    let thing = seen(decode::enveloped::<Thing>(given(), || None), &body);
    if let Some(thing) = thing {
        let text = serde_json::to_string(&thing).expect("a thing is JSON");
        let again: Thing = serde_json::from_str(&text).expect("a thing again");
        assert_eq!(thing, again, "what was decoded survives");
    }
    seen(decode::bare::<Vec<Thing>>(given(), || None), &body);
    seen(decode::unit(given()), &body);
    seen::<()>(Err(decode::refusal(given())), &body);
    for envelope in [Envelope::Member, Envelope::None] {
        pages(page::read(given(), envelope, &PAGING));
    }
}

const PAGING: Paging = Paging::new()
    .page("page")
    .cursor("cursor")
    .next_cursor("cursor")
    .total("count");

fn call() -> Call {
    Call {
        operation: "get-things".into(),
        attempts: 1,
        ..Call::default()
    }
}

/// Splits what follows the status into headers and body. Without an empty line
/// all of it is body.
fn head(text: &[u8]) -> (HeaderMap, &[u8]) {
    let mut headers = HeaderMap::new();
    let mut rest = text;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, after) = (&rest[..end], &rest[end + 1..]);
        if line.is_empty() {
            return (headers, after);
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let pair = colon.and_then(|colon| {
            let name = HeaderName::from_bytes(&line[..colon]).ok()?;
            let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
            Some((name, value))
        });
        if let Some((name, value)) = pair {
            headers.append(name, value);
        }
        rest = after;
    }
    (HeaderMap::new(), text)
}

/// An envelope of which nothing but the result is looked at, since what is passed
/// over may hold what no value can.
#[derive(Deserialize)]
struct Written {
    result: Value,
}

/// What was decoded once already.
fn whole<T: DeserializeOwned>(body: &[u8]) -> T {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    serde_json::from_slice(body).expect("JSON")
}

/// Looks at all that can be asked of an outcome, and returns the result.
fn seen<T>(outcome: Result<Response<T>, Error>, body: &Bytes) -> Option<T> {
    match outcome {
        Ok(response) => {
            let meta = response.meta();
            assert!(meta.status().is_success(), "a success by its status");
            // Each limit that is named is printed, and the tightest is one of them.
            let limits = meta.rate_limits();
            let limit = meta.rate_limit();
            assert!(limit.is_none_or(|limit| limits.contains(&limit)));
            meta.messages().iter().for_each(message);
            if let Some(info) = meta.page_info() {
                let _ = (info.next_cursor(), format!("{info:?}"));
                serde_json::to_string(info).expect("page info is JSON");
            }
            Some(response.into_inner())
        }
        Err(error) => {
            explains(&error, body);
            None
        }
    }
}

/// An error is one line, bounded, and keeps what the server sent.
fn explains(error: &Error, body: &Bytes) {
    let line = error.to_string();
    assert!(!line.contains(char::is_control), "one line: {line}");
    assert!(line.chars().count() < 1300, "a bounded line: {line}");
    assert!(line.starts_with("get-things: "), "the operation: {line}");
    assert_eq!(format!("{error:?}"), line, "the same line");
    let debug = format!("{error:#?}");
    assert!(debug.len() < PRINTED, "{} bytes of Debug", debug.len());
    assert_eq!(error.body(), Some(body.as_ref()), "the body is kept");
    let head = error.head().expect("there was a response");
    assert_eq!(error.rate_limit(), rate_limit::tightest(&head.headers.0));
    error.errors().iter().for_each(message);
    for found in error.errors() {
        assert!(error.has_code(found.code), "{found:?}");
    }
    let _ = (
        error.retry_after(),
        error.is_retryable(),
        error.request_id(),
    );
    let _ = (
        error.is_auth(),
        error.is_rate_limited(),
        error.is_not_found(),
    );
    match error {
        Error::Api(_) => assert!(error.source().is_none()),
        Error::Decode(decode) => {
            let excerpt = decode.excerpt();
            assert!(excerpt.chars().count() <= 201, "a short excerpt: {excerpt}");
            let shape = matches!(decode.problem, DecodeProblem::Shape { .. });
            assert_eq!(error.source().is_some(), shape);
        }
        other => panic!("a response is not {other:?}"),
    }
}

/// A message is printed on one line, and nothing of it is lost when it is written
/// and read again.
fn message(message: &Message) {
    assert!(!message.to_string().contains(char::is_control));
    let text = serde_json::to_string(message).expect("a message is JSON");
    let again: Message = serde_json::from_str(&text).expect("a message again");
    assert_eq!(*message, again, "a message survives");
}

/// Whatever a page holds, the same page again ends the list.
fn pages(outcome: Result<Page<Value>, Error>) {
    let Ok(page) = outcome else { return };
    let nowhere = ConfigError::NoCredentials(String::new());
    let mut pages = Pages::new(Err(nowhere.into()), Envelope::Member, PAGING);
    let count = page.response.len();
    assert_eq!(page.print.is_some(), count > 0, "items tell a page");
    let more = pages.take(page.clone()).expect("a first page");
    assert!(pages.page() >= 1);
    if more && count > 0 {
        let again = pages.take(page).expect("a second page");
        assert!(!again, "a repeated page ends a list");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The seeds of the fuzz target: (file, input).
    fn seeds() -> Vec<(String, Vec<u8>)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/decode");
        let mut seeds: Vec<_> = fs::read_dir(folder)
            .expect("the seeds")
            .map(|entry| entry.expect("an entry").path())
            .map(|path| (path.display().to_string(), fs::read(&path).expect("a seed")))
            .collect();
        seeds.sort();
        seeds
    }

    #[test]
    fn every_seed_is_read_as_it_must_be() {
        let seeds = seeds();
        assert!(seeds.len() >= 20, "{} seeds", seeds.len());
        for (file, input) in seeds {
            println!("{file}");
            check(&input);
        }
    }

    #[test]
    fn every_seed_that_was_damaged_is_read_as_it_must_be() {
        let seeds = seeds();
        let mut random = fastrand::Rng::with_seed(7);
        for round in 0..5000 {
            let mut input = seeds[round % seeds.len()].1.clone();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(0..input.len());
                match random.u8(0..5) {
                    0 => input.truncate(at.max(1)),
                    1 => input[at] = random.u8(..),
                    2 => input[at] = *random.choice(b"{}[]\",:<>0\n").unwrap(),
                    3 => input[0] = random.u8(..),
                    _ if input.len() < 20_000 => input.extend_from_within(at..),
                    _ => {}
                }
            }
            check(&input);
        }
    }
}
