//! A request while it is put together.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::call::pages::Pages;
use crate::call::parts::{ACCEPTED, JSON, Parts, unencodable};
use crate::call::raw_response::RawResponse;
use crate::encode::form::{self, Encoding};
use crate::encode::path::{self, PathStyle};
use crate::encode::query::{self, Escape, QueryStyle};
use crate::encode::value::Written;
use crate::encode::{cookie, header, json};
use crate::error::{Error, RequestProblem};
use crate::protocol::{Envelope, Operation, Paging};
use crate::response::outcome::Response;
use crate::transport::core::Core;
use crate::transport::options::CallOptions;
use crate::transport::prepared::Prepared;
use crate::transport::source::{Body, Once, Source};

const ANY: HeaderValue = HeaderValue::from_static("*/*");

/// The media type of bytes of which nothing is known.
pub(crate) const BYTES: &str = "application/octet-stream";

/// A request while it is put together. What cannot be encoded is remembered, and
/// returned as an error when the request is sent; nothing is sent then.
#[must_use = "a request does nothing until it is sent"]
#[derive(Clone)]
pub struct Request {
    /// Boxed, since it moves from setter to setter and into each future around it.
    parts: Box<Parts>,
}

impl Core {
    /// A request to an endpoint that the client has no method for, with the same
    /// authentication, retries and errors. `path` is below the base URL.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        let path = path.into();
        let (template, query) = split(&path);
        let operation = format!("{method} {template}");
        let template = template.to_owned();
        let mut parts = Parts::new(self.clone(), operation.into(), method, template.into());
        if self.inner().protocol.envelope.is_some() {
            parts.envelope = Envelope::Member;
        }
        parts
            .query
            .extend(query.map(|query| ("", query.to_owned())));
        Request {
            parts: Box::new(parts),
        }
    }
}

/// A path without its query, which may hold a secret and has no place in errors and
/// traces. A fragment is not sent.
fn split(path: &str) -> (&str, Option<&str>) {
    let path = path.split_once('#').map_or(path, |(before, _)| before);
    match path.split_once('?') {
        Some((template, query)) => (template, Some(query)),
        None => (path, None),
    }
}

impl Request {
    /// A request for an operation of the client.
    #[doc(hidden)]
    pub fn new(core: &Core, operation: &'static Operation) -> Self {
        let (path, query) = split(operation.path);
        let mut parts = Parts {
            server: operation.server,
            envelope: operation.envelope,
            security: operation.security,
            paging: operation.paging,
            ..Parts::new(
                core.clone(),
                Cow::Borrowed(operation.id),
                operation.method.clone(),
                Cow::Borrowed(path),
            )
        };
        if let Some(idempotent) = operation.idempotent {
            parts.idempotent = idempotent;
        }
        parts
            .query
            .extend(query.map(|query| ("", query.to_owned())));
        Self {
            parts: Box::new(parts),
        }
    }

    /// Gives the path its argument `name`.
    pub fn path_arg(&mut self, name: &'static str, value: impl fmt::Display) -> &mut Self {
        match path::escape(name, value.to_string()) {
            Ok(escaped) => self.argument(name, escaped),
            Err(problem) => self.parts.fail(problem),
        }
        self
    }

    /// Gives the path its argument `name` in a style: a list, an object, or a scalar.
    pub fn path_styled(
        &mut self,
        name: &'static str,
        style: PathStyle,
        explode: bool,
        value: &(impl Serialize + ?Sized),
    ) -> &mut Self {
        if let Some(value) = self.written(name, value) {
            match path::styled(name, style, explode, &value) {
                Ok(escaped) => self.argument(name, escaped),
                Err(problem) => self.parts.fail(problem),
            }
        }
        self
    }

    fn argument(&mut self, name: &'static str, escaped: String) {
        self.parts.arguments.retain(|(known, _)| *known != name);
        self.parts.arguments.push((name, escaped));
    }

    fn written(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Option<Written> {
        match Written::new(value) {
            Ok(written) => Some(written),
            Err(source) => {
                self.parts.fail(unencodable(name, source));
                None
            }
        }
    }

    /// Sets the query parameter `name`; null takes it away.
    pub fn query(
        &mut self,
        name: &'static str,
        style: QueryStyle,
        value: &(impl Serialize + ?Sized),
    ) -> &mut Self {
        self.set_query(name, style, Escape::All, value)
    }

    /// Sets the query parameter `name`, in which reserved characters stay as they are
    /// (`allowReserved`); null takes it away.
    pub fn query_reserved(
        &mut self,
        name: &'static str,
        style: QueryStyle,
        value: &(impl Serialize + ?Sized),
    ) -> &mut Self {
        self.set_query(name, style, Escape::Reserved, value)
    }

    fn set_query(
        &mut self,
        name: &'static str,
        style: QueryStyle,
        escape: Escape,
        value: &(impl Serialize + ?Sized),
    ) -> &mut Self {
        self.parts.query.retain(|(known, _)| *known != name);
        match query::written(name, style, escape, value) {
            Ok(pairs) if pairs.is_empty() => {}
            Ok(pairs) => self.parts.query.push((name, pairs)),
            Err(source) => self.parts.fail(unencodable(name, source)),
        }
        self
    }

    /// Sets the header `name` in the style `simple`: `a,b`; null takes it away.
    pub fn header(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) -> &mut Self {
        self.header_styled(name, false, value)
    }

    /// Sets the header `name` in the style `simple`, in which an object is
    /// `key,1` or, exploded, `key=1`; null takes it away.
    pub fn header_styled(
        &mut self,
        name: &'static str,
        explode: bool,
        value: &(impl Serialize + ?Sized),
    ) -> &mut Self {
        self.parts.headers.retain(|(known, _)| *known != name);
        let value = self.written(name, value);
        let text = value.and_then(|value| header::text(explode, &value));
        self.parts.headers.extend(text.map(|text| (name, text)));
        self
    }

    /// Sets the cookie `name`; null takes it away.
    pub fn cookie(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) -> &mut Self {
        self.cookie_styled(name, true, value)
    }

    /// Sets the cookie `name` in the style `form`, in which the items of a list are
    /// cookies of their own if it is exploded, else separated by commas; null takes
    /// it away.
    pub fn cookie_styled(
        &mut self,
        name: &'static str,
        explode: bool,
        value: &(impl Serialize + ?Sized),
    ) -> &mut Self {
        self.parts.cookies.retain(|(known, _)| *known != name);
        let value = self.written(name, value);
        let text = value.and_then(|value| cookie::text(name, explode, &value));
        let text = text.filter(|text| !text.is_empty());
        self.parts.cookies.extend(text.map(|text| (name, text)));
        self
    }

    /// Sets the choices about this call.
    pub fn options(&mut self, options: CallOptions) -> &mut Self {
        self.parts.options = options;
        self
    }

    /// Sends `body` as JSON.
    pub fn json(&mut self, body: &(impl Serialize + ?Sized)) -> &mut Self {
        self.json_as(JSON, body)
    }

    /// Sends `body` as JSON under another media type, such as
    /// `application/merge-patch+json`. A range such as `*/*` is plain JSON.
    pub fn json_as(
        &mut self,
        media_type: &'static str,
        body: &(impl Serialize + ?Sized),
    ) -> &mut Self {
        match json::to_vec(body) {
            Ok(bytes) => self.set_body(media_type.into(), JSON, bytes.into()),
            Err(source) => self.parts.fail(unencodable("body", source)),
        }
        self
    }

    /// Sends `body` as it is. A range such as `*/*` says that nothing is known of it.
    pub fn bytes(
        &mut self,
        media_type: impl Into<Cow<'static, str>>,
        body: impl Into<Bytes>,
    ) -> &mut Self {
        self.set_body(media_type.into(), BYTES, body.into());
        self
    }

    fn set_body(&mut self, media_type: Cow<'static, str>, otherwise: &'static str, body: Bytes) {
        let media_type = concrete(media_type, otherwise);
        self.parts.body = Some((Some(media_type), Body::Bytes(body)));
    }

    /// Sends the members of `body` as a form (`application/x-www-form-urlencoded`).
    pub fn form(&mut self, body: &(impl Serialize + ?Sized)) -> &mut Self {
        self.form_with(body, &[])
    }

    /// Sends the members of `body` as a form, each as `encodings` says.
    pub fn form_with(
        &mut self,
        body: &(impl Serialize + ?Sized),
        encodings: &'static [Encoding],
    ) -> &mut Self {
        match form::urlencoded(body, encodings) {
            Ok(text) => self.bytes("application/x-www-form-urlencoded", text),
            Err(source) => {
                self.parts.fail(unencodable("body", source));
                self
            }
        }
    }

    /// Sends `body` as it comes, without holding all of it in memory. Such a
    /// request is never repeated, because its body cannot be.
    pub fn stream(
        &mut self,
        media_type: impl Into<Cow<'static, str>>,
        body: impl Into<reqwest::Body>,
    ) -> &mut Self {
        let media_type = concrete(media_type.into(), BYTES);
        self.source(Some(media_type), Once::new(body));
        self
    }

    /// Sends what `source` makes for each attempt.
    pub(crate) fn source(
        &mut self,
        content_type: Option<Cow<'static, str>>,
        source: impl Source + 'static,
    ) {
        let body = Body::Made(std::sync::Arc::new(source));
        self.parts.body = Some((content_type, body));
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

    /// Sends, and leaves it to the caller how the response is read.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] and [`Error::Transport`].
    pub async fn send_undecoded(self) -> Result<RawResponse, Error> {
        let envelope = self.parts.envelope;
        let arrival = self.prepare()?.send().await?;
        Ok(RawResponse { arrival, envelope })
    }

    /// Sends, and leaves the response as it is, whatever its status. Its body is
    /// still to be read, in the time of the attempt that is left, and without a
    /// limit to its size. Its extensions have the [`Call`](crate::Call), with the
    /// number of attempts.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] and [`Error::Transport`].
    pub async fn send_raw(self) -> Result<reqwest::Response, Error> {
        self.accepting_any().prepare()?.send_raw().await
    }

    /// Says how the pages of the list are asked for. An operation knows that; a request
    /// of one's own has one page unless it is told.
    pub fn paging(&mut self, paging: Paging) -> &mut Self {
        self.parts.paging = paging;
        self
    }

    /// Every item of every page from here on.
    pub fn into_pages<T>(self) -> Pages<T> {
        let (envelope, paging) = (self.parts.envelope, self.parts.paging);
        Pages::new(self.prepare(), envelope, paging)
    }

    /// Everything in the form in which it is sent.
    pub(crate) fn prepare(self) -> Result<Box<Prepared>, Error> {
        self.parts.prepare()
    }

    /// Asks for a response of this media type.
    pub fn accept(&mut self, media_type: &'static str) -> &mut Self {
        match HeaderValue::from_str(media_type) {
            Ok(accept) => self.parts.accept = accept,
            Err(_) => self.parts.fail(RequestProblem::Header(ACCEPT.to_string())),
        }
        self
    }

    /// Asks for a response of this media type, unless one was asked for.
    #[cfg(feature = "download")]
    pub(crate) fn accept_unless_chosen(&mut self, media_type: &'static str) {
        if self.parts.accept == ACCEPTED {
            self.accept(media_type);
        }
    }

    /// The same request, for a response of any media type unless one was asked for.
    pub(crate) fn accepting_any(mut self) -> Self {
        if self.parts.accept == ACCEPTED {
            self.parts.accept = ANY;
        }
        self
    }

    /// Remembers what went wrong.
    #[cfg(feature = "upload")]
    pub(crate) fn fail(&mut self, problem: RequestProblem) {
        self.parts.fail(problem);
    }
}

/// `media_type`, or `otherwise` where it is a range.
pub(crate) fn concrete(
    media_type: Cow<'static, str>,
    otherwise: &'static str,
) -> Cow<'static, str> {
    match media_type.contains('*') || media_type.is_empty() {
        true => Cow::Borrowed(otherwise),
        false => media_type,
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.parts.operation)
            .field("body", &self.parts.body.as_ref().map(|(_, body)| body))
            .field("options", &self.parts.options)
            .finish_non_exhaustive()
    }
}
