//! A list over all of its pages.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::decode;
use super::error::Error;
use super::message::PageInfo;
use super::response::Response;
use super::send::Prepared;

type Fetching<T> = Pin<Box<dyn Future<Output = Fetched<T>> + Send>>;

struct Fetched<T> {
    prepared: Prepared,
    page: Result<Response<Vec<T>>, Error>,
}

/// Every item of a list, page after page, as they are asked for.
///
/// It ends after an empty page, after the last page that the server announces,
/// when a page repeats the one before it, and after the first error.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T> {
    items: VecDeque<T>,
    state: State<T>,
    number: u64,
    seen: u64,
    envelope: bool,
    /// The page before, as JSON, for telling repetitions.
    before: Option<String>,
}

enum State<T> {
    Ready(Box<Prepared>),
    Failed(Error),
    Fetching(Fetching<T>),
    Ended,
}

impl<T> Pages<T> {
    pub(super) fn new(prepared: Result<Prepared, Error>, envelope: bool) -> Self {
        let mut number = 1;
        let state = match prepared {
            Ok(prepared) => {
                let asked = prepared.url.query_pairs().find(|(name, _)| name == "page");
                number = asked.and_then(|(_, page)| page.parse().ok()).unwrap_or(1);
                State::Ready(Box::new(prepared))
            }
            Err(error) => State::Failed(error),
        };
        Self {
            items: VecDeque::new(),
            state,
            number,
            seen: 0,
            envelope,
            before: None,
        }
    }
}

impl<T> Pages<T>
where
    T: DeserializeOwned + Serialize + Send + 'static,
{
    fn fetch(&self, mut prepared: Prepared) -> Fetching<T> {
        let (number, envelope) = (self.number, self.envelope);
        Box::pin(async move {
            set_page(&mut prepared, number);
            let page = match prepared.send().await {
                Err(error) => Err(error),
                Ok(answer) if envelope => decode::enveloped(answer, || Some(Vec::new())),
                Ok(answer) => decode::bare(answer, || Some(Vec::new())),
            };
            Fetched { prepared, page }
        })
    }

    /// Takes a page in, and says whether another may follow.
    fn take(&mut self, page: Response<Vec<T>>) -> bool {
        // What cannot be written as JSON cannot be compared, and counts as new.
        let text = serde_json::to_string(&page.result).ok();
        if page.result.is_empty() || (text.is_some() && text == self.before) {
            return false;
        }
        self.before = text;
        self.seen += page.result.len() as u64;
        let last = page
            .page_info
            .as_ref()
            .is_some_and(|info| is_last(info, self.number, self.seen));
        self.items.extend(page.result);
        self.number += 1;
        !last
    }
}

/// Whether the server announces no page after `number`, of which `seen` items
/// are known.
fn is_last(info: &PageInfo, number: u64, seen: u64) -> bool {
    let reached = |total: Option<f64>, so_far: f64| total.is_some_and(|total| so_far >= total);
    let per_page = info.per_page.unwrap_or(0.0);
    // Counted from the first page, even where the caller began further on.
    let before = (number.saturating_sub(1)) as f64 * per_page;
    let counted = before
        .max(seen as f64)
        .max(before + info.count.unwrap_or(0.0));
    reached(info.total_pages.filter(|pages| *pages > 0.0), number as f64)
        || reached(info.total_count.filter(|count| *count > 0.0), counted)
}

fn set_page(prepared: &mut Prepared, number: u64) {
    let kept: Vec<(String, String)> = prepared
        .url
        .query_pairs()
        .filter(|(name, _)| name != "page")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    prepared
        .url
        .query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .append_pair("page", &number.to_string());
}

impl<T> Stream for Pages<T>
where
    T: DeserializeOwned + Serialize + Unpin + Send + 'static,
{
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Poll::Ready(None),
                State::Failed(error) => return Poll::Ready(Some(Err(error))),
                State::Ready(prepared) => self.state = State::Fetching(self.fetch(*prepared)),
                State::Fetching(mut fetching) => {
                    let Poll::Ready(fetched) = fetching.as_mut().poll(cx) else {
                        self.state = State::Fetching(fetching);
                        return Poll::Pending;
                    };
                    match fetched.page {
                        Err(error) => return Poll::Ready(Some(Err(error))),
                        Ok(page) => {
                            if self.take(page) {
                                self.state = State::Ready(Box::new(fetched.prepared));
                            }
                        }
                    }
                }
            }
        }
    }
}
