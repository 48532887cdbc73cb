//! Multipart forms.

use std::borrow::Cow;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{RequestBuilder, multipart};
use serde::Serialize;

use crate::call::parts::{JSON, unencodable};
use crate::call::request::Request;
use crate::call::upload::Upload;
use crate::encode::form::{Encoding, is_json};
use crate::encode::value::{Shape, Written};
use crate::error::RequestProblem;
use crate::transport::source::{Attaching, Source};

/// The parts of a `multipart/form-data` body (RFC 7578).
#[derive(Debug, Clone, Default)]
pub struct FormData {
    parts: Vec<(Cow<'static, str>, Upload)>,
    encodings: &'static [Encoding],
    /// The first thing that went wrong.
    problem: Option<RequestProblem>,
}

impl FormData {
    /// A form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// A form without parts, of which each will be sent as `encodings` says.
    #[doc(hidden)]
    pub fn with_encodings(encodings: &'static [Encoding]) -> Self {
        Self {
            encodings,
            ..Self::default()
        }
    }

    /// Whether nothing was set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.problem.is_none()
    }

    /// Sets the part `name`, in place of those of that name.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, part: impl Into<Upload>) {
        let name = name.into();
        self.clear(&name);
        self.add(name, part);
    }

    /// Adds a part `name` to those of that name.
    pub fn add(&mut self, name: impl Into<Cow<'static, str>>, part: impl Into<Upload>) {
        let name = name.into();
        let mut part = part.into();
        if let Some(encoding) = Encoding::of(self.encodings, &name) {
            part.or_content_type(encoding.media_type());
            part.or_headers(encoding.headers);
        }
        if let Some(header) = part.broken_header() {
            self.fail(RequestProblem::Header(header.to_owned()));
        }
        self.parts.push((name, part));
    }

    /// Sets the part `name` to a value: a scalar as text, a list as a part for each
    /// item, an object as JSON. Null is no part.
    pub fn set_value(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: &(impl Serialize + ?Sized),
    ) {
        let name = name.into();
        self.clear(&name);
        let value = match Written::new(value) {
            Ok(value) => value,
            Err(source) => return self.fail(unencodable(name, source)),
        };
        let encoding = Encoding::of(self.encodings, &name);
        let is_json = encoding.and_then(Encoding::media_type).is_some_and(is_json);
        match value.shape() {
            Shape::Null => {}
            Shape::List(items) if !is_json => {
                for item in items {
                    self.add_written(name.clone(), &item);
                }
            }
            _ => self.add_written(name, &value),
        }
    }

    fn add_written(&mut self, name: Cow<'static, str>, value: &Written) {
        let encoding = Encoding::of(self.encodings, &name);
        let media_type = encoding.and_then(Encoding::media_type);
        let part = match media_type {
            Some(media_type) if is_json(media_type) => Upload::text(value.json()),
            Some(media_type) if value.is_composite() => {
                let name = name.into_owned();
                return self.fail(RequestProblem::Part { name, media_type });
            }
            None if value.is_composite() => Upload::text(value.json()).content_type(JSON),
            _ => Upload::text(value.text()),
        };
        self.add(name, part);
    }

    fn clear(&mut self, name: &str) {
        self.parts.retain(|(known, _)| known != name);
    }

    fn fail(&mut self, problem: RequestProblem) {
        self.problem.get_or_insert(problem);
    }
}

/// A form that is sent under its media type.
struct Multipart {
    form: FormData,
    media_type: &'static str,
}

impl Source for Multipart {
    fn attach(&self, request: RequestBuilder) -> Attaching<'_> {
        Box::pin(async {
            let mut form = multipart::Form::new();
            for (name, upload) in &self.form.parts {
                form = form.part(name.clone(), upload.part(name).await?);
            }
            let content_type = format!("{}; boundary={}", self.media_type, form.boundary());
            let content_type =
                HeaderValue::try_from(content_type).map_err(std::io::Error::other)?;
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, content_type)]);
            Ok(request.multipart(form).headers(headers))
        })
    }

    fn is_repeatable(&self) -> bool {
        self.form.parts.iter().all(|(_, part)| part.is_repeatable())
    }

    fn claim(&self) -> bool {
        // Each is taken, whatever is with the others.
        let parts = self.form.parts.iter();
        parts.fold(true, |all, (_, part)| part.claim() && all)
    }
}

impl Request {
    /// Sends the parts of `form` (`multipart/form-data`).
    pub fn multipart(&mut self, form: FormData) -> &mut Self {
        self.multipart_as("multipart/form-data", form)
    }

    /// Sends the parts of `form` under another media type, such as
    /// `multipart/related`.
    pub fn multipart_as(&mut self, media_type: &'static str, mut form: FormData) -> &mut Self {
        match form.problem.take() {
            Some(problem) => self.fail(problem),
            // The boundary between the parts is in the media type.
            None => {
                let media_type = match media_type.contains('*') {
                    true => "multipart/form-data",
                    false => media_type,
                };
                self.source(None, Multipart { form, media_type });
            }
        }
        self
    }
}
