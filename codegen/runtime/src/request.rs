//! A request while it is put together.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::client::Client;
use super::config::ENVELOPE;
use super::decode;
use super::error::Error;
use super::operation::{Envelope, Operation};
use super::options::CallOptions;
use super::pages::Pages;
use super::path;
use super::problem::{RequestError, RequestProblem};
use super::query::{self, QueryStyle};
use super::response::Response;
use super::send::{Answer, Body, Prepared};
use super::source::{Once, Source};

/// JSON before all else: Cloudflare's own error pages are then JSON, too.
const JSON: HeaderValue = HeaderValue::from_static("application/json, */*;q=0.5");
const MEDIA_TYPE: &str = "application/json";
const ANY: HeaderValue = HeaderValue::from_static("*/*");

/// A request while it is put together. What cannot be encoded is remembered, and
/// returned as an error when the request is sent; nothing is sent then.
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    client: Client,
    operation: Cow<'static, str>,
    method: Method,
    path: Cow<'static, str>,
    idempotent: bool,
    envelope: Envelope,
    accept: HeaderValue,
    arguments: Vec<(&'static str, String)>,
    /// By the name of the parameter: an object may become several pairs.
    query: Vec<(&'static str, Vec<(String, String)>)>,
    headers: Vec<(&'static str, String)>,
    /// With its media type, unless it brings its own.
    body: Option<(Option<Cow<'static, str>>, Body)>,
    options: CallOptions,
    /// The first thing that went wrong.
    problem: Option<RequestProblem>,
}

impl Request {
    /// A request for an operation of the client.
    pub fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            client: client.clone(),
            operation: Cow::Borrowed(operation.id),
            method: operation.method.clone(),
            path: Cow::Borrowed(operation.path),
            idempotent: operation.idempotent,
            envelope: operation.envelope,
            accept: JSON,
            arguments: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            options: CallOptions::default(),
            problem: None,
        }
    }

    /// A request for something that the client has no operation for.
    pub(super) fn custom(client: &Client, method: Method, path: String) -> Self {
        // A query may hold a secret, and has no place in errors and traces.
        let (template, query) = match path.split_once('?') {
            Some((template, query)) => (template.to_owned(), Some(query)),
            None => (path.clone(), None),
        };
        let query = query.map(|query| ("", query_pairs(query)));
        Self {
            client: client.clone(),
            operation: Cow::Owned(format!("{method} {template}")),
            idempotent: method.is_idempotent(),
            method,
            path: Cow::Owned(template),
            envelope: match ENVELOPE {
                true => Envelope::Around,
                false => Envelope::Absent,
            },
            accept: JSON,
            arguments: Vec::new(),
            query: query.into_iter().collect(),
            headers: Vec::new(),
            body: None,
            options: CallOptions::default(),
            problem: None,
        }
    }

    /// Gives the path its argument `name`.
    pub fn path_arg(&mut self, name: &'static str, value: impl fmt::Display) -> &mut Self {
        match path::escape(name, value.to_string()) {
            Ok(escaped) => self.arguments.push((name, escaped)),
            Err(problem) => self.fail(problem.into()),
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
        self.query.retain(|(known, _)| *known != name);
        match query::pairs(name, style, value) {
            Ok(pairs) => self.query.push((name, pairs)),
            Err(source) => self.unencodable(name, source),
        }
        self
    }

    /// Sets the header `name`; the items of a list are separated by commas
    /// (OpenAPI 3.0.3, "Style Values", `simple`).
    pub fn header(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) -> &mut Self {
        self.headers.retain(|(known, _)| *known != name);
        match serde_json::to_value(value) {
            Ok(value) => self.headers.push((name, query::joined(&value))),
            Err(source) => self.unencodable(name, source),
        }
        self
    }

    /// Sets the choices about this call.
    pub fn options(&mut self, options: CallOptions) -> &mut Self {
        self.options = options;
        self
    }

    /// Sends `body` as JSON.
    pub fn json(&mut self, body: &(impl Serialize + ?Sized)) -> &mut Self {
        self.json_as(MEDIA_TYPE, body)
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
        self.body = Some((Some(content_type.into()), Body::Bytes(body.into())));
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
        self.body = Some((content_type, Body::Made(Box::new(source))));
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
        let envelope = self.envelope;
        Pages::new(self.prepare(), envelope)
    }

    /// Sends, and gives the answer whole and unread.
    pub(super) async fn send_any(self) -> Result<Answer, Error> {
        self.prepare()?.send().await
    }

    pub(super) fn envelope(&self) -> Envelope {
        self.envelope
    }

    /// Asks for an answer of this media type.
    pub fn accept(&mut self, media_type: &'static str) -> &mut Self {
        match HeaderValue::from_str(media_type) {
            Ok(accept) => self.accept = accept,
            Err(_) => self.fail(RequestProblem::Header(ACCEPT.to_string())),
        }
        self
    }

    /// The same request, for an answer of any media type unless one was asked for.
    pub(super) fn accepting_any(mut self) -> Self {
        if self.accept == JSON {
            self.accept = ANY;
        }
        self
    }

    /// Adds the members that the choices about this call name.
    fn add_members(&mut self) {
        let members = std::mem::take(&mut self.options.members);
        let Some((first, _)) = members.first() else {
            return;
        };
        let object = match &self.body {
            None => Some(BTreeMap::new()),
            Some((Some(media_type), Body::Bytes(body))) if is_json(media_type) => {
                // The text of each value is left as it is.
                serde_json::from_slice::<BTreeMap<String, Box<RawValue>>>(body).ok()
            }
            Some(_) => None,
        };
        let Some(mut object) = object else {
            return self.fail(RequestProblem::Member(first.clone()));
        };
        for (name, value) in members {
            match serde_json::value::to_raw_value(&value) {
                Ok(value) => object.insert(name, value),
                Err(source) => return self.fail(RequestProblem::Encode { name, source }),
            };
        }
        let media_type = self.body.take().and_then(|(media_type, _)| media_type);
        self.json(&object);
        if let (Some(media_type), Some(body)) = (media_type, &mut self.body) {
            body.0 = Some(media_type);
        }
    }

    fn fail(&mut self, problem: RequestProblem) {
        self.problem.get_or_insert(problem);
    }

    pub(super) fn unencodable(&mut self, name: &str, source: serde_json::Error) {
        let name = name.to_owned();
        self.fail(RequestProblem::Encode { name, source });
    }

    /// Everything in the form in which it is sent.
    pub(super) fn prepare(mut self) -> Result<Prepared, Error> {
        self.add_members();
        let made = match self.problem.take() {
            Some(problem) => Err(problem),
            None => self.url().and_then(|url| Ok((url, self.all_headers()?))),
        };
        let (url, headers) = made.map_err(|problem| {
            Error::Request(Box::new(RequestError {
                operation: self.operation.to_string(),
                problem,
            }))
        })?;
        Ok(Prepared {
            operation: self.operation,
            template: self.path,
            method: self.method,
            url,
            headers,
            body: self.body.map_or(Body::None, |(_, body)| body),
            idempotent: self.options.idempotent.unwrap_or(self.idempotent),
            limits: self.options.limits(self.client.inner().limits),
            client: self.client,
        })
    }

    fn url(&self) -> Result<Url, RequestProblem> {
        let base = &self.client.inner().base_url;
        let path = path::expand(base.path(), &self.path, &self.arguments)?;
        let mut url = base.clone();
        url.set_path(&path);
        // Dot segments of a path of one's own may have led out of it.
        let below = url.path().strip_prefix(base.path().trim_end_matches('/'));
        if !below.is_some_and(|below| below.starts_with('/')) {
            return Err(RequestProblem::Url(path));
        }
        let pairs = self.query.iter().flat_map(|(_, pairs)| pairs);
        let always = &self.client.inner().always.query;
        for (name, value) in always.iter().chain(pairs).chain(&self.options.query) {
            url.query_pairs_mut().append_pair(name, value);
        }
        Ok(url)
    }

    /// All headers but the credentials.
    fn all_headers(&self) -> Result<HeaderMap, RequestProblem> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, self.accept.clone());
        let content_type = self.body.iter().filter_map(|(media_type, _)| {
            let media_type = media_type.as_ref()?;
            Some((CONTENT_TYPE.as_str(), media_type.as_ref()))
        });
        let own = self
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        fn pair((name, value): &(String, String)) -> (&str, &str) {
            (name, value)
        }
        let always = self.client.inner().always.headers.iter().map(pair);
        let extra = self.options.headers.iter().map(pair);
        for (name, value) in always.chain(content_type).chain(own).chain(extra) {
            let problem = || RequestProblem::Header(name.to_owned());
            headers.insert(
                HeaderName::try_from(name).map_err(|_| problem())?,
                HeaderValue::try_from(value).map_err(|_| problem())?,
            );
        }
        Ok(headers)
    }
}

fn is_json(media_type: &str) -> bool {
    media_type.starts_with(MEDIA_TYPE) || media_type.ends_with("+json")
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
    match answer.head.status.is_success() {
        true => Ok(answer),
        false => Err(decode::refusal(answer)),
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}
