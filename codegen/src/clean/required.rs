//! `required`: as a flag, and with names that are no properties.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};

use super::Defect::{RequiredAsFlag, RequiredNamesNoProperty};
use super::describe::describe;
use super::malformed::{capital, members};
use super::repair::{Findings, show_names};
use super::schemas::Schemas;
use crate::limits::MOST_WHOLES;
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;

/// Moves `required: true` of a property into the list of the object around it.
pub(super) fn as_flag(document: &Value, findings: &mut Findings) {
    grammar::each_schema(document, &mut |schema, at| {
        if schema.get("required").is_some_and(Value::is_boolean) && !is_property(at) {
            let reason = format!(
                "{} says `required` of itself, which has a meaning in an object's list of properties only.",
                capital(&describe(document, at))
            );
            findings.remove(RequiredAsFlag, pointer::join(at, "required"), reason);
        }
        let flagged: Vec<&String> = members(schema, "properties")
            .into_iter()
            .flatten()
            .filter(|(_, property)| {
                property.get("required").is_some_and(Value::is_boolean)
                    && property.get("$ref").is_none()
            })
            .map(|(name, _)| name)
            .collect();
        let mut names: Vec<Value> = schema
            .get("required")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let before = names.len();
        let mut listed: HashSet<Value> = match flagged.is_empty() {
            true => HashSet::new(),
            false => names.iter().cloned().collect(),
        };
        let properties = pointer::join(at, "properties");
        for name in &flagged {
            let property_at = pointer::join(&properties, name);
            let flag = schema
                .get("properties")
                .and_then(|properties| properties.get(name.as_str())?.get("required"));
            let what = capital(&describe(document, &property_at));
            let reason = format!(
                "{what} says `required` of itself, which belongs into the list `required` of the object around it."
            );
            if flag == Some(&Value::Bool(true)) && listed.insert(json!(name)) {
                names.push(json!(name));
            }
            findings.remove(
                RequiredAsFlag,
                pointer::join(&property_at, "required"),
                reason,
            );
        }
        if names.len() > before {
            let reason = format!(
                "The list `required` of {} takes up the properties that say so of themselves.",
                describe(document, at)
            );
            findings.set(
                RequiredAsFlag,
                pointer::join(at, "required"),
                json!(names),
                reason,
            );
        }
    });
}

fn is_property(at: &str) -> bool {
    let parent = at.rsplit_once('/').map_or("", |(parent, _)| parent);
    let holder = parent.rsplit_once('/');
    holder.is_some_and(|(owner, keyword)| {
        keyword == "properties" && grammar::kind_of(owner) == Some(NodeKind::Schema)
    })
}

/// Removes names from `required` that are no property of the object: neither its
/// own, nor of its parts and alternatives, nor of an object that it is a part of.
pub(super) fn names_no_property(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    let mut suspects = Vec::new();
    let mut wholes: HashMap<String, Vec<String>> = HashMap::new();
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        if site.kind != NodeKind::Schema {
            return;
        }
        for part in parts(site.value, site.pointer) {
            let wholes = wholes.entry(part).or_default();
            wholes.push(site.pointer.to_owned());
        }
        let own = site.value.get("properties").and_then(Value::as_object);
        let is_own = |name: &&str| own.is_some_and(|own| own.contains_key(*name));
        let names = site.value.get("required").and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        let mut unknown: Vec<&str> = names.filter(|name| !is_own(name)).collect();
        // What is excluded may name anything.
        if unknown.is_empty() || site.within.negation {
            return;
        }
        let declared = schemas.declared(site.value);
        unknown.retain(|name| !declared.has(name));
        if !unknown.is_empty() {
            suspects.push((site.pointer.to_owned(), unknown));
        }
    });
    for (at, mut unknown) in suspects {
        let Some(above) = above(&at, &wholes) else {
            continue;
        };
        for whole in above {
            let whole = document.pointer(&whole).unwrap_or(&Value::Null);
            let declared = schemas.declared(whole);
            unknown.retain(|name| !declared.has(name));
        }
        let names = document
            .pointer(&at)
            .and_then(|schema| schema.get("required")?.as_array());
        let (Some(names), false) = (names, unknown.is_empty()) else {
            continue;
        };
        let reason = format!(
            "{} requires {}, which no part of it describes as a property.",
            capital(&describe(document, &at)),
            show_names(unknown.iter().copied())
        );
        let unknown: HashSet<&str> = unknown.into_iter().collect();
        let is_known = |name: &&Value| !name.as_str().is_some_and(|name| unknown.contains(name));
        let kept: Vec<&Value> = names.iter().filter(is_known).collect();
        let at = pointer::join(&at, "required");
        match kept.is_empty() {
            true => findings.remove(RequiredNamesNoProperty, at, reason),
            false => findings.set(RequiredNamesNoProperty, at, json!(kept), reason),
        }
    }
}

/// The pointers of the schemas that `schema` is composed of.
fn parts(schema: &Value, at: &str) -> Vec<String> {
    let Some(schema) = schema.as_object() else {
        return Vec::new();
    };
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = reference.strip_prefix('#').map(str::to_owned);
        return target.into_iter().collect();
    }
    let lists = ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .filter_map(|keyword| {
            let parts = schema.get(keyword)?.as_array()?;
            Some((pointer::join(at, keyword), parts.len()))
        });
    lists
        .flat_map(|(at, count)| (0..count).map(move |index| format!("{at}/{index}")))
        .collect()
}

/// Every schema that the one at `at` is a part of, directly or by way of others;
/// `None` where there are too many to look at.
fn above(at: &str, wholes: &HashMap<String, Vec<String>>) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut open = vec![at.to_owned()];
    while let Some(part) = open.pop() {
        for whole in wholes.get(&part).into_iter().flatten() {
            if found.len() >= MOST_WHOLES {
                return None;
            }
            if found.insert(whole.clone()) {
                open.push(whole.clone());
            }
        }
    }
    Some(found)
}
