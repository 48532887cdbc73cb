//! What the successful responses of an operation hold.

use std::rc::Rc;

use super::{BUILDER_METHODS, Reader, is_any};
use crate::model::{Alternative, Envelope, Outcome, StatusOutcome};
use crate::names::{self, Scope};
use crate::normalize::Result;
use crate::normalize::envelope::{self, EnvelopeKeys, Enveloped};
use crate::normalize::types::Direction;
use crate::openapi::{self, Definition, MediaType, Response, SchemaId};

impl Reader<'_, '_, '_> {
    /// What a success holds, and whether it comes in the envelope. Statuses that
    /// hold the same are one outcome.
    pub(super) fn outcome(
        &mut self,
        operation: &openapi::Operation,
        function: &str,
    ) -> Result<(Outcome, Envelope)> {
        let mut outcomes: Vec<StatusOutcome> = Vec::new();
        let mut variants = Scope::default();
        for (status, response) in operation.successes() {
            let statuses: Vec<u16> = status.parse().into_iter().collect();
            let word = status_word(statuses.first().copied());
            let hint = match outcomes.is_empty() {
                true => format!("{function}_result"),
                false => format!("{function}_{word}"),
            };
            let (outcome, envelope) = self.of_response(status, response, &hint)?;
            let same = outcomes
                .iter_mut()
                .find(|known| known.outcome == outcome && known.envelope == envelope);
            match same {
                // What comes with any other status goes on doing so.
                Some(known) if known.statuses.is_empty() => {}
                Some(known) if statuses.is_empty() => known.statuses.clear(),
                Some(known) => known.statuses.extend(statuses),
                None => outcomes.push(StatusOutcome {
                    statuses,
                    variant: variants.claim_type(&word),
                    outcome,
                    envelope,
                }),
            }
        }
        if outcomes.len() < 2 {
            let only = outcomes.into_iter().next();
            return Ok(only.map_or((Outcome::Nothing, Envelope::None), |only| {
                (only.outcome, only.envelope)
            }));
        }
        // What comes with any other status last.
        outcomes.sort_by_key(|one| one.statuses.first().copied().unwrap_or(u16::MAX));
        let name = self.functions.claim(&format!("{function}_output"));
        let name = names::type_name(&name);
        Ok((Outcome::ByStatus { name, outcomes }, Envelope::None))
    }

    /// The media types besides JSON that the first success can be had in.
    pub(super) fn alternatives(&self, operation: &openapi::Operation) -> Vec<Alternative> {
        let Some((_, response)) = operation.successes().into_iter().next() else {
            return Vec::new();
        };
        if !response.content.iter().any(|media| self.is_json(media)) {
            return Vec::new();
        }
        let mut scope = Scope::with_reserved(BUILDER_METHODS);
        let others = response.content.iter();
        let others = others.filter(|media| !self.is_json(media) && is_header(&media.name));
        let others = others.filter(|media| !is_any(&media.essence()));
        let alternatives = others.map(|media| {
            let essence = media.essence();
            let word = essence.rsplit('/').next().unwrap_or_default();
            Alternative {
                method: scope.claim_value(&format!("send_{word}")),
                is_text: essence.starts_with("text/") && essence != "text/event-stream",
                media_type: media.name.clone(),
            }
        });
        alternatives.collect()
    }

    fn of_response(
        &mut self,
        status: &str,
        response: &Response,
        hint: &str,
    ) -> Result<(Outcome, Envelope)> {
        if response.content.is_empty() || status == "204" {
            return Ok((Outcome::Nothing, Envelope::None));
        }
        let schema = |media: &MediaType| media.schema.filter(|_| self.is_json(media));
        let Some(schema) = response.content.iter().find_map(schema) else {
            let is_text = |media: &MediaType| media.essence().starts_with("text/");
            let outcome = if response.content.iter().all(is_text) {
                Outcome::Text
            } else {
                Outcome::Bytes
            };
            return Ok((outcome, Envelope::None));
        };
        let enveloped = match self.envelope {
            Some(keys) => {
                let like = self.resolver.schema(schema);
                envelope::unwrap(self.resolver, &like, &*self.whole(schema, keys)?, keys)
            }
            None => None,
        };
        let (schema, envelope, paged) = match enveloped {
            None => (schema, Envelope::None, false),
            Some(Enveloped::Nothing) => return Ok((Outcome::Nothing, Envelope::Member)),
            Some(Enveloped::Members(schema)) => (schema, Envelope::Flattened, false),
            Some(Enveloped::Result { schema, paged }) => (schema, Envelope::Member, paged),
        };
        let resolved = self.resolve(schema)?;
        if resolved.is_null_alone() {
            return Ok((Outcome::Nothing, envelope));
        }
        let ty = self.types.read(schema, hint, Direction::Received)?;
        let outcome = Outcome::Json {
            ty,
            nullable: self.types.is_nullable(&resolved),
            paged,
        };
        Ok((outcome, envelope))
    }

    /// What the schema of a response says; of one that is said to be one of several
    /// envelopes, the fullest.
    fn whole(&self, schema: SchemaId, keys: &EnvelopeKeys) -> Result<Rc<Definition>> {
        let resolved = self.resolve(schema)?;
        let Some(alternatives) = resolved.alternatives() else {
            return Ok(resolved);
        };
        let alternatives = alternatives.iter().map(|id| self.resolve(*id));
        let alternatives: Vec<Rc<Definition>> = alternatives.collect::<Result<_>>()?;
        let fullest = envelope::fullest(self.resolver, &alternatives, keys);
        Ok(fullest.map_or(resolved, Rc::new))
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
