//! A list over all of its pages.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::decode;
use super::error::Error;
use super::message::PageInfo;
use super::operation::Envelope;
use super::response::Response;
use super::send::Prepared;

type Fetching<T> = Pin<Box<dyn Future<Output = Fetched<T>> + Send>>;

struct Fetched<T> {
    prepared: Box<Prepared>,
    page: Result<Response<Vec<T>>, Error>,
    fingerprint: Option<String>,
}

/// Every item of a list, page after page, as they are asked for.
///
/// It ends after an empty page, after the last page that the server announces,
/// when a page repeats the one before it, and after the first error. Lists that
/// are turned by cursor are followed until there is none.
///
/// The next page is asked for when half of the current one is handed out; never
/// is more than one page held in advance. It begins with the page, or the cursor,
/// that the request names. Nothing runs while it is not polled, and dropping it
/// leaves nothing behind; a call to [`next`](Self::next) that is dropped loses no
/// item.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T> {
    items: VecDeque<T>,
    /// How many items are left when the next page is asked for.
    threshold: usize,
    next: Next<T>,
    envelope: Envelope,
    /// Number of the page to be taken in next.
    number: u64,
    /// Items on the pages before the first that was taken in.
    skipped: Option<u64>,
    seen: u64,
    info: Option<Box<PageInfo>>,
    /// The cursor of the page to be taken in next.
    cursor: Option<String>,
    /// Of the page before, for telling repetitions.
    before: Option<String>,
}

enum Next<T> {
    Ready(Box<Prepared>),
    Failed(Error),
    Fetching(Fetching<T>),
    Fetched(Box<Fetched<T>>),
    End,
}

impl<T> Pages<T> {
    pub(super) fn new(prepared: Result<Box<Prepared>, Error>, envelope: Envelope) -> Self {
        let mut number = 1;
        let mut cursor = None;
        let next = match prepared {
            Ok(prepared) => {
                let asked = parameter(&prepared.url, "page");
                number = asked.and_then(|page| page.parse().ok()).unwrap_or(1);
                cursor = parameter(&prepared.url, "cursor");
                Next::Ready(prepared)
            }
            Err(error) => Next::Failed(error),
        };
        Self {
            items: VecDeque::new(),
            threshold: 0,
            next,
            envelope,
            number,
            skipped: None,
            seen: 0,
            info: None,
            cursor,
            before: None,
        }
    }

    /// What the server said about the page whose items are handed out now, such
    /// as how many items there are in all.
    pub fn page_info(&self) -> Option<&PageInfo> {
        self.info.as_deref()
    }

    /// The number of the page whose items are handed out now, or of the first
    /// one before there are any. A list begun from it again repeats at most one
    /// page's items. Of no meaning in lists that are turned by cursor.
    pub fn page(&self) -> u64 {
        match self.skipped {
            None => self.number,
            Some(_) => self.number.saturating_sub(1),
        }
    }
}

impl<T: DeserializeOwned + Send + 'static> Pages<T> {
    /// The next item, or `None` at the end; without a need for a `Stream`'s
    /// combinators.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Config`; none follows it.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    fn fetch(&self, mut prepared: Box<Prepared>) -> Fetching<T> {
        let envelope = self.envelope;
        match &self.cursor {
            Some(cursor) => {
                set_parameter(&mut prepared.url, "page", None);
                set_parameter(&mut prepared.url, "cursor", Some(cursor));
            }
            None => set_parameter(&mut prepared.url, "page", Some(&self.number.to_string())),
        }
        Box::pin(async move {
            let (page, fingerprint) = match prepared.send().await {
                Err(error) => (Err(error), None),
                Ok(answer) => {
                    let fingerprint = fingerprint(&answer.body, envelope);
                    let page = match envelope {
                        Envelope::Around => decode::enveloped(answer, || Some(Vec::new())),
                        Envelope::Absent | Envelope::Among => {
                            decode::bare(answer, || Some(Vec::new()))
                        }
                    };
                    (page, fingerprint)
                }
            };
            Fetched {
                prepared,
                page,
                fingerprint,
            }
        })
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if self.items.len() > self.threshold {
                return Poll::Ready(self.items.pop_front().map(Ok));
            }
            match std::mem::replace(&mut self.next, Next::End) {
                Next::Ready(prepared) => {
                    self.next = Next::Fetching(self.fetch(prepared));
                    continue;
                }
                Next::Fetching(mut fetching) => {
                    self.next = match fetching.as_mut().poll(cx) {
                        Poll::Ready(fetched) => Next::Fetched(Box::new(fetched)),
                        Poll::Pending => Next::Fetching(fetching),
                    };
                }
                other => self.next = other,
            }
            // What is at hand is handed out before anything else happens.
            if let Some(item) = self.items.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match std::mem::replace(&mut self.next, Next::End) {
                Next::End => return Poll::Ready(None),
                Next::Failed(error) => return Poll::Ready(Some(Err(error))),
                Next::Fetched(fetched) => {
                    let fetched = *fetched;
                    match fetched.page {
                        Err(error) => return Poll::Ready(Some(Err(error))),
                        Ok(page) => {
                            if self.take(page, fetched.fingerprint) {
                                self.next = Next::Ready(fetched.prepared);
                            }
                        }
                    }
                }
                pending => {
                    self.next = pending;
                    return Poll::Pending;
                }
            }
        }
    }

    /// Takes a page in, and says whether another may follow.
    pub(super) fn take(&mut self, page: Response<Vec<T>>, fingerprint: Option<String>) -> bool {
        self.info = page.around.page_info;
        let info = self.info.as_deref();
        let count = page.result.len() as u64;
        let cursor = info.and_then(PageInfo::next_cursor).map(str::to_owned);
        let repeats = fingerprint.is_some() && fingerprint == self.before;
        if repeats || (count == 0 && cursor.is_none()) {
            return false;
        }
        if count > 0 {
            self.before = fingerprint;
        }
        // The pages before are taken to be as long as the first one here. If that
        // is a short one, it is the last, and the page behind it is found empty.
        let skipped = *self
            .skipped
            .get_or_insert_with(|| self.number.saturating_sub(1).saturating_mul(count));
        self.seen = self.seen.saturating_add(count);
        self.threshold = page.result.len() / 2;
        self.items = page.result.into();
        let more = match (&cursor, &self.cursor) {
            (Some(next), Some(this)) => next != this,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => {
                let so_far = skipped.saturating_add(self.seen);
                !info.is_some_and(|info| is_last(info, self.number, so_far))
            }
        };
        self.cursor = cursor;
        self.number = self.number.saturating_add(1);
        more
    }
}

/// Whether the server announces no page after `number`, up to which there are
/// `so_far` items. A total of 0 beside items is no announcement.
fn is_last(info: &PageInfo, number: u64, so_far: u64) -> bool {
    let reached = |total: Option<f64>, so_far: u64| {
        total.is_some_and(|total| total > 0.0 && so_far as f64 >= total)
    };
    let by_cursor = info.page.is_none()
        && ["cursor", "cursors"]
            .iter()
            .any(|name| info.other.contains_key(*name));
    by_cursor || reached(info.total_pages, number) || reached(info.total_count, so_far)
}

/// What tells a page from another: the `id` of its first item, or else the text
/// of all its items. What the caller's type leaves out of an item counts, too.
pub(super) fn fingerprint(body: &Bytes, envelope: Envelope) -> Option<String> {
    #[derive(Deserialize)]
    struct Identified<'b> {
        #[serde(borrow)]
        id: &'b RawValue,
    }
    let items = decode::items(body, envelope)?;
    let first = serde_json::from_str::<Identified<'_>>(items.first()?.get());
    Some(match first {
        Ok(item) if item.id.get() != "null" => item.id.get().to_owned(),
        _ => items.iter().map(|item| item.get()).collect(),
    })
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn set_parameter(url: &mut Url, name: &str, value: Option<&str>) {
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    let mut pairs = url.query_pairs_mut();
    pairs.clear().extend_pairs(kept);
    if let Some(value) = value {
        pairs.append_pair(name, value);
    }
}

// No item is ever pinned.
impl<T> Unpin for Pages<T> {}

impl<T: DeserializeOwned + Send + 'static> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("page", &self.page())
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn last(info: serde_json::Value, number: u64, so_far: u64) -> bool {
        is_last(&serde_json::from_value(info).unwrap(), number, so_far)
    }

    #[test]
    fn totals_that_are_reached_end_a_list() {
        assert!(last(json!({ "total_count": 3 }), 2, 3));
        assert!(!last(json!({ "total_count": 4 }), 2, 3));
        assert!(last(json!({ "total_pages": 2 }), 2, 3));
        assert!(!last(json!({ "total_pages": 3 }), 2, 3));
    }

    #[test]
    fn missing_and_zero_totals_announce_nothing() {
        assert!(!last(json!({}), 1, 20));
        assert!(!last(
            json!({ "total_count": 0, "total_pages": 0, "count": 0 }),
            1,
            20
        ));
        assert!(!last(
            json!({ "page": 1, "per_page": 0, "total_count": null }),
            1,
            20
        ));
    }

    #[test]
    fn a_list_by_cursor_without_one_is_at_its_end() {
        assert!(last(json!({ "cursor": "", "count": 2 }), 1, 2));
        assert!(!last(json!({ "cursor": "", "page": 1 }), 1, 2));
    }

    #[test]
    fn pages_are_told_apart_by_their_first_id_or_by_all_of_their_text() {
        let print =
            |text: &str| fingerprint(&Bytes::copy_from_slice(text.as_bytes()), Envelope::Around);
        let first = print(r#"{"result":[{"id":"a","at":1},{"id":"b"}]}"#);
        assert_eq!(first, print(r#"{"result":[{"id":"a","at":2}]}"#));
        assert_ne!(first, print(r#"{"result":[{"id":"b","at":1}]}"#));
        assert_ne!(
            print(r#"{"result":["a","b"]}"#),
            print(r#"{"result":["a","c"]}"#)
        );
        assert_eq!(print(r#"{"result":[]}"#), None);
    }

    #[test]
    fn a_parameter_is_set_in_place_of_the_one_before() {
        let mut url = Url::parse("http://a.b/?x=1&page=2&y=%26").unwrap();
        set_parameter(&mut url, "page", Some("3"));
        assert_eq!(url.query(), Some("x=1&y=%26&page=3"));
        set_parameter(&mut url, "page", None);
        assert_eq!(parameter(&url, "page"), None);
    }
}
