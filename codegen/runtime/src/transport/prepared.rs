//! A request that is ready to be sent, as often as it takes.

use std::borrow::Cow;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};

use crate::error::Call;
use crate::retry::repeat::Progress;
use crate::transport::core::Core;
use crate::transport::credentials::Chosen;
use crate::transport::hook;
use crate::transport::options::Limits;
use crate::transport::source::Body;

/// A request that is ready to be sent.
pub(crate) struct Prepared {
    pub core: Core,
    pub operation: Cow<'static, str>,
    pub method: Method,
    /// The path, with its arguments in braces.
    pub template: Cow<'static, str>,
    pub idempotent: bool,
    /// Without credentials.
    pub url: Url,
    /// All but the credentials; of two of one name the later one counts.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Option<Body>,
    pub limits: Limits,
    pub credentials: Chosen,
}

impl Prepared {
    /// The request of an attempt, but for a body that has to be made.
    pub fn request(&self, progress: Progress, timeout: Option<Duration>) -> reqwest::Request {
        let core = self.core.inner();
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        for hook in &core.hooks {
            hook.before(&self.seen(progress), &mut headers);
        }
        core.credentials.add_headers(self.credentials, &mut headers);
        let mut url = self.url.clone();
        core.credentials.add_parameters(self.credentials, &mut url);
        let mut request = reqwest::Request::new(self.method.clone(), url);
        *request.headers_mut() = headers;
        *request.timeout_mut() = timeout;
        if let Some(Body::Bytes(bytes)) = &self.body {
            *request.body_mut() = Some(bytes.clone().into());
        }
        request
    }

    /// Whether there can be a second attempt with the same body.
    pub fn is_repeatable(&self) -> bool {
        match &self.body {
            Some(Body::Made(source)) => source.is_repeatable(),
            _ => true,
        }
    }

    /// What hooks see of an attempt.
    pub fn seen(&self, progress: Progress) -> hook::Attempt<'_> {
        hook::Attempt {
            operation: &self.operation,
            method: &self.method,
            template: &self.template,
            url: self.url_without_query(),
            number: progress.attempts,
        }
    }

    /// What errors and responses say of the call.
    pub fn call(&self, progress: Progress) -> Call {
        Call {
            operation: self.operation.clone(),
            method: self.method.clone(),
            url: self.url_without_query().to_owned(),
            attempts: progress.attempts,
            executed_before: progress.executed_before,
            protocol: self.core.inner().protocol,
        }
    }

    fn url_without_query(&self) -> &str {
        let url = self.url.as_str();
        url.split_once('?').map_or(url, |(before, _)| before)
    }
}
