//! From the bytes of a response to a result, or to an error that says why not.

use reqwest::header::LOCATION;
use reqwest::{StatusCode, Url};
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny};
use serde_json::{Map, Value};

use crate::error::{ApiError, DecodeError, DecodeProblem, Error};
use crate::protocol::{EnvelopeKeys, Protocol};
use crate::response::arrival::Arrival;
use crate::response::envelope::Read;
use crate::response::outcome::Response;
use crate::wire::error_page;
use crate::wire::message::{Message, Messages, messages};
use crate::wire::page_info::PageInfo;

/// A refusal, read without any promise about its parts.
#[derive(Default)]
struct Refusal {
    errors: Vec<Message>,
    messages: Vec<Message>,
    result: Option<Value>,
    other: Map<String, Value>,
    /// The envelope says that the call failed.
    is_marked: bool,
}

impl Refusal {
    fn read(body: &[u8], keys: Option<&EnvelopeKeys>) -> Option<Self> {
        let mut other: Map<String, Value> = serde_json::from_slice(body).ok()?;
        let Some(keys) = keys else {
            return Some(Self {
                other,
                ..Self::default()
            });
        };
        let mut take = |name: &str| match name {
            "" => Value::Null,
            name => other.remove(name).unwrap_or_default(),
        };
        Some(Self {
            is_marked: take(keys.success) == Value::Bool(false),
            errors: messages(take(keys.errors)).unwrap_or_default(),
            messages: messages(take(keys.messages)).unwrap_or_default(),
            result: Some(take(keys.result)).filter(|result| !result.is_null()),
            other,
        })
    }
}

/// Reads a result in its envelope; `absent` gives the one that stands for null.
pub(crate) fn enveloped<T: DeserializeOwned>(
    arrival: Arrival,
    absent: impl FnOnce() -> Option<T>,
) -> Result<Response<T>, Error> {
    match arrival.protocol().envelope {
        Some(keys) => within(arrival, keys, absent),
        None => bare(arrival, absent),
    }
}

/// Reads a result within an object that has these members.
pub(crate) fn within<T: DeserializeOwned>(
    arrival: Arrival,
    keys: EnvelopeKeys,
    absent: impl FnOnce() -> Option<T>,
) -> Result<Response<T>, Error> {
    if !arrival.meta.head.status.is_success() {
        return Err(refusal(arrival));
    }
    if arrival.meta.head.status == StatusCode::NO_CONTENT {
        return nothing(arrival, absent);
    }
    // One typed pass; where something does not match is only looked for if it is so.
    let read = Read::<T>::with(keys, arrival.protocol());
    match whole(read, arrival.json()) {
        Ok(envelope) if envelope.success == Some(false) => Err(refusal(arrival)),
        Ok(envelope) => {
            let result = match envelope.result {
                Some(result) => result,
                None => match absent() {
                    Some(result) => result,
                    None if !envelope.errors.read().is_empty() => return Err(refusal(arrival)),
                    None => return Err(mismatch(arrival, DecodeProblem::NoResult)),
                },
            };
            Ok(beside(
                arrival,
                result,
                envelope.messages,
                envelope.result_info,
            ))
        }
        Err(_) => Err(undecodable(arrival, |protocol| {
            Some(Read::<T>::with(keys, protocol))
        })),
    }
}

/// Reads a result that is all members of the envelope but the envelope's own.
pub(crate) fn flattened<T: DeserializeOwned>(arrival: Arrival) -> Result<Response<T>, Error> {
    let Some(read) = Read::<IgnoredAny>::new(arrival.protocol()) else {
        return bare(arrival, || None);
    };
    if !arrival.meta.head.status.is_success() {
        return Err(refusal(arrival));
    }
    let Ok(envelope) = whole(read, arrival.json()) else {
        return Err(undecodable(arrival, Read::<IgnoredAny>::new));
    };
    if envelope.success == Some(false) {
        return Err(refusal(arrival));
    }
    match serde_json::from_slice(arrival.json()) {
        Ok(result) => Ok(beside(
            arrival,
            result,
            envelope.messages,
            envelope.result_info,
        )),
        Err(_) => Err(undecodable(arrival, bare_seed::<T>)),
    }
}

/// Reads a response that is the result itself.
pub(crate) fn bare<T: DeserializeOwned>(
    arrival: Arrival,
    absent: impl FnOnce() -> Option<T>,
) -> Result<Response<T>, Error> {
    if !arrival.meta.head.status.is_success() {
        return Err(refusal(arrival));
    }
    if arrival.meta.head.status == StatusCode::NO_CONTENT {
        return nothing(arrival, absent);
    }
    match serde_json::from_slice::<Option<T>>(arrival.json()) {
        Ok(result) => match result.or_else(absent) {
            Some(result) => Ok(arrival.with(result)),
            None => Err(mismatch(arrival, DecodeProblem::NoResult)),
        },
        Err(_) => Err(undecodable(arrival, bare_seed::<T>)),
    }
}

/// Reads a response with an envelope of which only the success counts.
pub(crate) fn unit(arrival: Arrival) -> Result<Response<()>, Error> {
    enveloped(arrival, || Some(IgnoredAny)).map(|response| response.map(|IgnoredAny| ()))
}

/// A response whose status says success.
pub(crate) fn successful(arrival: Arrival) -> Result<Arrival, Error> {
    match arrival.meta.head.status.is_success() {
        true => Ok(arrival),
        false => Err(refusal(arrival)),
    }
}

/// The response with this result, and what the envelope has beside it.
fn beside<T>(
    mut arrival: Arrival,
    result: T,
    messages: Messages,
    page_info: Option<Box<PageInfo>>,
) -> Response<T> {
    arrival.meta.messages = messages;
    arrival.meta.page_info = page_info;
    arrival.with(result)
}

/// Reads all of `body`.
fn whole<'de, S: DeserializeSeed<'de>>(seed: S, body: &'de [u8]) -> serde_json::Result<S::Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// A success that says that there is no body.
fn nothing<T>(arrival: Arrival, absent: impl FnOnce() -> Option<T>) -> Result<Response<T>, Error> {
    match absent() {
        Some(result) => Ok(arrival.with(result)),
        None => Err(mismatch(arrival, DecodeProblem::Empty)),
    }
}

fn bare_seed<T>(_: &'static Protocol) -> Option<std::marker::PhantomData<T>> {
    Some(std::marker::PhantomData)
}

/// The error for a body that `seed` cannot read.
pub(crate) fn undecodable<S>(
    arrival: Arrival,
    seed: impl FnOnce(&'static Protocol) -> Option<S>,
) -> Error
where
    S: for<'de> DeserializeSeed<'de>,
{
    let protocol = arrival.protocol();
    let body = arrival.json();
    // A refusal need not keep the promises of a success.
    let refused = Refusal::read(body, protocol.envelope.as_ref());
    if refused.is_some_and(|refusal| refusal.is_marked) {
        return refusal(arrival);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let mut track = serde_path_to_error::Track::new();
    let read = seed(protocol).map(|seed| {
        let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
        seed.deserialize(tracked).map(drop)
    });
    let problem = match read {
        Some(Err(source)) if error_page::looks_like_json(body) => DecodeProblem::Shape {
            path: track.path().to_string(),
            source,
        },
        Some(Err(_)) => no_json(body, protocol),
        // The value is right, and something follows it.
        Some(Ok(())) | None => not_json(body, protocol).unwrap_or(DecodeProblem::NoResult),
    };
    mismatch(arrival, problem)
}

/// The error for a response that says no, by its status or by its envelope.
pub(crate) fn refusal(arrival: Arrival) -> Error {
    let protocol = arrival.protocol();
    let body = arrival.json();
    let Some(mut refusal) = Refusal::read(body, protocol.envelope.as_ref()) else {
        let problem = redirect(&arrival).or_else(|| not_json(body, protocol));
        return mismatch(arrival, problem.unwrap_or(DecodeProblem::Refused));
    };
    if refusal.errors.is_empty() {
        let message = error_page::message(&refusal.other, &protocol.error_page);
        refusal.errors.extend(message);
    }
    if refusal.errors.is_empty() && !refusal.is_marked {
        let problem = redirect(&arrival).unwrap_or(DecodeProblem::Refused);
        return mismatch(arrival, problem);
    }
    Error::Api(Box::new(ApiError {
        call: arrival.meta.call,
        head: arrival.meta.head,
        errors: refusal.errors,
        messages: refusal.messages,
        result: refusal.result,
        other: refusal.other,
        body: arrival.body,
    }))
}

/// What is wrong with a body as JSON, if anything is.
fn not_json(body: &[u8], protocol: &Protocol) -> Option<DecodeProblem> {
    let source = serde_json::from_slice::<IgnoredAny>(body).err()?;
    Some(match error_page::looks_like_json(body) {
        true => DecodeProblem::Shape {
            path: ".".to_owned(),
            source,
        },
        false => no_json(body, protocol),
    })
}

/// What a body that is no JSON is instead.
fn no_json(body: &[u8], protocol: &Protocol) -> DecodeProblem {
    match error_page::text_page(body, &protocol.error_page) {
        None => DecodeProblem::Empty,
        Some(page) => DecodeProblem::NotJson {
            title: page.title,
            code: page.code,
        },
    }
}

/// Where a redirect leads, without what may be secret in it.
fn redirect(arrival: &Arrival) -> Option<DecodeProblem> {
    let head = &arrival.meta.head;
    if !head.status.is_redirection() {
        return None;
    }
    let to = head.headers.0.get(LOCATION)?.to_str().ok()?;
    Some(DecodeProblem::Redirect {
        to: without_secrets(&arrival.meta.call.url, to),
    })
}

/// The address `to`, seen from `base`, without user, password, query and fragment.
pub(crate) fn without_secrets(base: &str, to: &str) -> String {
    let target = match Url::parse(base) {
        Ok(base) => base.join(to),
        Err(_) => Url::parse(to),
    };
    let Ok(mut url) = target else {
        return "…".to_owned();
    };
    url.set_query(None);
    url.set_fragment(None);
    // Where there can be none, there is none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

pub(crate) fn mismatch(arrival: Arrival, problem: DecodeProblem) -> Error {
    Error::Decode(Box::new(DecodeError {
        call: arrival.meta.call,
        head: arrival.meta.head,
        problem,
        body: arrival.body,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Call, Head};

    static PROTOCOL: Protocol = Protocol::new("").envelope(EnvelopeKeys {
        success: "success",
        errors: "errors",
        messages: "messages",
        result: "result",
        result_info: "result_info",
    });

    fn arrival(body: &'static [u8]) -> Arrival {
        let call = Call {
            protocol: &PROTOCOL,
            ..Call::default()
        };
        Arrival::new(call, Head::default(), body.into())
    }

    #[test]
    fn a_result_among_the_members_of_the_envelope_is_read_like_any_other() {
        let body = br#"{"success":true,"messages":[{"code":1}],"result":2,"timing":3}"#;
        let read = flattened::<Map<String, Value>>(arrival(body)).unwrap();
        assert_eq!(
            (&read["timing"], read.meta().messages().len()),
            (&Value::from(3), 1)
        );
        let body = br#"{"success":false,"errors":[{"code":7003}],"timing":3}"#;
        let refused = flattened::<Map<String, Value>>(arrival(body)).unwrap_err();
        assert!(refused.has_code(7003));
    }

    #[test]
    fn the_members_of_an_envelope_are_called_as_the_protocol_says() {
        static OTHER: Protocol = Protocol::new("").envelope(EnvelopeKeys {
            success: "",
            errors: "problems",
            messages: "",
            result: "data",
            result_info: "paging",
        });
        let arrival = |body: &'static [u8]| {
            let mut arrival = arrival(body);
            arrival.meta.call.protocol = &OTHER;
            arrival
        };
        let body = br#"{"":1,"success":false,"result":0,"data":7,"paging":{"page":2}}"#;
        let read = enveloped::<u32>(arrival(body), || None).unwrap();
        assert_eq!(
            (*read, read.meta().page_info().unwrap().page),
            (7, Some(2.0))
        );
        let body = br#"{"data":null,"problems":[{"code":5,"message":"no"}]}"#;
        let refused = enveloped::<u32>(arrival(body), || None).unwrap_err();
        assert!(refused.has_code(5), "{refused}");
        let wrong = enveloped::<u32>(arrival(br#"{"data":[{}]}"#), || None).unwrap_err();
        assert!(wrong.to_string().contains("`data`"), "{wrong}");
    }

    #[test]
    fn a_member_of_the_envelope_that_comes_twice_is_an_error() {
        let body = br#"{"result":1,"result":2}"#;
        let error = enveloped::<u32>(arrival(body), || None).unwrap_err();
        assert!(
            error.to_string().contains("duplicate field `result`"),
            "{error}"
        );
    }

    #[test]
    fn a_redirect_is_named_without_user_password_query_and_fragment() {
        for (to, named) in [
            ("https://u:s3cret@a.b/c?s3cret#s3cret", "https://a.b/c"),
            ("//u:s3cret@a.b/c", "https://a.b/c"),
            ("https:\\\\u:s3cret@a.b", "https://a.b/"),
            ("/d?s3cret", "https://x.y/d"),
            ("http://[s3cret", "…"),
            ("mailto:u?s3cret", "mailto:u"),
        ] {
            let mut arrival = arrival(b"");
            arrival.meta.call.url = "https://x.y/z".to_owned();
            arrival.meta.head.status = StatusCode::FOUND;
            let headers = &mut arrival.meta.head.headers.0;
            headers.insert(LOCATION, to.parse().unwrap());
            let error = refusal(arrival);
            assert!(error.to_string().contains(&format!("`{named}`")), "{error}");
            assert!(!format!("{error} {error:#?}").contains("s3cret"), "{error}");
        }
    }
}
