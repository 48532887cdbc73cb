//! What the successful answers of an operation hold.

use serde_json::{Map, Value};

use super::{BUILDER_METHODS, Reader, essence, is_json};
use crate::model::{Alternative, Answer, Envelope, Outcome};
use crate::names::{self, Scope};
use crate::normalize::envelope::{self, EnvelopeKeys, Enveloped};
use crate::normalize::types::Direction;
use crate::normalize::{Error, Result, schema};
use crate::pointer;

impl Reader<'_, '_> {
    /// What a success holds, and whether it comes in the envelope. Statuses that
    /// hold the same are one answer.
    pub(super) fn outcome(
        &mut self,
        operation: &Map<String, Value>,
        function: &str,
    ) -> Result<(Outcome, Envelope)> {
        let mut answers: Vec<Answer> = Vec::new();
        let mut variants = Scope::default();
        for (status, response) in successes(operation) {
            let statuses: Vec<u16> = status.parse().into_iter().collect();
            let word = status_word(statuses.first().copied());
            let hint = match answers.is_empty() {
                true => format!("{function}_result"),
                false => format!("{function}_{word}"),
            };
            let (outcome, envelope) = self.answer(status, response, &hint)?;
            let same = answers
                .iter_mut()
                .find(|known| known.outcome == outcome && known.envelope == envelope);
            match same {
                // What comes with any other status goes on doing so.
                Some(known) if known.statuses.is_empty() => {}
                Some(known) if statuses.is_empty() => known.statuses.clear(),
                Some(known) => known.statuses.extend(statuses),
                None => answers.push(Answer {
                    statuses,
                    variant: variants.claim_type(&word),
                    outcome,
                    envelope,
                }),
            }
        }
        if answers.len() < 2 {
            let only = answers.into_iter().next();
            return Ok(only.map_or((Outcome::Nothing, Envelope::Absent), |only| {
                (only.outcome, only.envelope)
            }));
        }
        // What comes with any other status last.
        answers.sort_by_key(|answer| answer.statuses.first().copied().unwrap_or(u16::MAX));
        let name = self.functions.claim(&format!("{function}_answer"));
        let name = names::type_name(&name);
        Ok((Outcome::ByStatus { name, answers }, Envelope::Absent))
    }

    /// The media types besides JSON that the first success can be had in.
    pub(super) fn alternatives(&self, operation: &Map<String, Value>) -> Result<Vec<Alternative>> {
        let Some((_, response)) = successes(operation).into_iter().next() else {
            return Ok(Vec::new());
        };
        let response = self.resolve(response, &self.pointer)?;
        let content = response.get("content").and_then(Value::as_object);
        let media_types: Vec<&String> = content
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
            .collect();
        if !media_types.iter().any(|media_type| is_json(media_type)) {
            return Ok(Vec::new());
        }
        let mut scope = Scope::with_reserved(BUILDER_METHODS);
        let others = media_types
            .into_iter()
            .filter(|media_type| !is_json(media_type));
        let alternatives = others
            .filter(|media_type| is_header(media_type))
            .map(|media_type| {
                let essence = essence(media_type);
                let word = essence.rsplit('/').next().unwrap_or_default();
                Alternative {
                    method: scope.claim_value(&format!("send_{word}")),
                    is_text: essence.starts_with("text/") && essence != "text/event-stream",
                    media_type: media_type.clone(),
                }
            });
        Ok(alternatives.collect())
    }

    fn answer(
        &mut self,
        status: &str,
        response: &Value,
        hint: &str,
    ) -> Result<(Outcome, Envelope)> {
        let at = match response.get("$ref").and_then(Value::as_str) {
            Some(reference) => reference.trim_start_matches('#').to_owned(),
            None => pointer::join(&pointer::join(&self.pointer, "responses"), status),
        };
        let response = self.resolve(response, &at)?;
        let content = response.get("content").and_then(Value::as_object);
        let Some(content) = content.filter(|content| !content.is_empty() && status != "204") else {
            return Ok((Outcome::Nothing, Envelope::Absent));
        };
        let json = content.iter().find_map(|(media_type, media)| {
            let schema = media.get("schema").filter(|_| is_json(media_type))?;
            Some((media_type, schema))
        });
        let Some((media_type, schema)) = json else {
            let is_text = |media_type: &String| essence(media_type).starts_with("text/");
            let outcome = match content.keys().all(is_text) {
                true => Outcome::Text,
                false => Outcome::Bytes,
            };
            return Ok((outcome, Envelope::Absent));
        };
        let at = format!(
            "{}/schema",
            pointer::join(&format!("{at}/content"), media_type)
        );
        let enveloped = match self.envelope {
            Some(keys) => envelope::unwrap(&self.whole(schema, &at, keys)?, keys),
            None => None,
        };
        let (schema, at, envelope, paged) = match enveloped {
            None => (schema.clone(), at, Envelope::Absent, false),
            Some(Enveloped::Nothing) => return Ok((Outcome::Nothing, Envelope::Around)),
            Some(Enveloped::Members(schema)) => (schema, at, Envelope::Among, false),
            Some(Enveloped::Result { schema, paged }) => {
                let at = format!("{at}/properties/result");
                (schema, at, Envelope::Around, paged)
            }
        };
        let resolved = self.resolve(&schema, &at)?;
        let is_null_alone = resolved
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(|values| values.iter().all(Value::is_null));
        if is_null_alone {
            return Ok((Outcome::Nothing, envelope));
        }
        let ty = self.types.read(&schema, &at, hint, Direction::Received)?;
        let nullable = resolved.get("nullable") == Some(&Value::Bool(true));
        let outcome = Outcome::Json {
            ty,
            nullable,
            paged,
        };
        Ok((outcome, envelope))
    }

    /// The schema of an answer; of one that is said to be one of several envelopes,
    /// the fullest.
    fn whole(
        &mut self,
        schema: &Value,
        at: &str,
        keys: &EnvelopeKeys,
    ) -> Result<Map<String, Value>> {
        let resolved = schema::resolve(self.document, schema)
            .map_err(|problem| Error::unresolved(at, problem))?;
        self.types.note(at, resolved.conflicts);
        let resolved = resolved.schema;
        let alternatives = resolved.get("oneOf").or_else(|| resolved.get("anyOf"));
        let Some(alternatives) = alternatives.and_then(Value::as_array) else {
            return Ok(resolved);
        };
        let alternatives = alternatives.iter().map(|schema| self.resolve(schema, at));
        let alternatives: Vec<_> = alternatives.collect::<Result<_>>()?;
        Ok(envelope::fullest(&alternatives, keys).unwrap_or(resolved))
    }

    /// The example that the document gives for the JSON of a success.
    pub(super) fn answer_example(&self, operation: &Map<String, Value>) -> Result<Option<Value>> {
        let Some((_, response)) = successes(operation).into_iter().next() else {
            return Ok(None);
        };
        let response = self.resolve(response, &self.pointer)?;
        let content = response.get("content").and_then(Value::as_object);
        Ok(content.into_iter().flatten().find_map(|(_, media)| {
            let named = || {
                let examples = media.get("examples")?.as_object()?;
                examples.values().next()?.get("value")
            };
            media.get("example").or_else(named).cloned()
        }))
    }
}

/// The responses of success: those of 2xx, or else the default one.
fn successes(operation: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let responses = operation.get("responses").and_then(Value::as_object);
    let responses = responses.into_iter().flatten();
    let responses = responses.map(|(status, response)| (status.as_str(), response));
    let (successes, others): (Vec<_>, Vec<_>) =
        responses.partition(|(status, _)| status.starts_with('2'));
    match successes.is_empty() {
        true => others
            .into_iter()
            .filter(|(status, _)| *status == "default")
            .collect(),
        false => successes,
    }
}

/// Whether a header can have the value `text`.
fn is_header(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

/// What a status is called (RFC 9110, section 15.3).
fn status_word(status: Option<u16>) -> String {
    let word = match status {
        Some(200) => "ok",
        Some(201) => "created",
        Some(202) => "accepted",
        Some(203) => "non_authoritative",
        Some(204) => "no_content",
        Some(205) => "reset_content",
        Some(206) => "partial_content",
        Some(207) => "multi_status",
        Some(other) => return format!("status_{other}"),
        None => "success",
    };
    word.to_owned()
}
