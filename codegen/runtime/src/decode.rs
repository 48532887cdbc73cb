//! From the bytes of an answer to a result, or to an error that says why not.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{AnswerError, AnswerProblem, ApiError, Call, Error};
use super::message::{Message, PageInfo, null_as_default};
use super::response::Response;
use super::send::Answer;

/// What is around the result.
#[derive(Deserialize)]
struct Envelope<T> {
    #[serde(rename = "success")]
    success: Option<bool>,
    #[serde(rename = "errors", default, deserialize_with = "null_as_default")]
    errors: Vec<Message>,
    #[serde(rename = "messages", default, deserialize_with = "null_as_default")]
    messages: Vec<Message>,
    // Without a default, serde would ask for `T: Default`.
    #[serde(rename = "result", default = "none")]
    result: Option<T>,
    #[serde(rename = "result_info", default, deserialize_with = "null_as_default")]
    result_info: Option<PageInfo>,
}

fn none<T>() -> Option<T> {
    None
}

/// A refusal, read without any promise about its parts.
#[derive(Deserialize)]
struct Refusal {
    #[serde(rename = "success")]
    success: Option<bool>,
    #[serde(rename = "errors", default, deserialize_with = "null_as_default")]
    errors: Vec<Message>,
    #[serde(rename = "messages", default, deserialize_with = "null_as_default")]
    messages: Vec<Message>,
    #[serde(rename = "result")]
    result: Option<Value>,
}

/// Reads an enveloped answer; `absent` gives the result that stands for null.
pub(super) fn enveloped<T: DeserializeOwned>(
    answer: Answer,
    absent: impl FnOnce() -> Option<T>,
) -> Result<Response<T>, Error> {
    if !answer.head.status.is_success() {
        return Err(refusal(answer));
    }
    // One typed pass; the path of a misfit is only looked for when there is one.
    match serde_json::from_slice::<Envelope<T>>(&answer.body) {
        Ok(envelope) if envelope.success == Some(false) => Err(refusal(answer)),
        Ok(envelope) => match envelope.result.or_else(absent) {
            Some(result) => Ok(Response {
                result,
                head: answer.head,
                messages: envelope.messages,
                page_info: envelope.result_info,
                attempts: answer.call.attempts,
            }),
            None if !envelope.errors.is_empty() => Err(refusal(answer)),
            None => Err(misfit(answer, AnswerProblem::NoResult)),
        },
        Err(_) => Err(undecodable::<Envelope<T>>(answer)),
    }
}

/// Reads an answer that is the result itself.
pub(super) fn bare<T: DeserializeOwned>(
    answer: Answer,
    absent: impl FnOnce() -> Option<T>,
) -> Result<Response<T>, Error> {
    if !answer.head.status.is_success() {
        return Err(refusal(answer));
    }
    match serde_json::from_slice::<Option<T>>(&answer.body) {
        Ok(result) => match result.or_else(absent) {
            Some(result) => Ok(plain(answer.head, answer.call, result)),
            None => Err(misfit(answer, AnswerProblem::NoResult)),
        },
        Err(_) => Err(undecodable::<T>(answer)),
    }
}

/// A success whose result is `result`, with nothing around it.
pub(super) fn plain<T>(head: super::error::Head, call: Call, result: T) -> Response<T> {
    Response {
        result,
        head,
        messages: Vec::new(),
        page_info: None,
        attempts: call.attempts,
    }
}

/// The error for a body that does not decode as `T`.
fn undecodable<T: DeserializeOwned>(answer: Answer) -> Error {
    // A refusal need not keep the promises of a success.
    if let Ok(Refusal {
        success: Some(false),
        ..
    }) = serde_json::from_slice(&answer.body)
    {
        return refusal(answer);
    }
    let deserializer = &mut serde_json::Deserializer::from_slice(&answer.body);
    let problem = match serde_path_to_error::deserialize::<_, T>(deserializer) {
        Err(error) if !answer.body.is_empty() && looks_like_json(&answer.body) => {
            AnswerProblem::Shape {
                path: error.path().to_string(),
                source: error.into_inner(),
            }
        }
        // Something follows the value.
        Ok(_) => match serde_json::from_slice::<serde::de::IgnoredAny>(&answer.body) {
            Err(source) => AnswerProblem::Shape {
                path: ".".to_owned(),
                source,
            },
            Ok(_) => AnswerProblem::NoResult,
        },
        Err(_) => no_json(&answer.body),
    };
    misfit(answer, problem)
}

/// The error for an answer that says no, by its status or by its envelope.
pub(super) fn refusal(answer: Answer) -> Error {
    match serde_json::from_slice::<Refusal>(&answer.body) {
        Ok(refusal) if refusal.success == Some(false) || !refusal.errors.is_empty() => {
            Error::Api(Box::new(ApiError {
                call: answer.call,
                head: answer.head,
                errors: refusal.errors,
                messages: refusal.messages,
                result: refusal.result,
            }))
        }
        _ => {
            let problem = match serde_json::from_slice::<serde::de::IgnoredAny>(&answer.body) {
                Ok(_) => AnswerProblem::Refused,
                Err(source) if !answer.body.is_empty() && looks_like_json(&answer.body) => {
                    AnswerProblem::Shape {
                        path: ".".to_owned(),
                        source,
                    }
                }
                Err(_) => no_json(&answer.body),
            };
            misfit(answer, problem)
        }
    }
}

fn misfit(answer: Answer, problem: AnswerProblem) -> Error {
    Error::Answer(Box::new(AnswerError {
        call: answer.call,
        head: answer.head,
        problem,
        body: answer.body,
    }))
}

fn looks_like_json(body: &[u8]) -> bool {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    first.is_some_and(|byte| b"{[\"0123456789-tfn".contains(byte))
}

fn no_json(body: &[u8]) -> AnswerProblem {
    if body.iter().all(u8::is_ascii_whitespace) {
        return AnswerProblem::Empty;
    }
    let text = String::from_utf8_lossy(body);
    AnswerProblem::NotJson {
        title: between(&text, "<title>", "</title>"),
        code: code(&text),
    }
}

fn between(text: &str, start: &str, end: &str) -> Option<String> {
    // ASCII lower case keeps every position where it was.
    let lower = text.to_ascii_lowercase();
    let from = lower.find(start)? + start.len();
    let to = from + lower[from..].find(end)?;
    let words: Vec<_> = text[from..to].split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The number after "error code", or after "Error" in Cloudflare's pages.
fn code(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    ["error code: ", "error code ", "error "]
        .iter()
        .find_map(|words| {
            lower.match_indices(words).find_map(|(at, words)| {
                let rest = &lower[at + words.len()..];
                let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
                (3..=5)
                    .contains(&digits.len())
                    .then(|| digits.parse().ok())?
            })
        })
}

/// Reads an enveloped answer of which only the success counts.
pub(super) fn unit(answer: Answer) -> Result<Response<()>, Error> {
    let response = enveloped(answer, || Some(serde::de::IgnoredAny))?;
    Ok(Response {
        result: (),
        head: response.head,
        messages: response.messages,
        page_info: response.page_info,
        attempts: response.attempts,
    })
}
