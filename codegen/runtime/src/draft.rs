//! What a request is made of while it is put together, and the way from there to
//! one that is ready to be sent.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::value::RawValue;

use super::client::Client;
use super::error::Error;
use super::operation::Envelope;
use super::options::CallOptions;
use super::path;
use super::problem::{RequestError, RequestProblem};
use super::send::{Body, Prepared};

/// The media type of JSON.
pub(super) const JSON: &str = "application/json";

/// What is asked for unless the request says otherwise: JSON before all else, so
/// that Cloudflare's own error pages are JSON, too.
pub(super) const ACCEPTED: HeaderValue = HeaderValue::from_static("application/json, */*;q=0.5");

/// What a request is made of.
pub(super) struct Draft {
    pub client: Client,
    pub operation: Cow<'static, str>,
    pub method: Method,
    pub path: Cow<'static, str>,
    pub idempotent: bool,
    pub envelope: Envelope,
    pub accept: HeaderValue,
    pub arguments: Vec<(&'static str, String)>,
    /// By the name of the parameter: an object may become several pairs.
    pub query: Vec<(&'static str, Vec<(String, String)>)>,
    pub headers: Vec<(&'static str, String)>,
    /// With its media type, unless it brings its own.
    pub body: Option<(Option<Cow<'static, str>>, Body)>,
    pub options: CallOptions,
    /// The first thing that went wrong.
    pub problem: Option<RequestProblem>,
}

impl Draft {
    /// With nothing in it yet.
    pub fn new(
        client: Client,
        operation: Cow<'static, str>,
        method: Method,
        path: Cow<'static, str>,
    ) -> Self {
        Self {
            client,
            operation,
            idempotent: method.is_idempotent(),
            method,
            path,
            envelope: Envelope::Absent,
            accept: ACCEPTED,
            arguments: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            options: CallOptions::default(),
            problem: None,
        }
    }

    /// Remembers the first thing that went wrong.
    pub fn fail(&mut self, problem: RequestProblem) {
        self.problem.get_or_insert(problem);
    }

    /// Everything in the form in which it is sent.
    pub fn prepare(mut self: Box<Self>) -> Result<Box<Prepared>, Error> {
        let (url, headers) = self.checked().map_err(|problem| {
            Error::Request(Box::new(RequestError {
                operation: self.operation.to_string(),
                problem,
            }))
        })?;
        let options = std::mem::take(&mut self.options);
        // What is in the URL and the headers need not live as long as the call.
        self.arguments = Vec::new();
        self.query = Vec::new();
        self.headers = Vec::new();
        Ok(Box::new(Prepared {
            limits: options.limits(self.client.inner().limits),
            draft: self,
            url,
            headers,
        }))
    }

    fn checked(&mut self) -> Result<(Url, Vec<(HeaderName, HeaderValue)>), RequestProblem> {
        match self.problem.take() {
            Some(problem) => Err(problem),
            None => {
                self.idempotent = self.options.idempotent.unwrap_or(self.idempotent);
                self.add_members()?;
                Ok((self.url()?, self.all_headers()?))
            }
        }
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
    fn all_headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, RequestProblem> {
        let mut headers = vec![(ACCEPT, self.accept.clone())];
        for (name, value) in &self.client.inner().always.headers {
            headers.push(header(name, value)?);
        }
        if let Some((Some(media_type), _)) = &self.body {
            headers.push((CONTENT_TYPE, content_type(media_type.clone())?));
        }
        for (name, value) in &self.headers {
            headers.push(header(name, value)?);
        }
        for (name, value) in &self.options.headers {
            headers.push(header(name, value)?);
        }
        Ok(headers)
    }

    /// Adds the members that the choices about this call name.
    fn add_members(&mut self) -> Result<(), RequestProblem> {
        let members = std::mem::take(&mut self.options.members);
        let Some((first, _)) = members.first() else {
            return Ok(());
        };
        let no_object = || RequestProblem::Member(first.clone());
        let (media_type, mut object) = match &self.body {
            None => (Cow::Borrowed(JSON), BTreeMap::new()),
            Some((Some(media_type), Body::Bytes(body))) if is_json(media_type) => {
                // The text of each value is left as it is.
                let object = serde_json::from_slice::<BTreeMap<String, Box<RawValue>>>(body);
                (media_type.clone(), object.map_err(|_| no_object())?)
            }
            Some(_) => return Err(no_object()),
        };
        for (name, value) in members {
            match serde_json::value::to_raw_value(&value) {
                Ok(value) => object.insert(name, value),
                Err(source) => return Err(RequestProblem::Encode { name, source }),
            };
        }
        let body = serde_json::to_vec(&object).map_err(|source| RequestProblem::Encode {
            name: "body".to_owned(),
            source,
        })?;
        self.body = Some((Some(media_type), Body::Bytes(body.into())));
        Ok(())
    }
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), RequestProblem> {
    let problem = || RequestProblem::Header(name.to_owned());
    Ok((
        HeaderName::try_from(name).map_err(|_| problem())?,
        HeaderValue::try_from(value).map_err(|_| problem())?,
    ))
}

/// The value of `Content-Type`. One that the code knows is not copied.
fn content_type(media_type: Cow<'static, str>) -> Result<HeaderValue, RequestProblem> {
    let bytes = match media_type {
        Cow::Borrowed(text) => Bytes::from_static(text.as_bytes()),
        Cow::Owned(text) => Bytes::from(text),
    };
    HeaderValue::from_maybe_shared(bytes)
        .map_err(|_| RequestProblem::Header(CONTENT_TYPE.to_string()))
}

fn is_json(media_type: &str) -> bool {
    media_type.starts_with(JSON) || media_type.ends_with("+json")
}
