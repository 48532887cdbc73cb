//! Has a checker decode values and encode them again.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use indicatif::ProgressBar;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::input::Error;

/// What came of one value.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// It was decoded and encoded.
    Encoded {
        /// What came of it.
        value: Value,
        /// The decoded value as `Debug` shows it.
        shown: String,
    },
    /// It could not be decoded, or not encoded.
    Failed {
        /// Where in the value, as a JSON pointer.
        path: String,
        /// Why.
        problem: String,
    },
}

/// A line of the checker's.
#[derive(Deserialize)]
struct Line {
    /// Doubly optional, since `null` is a value.
    #[serde(default, deserialize_with = "present")]
    value: Option<Value>,
    #[serde(default)]
    shown: String,
    #[serde(default)]
    path: Vec<Value>,
    #[serde(default)]
    problem: String,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Gives every (number of a type, value) of `requests` to the checker `program`.
///
/// # Errors
///
/// The program cannot be run, or ends before it has answered everything.
pub fn round_trips(
    program: &Path,
    requests: &[(usize, Value)],
    progress: &ProgressBar,
) -> Result<Vec<Reply>, Error> {
    let cannot_run = |error| Error::file(program, "cannot be run", error);
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(cannot_run)?;
    let stdin = child.stdin.take();
    let stdout = child.stdout.take();
    let mut replies = Vec::with_capacity(requests.len());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for (ty, value) in requests {
                let line = json!({ "type": ty, "value": value });
                // A program that has ended is noticed by its replies.
                let written = stdin.as_ref().map(|mut stdin| writeln!(stdin, "{line}"));
                if !matches!(written, Some(Ok(()))) {
                    break;
                }
            }
        });
        let lines = stdout
            .into_iter()
            .flat_map(|out| BufReader::new(out).lines());
        for line in lines.map_while(Result::ok) {
            progress.inc(1);
            replies.push(reply(&line));
        }
    });
    child.wait().map_err(cannot_run)?;
    if replies.len() != requests.len() {
        return Err(Error::Usage(format!(
            "{}: the checker ended after {} of {} examples; the next made it end",
            program.display(),
            replies.len(),
            requests.len()
        )));
    }
    Ok(replies)
}

fn reply(line: &str) -> Reply {
    let line = match serde_json::from_str::<Line>(line) {
        Ok(line) => line,
        Err(error) => Line {
            value: None,
            shown: String::new(),
            path: Vec::new(),
            problem: error.to_string(),
        },
    };
    let Some(value) = line.value else {
        let segments = line.path.iter().map(|segment| match segment {
            Value::String(name) => name.clone(),
            index => index.to_string(),
        });
        let path = segments.fold(String::new(), |path, segment| {
            codegen::pointer::join(&path, &segment)
        });
        return Reply::Failed {
            path,
            problem: line.problem,
        };
    };
    Reply::Encoded {
        value,
        shown: line.shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_a_value() {
        let encoded = Reply::Encoded {
            value: Value::Null,
            shown: "None".to_owned(),
        };
        assert_eq!(reply(r#"{"value":null,"shown":"None"}"#), encoded);
    }

    #[test]
    fn a_failure_has_its_place() {
        assert_eq!(
            reply(r#"{"path":["a/b",3],"problem":"missing field"}"#),
            Reply::Failed {
                path: "/a~1b/3".to_owned(),
                problem: "missing field".to_owned(),
            }
        );
    }
}
