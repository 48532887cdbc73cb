//! The first stage: the bytes of a JSON or YAML file become a [`Document`].

use std::fmt;
use std::sync::OnceLock;

use serde_json::Value;

mod check;
mod core_schema;
mod error;
mod index;
mod json;
mod yaml;

pub use error::Error;
use index::Index;

/// An OpenAPI 3.0 document, as it was written: an object with an `openapi`
/// version of 3.0. Its `info` and `paths` are objects, or are missing.
///
/// Only [`Document::parse`] makes one.
#[derive(Debug, Clone)]
pub struct Document {
    source: Source,
    syntax: Syntax,
    value: Value,
    /// The objects that a YAML merge key `<<` has given members, by their
    /// pointers, with the names of those.
    merged: Vec<(String, Vec<String>)>,
    /// Made when the first place is asked for.
    index: OnceLock<Index>,
}

/// A place in a file, and the JSON pointer of what is there.
///
/// It is shown as `openapi/x.yaml:12:5 (at `/paths/~1zones`)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The name of the file, as it was given.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// The JSON pointer (RFC 6901); empty for the document itself.
    pub pointer: String,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)?;
        if !self.pointer.is_empty() {
            write!(f, " (at `{}`)", self.pointer)?;
        }
        Ok(())
    }
}

impl Document {
    /// Reads the bytes of `file`, whose name only serves messages.
    ///
    /// A file whose first character is `{` is read as JSON, every other one as
    /// YAML 1.2. A byte order mark is skipped. The order of keys is kept.
    ///
    /// # Errors
    ///
    /// Bytes that are not UTF-8, text that is neither JSON nor YAML or is cut
    /// off, a key given twice, what JSON cannot express, nesting or aliases
    /// without measure, and an object that is not an OpenAPI 3.0 document.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Error> {
        let source = Source::decode(file, bytes)?;
        let (syntax, value, merged) = match source.text.trim_start().chars().next() {
            None => return Err(Error::Empty { file: source.file }),
            Some('{') => (Syntax::Json, json::parse(&source)?, Vec::new()),
            Some(_) => {
                let (value, merged) = yaml::parse(&source)?;
                (Syntax::Yaml, value, merged)
            }
        };
        let document = Self {
            source,
            syntax,
            value,
            merged,
            index: OnceLock::new(),
        };
        check::is_openapi_3_0(&document)?;
        Ok(document)
    }

    /// The name of the file, as it was given to [`Document::parse`].
    pub fn file(&self) -> &str {
        &self.source.file
    }

    /// The text of the file, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.source.text
    }

    /// The whole document.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The objects to which YAML's merge key `<<` has given members, by their
    /// pointers, with the names of those.
    pub(crate) fn merged(&self) -> &[(String, Vec<String>)] {
        &self.merged
    }

    /// Where in the file `pointer` points to: the key of an object's member,
    /// the first character of an array's item. Of what does not exist, it is
    /// the place of its nearest parent that does; the pointer stays the one
    /// that was asked for.
    ///
    /// The first call reads the text again; the others look it up.
    pub fn locate(&self, pointer: &str) -> Location {
        self.source
            .location(self.place(pointer), pointer.to_owned())
    }

    /// The line of what `pointer` points to, or of its nearest parent that
    /// exists, as [`Document::locate`] has it.
    pub fn line_of(&self, pointer: &str) -> usize {
        self.place(pointer).line
    }

    fn place(&self, pointer: &str) -> Place {
        let index = self.index.get_or_init(|| match self.syntax {
            Syntax::Json => json::index(&self.source.text),
            Syntax::Yaml => yaml::index(&self.source),
        });
        index.find(&segments(pointer))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Json,
    Yaml,
}

/// Line and column, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
}

impl Place {
    const START: Self = Self { line: 1, column: 1 };
}

/// A file's name and its text, without a byte order mark.
#[derive(Debug, Clone)]
struct Source {
    file: String,
    text: String,
}

impl Source {
    fn decode(file: &str, bytes: &[u8]) -> Result<Self, Error> {
        let mark = "\u{feff}".as_bytes();
        let body = bytes.strip_prefix(mark).unwrap_or(bytes);
        let (text, bad) = match str::from_utf8(body) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = body.get(..error.valid_up_to()).unwrap_or_default();
                (str::from_utf8(valid).unwrap_or_default(), Some(error))
            }
        };
        let source = Self {
            file: file.to_owned(),
            text: text.to_owned(),
        };
        let Some(error) = bad else {
            return Ok(source);
        };
        let at = Box::new(source.location(source.place(text.len()), String::new()));
        match error.error_len() {
            Some(_) => Err(Error::NotUtf8 {
                at,
                offset: bytes.len() - body.len() + error.valid_up_to(),
            }),
            // The last character lacks some of its bytes.
            None => Err(Error::CutOff { at }),
        }
    }

    /// The place of the byte `offset` of the text.
    fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place {
            line: 1 + before.bytes().filter(|byte| *byte == b'\n').count(),
            column: 1 + line.chars().count(),
        }
    }

    fn location(&self, place: Place, pointer: String) -> Location {
        Location {
            file: self.file.clone(),
            line: place.line,
            column: place.column,
            pointer,
        }
    }
}

/// The unescaped segments of a JSON pointer.
fn segments(pointer: &str) -> Vec<String> {
    pointer
        .split('/')
        .skip(1)
        .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// How many bytes the segment `name` adds to a pointer. The index of an item is
/// short, so it is taken for no more.
fn pointer_length(name: &str) -> usize {
    let escaped = name.bytes().filter(|byte| matches!(byte, b'~' | b'/'));
    1 + name.len() + escaped.count()
}

/// The JSON pointer of these segments.
fn pointer<S: AsRef<str>>(segments: &[S]) -> String {
    segments.iter().fold(String::new(), |parent, segment| {
        crate::pointer::join(&parent, segment.as_ref())
    })
}

#[cfg(test)]
mod tests;
