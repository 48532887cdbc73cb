//! What a request is made of while it is put together, and the way from there to one
//! that is ready to be sent.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::value::RawValue;

use crate::encode::form::is_json;
use crate::encode::query::{Escape, Pairs};
use crate::encode::{json, path};
use crate::error::{Error, RequestError, RequestProblem};
use crate::protocol::{Envelope, Kind, Paging, Security};
use crate::transport::core::Core;
use crate::transport::options::CallOptions;
use crate::transport::prepared::Prepared;
use crate::transport::source::Body;

/// The media type of JSON.
pub(crate) const JSON: &str = "application/json";

/// What is asked for unless the request says otherwise: JSON before all else, so
/// that the error pages of gateways are JSON, too.
pub(crate) const ACCEPTED: HeaderValue = HeaderValue::from_static("application/json, */*;q=0.5");

/// What a request is made of.
#[derive(Clone)]
pub(crate) struct Parts {
    pub core: Core,
    pub operation: Cow<'static, str>,
    pub method: Method,
    pub path: Cow<'static, str>,
    /// The operation's own server.
    pub server: Option<&'static str>,
    pub idempotent: bool,
    pub envelope: Envelope,
    pub security: Security,
    pub paging: Paging,
    pub accept: HeaderValue,
    /// Escaped.
    pub arguments: Vec<(&'static str, String)>,
    /// As they stand in the query, by the name of the parameter: an object may become
    /// several.
    pub query: Vec<(&'static str, String)>,
    pub headers: Vec<(&'static str, String)>,
    /// `name=value`, by the name of the parameter.
    pub cookies: Vec<(&'static str, String)>,
    /// With its media type, unless it brings its own.
    pub body: Option<(Option<Cow<'static, str>>, Body)>,
    pub options: CallOptions,
    /// The first thing that went wrong.
    pub problem: Option<RequestProblem>,
}

impl Parts {
    /// With nothing in it yet.
    pub fn new(
        core: Core,
        operation: Cow<'static, str>,
        method: Method,
        path: Cow<'static, str>,
    ) -> Self {
        Self {
            core,
            operation,
            idempotent: method.is_idempotent(),
            method,
            path,
            server: None,
            envelope: Envelope::None,
            security: Security::Client,
            paging: Paging::new(),
            accept: ACCEPTED,
            arguments: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: None,
            options: CallOptions::default(),
            problem: None,
        }
    }

    /// Remembers the first thing that went wrong.
    pub fn fail(&mut self, problem: impl Into<RequestProblem>) {
        self.problem.get_or_insert(problem.into());
    }

    /// Everything in the form in which it is sent.
    pub fn prepare(mut self: Box<Self>) -> Result<Box<Prepared>, Error> {
        match self.checked() {
            Err(problem) => Err(Error::Request(Box::new(RequestError {
                operation: self.operation.to_string(),
                problem,
            }))),
            Ok(prepared) => Ok(prepared),
        }
    }

    fn checked(&mut self) -> Result<Box<Prepared>, RequestProblem> {
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        self.add_members()?;
        let url = self.url()?;
        let headers = self.all_headers()?;
        let core = self.core.inner();
        let own = |scheme: &str| self.has_own(scheme, &headers);
        let credentials = core.credentials.choose(self.security, own);
        let credentials = credentials.map_err(RequestProblem::Credentials)?;
        let body = self.body.take().map(|(_, body)| body);
        if let Some(Body::Made(source)) = &body
            && !source.claim()
        {
            return Err(RequestProblem::Spent);
        }
        Ok(Box::new(Prepared {
            limits: self.options.limits(core.limits),
            operation: std::mem::take(&mut self.operation),
            method: std::mem::take(&mut self.method),
            template: std::mem::take(&mut self.path),
            idempotent: self.options.idempotent.unwrap_or(self.idempotent),
            url,
            headers,
            body,
            credentials,
            core: self.core.clone(),
        }))
    }

    /// Whether the request brings the header of a scheme itself.
    fn has_own(&self, scheme: &str, headers: &[(HeaderName, HeaderValue)]) -> bool {
        let scheme = self.core.inner().protocol.scheme(scheme);
        let name = match scheme.map(|scheme| scheme.kind) {
            Some(Kind::Bearer | Kind::Basic) => "authorization",
            Some(Kind::Header(name)) => name,
            _ => return false,
        };
        let mut names = headers.iter().map(|(name, _)| name.as_str());
        names.any(|known| known.eq_ignore_ascii_case(name))
    }

    fn url(&self) -> Result<Url, RequestProblem> {
        let base = self.core.inner().servers.url(self.server)?;
        let path = path::expand(base.path(), &self.path, &self.arguments)?;
        let mut url = base.clone();
        url.set_path(&path);
        // Dot segments of a path of one's own may have led out of it.
        let below = url.path().strip_prefix(base.path().trim_end_matches('/'));
        if !below.is_some_and(|below| below.starts_with('/')) {
            return Err(RequestProblem::Url(path));
        }
        let always = &self.core.inner().always.query;
        let mut query = pairs(always);
        let pairs = [pairs(&self.options.query)];
        let given = self.query.iter().map(|(_, pairs)| pairs.as_str());
        for pairs in given.chain(pairs.iter().map(String::as_str)) {
            if !query.is_empty() && !pairs.is_empty() {
                query.push('&');
            }
            query.push_str(pairs);
        }
        if !query.is_empty() {
            url.set_query(Some(&query));
        }
        Ok(url)
    }

    /// All headers but the credentials.
    fn all_headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, RequestProblem> {
        let mut headers = vec![(ACCEPT, self.accept.clone())];
        for (name, value) in &self.core.inner().always.headers {
            headers.push(header(name, value)?);
        }
        if let Some((Some(media_type), _)) = &self.body {
            headers.push((CONTENT_TYPE, content_type(media_type.clone())?));
        }
        for (name, value) in &self.headers {
            headers.push(header(name, value)?);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(_, it)| it.as_str()).collect();
            headers.push(header(COOKIE.as_str(), &cookies.join("; "))?);
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
            match json::to_raw(&value) {
                Ok(value) => object.insert(name, value),
                Err(source) => return Err(unencodable(name, source)),
            };
        }
        let body = json::to_vec(&object).map_err(|source| unencodable("body", source))?;
        self.body = Some((Some(media_type), Body::Bytes(body.into())));
        Ok(())
    }
}

/// The problem of what JSON cannot say.
pub(crate) fn unencodable(name: impl Into<String>, source: serde_json::Error) -> RequestProblem {
    RequestProblem::Encode {
        name: name.into(),
        source: source.into(),
    }
}

fn pairs(parameters: &[(String, String)]) -> String {
    let mut pairs = Pairs::new(Escape::All);
    for (name, value) in parameters {
        pairs.one(name, value.clone());
    }
    pairs.into_text()
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
