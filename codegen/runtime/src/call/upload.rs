//! Bodies that are files or streams.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{RequestBuilder, multipart};

use crate::call::request::{BYTES, Request, concrete};
use crate::transport::source::{Attaching, Once, Source};

/// Something to send as it is: text, bytes, a file or a stream. As a part of a
/// form it may have a file name and a media type.
///
/// Text, bytes and files can be sent again when an attempt fails; a stream cannot,
/// and of the clones of one only the first that is sent has it.
#[derive(Clone)]
pub struct Upload {
    content: Content,
    file_name: Option<String>,
    content_type: Option<String>,
    headers: Vec<(String, String)>,
}

#[derive(Clone)]
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

    /// Adds a header of its part in a form.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    fn of(content: Content) -> Self {
        Self {
            content,
            file_name: None,
            content_type: None,
            headers: Vec::new(),
        }
    }

    /// What a part of a form gets that has no media type of its own.
    pub(crate) fn or_content_type(&mut self, media_type: Option<&str>) {
        if self.content_type.is_none() {
            self.content_type = media_type.map(str::to_owned);
        }
    }

    /// Adds headers of its part, unless it has one of that name.
    pub(crate) fn or_headers(&mut self, headers: &[(&'static str, &'static str)]) {
        for (name, value) in headers {
            let mut names = self.headers.iter().map(|(known, _)| known);
            if !names.any(|known| known.eq_ignore_ascii_case(name)) {
                self.headers.push(((*name).to_owned(), (*value).to_owned()));
            }
        }
    }

    /// The first of its headers that HTTP cannot carry.
    pub(crate) fn broken_header(&self) -> Option<&str> {
        let is_broken = |(name, value): &&(String, String)| {
            HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err()
        };
        let header = self.headers.iter().find(is_broken).map(|(name, _)| &**name);
        let media_type = self.content_type.as_ref();
        let is_broken = media_type.is_some_and(|text| HeaderValue::try_from(text).is_err());
        header.or(is_broken.then_some("content-type"))
    }

    /// The part of a form that is called `name`.
    pub(crate) async fn part(&self, name: &str) -> io::Result<multipart::Part> {
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
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let name = HeaderName::try_from(name).map_err(io::Error::other)?;
            headers.append(
                name,
                HeaderValue::try_from(value).map_err(io::Error::other)?,
            );
        }
        if !headers.is_empty() {
            part = part.headers(headers);
        }
        match (&self.content_type, &self.content) {
            (Some(media_type), _) => part.mime_str(media_type).map_err(io::Error::other),
            (None, Content::Bytes(_) | Content::Stream(_)) => {
                part.mime_str(BYTES).map_err(io::Error::other)
            }
            // Text needs none, and that of a file is known by its name.
            (None, Content::Text(_) | Content::File(_)) => Ok(part),
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
        !matches!(self.content, Content::Stream(_))
    }

    fn claim(&self) -> bool {
        match &self.content {
            Content::Stream(once) => once.claim(),
            _ => true,
        }
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

impl Request {
    /// Sends `body` as it is; its own media type wins over `media_type`. A range such
    /// as `*/*` says that nothing is known of it: text is then plain text.
    pub fn content(
        &mut self,
        media_type: impl Into<Cow<'static, str>>,
        body: impl Into<Upload>,
    ) -> &mut Self {
        let mut body = body.into();
        let own = body.content_type.take();
        let otherwise = match body.content {
            Content::Text(_) => "text/plain; charset=utf-8",
            _ => BYTES,
        };
        let media_type = own.map_or(media_type.into(), Cow::Owned);
        self.source(Some(concrete(media_type, otherwise)), body);
        self
    }
}
