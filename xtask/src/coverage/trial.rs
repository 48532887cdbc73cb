//! What is done with one example, and what it shows.

use codegen::examples::{Example, Fault, Part, Problem, faults};
use codegen::normalize::envelope::EnvelopeKeys;
use codegen::openapi::Resolver;
use codegen::pointer;
use codegen::surface::{Envelope, Surface, TypeRef};
use serde_json::{Map, Value};

use crate::coverage::alternatives::{self, Taken};
use crate::coverage::catalog::{self, Carrier};
use crate::coverage::compare::{Difference, Kind, Null, differences};
use crate::coverage::decode::Reply;
use crate::coverage::report::{Cause, Failure, Stage};

/// How many reasons are listed of one example.
const MOST_REASONS: usize = 20;

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
    pub ty: Option<TypeRef>,
    /// What is decoded, and where in the example it is.
    pub value: Value,
    path: String,
    /// What the crate takes no notice of.
    lost: Vec<Difference>,
}

/// Prepares the trial of `example`, which `carrier` carries.
///
/// `None` where the example has nothing that is decoded: what it is of is passed
/// on as it is, or it is of the envelope alone.
pub fn trial<'e>(
    keys: Option<&EnvelopeKeys>,
    carrier: Carrier,
    example: &'e Example,
) -> Option<Trial<'e>> {
    let ty = carrier.ty;
    let carried = match (carrier.envelope, keys, &example.value) {
        (Envelope::Member, Some(keys), Value::Object(members)) => around(ty, keys, members)?,
        (Envelope::Flattened, Some(keys), Value::Object(members)) => among(ty, keys, members)?,
        (_, _, value) => Carried {
            ty: Some(ty).filter(|ty| *ty != TypeRef::Unit),
            value: value.clone(),
            path: String::new(),
            lost: Vec::new(),
        },
    };
    Some(Trial { example, carried })
}

/// The result that an envelope is around.
fn around(ty: TypeRef, keys: &EnvelopeKeys, members: &Map<String, Value>) -> Option<Carried> {
    let is_taken = |name: &String| is_own(keys, name) || *name == keys.result;
    let others = members
        .iter()
        .filter(|(name, value)| !value.is_null() && !is_taken(name));
    let mut lost: Vec<String> = others.map(|(name, _)| pointer::join("", name)).collect();
    let path = pointer::join("", &keys.result);
    let result = members.get(&keys.result);
    let is_nothing = ty == TypeRef::Unit;
    if is_nothing && result.is_some_and(|result| !result.is_null()) {
        lost.push(path.clone());
    }
    // Null is an empty list or map, whatever its type.
    let is_empty = ty.is_collection() && result.is_some_and(Value::is_null);
    let is_decoded = !is_nothing && result.is_some() && !is_empty;
    // Without a result the example is of nothing that would be decoded.
    if !is_decoded && !is_nothing && lost.is_empty() {
        return None;
    }
    let lost = lost.into_iter().map(|path| Difference {
        path,
        kind: Kind::Lost,
    });
    Some(Carried {
        ty: is_decoded.then_some(ty),
        value: result.cloned().unwrap_or_default(),
        path,
        lost: lost.collect(),
    })
}

/// The result that is all that is not the envelope's own.
fn among(ty: TypeRef, keys: &EnvelopeKeys, members: &Map<String, Value>) -> Option<Carried> {
    let mut members = members.clone();
    members.retain(|name, _| !is_own(keys, name));
    (!members.is_empty()).then(|| Carried {
        ty: Some(ty),
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
    pub failure: Option<Failure>,
    /// How many members of it the type drops.
    pub dropped_members: usize,
    /// How many of those the document does not describe.
    pub undescribed_members: usize,
    /// The unions in it, and what they took.
    pub taken: Vec<Taken>,
}

impl Trial<'_> {
    /// Judges the trial by the checker's `reply`; `None` where nothing was
    /// decoded.
    pub fn judge(
        &self,
        resolver: &Resolver<'_>,
        surface: &Surface,
        reply: Option<&Reply>,
    ) -> Outcome {
        let taken = match (reply, &self.carried.ty) {
            (Some(Reply::Encoded { shown, .. }), Some(ty)) => {
                alternatives::taken(surface, ty, shown)
            }
            _ => Vec::new(),
        };
        let (stage, misses) = match reply {
            Some(Reply::Failed { path, problem }) => {
                (Stage::Decoded, vec![self.failure(path, problem)])
            }
            Some(Reply::Encoded { value, .. }) => {
                let null = match self.example.part {
                    Part::Body { .. } => Null::Value,
                    Part::Response { .. } => Null::Absent,
                };
                let found = differences(&self.carried.value, value, null);
                let unfit = self.unfit(surface, &taken);
                match found.is_empty() && !unfit.is_empty() {
                    true => (Stage::Decoded, unfit),
                    false => (Stage::RoundTripped, self.misses(found)),
                }
            }
            None => (Stage::RoundTripped, self.misses(Vec::new())),
        };
        if misses.is_empty() {
            return Outcome {
                is_decoded: true,
                is_whole: true,
                taken,
                ..Outcome::default()
            };
        }
        let example = self.example;
        let schema = resolver.description().schema_at(&example.schema);
        let faults = schema.map(|id| faults(resolver, id, &example.value, &example.part));
        let faults = faults.unwrap_or_default();
        let mut reasons: Vec<String> = Vec::new();
        let mut cause = Cause::Document;
        let (mut dropped_members, mut undescribed_members) = (0, 0);
        for miss in misses {
            let fault = miss.explained_by(&faults);
            let is_undescribed = fault.is_some_and(|it| it.problem == Problem::Undescribed);
            dropped_members += usize::from(miss.is_lost);
            undescribed_members += usize::from(miss.is_lost && is_undescribed);
            let reason = match fault {
                Some(fault) => fault.to_string(),
                None => {
                    cause = Cause::Codegen;
                    miss.text
                }
            };
            if reasons.len() < MOST_REASONS && !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        let failure = Failure {
            operation: example.operation.clone(),
            stage,
            pointer: example.pointer.clone(),
            cause,
            reasons,
            ty: self.carried.ty.as_ref().map(catalog::spelled),
        };
        Outcome {
            is_decoded: stage != Stage::Decoded,
            is_whole: false,
            failure: Some(failure),
            dropped_members,
            undescribed_members,
            taken,
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
            is_lost: false,
        }
    }

    /// The unions that took another alternative than the value is of.
    fn unfit(&self, surface: &Surface, taken: &[Taken]) -> Vec<Miss> {
        let unfit = taken.iter().filter_map(|taken| {
            let path = format!("{}{}", self.carried.path, taken.path);
            let place = match path.as_str() {
                "" => "the value",
                path => path,
            };
            let Taken { union, variant, .. } = taken;
            let text = match taken.belongs_to(surface, &self.carried.value) {
                Some(meant) => format!("{place} is taken for {variant} of {union}, and is {meant}"),
                None if taken.is_of_twins(surface, &self.carried.value) => return None,
                None if taken.is_caught() => format!("{place} fits no alternative of {union}"),
                None => return None,
            };
            Some(Miss {
                text,
                path,
                is_failure: true,
                is_lost: false,
            })
        });
        unfit.collect()
    }

    fn misses(&self, found: Vec<Difference>) -> Vec<Miss> {
        let decoded = found.into_iter().map(|difference| Difference {
            path: format!("{}{}", self.carried.path, difference.path),
            kind: difference.kind,
        });
        let all = self.carried.lost.iter().cloned().chain(decoded);
        all.map(|difference| Miss {
            text: difference.to_string(),
            is_lost: difference.kind == Kind::Lost,
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
    /// Whether it is a member or an item that is gone.
    is_lost: bool,
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

    fn judged(value: Value, reply: Reply) -> Outcome {
        let plan = Plan::for_package("parts");
        let read = codegen::examples::read(&document(), &plan);
        let (_, description, _) = read.expect("a description");
        let carrier = Carrier {
            ty: TypeRef::Type("Part".to_owned()),
            envelope: Envelope::Member,
        };
        let emitted = catalog::tests::emitted(
            r#"{ "/a": { "get": { "operationId": "a", "responses": {
                "204": { "description": "Done." } } } } }"#,
            "{}",
        );
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
        let trial = trial(Some(&keys), carrier, &example).expect("a trial");
        trial.judge(&Resolver::new(&description), &emitted.surface, Some(&reply))
    }

    fn encoded() -> Reply {
        Reply::Encoded {
            value: json!({ "id": "1" }),
            shown: String::new(),
        }
    }

    #[track_caller]
    fn falls_short(outcome: &Outcome, cause: Cause, reason: &str) {
        let failure = outcome.failure.as_ref().expect("a failure");
        assert_eq!(
            (failure.cause, &*failure.reasons),
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
        let failed = |path: &str| Reply::Failed {
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
