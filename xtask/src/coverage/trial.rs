//! What is done with one example, and what it shows.

use codegen::examples::{Example, Fault, Problem, faults};
use codegen::normalize::envelope::EnvelopeKeys;
use codegen::openapi::Resolver;
use codegen::pointer;
use serde_json::{Map, Value};

use crate::coverage::catalog::{Entry, Place};
use crate::coverage::compare::{Difference, Kind, differences};
use crate::coverage::decode::Answer;
use crate::coverage::report::{Cause, Shortfall, Stage};

/// An example on its way through the crate.
#[derive(Debug)]
pub struct Trial<'e> {
    /// The example.
    pub example: &'e Example,
    /// What is decoded of it.
    pub carried: Carried,
}

/// What an emitted crate takes out of an example.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    /// The Rust type, where there is something to decode.
    pub ty: Option<String>,
    /// What is decoded, and where in the example it is.
    pub value: Value,
    path: String,
    /// What the crate takes no notice of.
    lost: Vec<Difference>,
}

/// Prepares the trial of `example`, which is of the operation of `entry`.
///
/// `None` where the example has nothing that is decoded: what it is of is passed
/// on as it is, or it is of the envelope alone.
pub fn trial<'e>(
    keys: Option<&EnvelopeKeys>,
    entry: &Entry,
    example: &'e Example,
) -> Option<Trial<'e>> {
    let (ty, place) = entry.carrier(&example.part)?;
    let carried = match (place, keys, &example.value) {
        (Place::Around, Some(keys), Value::Object(members)) => around(ty, keys, members)?,
        (Place::Among, Some(keys), Value::Object(members)) => among(ty, keys, members)?,
        (_, _, value) => Carried {
            ty: Some(ty.to_owned()).filter(|ty| ty != "()"),
            value: value.clone(),
            path: String::new(),
            lost: Vec::new(),
        },
    };
    Some(Trial { example, carried })
}

/// The result that an envelope is around.
fn around(ty: &str, keys: &EnvelopeKeys, members: &Map<String, Value>) -> Option<Carried> {
    let is_taken = |name: &String| is_own(keys, name) || *name == keys.result;
    let others = members
        .iter()
        .filter(|(name, value)| !value.is_null() && !is_taken(name));
    let mut lost: Vec<String> = others.map(|(name, _)| pointer::join("", name)).collect();
    let path = pointer::join("", &keys.result);
    let result = members.get(&keys.result);
    if ty == "()" && result.is_some_and(|result| !result.is_null()) {
        lost.push(path.clone());
    }
    let is_decoded = ty != "()" && result.is_some();
    // Without a result the example is of nothing that would be decoded.
    if !is_decoded && ty != "()" && lost.is_empty() {
        return None;
    }
    let lost = lost.into_iter().map(|path| Difference {
        path,
        kind: Kind::Lost,
    });
    Some(Carried {
        ty: is_decoded.then(|| ty.to_owned()),
        value: result.cloned().unwrap_or_default(),
        path,
        lost: lost.collect(),
    })
}

/// The result that is all that is not the envelope's own.
fn among(ty: &str, keys: &EnvelopeKeys, members: &Map<String, Value>) -> Option<Carried> {
    let mut members = members.clone();
    members.retain(|name, _| !is_own(keys, name));
    (!members.is_empty()).then(|| Carried {
        ty: Some(ty.to_owned()),
        value: Value::Object(members),
        path: String::new(),
        lost: Vec::new(),
    })
}

/// Whether the envelope has the member `name` for itself.
fn is_own(keys: &EnvelopeKeys, name: &String) -> bool {
    [
        &keys.success,
        &keys.errors,
        &keys.messages,
        &keys.result_info,
    ]
    .contains(&name)
}

/// What a trial showed.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Whether the example was decoded and encoded.
    pub is_decoded: bool,
    /// Whether it came through whole.
    pub is_whole: bool,
    /// Why not.
    pub shortfall: Option<Shortfall>,
}

impl Trial<'_> {
    /// Judges the trial by the checker's `answer`; `None` where nothing was
    /// decoded.
    pub fn judge(&self, resolver: &Resolver<'_>, answer: Option<&Answer>) -> Outcome {
        let (stage, misses) = match answer {
            Some(Answer::Failed { path, problem }) => {
                (Stage::Decoded, vec![self.failure(path, problem)])
            }
            Some(Answer::Encoded { value, is_caught }) => {
                let found = differences(&self.carried.value, value);
                match *is_caught && found.is_empty() {
                    true => (Stage::Decoded, vec![self.caught()]),
                    false => (Stage::RoundTripped, self.misses(found)),
                }
            }
            None => (Stage::RoundTripped, self.misses(Vec::new())),
        };
        if misses.is_empty() {
            return Outcome {
                is_decoded: true,
                is_whole: true,
                shortfall: None,
            };
        }
        let example = self.example;
        let schema = resolver.description().schema_at(&example.schema);
        let faults = schema.map(|id| faults(resolver, id, &example.value, &example.part));
        let faults = faults.unwrap_or_default();
        let mut reasons: Vec<String> = Vec::new();
        let mut cause = Cause::Document;
        for miss in misses {
            let reason = match miss.explained_by(&faults) {
                Some(fault) => fault.to_string(),
                None => {
                    cause = Cause::Codegen;
                    miss.text
                }
            };
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        let shortfall = Shortfall {
            operation: example.operation.clone(),
            stage,
            pointer: example.pointer.clone(),
            cause,
            reasons,
            ty: self.carried.ty.clone(),
        };
        Outcome {
            is_decoded: stage != Stage::Decoded,
            is_whole: false,
            shortfall: Some(shortfall),
        }
    }

    fn failure(&self, path: &str, problem: &str) -> Miss {
        let at = format!("{}{path}", self.carried.path);
        let missing = problem
            .strip_prefix("missing field `")
            .and_then(|rest| rest.split('`').next());
        let path = match missing {
            Some(name) => pointer::join(&at, name),
            None => at.clone(),
        };
        let place = match at.as_str() {
            "" => "the value",
            at => at,
        };
        Miss {
            path,
            text: format!("{place} does not decode: {problem}"),
            is_failure: true,
        }
    }

    fn caught(&self) -> Miss {
        Miss {
            path: self.carried.path.clone(),
            text: "some of it fits no alternative of a union".to_owned(),
            is_failure: true,
        }
    }

    fn misses(&self, found: Vec<Difference>) -> Vec<Miss> {
        let decoded = found.into_iter().map(|difference| Difference {
            path: format!("{}{}", self.carried.path, difference.path),
            kind: difference.kind,
        });
        let all = self.carried.lost.iter().cloned().chain(decoded);
        all.map(|difference| Miss {
            text: difference.to_string(),
            path: difference.path,
            is_failure: false,
        })
        .collect()
    }
}

/// A place of an example that did not come through.
#[derive(Debug)]
struct Miss {
    /// Where in the example.
    path: String,
    /// What is said of it if nothing explains it.
    text: String,
    /// Whether it kept the example from being decoded.
    is_failure: bool,
}

impl Miss {
    /// The fault of the document's author that accounts for this.
    fn explained_by<'f>(&self, faults: &'f [Fault]) -> Option<&'f Fault> {
        let accounts = |fault: &&Fault| {
            let within = is_within(&self.path, &fault.path);
            match &fault.problem {
                // These may keep what is around them from being read as the
                // alternative that it is.
                Problem::Mismatch(_) | Problem::Missing | Problem::Null => {
                    within || is_within(&fault.path, &self.path)
                }
                Problem::Undescribed | Problem::ReadOnly => within && !self.is_failure,
            }
        };
        faults.iter().find(accounts)
    }
}

/// Whether the pointer `inner` leads to the place of `outer` or into it.
fn is_within(inner: &str, outer: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use codegen::examples::{Part, Source};
    use codegen::{Document, Plan};
    use serde_json::json;

    use super::*;
    use crate::coverage::catalog;

    const SCHEMA: &str = "/paths/~1parts/get/responses/200/content/application~1json/schema";

    fn document() -> Document {
        let schema = json!({ "properties": {
            "success": { "type": "boolean" },
            "errors": { "type": "array" },
            "total": { "type": "integer" },
            "result": { "properties": {
                "id": { "type": "string" }, "count": { "type": "integer" }
            } }
        } });
        let content = json!({ "application/json": { "schema": schema } });
        let document = json!({
            "openapi": "3.0.3",
            "info": { "title": "Parts", "version": "1" },
            "paths": { "/parts": { "get": {
                "operationId": "get",
                "responses": { "200": { "description": "", "content": content } }
            } } }
        });
        Document::parse("parts.json", document.to_string().as_bytes()).expect("a document")
    }

    fn judged(value: Value, answer: Answer) -> Outcome {
        let plan = Plan::for_package("parts");
        let read = codegen::examples::read(&document(), &plan);
        let (_, description, _) = read.expect("a description");
        let entries = catalog::read(
            r#"[{ "id": "get", "function": "get", "builder": "operations::Get",
                  "body": null, "result": "types::Part", "envelope": "around" }]"#,
        );
        let entry = &entries.expect("entries")[0];
        let example = Example {
            operation: "get".to_owned(),
            part: Part::Response {
                status: "200".to_owned(),
                media_type: "application/json".to_owned(),
            },
            pointer: "/example".to_owned(),
            schema: SCHEMA.to_owned(),
            source: Source::MediaType,
            value,
        };
        let keys = EnvelopeKeys::default();
        let trial = trial(Some(&keys), entry, &example).expect("a trial");
        trial.judge(&Resolver::new(&description), Some(&answer))
    }

    fn encoded() -> Answer {
        Answer::Encoded {
            value: json!({ "id": "1" }),
            is_caught: false,
        }
    }

    #[track_caller]
    fn falls_short(outcome: &Outcome, cause: Cause, reason: &str) {
        let shortfall = outcome.shortfall.as_ref().expect("a shortfall");
        assert_eq!(
            (shortfall.cause, &*shortfall.reasons),
            (cause, &[reason.to_owned()][..])
        );
    }

    #[test]
    fn the_result_is_taken_out_of_the_envelope() {
        let example = json!({ "success": true, "errors": [], "result": { "id": "1" } });
        let outcome = judged(example, encoded());
        assert!(outcome.is_whole, "{outcome:?}");
    }

    #[test]
    fn what_the_schema_does_not_describe_may_be_lost() {
        let example = json!({ "success": true, "result": { "id": "1", "more": 1 } });
        let outcome = judged(example, encoded());
        assert!(outcome.is_decoded);
        let reason = "the example has /result/more, which the schema does not describe";
        falls_short(&outcome, Cause::Document, reason);
    }

    #[test]
    fn what_the_schema_describes_may_not_be_lost() {
        let example = json!({ "result": { "id": "1", "count": 1 } });
        let outcome = judged(example, encoded());
        falls_short(&outcome, Cause::Codegen, "/result/count is lost");
        let example = json!({ "total": 1, "result": { "id": "1" } });
        let outcome = judged(example, encoded());
        falls_short(&outcome, Cause::Codegen, "/total is lost");
    }

    #[test]
    fn an_example_that_contradicts_its_schema_need_not_decode() {
        let failed = |path: &str| Answer::Failed {
            path: path.to_owned(),
            problem: "invalid type".to_owned(),
        };
        let example = json!({ "result": { "id": "1", "count": "many" } });
        let outcome = judged(example.clone(), failed("/count"));
        assert!(!outcome.is_decoded);
        let reason = "the example does not fit its schema: /result/count: expected an integer, found a string";
        falls_short(&outcome, Cause::Document, reason);
        let outcome = judged(example, failed("/id"));
        falls_short(
            &outcome,
            Cause::Codegen,
            "/result/id does not decode: invalid type",
        );
    }
}
