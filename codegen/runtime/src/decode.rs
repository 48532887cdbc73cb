//! From the bytes of an answer to a result, or to an error that says why not.

use reqwest::StatusCode;
use reqwest::header::LOCATION;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::error::Error;
use super::foreign;
use super::message::{Message, Messages, PageInfo, messages};
use super::operation::Envelope;
use super::problem::{AnswerError, AnswerProblem, ApiError, Head};
use super::response::Response;

/// What is around the result.
#[derive(Deserialize)]
struct Enveloped<T> {
    #[serde(rename = "success")]
    success: Option<bool>,
    #[serde(rename = "errors", default)]
    errors: Messages,
    #[serde(rename = "messages", default)]
    messages: Messages,
    // Without a default, serde would ask for `T: Default`.
    #[serde(rename = "result", default = "none")]
    result: Option<T>,
    #[serde(rename = "result_info")]
    result_info: Option<Box<PageInfo>>,
}

fn none<T>() -> Option<T> {
    None
}

/// A refusal, read without any promise about its parts.
#[derive(Deserialize)]
struct Refusal {
    #[serde(rename = "success")]
    success: Option<Value>,
    #[serde(rename = "errors", default, deserialize_with = "messages")]
    errors: Vec<Message>,
    #[serde(rename = "messages", default, deserialize_with = "messages")]
    messages: Vec<Message>,
    #[serde(rename = "result")]
    result: Option<Value>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// The result alone, as it is written.
#[derive(Deserialize)]
struct Written<'b> {
    #[serde(rename = "result", borrow)]
    result: &'b RawValue,
}

impl Refusal {
    fn is_marked(&self) -> bool {
        self.success == Some(Value::Bool(false))
    }
}

/// Reads an enveloped answer; `absent` gives the result that stands for null.
pub(super) fn enveloped<T: DeserializeOwned>(
    answer: Answer,
    absent: impl FnOnce() -> Option<T>,
) -> Result<Response<T>, Error> {
    if !answer.around.head.status.is_success() {
        return Err(refusal(answer));
    }
    if answer.around.head.status == StatusCode::NO_CONTENT {
        return nothing(answer, absent);
    }
    // One typed pass; the path of a misfit is only looked for when there is one.
    match serde_json::from_slice::<Enveloped<T>>(json(&answer.body)) {
        Ok(envelope) if envelope.success == Some(false) => Err(refusal(answer)),
        Ok(envelope) => {
            let result = match envelope.result {
                Some(result) => result,
                None => match absent() {
                    Some(result) => result,
                    None if !envelope.errors.read().is_empty() => return Err(refusal(answer)),
                    None => return Err(misfit(answer, AnswerProblem::NoResult)),
                },
            };
            Ok(beside(
                answer,
                result,
                envelope.messages,
                envelope.result_info,
            ))
        }
        Err(_) => Err(undecodable::<Enveloped<T>>(answer)),
    }
}

/// Reads an enveloped answer whose result is all that is not the envelope's own.
pub(super) fn among<T: DeserializeOwned>(answer: Answer) -> Result<Response<T>, Error> {
    if !answer.around.head.status.is_success() {
        return Err(refusal(answer));
    }
    let Ok(envelope) = serde_json::from_slice::<Enveloped<IgnoredAny>>(json(&answer.body)) else {
        return Err(undecodable::<Enveloped<IgnoredAny>>(answer));
    };
    if envelope.success == Some(false) {
        return Err(refusal(answer));
    }
    match serde_json::from_slice(json(&answer.body)) {
        Ok(result) => Ok(beside(
            answer,
            result,
            envelope.messages,
            envelope.result_info,
        )),
        Err(_) => Err(undecodable::<T>(answer)),
    }
}

/// Reads an answer that is the result itself.
pub(super) fn bare<T: DeserializeOwned>(
    answer: Answer,
    absent: impl FnOnce() -> Option<T>,
) -> Result<Response<T>, Error> {
    if !answer.around.head.status.is_success() {
        return Err(refusal(answer));
    }
    if answer.around.head.status == StatusCode::NO_CONTENT {
        return nothing(answer, absent);
    }
    match serde_json::from_slice::<Option<T>>(json(&answer.body)) {
        Ok(result) => match result.or_else(absent) {
            Some(result) => Ok(answer.with(result)),
            None => Err(misfit(answer, AnswerProblem::NoResult)),
        },
        Err(_) => Err(undecodable::<T>(answer)),
    }
}

/// Reads an enveloped answer of which only the success counts.
pub(super) fn unit(answer: Answer) -> Result<Response<()>, Error> {
    enveloped(answer, || Some(IgnoredAny)).map(|response| response.map(|IgnoredAny| ()))
}

/// The response with this result, and what the envelope has beside it.
fn beside<T>(
    mut answer: Answer,
    result: T,
    messages: Messages,
    page_info: Option<Box<PageInfo>>,
) -> Response<T> {
    answer.around.messages = messages;
    answer.around.page_info = page_info;
    answer.with(result)
}

/// The text of a list's items.
pub(super) fn items(body: &[u8], envelope: Envelope) -> Option<Vec<&RawValue>> {
    let list = match envelope {
        Envelope::Around => serde_json::from_slice::<Written<'_>>(json(body))
            .ok()?
            .result
            .get(),
        Envelope::Absent | Envelope::Among => std::str::from_utf8(json(body)).ok()?,
    };
    serde_json::from_str(list).ok()
}

/// A success that says that there is no body.
fn nothing<T>(answer: Answer, absent: impl FnOnce() -> Option<T>) -> Result<Response<T>, Error> {
    match absent() {
        Some(result) => Ok(answer.with(result)),
        None => Err(misfit(answer, AnswerProblem::Empty)),
    }
}

/// The error for a body that does not decode as `T`.
fn undecodable<T: DeserializeOwned>(answer: Answer) -> Error {
    // A refusal need not keep the promises of a success.
    if serde_json::from_slice(json(&answer.body)).is_ok_and(|refusal: Refusal| refusal.is_marked())
    {
        return refusal(answer);
    }
    let body = json(&answer.body);
    let deserializer = &mut serde_json::Deserializer::from_slice(body);
    let problem = match serde_path_to_error::deserialize::<_, T>(deserializer) {
        Err(error) if foreign::looks_like_json(body) => AnswerProblem::Shape {
            path: error.path().to_string(),
            source: error.into_inner(),
        },
        Err(_) => foreign::no_json(body),
        // The value fits, and something follows it.
        Ok(_) => not_json(body).unwrap_or(AnswerProblem::NoResult),
    };
    misfit(answer, problem)
}

/// The error for an answer that says no, by its status or by its envelope.
pub(super) fn refusal(answer: Answer) -> Error {
    let refusal = serde_json::from_slice::<Refusal>(json(&answer.body));
    let Ok(mut refusal) = refusal else {
        let problem = redirect(&answer.around.head).or_else(|| not_json(json(&answer.body)));
        return misfit(answer, problem.unwrap_or(AnswerProblem::Refused));
    };
    if refusal.errors.is_empty() {
        refusal.errors.extend(foreign::message(&refusal.other));
    }
    if refusal.errors.is_empty() && !refusal.is_marked() {
        let problem = redirect(&answer.around.head).unwrap_or(AnswerProblem::Refused);
        return misfit(answer, problem);
    }
    Error::Api(Box::new(ApiError {
        call: answer.around.call,
        head: answer.around.head,
        errors: refusal.errors,
        messages: refusal.messages,
        result: refusal.result,
        other: refusal.other,
        body: answer.body,
    }))
}

/// What is wrong with a body as JSON, if anything is.
fn not_json(body: &[u8]) -> Option<AnswerProblem> {
    let source = serde_json::from_slice::<IgnoredAny>(body).err()?;
    Some(match foreign::looks_like_json(body) {
        true => AnswerProblem::Shape {
            path: ".".to_owned(),
            source,
        },
        false => foreign::no_json(body),
    })
}

fn redirect(head: &Head) -> Option<AnswerProblem> {
    if !head.status.is_redirection() {
        return None;
    }
    let to = head.headers.0.get(LOCATION)?.to_str().ok()?;
    let to = to.split(['?', '#']).next().unwrap_or_default().to_owned();
    Some(AnswerProblem::Redirect { to })
}

fn misfit(answer: Answer, problem: AnswerProblem) -> Error {
    Error::Answer(Box::new(AnswerError {
        call: answer.around.call,
        head: answer.around.head,
        problem,
        body: answer.body,
    }))
}

/// A body without the byte order mark that some servers put first.
fn json(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::super::problem::Call;
    use super::*;

    fn answer(body: &'static [u8]) -> Answer {
        Answer::new(Call::default(), Head::default(), body.into())
    }

    #[test]
    fn a_result_among_the_members_of_the_envelope_is_read_like_any_other() {
        let body = br#"{"success":true,"messages":[{"code":1}],"result":2,"timing":3}"#;
        let read = among::<Map<String, Value>>(answer(body)).unwrap();
        assert_eq!(
            (&read["timing"], read.messages().len()),
            (&Value::from(3), 1)
        );
        let body = br#"{"success":false,"errors":[{"code":7003}],"timing":3}"#;
        let refused = among::<Map<String, Value>>(answer(body)).unwrap_err();
        assert!(refused.has_code(7003));
    }

    #[test]
    fn the_items_of_a_list_are_found_as_they_are_written() {
        let items = items(br#"{"result":[{"a": 1},2]}"#, Envelope::Around).unwrap();
        let items: Vec<_> = items.iter().map(|item| item.get()).collect();
        assert_eq!(items, [r#"{"a": 1}"#, "2"]);
    }
}
