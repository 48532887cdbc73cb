//! Responses that this client does not understand.

use std::error::Error as StdError;
use std::fmt;

use crate::error::call::{Call, Head};
use crate::text::one_line;

/// How many characters of a body an excerpt has.
const EXCERPT: usize = 200;

/// A response that this client does not understand.
#[non_exhaustive]
pub struct DecodeError {
    /// The call.
    pub call: Call,
    /// The head of the response.
    pub head: Head,
    /// What is wrong with its body.
    pub problem: DecodeProblem,
    /// The body, as it came.
    pub body: bytes::Bytes,
}

impl DecodeError {
    /// The part of the body that is at fault, or else its beginning: one line of
    /// at most some 200 characters.
    #[must_use]
    pub fn excerpt(&self) -> String {
        let from = match &self.problem {
            DecodeProblem::Shape { source, .. } => {
                self.position(source).saturating_sub(EXCERPT / 2)
            }
            _ => 0,
        };
        let to = from.saturating_add(4 * EXCERPT).min(self.body.len());
        let part = self.body.get(from..to).unwrap_or_default();
        let text = String::from_utf8_lossy(part);
        // A character that was cut in two is not the server's.
        let text = match from {
            0 => &text,
            _ => text.trim_start_matches(char::REPLACEMENT_CHARACTER),
        };
        one_line(text, EXCERPT)
    }

    /// Where in the body an error is.
    fn position(&self, error: &serde_json::Error) -> usize {
        let lines = self.body.split_inclusive(|byte| *byte == b'\n');
        let before = lines.take(error.line().saturating_sub(1));
        before.map(<[u8]>::len).sum::<usize>() + error.column()
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("call", &self.call)
            .field("head", &self.head)
            .field("problem", &format_args!("{}", self.problem))
            .field("excerpt", &self.excerpt())
            .finish_non_exhaustive()
    }
}

/// What is wrong with the body of a response.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeProblem {
    /// There is none.
    #[error("the response has no body")]
    Empty,
    /// It is a page for people, or some other text.
    #[error("the response is not JSON but {}", page(title, code))]
    NotJson {
        /// The page's title; of plain text, its beginning.
        title: Option<String>,
        /// The code of the error, where the page names one.
        code: Option<u32>,
    },
    /// It is JSON of another shape than the document promises.
    #[error("the response does not match the API's document at `{}`: {}", one_line(path, 200), one_line(&source.to_string(), 300))]
    Shape {
        /// Where, such as `result.status`.
        path: String,
        /// What was expected.
        source: serde_json::Error,
    },
    /// It says success, and the promised result is null or missing.
    #[error(
        "the response says success, but the result that the API's document promises is missing"
    )]
    NoResult,
    /// It refuses without saying why in a form that this client knows.
    #[error("the server refused without saying why")]
    Refused,
    /// It sends the caller to another address, where this client does not go.
    #[error(
        "the server redirects to `{}`, which is not followed",
        one_line(to, 300)
    )]
    Redirect {
        /// The address, without its query, user and password.
        to: String,
    },
    /// It is one of very many pages of a list without any items, and names another.
    #[error("the list has {0} pages without items in a row, and no end")]
    Endless(u32),
}

impl DecodeProblem {
    /// The error of another crate that is behind this one.
    pub(crate) fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Shape { source, .. } => Some(source),
            _ => None,
        }
    }
}

fn page(title: &Option<String>, code: &Option<u32>) -> String {
    match (title, code) {
        (Some(title), Some(code)) => {
            format!(
                "a page titled `{}` (error code {code})",
                one_line(title, 200)
            )
        }
        (Some(title), None) => format!("a page titled `{}`", one_line(title, 200)),
        (None, Some(code)) => format!("a page about error code {code}"),
        (None, None) => "a page without a title".to_owned(),
    }
}
