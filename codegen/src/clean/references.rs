//! References: to other files, percent-encoded, or with members beside them.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::Defect::{EncodedReference, ForeignReference, MalformedMember, ReferenceWithSiblings};
use super::describe::describe;
use super::malformed::capital;
use super::repair::{Findings, Moves};
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;

/// Takes a `$ref` out of what cannot be a reference. In place of a media type, one
/// to a schema is meant for what the media type describes.
pub(super) fn misplaced(document: &Value, findings: &mut Findings) {
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        let takes_none = matches!(
            site.kind,
            NodeKind::Document
                | NodeKind::Components
                | NodeKind::Operation
                | NodeKind::MediaType
                | NodeKind::Encoding
        );
        let Some(reference) = site.reference().filter(|_| takes_none) else {
            return;
        };
        let what = capital(&describe(document, site.pointer));
        let target = grammar::kind_of(reference.trim_start_matches('#'));
        if (site.kind, target) == (NodeKind::MediaType, Some(NodeKind::Schema)) {
            let reason = format!(
                "{what} is a reference to the schema `{reference}`, which belongs into its `schema`."
            );
            let schema = json!({ "schema": { "$ref": reference } });
            findings.set(MalformedMember, site.pointer.to_owned(), schema, reason);
            return;
        }
        let reason = format!("{what} refers to `{reference}`, but cannot be a reference.");
        let at = pointer::join(site.pointer, "$ref");
        findings.remove(MalformedMember, at, reason);
    });
}

/// Leaves out what is in another file: a schema then allows anything, a response
/// says nothing, and anything else goes.
pub(super) fn foreign(document: &Value, findings: &mut Findings) {
    let mut chains = Chains {
        document,
        lost: HashMap::new(),
    };
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        let Some(reference) = site
            .reference()
            .filter(|reference| chains.is_lost(reference))
        else {
            return;
        };
        let what = capital(&describe(document, site.pointer));
        let at = site.pointer.to_owned();
        let where_to = match reference.starts_with('#') {
            true => "which is left out",
            false => "in another file, which is not here",
        };
        let say = |outcome: &str| format!("{what} is `{reference}`, {where_to}; {outcome}.");
        match site.kind {
            // A reference to a schema that was left out allows anything, too.
            NodeKind::Schema => {
                let reason = say("it can be anything");
                findings.remove(ForeignReference, pointer::join(&at, "$ref"), reason);
            }
            NodeKind::Response => {
                let reason = say("nothing is known of it");
                findings.set(ForeignReference, at, json!({ "description": "" }), reason);
            }
            NodeKind::PathItem if site.value.as_object().is_some_and(|item| item.len() > 1) => {
                let reason = say("only what stands beside the reference is kept");
                findings.remove(ForeignReference, pointer::join(&at, "$ref"), reason);
            }
            _ => {
                let reason = say("it is left out");
                findings.remove(ForeignReference, at, reason);
            }
        }
    });
}

/// Which references lead out of the document, directly or by way of others.
struct Chains<'d> {
    document: &'d Value,
    /// `None` while that is found out.
    lost: HashMap<&'d str, Option<bool>>,
}

impl<'d> Chains<'d> {
    fn is_lost(&mut self, reference: &'d str) -> bool {
        let mut way = Vec::new();
        let mut next = reference;
        let is_lost = loop {
            if let Some(known) = self.lost.get(next) {
                // The slice had no circles; one that a repair makes leads nowhere.
                break known.unwrap_or(true);
            }
            self.lost.insert(next, None);
            way.push(next);
            let Some((_, target)) = pointer::follow(self.document, next) else {
                // All that the slice refers to was there; what is not, was left out.
                break true;
            };
            // What is left out is another matter for schemas and responses, which
            // keep their place.
            match target.get("$ref").and_then(Value::as_str) {
                Some(further) if !keeps_its_place(next) => next = further,
                _ => break false,
            }
        };
        for reference in way {
            self.lost.insert(reference, Some(is_lost));
        }
        is_lost
    }
}

/// Whether what `reference` leads to is still there when what it refers to is
/// left out.
fn keeps_its_place(reference: &str) -> bool {
    let place = grammar::kind_of(reference.trim_start_matches('#'));
    matches!(place, Some(NodeKind::Schema | NodeKind::Response))
}

/// Lets references into lists and objects in which something `moved` follow it.
/// Most refer to components, which never do.
pub(super) fn redirect(document: &mut Value, moved: &Moves) {
    let mut found = Vec::new();
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        let target = site
            .reference()
            .and_then(|reference| reference.strip_prefix('#'));
        let Some(target) = target.filter(|target| pointer::component_of(target) != *target) else {
            return;
        };
        let new = moved.target(target);
        if new != target {
            found.push((pointer::join(site.pointer, "$ref"), format!("#{new}")));
        }
    });
    for (at, reference) in found {
        if let Some(place) = document.pointer_mut(&at) {
            *place = Value::String(reference);
        }
    }
}

/// Writes references as the names that they lead to.
pub(super) fn encoded(document: &Value, findings: &mut Findings) {
    let decoded = |reference: &str| {
        let (target, _) = pointer::follow(document, reference)?;
        let decoded = format!("#{target}");
        (decoded != reference).then_some(decoded)
    };
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        let mut check = |at: String, reference: &str| {
            let Some(decoded) = decoded(reference) else {
                return;
            };
            let reason = format!(
                "{} refers to `{reference}`, which is percent-encoded; `{decoded}` is the name that it leads to.",
                capital(&describe(document, site.pointer))
            );
            findings.set(EncodedReference, at, json!(decoded), reason);
        };
        if let Some(reference) = site.reference() {
            check(pointer::join(site.pointer, "$ref"), reference);
        }
        let mapping = site
            .value
            .get("discriminator")
            .filter(|_| site.kind == NodeKind::Schema)
            .and_then(|discriminator| discriminator.get("mapping")?.as_object());
        for (value, reference) in mapping.into_iter().flatten() {
            if let Some(reference) = reference.as_str() {
                let at = format!("{}/discriminator/mapping", site.pointer);
                check(pointer::join(&at, value), reference);
            }
        }
    });
}

/// Moves the `$ref` of a schema into an `allOf`, beside which members count;
/// anywhere else removes the siblings, which have no meaning.
pub(super) fn repair(document: &Value, findings: &mut Findings) {
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        let (Some(reference), Some(members)) = (site.reference(), site.value.as_object()) else {
            return;
        };
        if members.len() < 2 || site.kind == NodeKind::PathItem {
            return;
        }
        let names: Vec<String> = members
            .keys()
            .filter(|name| *name != "$ref")
            .map(|name| format!("`{name}`"))
            .collect();
        let names = names.join(", ");
        let what = describe(document, site.pointer);
        let what = capital(&what);
        let at = site.pointer.to_owned();
        if site.kind != NodeKind::Schema {
            let reason = format!(
                "{what} is a reference to `{reference}`, beside which {names} have no meaning."
            );
            findings.set(
                ReferenceWithSiblings,
                at,
                json!({ "$ref": reference }),
                reason,
            );
            return;
        }
        let reason = format!(
            "{what} has {names} beside its `$ref` to `{reference}`, where tools ignore them; \
             beside an `allOf` with the reference they count."
        );
        findings.set(
            ReferenceWithSiblings,
            at,
            in_all_of(reference, members),
            reason,
        );
    });
}

/// The members with the reference as the first part of their `allOf`.
fn in_all_of(reference: &str, members: &Map<String, Value>) -> Value {
    let mut parts = vec![json!({ "$ref": reference })];
    if let Some(Value::Array(own)) = members.get("allOf") {
        parts.extend(own.iter().cloned());
    }
    let mut schema = Map::new();
    schema.insert("allOf".to_owned(), Value::Array(parts));
    for (name, value) in members {
        if name != "$ref" && name != "allOf" {
            schema.insert(name.clone(), value.clone());
        }
    }
    Value::Object(schema)
}
