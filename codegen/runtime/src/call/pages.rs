//! A list over all of its pages.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use serde::de::DeserializeOwned;

use crate::encode::percent;
use crate::error::{DecodeError, DecodeProblem, Error};
use crate::protocol::{Envelope, Paging};
use crate::response::decode;
use crate::response::outcome::ResponseMeta;
use crate::response::page::{self, Fingerprint, Page};
use crate::transport::prepared::Prepared;
use crate::wire::page_info::PageInfo;

/// How many pages without items may follow each other before a list is taken to have
/// no end.
const MOST_EMPTY: u32 = 100;

type Fetching<T> = Pin<Box<dyn Future<Output = Fetched<T>> + Send>>;

struct Fetched<T> {
    prepared: Box<Prepared>,
    page: Result<Page<T>, Error>,
}

/// Every item of a list, page after page, as they are asked for.
///
/// It ends after an empty page, after the last page that the server announces, when
/// a page repeats one before it, and after the first error. Lists that are turned by
/// cursor are followed until there is none, or one that was there before; after 100
/// pages in a row without any items there is an error.
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
    paging: Paging,
    position: Position,
    /// Items on the pages before the first that was taken in.
    skipped: Option<u64>,
    seen: u64,
    /// How many pages without items came in a row.
    empty: u32,
    info: Option<Box<PageInfo>>,
    /// Of the page before, for telling repetitions.
    before: Option<Fingerprint>,
    /// Hashes of every cursor, and of every page whose items have an `id`.
    known: HashSet<u64>,
}

/// Where the page to be taken in next is.
struct Position {
    number: u64,
    offset: u64,
    cursor: Option<String>,
    link: Option<Url>,
}

enum Next<T> {
    Ready(Box<Prepared>),
    Failed(Error),
    Fetching(Fetching<T>),
    Fetched(Box<Fetched<T>>),
    End,
}

impl<T> Pages<T> {
    pub(crate) fn new(
        prepared: Result<Box<Prepared>, Error>,
        envelope: Envelope,
        paging: Paging,
    ) -> Self {
        let mut position = Position {
            number: 1,
            offset: 0,
            cursor: None,
            link: None,
        };
        let next = match prepared {
            Ok(prepared) => {
                let asked = |name: &str| parameter(&prepared.url, name);
                let number = |name| asked(name).and_then(|text| text.parse().ok());
                position.number = number(paging.page).unwrap_or(1);
                position.offset = number(paging.offset).unwrap_or(0);
                position.cursor = asked(paging.cursor);
                Next::Ready(prepared)
            }
            Err(error) => Next::Failed(error),
        };
        Self {
            items: VecDeque::new(),
            threshold: 0,
            next,
            envelope,
            paging,
            position,
            skipped: None,
            seen: 0,
            empty: 0,
            info: None,
            before: None,
            known: HashSet::new(),
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
            None => self.position.number,
            Some(_) => self.position.number.saturating_sub(1),
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
        let (envelope, paging) = (self.envelope, self.paging);
        self.position.write(&paging, &mut prepared.url);
        Box::pin(async move {
            let page = match prepared.send().await {
                Err(error) => Err(error),
                Ok(arrival) => page::read(arrival, envelope, &paging),
            };
            Fetched { prepared, page }
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
                        Ok(page) => match self.take(page) {
                            Err(error) => return Poll::Ready(Some(Err(error))),
                            Ok(true) => self.next = Next::Ready(fetched.prepared),
                            Ok(false) => {}
                        },
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
    ///
    /// # Errors
    ///
    /// One of too many pages without items, and a next page at another server.
    pub(crate) fn take(&mut self, page: Page<T>) -> Result<bool, Error> {
        let count = page.response.result.len() as u64;
        let goes_on = page.next_cursor.is_some() || page.link.is_some();
        let repeats = page.print.is_some_and(|print| self.repeats(print));
        if repeats || (count == 0 && !goes_on) {
            self.info = page.response.meta.page_info;
            return Ok(false);
        }
        let refuse = |meta: ResponseMeta, problem| {
            Error::Decode(Box::new(DecodeError {
                call: meta.call,
                head: meta.head,
                problem,
                body: Bytes::new(),
            }))
        };
        self.empty = if count == 0 { self.empty + 1 } else { 0 };
        if self.empty >= MOST_EMPTY {
            let problem = DecodeProblem::Endless(self.empty);
            return Err(refuse(*page.response.meta, problem));
        }
        let link = match page.link {
            None => None,
            Some(link) => match same_server(&page.response.meta.call.url, &link) {
                Ok(link) => Some(link),
                Err(problem) => return Err(refuse(*page.response.meta, problem)),
            },
        };
        self.info = page.response.meta.page_info;
        let more = self.go_on(count, page.next_cursor, page.total, link);
        self.threshold = page.response.result.len() / 2;
        self.items = page.response.result.into();
        Ok(more)
    }

    /// Whether a page was there before.
    fn repeats(&mut self, print: Fingerprint) -> bool {
        let is_last_again = self.before.is_some_and(|before| before.key == print.key);
        self.before = Some(print);
        // What has no `id` may well be there twice.
        let is_known = print.whole.is_some_and(|whole| !self.known.insert(whole));
        is_last_again || is_known
    }

    /// Moves on to the next page, and says whether there may be one.
    fn go_on(
        &mut self,
        count: u64,
        cursor: Option<String>,
        total: Option<f64>,
        link: Option<Url>,
    ) -> bool {
        let position = &mut self.position;
        // The pages before are taken to be as long as the first one here. If that
        // is a short one, it is the last, and the page behind it is found empty.
        let skipped = *self.skipped.get_or_insert_with(|| {
            let before = position.number.saturating_sub(1).saturating_mul(count);
            before.max(position.offset)
        });
        self.seen = self.seen.saturating_add(count);
        let so_far = skipped.saturating_add(self.seen);
        let is_by_cursor = cursor.is_some() || position.cursor.is_some();
        let more = if self.paging.link {
            link.as_ref()
                .is_some_and(|link| self.known.insert(hash(link)))
        } else if is_by_cursor && !self.paging.cursor.is_empty() {
            let first = position.cursor.as_ref().map(hash);
            self.known.extend(first);
            cursor
                .as_ref()
                .is_some_and(|next| self.known.insert(hash(next)))
        } else {
            let is_turned = !self.paging.page.is_empty() || !self.paging.offset.is_empty();
            let reached = total.is_some_and(|total| total > 0.0 && so_far as f64 >= total);
            let info = self.info.as_deref();
            let is_last = info.is_some_and(|info| {
                let ends = info.is_by_cursor() && !self.paging.cursor.is_empty();
                ends || is_last(info, position.number, so_far)
            });
            is_turned && !reached && !is_last && count > 0
        };
        position.cursor = cursor;
        position.link = link;
        position.number = position.number.saturating_add(1);
        position.offset = position.offset.saturating_add(count);
        more
    }
}

impl Position {
    /// Asks for this page.
    fn write(&self, paging: &Paging, url: &mut Url) {
        if let Some(link) = &self.link {
            url.clone_from(link);
            return;
        }
        match (&self.cursor, paging.cursor) {
            (Some(cursor), parameter) if !parameter.is_empty() => {
                set_parameter(url, paging.page, None);
                set_parameter(url, parameter, Some(cursor));
            }
            _ if !paging.page.is_empty() => {
                set_parameter(url, paging.page, Some(&self.number.to_string()));
            }
            _ if !paging.offset.is_empty() && self.offset > 0 => {
                set_parameter(url, paging.offset, Some(&self.offset.to_string()));
            }
            _ => {}
        }
    }
}

/// Whether the server announces no page after `number`, up to which there are
/// `so_far` items. A total of 0 beside items is no announcement.
fn is_last(info: &PageInfo, number: u64, so_far: u64) -> bool {
    let reached = |total: Option<f64>, so_far: u64| {
        total.is_some_and(|total| total > 0.0 && so_far as f64 >= total)
    };
    reached(info.total_pages, number) || reached(info.total_count, so_far)
}

/// The address of a page at the server that the credentials are for.
fn same_server(this: &str, link: &str) -> Result<Url, DecodeProblem> {
    let this_url = Url::parse(this).ok();
    let next = this_url.as_ref().and_then(|url| url.join(link).ok());
    match (this_url, next) {
        (Some(this), Some(next)) if this.origin() == next.origin() => Ok(next),
        _ => Err(DecodeProblem::Redirect {
            to: decode::without_secrets(this, link),
        }),
    }
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(key, _)| !name.is_empty() && key == name)
        .map(|(_, value)| value.into_owned())
}

/// Sets a parameter, and leaves the others as they are written.
fn set_parameter(url: &mut Url, name: &str, value: Option<&str>) {
    if name.is_empty() {
        return;
    }
    let is_other = |pair: &&str| {
        let key = pair.split_once('=').map_or(*pair, |(key, _)| key);
        let key = key.replace('+', " ");
        percent_decode_str(&key).decode_utf8_lossy() != name
    };
    let pairs = url.query().unwrap_or_default().split('&');
    let pairs = pairs.filter(|pair| !pair.is_empty()).filter(is_other);
    let mut pairs: Vec<_> = pairs.map(str::to_owned).collect();
    let set = value.map(|value| format!("{}={}", percent::encoded(name), percent::encoded(value)));
    pairs.extend(set);
    let query = pairs.join("&");
    url.set_query((!query.is_empty()).then_some(&query));
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
    fn a_parameter_is_set_in_place_of_the_one_before() {
        let mut url = Url::parse("http://a.b/?x=1&page=2&y=%26").unwrap();
        set_parameter(&mut url, "page", Some("3"));
        assert_eq!(url.query(), Some("x=1&y=%26&page=3"));
        set_parameter(&mut url, "page", None);
        assert_eq!(parameter(&url, "page"), None);
        set_parameter(&mut url, "", Some("3"));
        assert_eq!(url.query(), Some("x=1&y=%26"));
        let mut url = Url::parse("http://a.b/?c+d%5B%5D=1").unwrap();
        set_parameter(&mut url, "c d[]", Some("a&b"));
        assert_eq!(url.query(), Some("c%20d%5B%5D=a%26b"));
        set_parameter(&mut url, "c d[]", None);
        assert_eq!(url.as_str(), "http://a.b/");
    }
}
