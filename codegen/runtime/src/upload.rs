//! Bodies that are files, streams or forms.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use reqwest::RequestBuilder;
use reqwest::header::CONTENT_LENGTH;
use reqwest::multipart;
use serde::Serialize;
use serde_json::Value;

use super::query;
use super::request::Request;
use super::source::{Attaching, Once, Source};

/// Something to send as it is: text, bytes, a file or a stream. As a part of a
/// form it may have a file name and a media type.
///
/// Text, bytes and files can be sent again when an attempt fails; a stream cannot.
pub struct Upload {
    content: Content,
    file_name: Option<String>,
    content_type: Option<String>,
}

enum Content {
    Text(Bytes),
    Bytes(Bytes),
    File(PathBuf),
    Stream(Once),
}

impl Upload {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::of(Content::Text(text.into().into()))
    }

    /// Bytes that are in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::of(Content::Bytes(bytes.into()))
    }

    /// The file at `path`, which is read while it is sent.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::of(Content::File(path.into()))
    }

    /// A stream, which is sent as it comes, and once.
    pub fn stream(body: impl Into<reqwest::Body>) -> Self {
        Self::of(Content::Stream(Once::new(body)))
    }

    /// Sets the file name that a form tells the server; that of a file is its own,
    /// and that of bytes the name of the part, unless this is called.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type, such as `image/png`.
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    fn of(content: Content) -> Self {
        Self {
            content,
            file_name: None,
            content_type: None,
        }
    }

    fn is_repeatable(&self) -> bool {
        !matches!(self.content, Content::Stream(_))
    }

    /// The part of a form that is called `name`.
    async fn part(&self, name: &str) -> io::Result<multipart::Part> {
        let with_length = |bytes: &Bytes| {
            let length = bytes.len() as u64;
            multipart::Part::stream_with_length(bytes.clone(), length)
        };
        let mut part = match &self.content {
            Content::Text(bytes) => with_length(bytes),
            Content::Bytes(bytes) => with_length(bytes).file_name(name.to_owned()),
            Content::File(path) => multipart::Part::file(path).await?,
            Content::Stream(once) => {
                multipart::Part::stream(once.take()?).file_name(name.to_owned())
            }
        };
        if let Some(name) = &self.file_name {
            part = part.file_name(name.clone());
        }
        match &self.content_type {
            Some(media_type) => part.mime_str(media_type).map_err(io::Error::other),
            None => Ok(part),
        }
    }
}

impl Source for Upload {
    fn attach(&self, request: RequestBuilder) -> Attaching<'_> {
        Box::pin(async {
            Ok(match &self.content {
                Content::Text(bytes) | Content::Bytes(bytes) => request.body(bytes.clone()),
                Content::Stream(once) => request.body(once.take()?),
                Content::File(path) => {
                    let file = tokio::fs::File::open(path).await?;
                    let length = file.metadata().await?.len();
                    request.header(CONTENT_LENGTH, length).body(file)
                }
            })
        })
    }

    fn is_repeatable(&self) -> bool {
        self.is_repeatable()
    }
}

impl From<&str> for Upload {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Upload {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<reqwest::Body> for Upload {
    fn from(body: reqwest::Body) -> Self {
        Self::stream(body)
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.content {
            Content::Text(_) => "text",
            Content::Bytes(_) => "bytes",
            Content::File(_) => "file",
            Content::Stream(_) => "stream",
        };
        f.debug_struct("Upload")
            .field("kind", &kind)
            .field("file_name", &self.file_name)
            .finish_non_exhaustive()
    }
}

/// The parts of a `multipart/form-data` body (RFC 7578).
#[derive(Debug, Default)]
pub struct FormData {
    parts: Vec<(Cow<'static, str>, Upload)>,
    /// The first value that JSON cannot say, by the name of its part.
    problem: Option<(String, serde_json::Error)>,
}

impl FormData {
    /// A form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing was set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.problem.is_none()
    }

    /// Sets the part `name`, in place of those of that name.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, part: impl Into<Upload>) {
        let name = name.into();
        self.parts.retain(|(known, _)| *known != name);
        self.parts.push((name, part.into()));
    }

    /// Adds a part `name` to those of that name.
    pub fn add(&mut self, name: impl Into<Cow<'static, str>>, part: impl Into<Upload>) {
        self.parts.push((name.into(), part.into()));
    }

    /// Sets the part `name` to a value: a scalar as text, a list of scalars as a
    /// part for each, anything else as JSON.
    pub fn set_value(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) {
        match serde_json::to_value(value) {
            Ok(Value::Array(items))
                if !items.iter().any(|item| item.is_object() || item.is_array()) =>
            {
                self.parts.retain(|(known, _)| known != name);
                let parts = items
                    .iter()
                    .map(|item| (name.into(), query::plain(item).into()));
                self.parts.extend(parts);
            }
            Ok(value @ (Value::Object(_) | Value::Array(_))) => {
                let part = Upload::text(value.to_string()).content_type("application/json");
                self.set(name, part);
            }
            Ok(scalar) => self.set(name, query::plain(&scalar)),
            Err(error) => {
                self.problem.get_or_insert((name.to_owned(), error));
            }
        }
    }
}

impl Source for FormData {
    fn attach(&self, request: RequestBuilder) -> Attaching<'_> {
        Box::pin(async {
            let mut form = multipart::Form::new();
            for (name, upload) in &self.parts {
                form = form.part(name.clone(), upload.part(name).await?);
            }
            Ok(request.multipart(form))
        })
    }

    fn is_repeatable(&self) -> bool {
        self.parts.iter().all(|(_, upload)| upload.is_repeatable())
    }
}

impl Request {
    /// Sends `body` as it is; its own media type wins over `media_type`.
    pub fn content(&mut self, media_type: &'static str, body: impl Into<Upload>) -> &mut Self {
        let mut body = body.into();
        let own = body.content_type.take();
        let media_type = own.map_or(Cow::Borrowed(media_type), Cow::Owned);
        self.source(Some(media_type), body);
        self
    }

    /// Sends the parts of `form`.
    pub fn multipart(&mut self, mut form: FormData) -> &mut Self {
        match form.problem.take() {
            Some((name, source)) => self.unencodable(&name, source),
            // The boundary between the parts is in the media type.
            None => self.source(None, form),
        }
        self
    }
}
