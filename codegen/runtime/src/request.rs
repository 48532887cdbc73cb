//! A request while it is put together.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answer::Answer;
use super::client::Client;
use super::config::ENVELOPE;
use super::decode;
use super::draft::{ACCEPTED, Draft, JSON};
use super::error::Error;
use super::operation::{Envelope, Operation};
use super::options::CallOptions;
use super::pages::Pages;
use super::path;
use super::problem::RequestProblem;
use super::query::{self, QueryStyle};
use super::response::Response;
use super::send::{Body, Prepared};
use super::source::{Once, Source};

const ANY: HeaderValue = HeaderValue::from_static("*/*");

/// A request while it is put together. What cannot be encoded is remembered, and
/// returned as an error when the request is sent; nothing is sent then.
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    /// Boxed, since it moves from setter to setter and into each future around it.
    draft: Box<Draft>,
}

impl Request {
    /// A request for an operation of the client.
    pub fn new(client: &Client, operation: &'static Operation) -> Self {
        let draft = Draft {
            idempotent: operation.idempotent,
            envelope: operation.envelope,
            ..Draft::new(
                client.clone(),
                Cow::Borrowed(operation.id),
                operation.method.clone(),
                Cow::Borrowed(operation.path),
            )
        };
        Self {
            draft: Box::new(draft),
        }
    }

    /// A request for something that the client has no operation for.
    pub(super) fn custom(client: &Client, method: Method, path: String) -> Self {
        // A query may hold a secret, and has no place in errors and traces.
        let (template, query) = match path.split_once('?') {
            Some((template, query)) => (template.to_owned(), Some(query)),
            None => (path.clone(), None),
        };
        let operation = format!("{method} {template}");
        let mut draft = Draft::new(client.clone(), operation.into(), method, template.into());
        if ENVELOPE {
            draft.envelope = Envelope::Around;
        }
        if let Some(query) = query {
            draft.query.push(("", query_pairs(query)));
        }
        Self {
            draft: Box::new(draft),
        }
    }

    /// Gives the path its argument `name`.
    pub fn path_arg(&mut self, name: &'static str, value: impl fmt::Display) -> &mut Self {
        match path::escape(name, value.to_string()) {
            Ok(escaped) => self.draft.arguments.push((name, escaped)),
            Err(problem) => self.draft.fail(problem.into()),
        }
        self
    }

    /// Sets the query parameter `name`; null takes it away.
    pub fn query(
        &mut self,
        name: &'static str,
        style: QueryStyle,
        value: &(impl Serialize + ?Sized),
    ) -> &mut Self {
        self.draft.query.retain(|(known, _)| *known != name);
        match query::pairs(name, style, value) {
            Ok(pairs) => self.draft.query.push((name, pairs)),
            Err(source) => self.unencodable(name, source),
        }
        self
    }

    /// Sets the header `name`; the items of a list are separated by commas
    /// (OpenAPI 3.0.3, "Style Values", `simple`).
    pub fn header(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) -> &mut Self {
        self.draft.headers.retain(|(known, _)| *known != name);
        match serde_json::to_value(value) {
            Ok(value) => self.draft.headers.push((name, query::joined(&value))),
            Err(source) => self.unencodable(name, source),
        }
        self
    }

    /// Sets the choices about this call.
    pub fn options(&mut self, options: CallOptions) -> &mut Self {
        self.draft.options = options;
        self
    }

    /// Sends `body` as JSON.
    pub fn json(&mut self, body: &(impl Serialize + ?Sized)) -> &mut Self {
        self.json_as(JSON, body)
    }

    /// Sends `body` as JSON under another media type, such as
    /// `application/merge-patch+json`.
    pub fn json_as(
        &mut self,
        media_type: &'static str,
        body: &(impl Serialize + ?Sized),
    ) -> &mut Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => self.bytes(media_type, bytes),
            Err(source) => {
                self.unencodable("body", source);
                self
            }
        }
    }

    /// Sends `body` as it is.
    pub fn bytes(
        &mut self,
        content_type: impl Into<Cow<'static, str>>,
        body: impl Into<Bytes>,
    ) -> &mut Self {
        self.draft.body = Some((Some(content_type.into()), Body::Bytes(body.into())));
        self
    }

    /// Sends the members of `body` as a form (`application/x-www-form-urlencoded`).
    pub fn form(&mut self, body: &(impl Serialize + ?Sized)) -> &mut Self {
        match query::pairs("body", QueryStyle::Form, body) {
            Ok(pairs) => self.bytes("application/x-www-form-urlencoded", query::written(&pairs)),
            Err(source) => {
                self.unencodable("body", source);
                self
            }
        }
    }

    /// Sends `body` as it comes, without holding all of it in memory. Such a
    /// request is never repeated, because its body cannot be.
    pub fn stream(
        &mut self,
        content_type: impl Into<Cow<'static, str>>,
        body: impl Into<reqwest::Body>,
    ) -> &mut Self {
        self.source(Some(content_type.into()), Once::new(body));
        self
    }

    /// Sends what `source` makes for each attempt.
    pub(super) fn source(
        &mut self,
        content_type: Option<Cow<'static, str>>,
        source: impl Source + 'static,
    ) {
        self.draft.body = Some((content_type, Body::Made(Box::new(source))));
    }

    /// Sends, and decodes the result.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Config`; a result that is null or missing is one.
    pub async fn send_json<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.send_undecoded().await?.json()
    }

    /// Sends, and decodes a result that may be null: then it is `T`'s default.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Config`.
    pub async fn send_json_or_default<T>(self) -> Result<Response<T>, Error>
    where
        T: DeserializeOwned + Default,
    {
        self.send_undecoded().await?.json_or_default()
    }

    /// Sends, and takes no result: success is all that is promised.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Config`.
    pub async fn send_unit(self) -> Result<Response<()>, Error> {
        self.send_undecoded().await?.unit()
    }

    /// Sends, and takes the body as text; what is no UTF-8 is replaced.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Config`.
    pub async fn send_text(self) -> Result<Response<String>, Error> {
        self.accepting_any().send_undecoded().await?.text()
    }

    /// Sends, and takes the body as it is.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Config`.
    pub async fn send_bytes(self) -> Result<Response<Bytes>, Error> {
        self.accepting_any().send_undecoded().await?.bytes()
    }

    /// Sends, and leaves the answer as it is, whatever its status. Its body is
    /// still to be read, in the time of the attempt that is left, and without a
    /// limit to its size. Its extensions have the [`Call`](super::Call), with the
    /// number of attempts.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] and [`Error::Transport`].
    pub async fn send_raw(self) -> Result<reqwest::Response, Error> {
        self.accepting_any().prepare()?.send_raw().await
    }

    /// Every item of every page from here on.
    pub fn into_pages<T>(self) -> Pages<T> {
        let envelope = self.draft.envelope;
        Pages::new(self.prepare(), envelope)
    }

    /// Sends, and gives the answer whole and unread.
    pub(super) async fn send_any(self) -> Result<Answer, Error> {
        self.prepare()?.send().await
    }

    /// Everything in the form in which it is sent.
    pub(super) fn prepare(self) -> Result<Box<Prepared>, Error> {
        self.draft.prepare()
    }

    pub(super) fn envelope(&self) -> Envelope {
        self.draft.envelope
    }

    /// Asks for an answer of this media type.
    pub fn accept(&mut self, media_type: &'static str) -> &mut Self {
        match HeaderValue::from_str(media_type) {
            Ok(accept) => self.draft.accept = accept,
            Err(_) => self.draft.fail(RequestProblem::Header(ACCEPT.to_string())),
        }
        self
    }

    /// The same request, for an answer of any media type unless one was asked for.
    pub(super) fn accepting_any(mut self) -> Self {
        if self.draft.accept == ACCEPTED {
            self.draft.accept = ANY;
        }
        self
    }

    pub(super) fn unencodable(&mut self, name: &str, source: serde_json::Error) {
        let name = name.to_owned();
        self.draft.fail(RequestProblem::Encode { name, source });
    }
}

/// The parameters of a query that is written out.
fn query_pairs(query: &str) -> Vec<(String, String)> {
    // Only the query of this URL is looked at.
    let url = Url::parse("http://localhost").map(|mut url| {
        url.set_query(Some(query));
        url
    });
    let pairs = url.iter().flat_map(Url::query_pairs);
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

pub(super) fn successful(answer: Answer) -> Result<Answer, Error> {
    match answer.around.head.status.is_success() {
        true => Ok(answer),
        false => Err(decode::refusal(answer)),
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.draft.operation)
            .finish_non_exhaustive()
    }
}
