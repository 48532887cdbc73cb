//! Parts of an `allOf` that no value can fit all at once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Defect::{ContradictoryParts, ContradictorySuccess};
use super::describe::describe;
use super::malformed::{capital, members};
use super::repair::{Findings, show_all};
use super::tree::Tree;
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;
use crate::slice::operations;
use crate::type_check::{self, Kind, Schemas as _};

/// The property by which an answer says whether it is a success.
const SUCCESS: &str = "success";

/// How many schemas are written out to leave a property away from one part.
const MOST_WRITTEN: usize = 200;

/// Removes the part that contradicts the status under which the answer comes:
/// that of a failure from a success, that of a success from a failure.
pub(super) fn success(document: &Value, findings: &mut Findings) {
    // Whether the answers that a schema describes are successes; `None` where it
    // describes both.
    let mut expected: BTreeMap<String, Option<bool>> = BTreeMap::new();
    for (at, is_success) in answer_schemas(document) {
        expect(document, at, is_success, &mut expected);
    }
    for (at, is_success) in expected {
        let parts = document
            .pointer(&at)
            .and_then(|schema| schema.get("allOf")?.as_array());
        let (Some(is_success), Some(parts)) = (is_success, parts) else {
            continue;
        };
        let demands: Vec<Option<bool>> = parts.iter().map(|part| demand(document, part)).collect();
        if !(demands.contains(&Some(true)) && demands.contains(&Some(false))) {
            continue;
        }
        let mut kept = Vec::new();
        let mut lost = Vec::new();
        for (index, (part, demand)) in parts.iter().zip(&demands).enumerate() {
            match *demand == Some(!is_success) {
                true => lost.push(part_name(part, index)),
                false => kept.push(part),
            }
        }
        let reason = format!(
            "{} has parts that say `{SUCCESS}` is true, and parts that say it is false. \
             It comes with {}, so what says that it is {} goes: {}.",
            capital(&describe(document, &at)),
            if is_success { "a success" } else { "a failure" },
            !is_success,
            lost.join(", ")
        );
        findings.set(
            ContradictorySuccess,
            pointer::join(&at, "allOf"),
            json!(kept),
            reason,
        );
    }
}

/// What a part is called: by its component, or by its number.
fn part_name(part: &Value, index: usize) -> String {
    let reference = part.get("$ref").and_then(Value::as_str);
    match reference.and_then(|reference| reference.rsplit('/').next()) {
        Some(name) => format!("`{}`", pointer::unescape(name)),
        None => format!("part {}", index + 1),
    }
}

/// The schemas of all answers, and whether they come with a success.
fn answer_schemas(document: &Value) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, method, operation) in paths.into_iter().flat_map(operations) {
        let at = pointer::join(&pointer::join("/paths", path), method);
        let at = pointer::join(&at, "responses");
        let responses = members(operation, "responses");
        for (status, response) in responses.into_iter().flatten() {
            let is_success = match status.chars().next() {
                Some('2') => true,
                Some('4' | '5') => false,
                _ if status == "default" => false,
                _ => continue,
            };
            let (at, response) = match response.get("$ref").and_then(Value::as_str) {
                None => (pointer::join(&at, status), Some(response)),
                Some(reference) => {
                    let target = reference.trim_start_matches('#');
                    (target.to_owned(), document.pointer(target))
                }
            };
            let content = response.and_then(|response| response.get("content")?.as_object());
            for name in content.into_iter().flat_map(Map::keys) {
                let media = pointer::join(&pointer::join(&at, "content"), name);
                found.push((pointer::join(&media, "schema"), is_success));
            }
        }
    }
    found
}

/// Notes what is expected of the schema at `at`, and of those that it is made of
/// up to where parts contradict each other.
fn expect(
    document: &Value,
    at: String,
    is_success: bool,
    expected: &mut BTreeMap<String, Option<bool>>,
) {
    let mut open = vec![at];
    while let Some(at) = open.pop() {
        match expected.get_mut(&at) {
            None => {
                expected.insert(at.clone(), Some(is_success));
            }
            Some(known) if *known == Some(is_success) || known.is_none() => continue,
            Some(known) => *known = None,
        }
        let Some(schema) = document.pointer(&at) else {
            continue;
        };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            open.extend(reference.strip_prefix('#').map(str::to_owned));
            continue;
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let parts = schema.get(keyword).and_then(Value::as_array);
            for (index, part) in parts.into_iter().flatten().enumerate() {
                // A part that contradicts nothing in itself is what it is for
                // other answers too.
                if keyword != "allOf" || demands_both(document, part) {
                    open.push(format!("{at}/{keyword}/{index}"));
                }
            }
        }
    }
}

/// The only value of `success` that fits `schema`, if it has one.
fn demand(document: &Value, schema: &Value) -> Option<bool> {
    let mut demands = demands(document, schema);
    let first = demands.pop()?;
    demands.iter().all(|other| *other == first).then_some(first)
}

fn demands_both(document: &Value, schema: &Value) -> bool {
    let demands = demands(document, schema);
    demands.contains(&true) && demands.contains(&false)
}

fn demands(document: &Value, schema: &Value) -> Vec<bool> {
    Tree(document)
        .definitions(schema)
        .into_iter()
        .filter_map(|part| part.get("properties")?.get(SUCCESS))
        .filter_map(|property| match values(document, property)?.as_slice() {
            [Value::Bool(only)] => Some(*only),
            _ => None,
        })
        .collect()
}

/// Takes out of the earlier part what contradicts a later one: a property of
/// which both allow different types or values, or all of it where the parts
/// themselves are of different types.
pub(super) fn parts(document: &Value, findings: &mut Findings) {
    grammar::each_schema(document, &mut |schema, at| {
        let Some(parts) = schema.get("allOf").and_then(Value::as_array) else {
            return;
        };
        let list_at = pointer::join(at, "allOf");
        // What stands beside the parts comes last.
        let mut beside = schema.clone();
        beside.shift_remove("allOf");
        let beside = Value::Object(beside);
        let sides: Vec<Side<'_>> = parts
            .iter()
            .chain([&beside])
            .map(|part| Side::of(document, part))
            .collect();
        if sides.len() < 2 {
            return;
        }
        let what = capital(&describe(document, at));
        for (index, side) in sides.iter().enumerate().take(parts.len()) {
            let later = sides.get(index + 1..).unwrap_or_default();
            let Some(part) = parts.get(index) else {
                continue;
            };
            let part_at = format!("{list_at}/{index}");
            // The others, and of those that say as much the later, win.
            let wins = |(at, other): &(usize, &Side<'_>)| {
                let (mine, others) = (side.properties.len(), other.properties.len());
                (others, *at) > (mine, index)
            };
            let other = sides
                .iter()
                .enumerate()
                .filter(|(_, other)| are_disjoint(&side.kinds, &other.kinds))
                .find(wins);
            if let Some((_, other)) = other {
                let reason = format!(
                    "{what} is made of {}, which is {}, and of what is {}; nothing is both, and {}.",
                    part_name(part, index),
                    words(&side.kinds),
                    words(&other.kinds),
                    match other.properties.is_empty() {
                        true => "the later counts",
                        false => "what has properties counts",
                    }
                );
                findings.remove(ContradictoryParts, part_at, reason);
                continue;
            }
            let mut lost: Vec<&str> = Vec::new();
            let mut reasons = Vec::new();
            for (name, property) in &side.properties {
                let contradiction = later.iter().find_map(|later| {
                    let other = later.properties.get(name)?;
                    contradiction(document, property, other)
                });
                if let Some(contradiction) = contradiction {
                    lost.push(name);
                    reasons.push(format!("`{name}` {contradiction}"));
                }
            }
            if lost.is_empty() {
                continue;
            }
            let reason = format!(
                "{what} is made of parts that contradict each other: {}; the later part counts.",
                reasons.join(", ")
            );
            let own = part.get("properties").and_then(Value::as_object);
            let is_own = |name: &&str| own.is_some_and(|own| own.contains_key(*name));
            if part.get("$ref").is_none() && part.get("allOf").is_none() && lost.iter().all(is_own)
            {
                for name in lost {
                    let at = pointer::join(&format!("{part_at}/properties"), name);
                    findings.remove(ContradictoryParts, at, reason.clone());
                }
            } else {
                let rest = match contains_itself(document, part, at) {
                    true => None,
                    false => without(document, part, &lost, &mut 0),
                };
                match rest {
                    Some(rest) => findings.set(ContradictoryParts, part_at, rest, reason),
                    None => {
                        let reason = format!(
                            "{reason} Without that, the earlier part would be endless to write out, so it stays."
                        );
                        findings.note(ContradictoryParts, part_at, reason);
                    }
                }
            }
        }
    });
}

/// Whether the references in `part` lead back to the component that holds the
/// schema at `at`. Written out, such a part would never end.
fn contains_itself(document: &Value, part: &Value, at: &str) -> bool {
    let component = |pointer: &str| pointer.split('/').take(4).collect::<Vec<_>>().join("/");
    let own = component(at);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut open = vec![part];
    while let Some(schema) = open.pop() {
        let mut found = Vec::new();
        grammar::walk(schema, NodeKind::Schema, "", &mut |site| {
            found.extend(
                site.reference()
                    .map(|target| component(target.trim_start_matches('#'))),
            );
        });
        for target in found {
            if target == own {
                return true;
            }
            let schema = document.pointer(&target);
            if let Some(schema) = schema.filter(|_| seen.insert(target)) {
                open.push(schema);
            }
        }
    }
    false
}

/// What one part says, by itself and by its own parts.
struct Side<'d> {
    kinds: Vec<Kind>,
    properties: BTreeMap<&'d str, &'d Value>,
}

impl<'d> Side<'d> {
    fn of(document: &'d Value, part: &'d Value) -> Self {
        let flat = Tree(document).definitions(part);
        let properties = flat
            .iter()
            .filter_map(|part| members(part, "properties"))
            .flatten()
            .map(|(name, property)| (name.as_str(), property))
            .collect();
        Self {
            kinds: type_check::kinds(&Tree(document), part),
            properties,
        }
    }
}

/// Why no value fits both schemas, in words; `None` where one may.
fn contradiction(document: &Value, earlier: &Value, later: &Value) -> Option<String> {
    if earlier == later {
        return None;
    }
    let (mine, others) = (
        type_check::kinds(&Tree(document), earlier),
        type_check::kinds(&Tree(document), later),
    );
    if are_disjoint(&mine, &others) {
        return Some(format!(
            "is {} in one and {} in a later",
            words(&mine),
            words(&others)
        ));
    }
    let (mine, others) = (values(document, earlier)?, values(document, later)?);
    let is_disjoint = !mine.iter().any(|value| others.contains(value));
    (is_disjoint && !mine.is_empty() && !others.is_empty()).then(|| {
        format!(
            "is one of {} in one and of {} in a later",
            show_all(mine),
            show_all(others)
        )
    })
}

fn are_disjoint(mine: &[Kind], others: &[Kind]) -> bool {
    let share = |a: &Kind| others.iter().any(|b| a.takes(*b) || b.takes(*a));
    !mine.is_empty() && !others.is_empty() && !mine.iter().any(share)
}

/// The values of the `enum` that counts for `schema`.
fn values<'d>(document: &'d Value, schema: &'d Value) -> Option<&'d Vec<Value>> {
    let flat = Tree(document).definitions(schema);
    flat.iter()
        .rev()
        .find_map(|part| part.get("enum")?.as_array())
}

/// `schema` written out as far as needed to leave the properties `names` away;
/// `None` where that is more than is sensible. `written` counts.
fn without(document: &Value, schema: &Value, names: &[&str], written: &mut usize) -> Option<Value> {
    let has_some = Tree(document)
        .definitions(schema)
        .iter()
        .filter_map(|part| members(part, "properties"))
        .any(|properties| names.iter().any(|name| properties.contains_key(*name)));
    if !has_some {
        return Some(schema.clone());
    }
    *written += 1;
    if *written > MOST_WRITTEN {
        return None;
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = document.pointer(reference.strip_prefix('#')?)?;
        return without(document, target, names, written);
    }
    let mut rest = schema.clone();
    let rest_members = rest.as_object_mut()?;
    if let Some(parts) = rest_members.get_mut("allOf").and_then(Value::as_array_mut) {
        for part in parts {
            *part = without(document, part, names, written)?;
        }
    }
    let properties = rest_members.get_mut("properties");
    if let Some(properties) = properties.and_then(Value::as_object_mut) {
        for name in names {
            properties.shift_remove(*name);
        }
        if properties.is_empty() {
            rest_members.shift_remove("properties");
        }
    }
    Some(rest)
}

fn words(kinds: &[Kind]) -> String {
    let words: Vec<String> = kinds.iter().map(ToString::to_string).collect();
    words.join(" or ")
}
