//! Parts of an `allOf` that no value can fit all at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::Defect::{ContradictoryParts, ContradictorySuccess};
use super::describe::describe;
use super::malformed::{capital, members};
use super::repair::{Findings, show_all};
use super::schemas::Schemas;
use crate::limits::{MOST_COMPARED, MOST_NAMED, MOST_REACHED, MOST_WRITTEN};
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;
use crate::slice::operations;
use crate::type_check::Kind;

/// The property by which a response says whether it is a success.
const SUCCESS: &str = "success";

/// Removes the part that contradicts the status under which the response comes:
/// that of a failure from a success, that of a success from a failure.
pub(super) fn success(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    // Whether the responses that a schema describes are successes; `None` where it
    // describes both.
    let mut expected: BTreeMap<String, Option<bool>> = BTreeMap::new();
    for (at, is_success) in response_schemas(document) {
        expect(&schemas, document, at, is_success, &mut expected);
    }
    for (at, is_success) in expected {
        let parts = document
            .pointer(&at)
            .and_then(|schema| schema.get("allOf")?.as_array());
        let (Some(is_success), Some(parts)) = (is_success, parts) else {
            continue;
        };
        let demands: Vec<Option<bool>> = parts.iter().map(|part| demand(&schemas, part)).collect();
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

/// The schemas of all responses, and whether they come with a success.
fn response_schemas(document: &Value) -> Vec<(String, bool)> {
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
    schemas: &Schemas<'_>,
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
                // other responses too.
                if keyword != "allOf" || demands_both(schemas, part) {
                    open.push(format!("{at}/{keyword}/{index}"));
                }
            }
        }
    }
}

/// The only value of `success` that fits `schema`, if it has one.
fn demand(schemas: &Schemas<'_>, schema: &Value) -> Option<bool> {
    let mut demands = demands(schemas, schema);
    let first = demands.pop()?;
    demands.iter().all(|other| *other == first).then_some(first)
}

fn demands_both(schemas: &Schemas<'_>, schema: &Value) -> bool {
    let demands = demands(schemas, schema);
    demands.contains(&true) && demands.contains(&false)
}

fn demands(schemas: &Schemas<'_>, schema: &Value) -> Vec<bool> {
    schemas
        .flat(schema)
        .into_iter()
        .filter_map(|part| part.get("properties")?.get(SUCCESS))
        .filter_map(|property| match values(schemas, property)?.as_slice() {
            [Value::Bool(only)] => Some(*only),
            _ => None,
        })
        .collect()
}

/// Takes out of the earlier part what contradicts a later one: a property of
/// which both allow different types or values, or all of it where the parts
/// themselves are of different types.
pub(super) fn parts(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    let mut reach = Reach {
        document,
        left: MOST_REACHED,
    };
    grammar::each_schema(document, &mut |schema, at| {
        let Some(parts) = schema.get("allOf").and_then(Value::as_array) else {
            return;
        };
        // What stands beside the parts comes last.
        let beside = schema.iter().filter(|(name, _)| *name != "allOf");
        let beside = beside.map(|(name, value)| (name.clone(), value.clone()));
        let beside = Value::Object(beside.collect());
        let mut sides: Vec<Side<'_>> = parts.iter().map(|part| Side::of(&schemas, part)).collect();
        sides.push(Side {
            kinds: schemas.kinds_of_copy(&beside),
            ..Side::of(&schemas, &beside)
        });
        if sides.len() < 2 {
            return;
        }
        let whole = Whole::of(&schemas, &sides);
        let what = capital(&describe(document, at));
        for (index, (part, side)) in parts.iter().zip(&sides).enumerate() {
            let part_at = format!("{at}/allOf/{index}");
            if let Some(other) = whole.winner_over(index) {
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
            let lost = whole.contradicted(index);
            if lost.is_empty() {
                continue;
            }
            let mut reasons: Vec<String> = lost
                .iter()
                .take(MOST_NAMED)
                .map(|(name, contradiction)| format!("`{name}` {contradiction}"))
                .collect();
            if lost.len() > MOST_NAMED {
                reasons.push(format!("and {} more", lost.len() - MOST_NAMED));
            }
            let reason = format!(
                "{what} is made of parts that contradict each other: {}; the later part counts.",
                reasons.join(", ")
            );
            let own = part.get("properties").and_then(Value::as_object);
            let is_own = |(name, _): &(&str, _)| own.is_some_and(|own| own.contains_key(*name));
            if part.get("$ref").is_none() && part.get("allOf").is_none() && lost.iter().all(is_own)
            {
                for (name, _) in lost {
                    let at = pointer::join(&format!("{part_at}/properties"), name);
                    findings.remove(ContradictoryParts, at, reason.clone());
                }
                continue;
            }
            let names: HashSet<&str> = lost.iter().map(|(name, _)| *name).collect();
            let rest = match reach.contains_itself(part, at) {
                true => None,
                false => without(&schemas, document, part, &names, &mut 0),
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
    });
}

/// Looks for parts that contain the schema that they are a part of.
struct Reach<'d> {
    document: &'d Value,
    /// How many more references may be followed. After that, every part is taken
    /// for one.
    left: usize,
}

impl<'d> Reach<'d> {
    /// Whether the references in `part` lead back to the component that holds the
    /// schema at `at`, or make what it is composed of a part of itself further in.
    /// Written out, such a part would never end.
    fn contains_itself(&mut self, part: &'d Value, at: &str) -> bool {
        let own = pointer::component_of(at);
        let written_out = self.components_of(part);
        let mut seen: HashSet<&str> = HashSet::new();
        let mut open = vec![part];
        while let Some(schema) = open.pop() {
            let mut found = Vec::new();
            grammar::walk(schema, NodeKind::Schema, "", &mut |site| {
                let target = site.reference().and_then(|target| target.strip_prefix('#'));
                found.extend(target.map(|target| {
                    let is_inner_part = is_part(site.pointer) && !is_composed(site.pointer);
                    (pointer::component_of(target), is_inner_part)
                }));
            });
            for (target, is_inner_part) in found {
                let is_again = is_inner_part && written_out.contains(target);
                if target == own || is_again || self.left == 0 {
                    return true;
                }
                self.left -= 1;
                if seen.insert(target) {
                    open.extend(self.document.pointer(target));
                }
            }
        }
        false
    }

    /// The components of which `part` is composed.
    fn components_of(&self, part: &'d Value) -> HashSet<&'d str> {
        let mut found = HashSet::new();
        let mut open = vec![part];
        while let Some(schema) = open.pop() {
            let parts = schema.get("allOf").and_then(Value::as_array);
            open.extend(parts.into_iter().flatten());
            let reference = schema.get("$ref").and_then(Value::as_str);
            let target = reference.and_then(|reference| reference.strip_prefix('#'));
            if let Some(target) = target.filter(|target| found.insert(*target)) {
                open.extend(self.document.pointer(target));
            }
        }
        found
    }
}

/// Whether `pointer`, from a schema, leads to an item of an `allOf`.
fn is_part(pointer: &str) -> bool {
    let mut segments = pointer.rsplit('/');
    let is_item = segments
        .next()
        .is_some_and(|index| index.parse::<usize>().is_ok());
    is_item && segments.next() == Some("allOf")
}

/// Whether `pointer`, from a schema, leads to what that is composed of.
fn is_composed(pointer: &str) -> bool {
    let mut segments = pointer.split('/').skip(1);
    segments.all(|segment| segment == "allOf" || segment.parse::<usize>().is_ok())
}

/// What one part says, by itself and by its own parts.
struct Side<'d> {
    kinds: Vec<Kind>,
    properties: BTreeMap<&'d str, &'d Value>,
}

impl<'d> Side<'d> {
    fn of(schemas: &Schemas<'d>, part: &'d Value) -> Self {
        let properties = schemas
            .flat(part)
            .iter()
            .filter_map(|part| members(part, "properties"))
            .flatten()
            .map(|(name, property)| (name.as_str(), property))
            .collect();
        Self {
            kinds: schemas.kinds(part),
            properties,
        }
    }
}

/// All sides of one schema, and where each property is described.
struct Whole<'s, 'd> {
    schemas: &'s Schemas<'d>,
    sides: &'s [Side<'d>],
    described: HashMap<&'d str, Vec<(usize, &'d Value)>>,
    /// Of the sides of each kind, the one that wins over the others.
    strongest: BTreeMap<&'s [Kind], (usize, usize)>,
}

impl<'s, 'd> Whole<'s, 'd> {
    fn of(schemas: &'s Schemas<'d>, sides: &'s [Side<'d>]) -> Self {
        let mut described: HashMap<&'d str, Vec<(usize, &'d Value)>> = HashMap::new();
        let mut strongest: BTreeMap<&[Kind], (usize, usize)> = BTreeMap::new();
        for (index, side) in sides.iter().enumerate() {
            for (name, property) in &side.properties {
                described.entry(name).or_default().push((index, property));
            }
            let best = strongest.entry(&side.kinds).or_default();
            *best = (*best).max((side.properties.len(), index));
        }
        Self {
            schemas,
            sides,
            described,
            strongest,
        }
    }

    /// The first side of which nothing can be what the side `index` is, and which
    /// counts more: it has more properties, or as many and is the later.
    fn winner_over(&self, index: usize) -> Option<&'s Side<'d>> {
        let side = self.sides.get(index)?;
        let mine = (side.properties.len(), index);
        let is_beaten = self
            .strongest
            .iter()
            .any(|(kinds, best)| *best > mine && are_disjoint(&side.kinds, kinds));
        if !is_beaten {
            return None;
        }
        let mut others = self.sides.iter().enumerate();
        let winner = others.find(|(at, other)| {
            (other.properties.len(), *at) > mine && are_disjoint(&side.kinds, &other.kinds)
        });
        winner.map(|(_, other)| other)
    }

    /// The properties of the side `index` that a later side contradicts, and how.
    fn contradicted(&self, index: usize) -> Vec<(&'d str, String)> {
        let properties = self.sides.get(index).map(|side| &side.properties);
        let contradicted = properties
            .into_iter()
            .flatten()
            .filter_map(|(name, property)| {
                let described = self.described.get(name)?;
                let first = described.partition_point(|(at, _)| *at <= index);
                let mut later = described.get(first..)?.iter().take(MOST_COMPARED);
                let contradiction =
                    later.find_map(|(_, other)| contradiction(self.schemas, property, other))?;
                Some((*name, contradiction))
            });
        contradicted.collect()
    }
}

/// Why no value fits both schemas, in words; `None` where one may.
fn contradiction<'d>(
    schemas: &Schemas<'d>,
    earlier: &'d Value,
    later: &'d Value,
) -> Option<String> {
    if earlier == later {
        return None;
    }
    let (mine, others) = (schemas.kinds_of_copy(earlier), schemas.kinds_of_copy(later));
    if are_disjoint(&mine, &others) {
        return Some(format!(
            "is {} in one and {} in a later",
            words(&mine),
            words(&others)
        ));
    }
    let (mine, others) = (values(schemas, earlier)?, values(schemas, later)?);
    let known: HashSet<&Value> = others.iter().collect();
    let is_disjoint = !mine.iter().any(|value| known.contains(value));
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
fn values<'d>(schemas: &Schemas<'d>, schema: &'d Value) -> Option<&'d Vec<Value>> {
    let flat = schemas.flat(schema);
    flat.iter()
        .rev()
        .find_map(|part| part.get("enum")?.as_array())
}

/// `schema` written out as far as needed to leave the properties `names` away;
/// `None` where that is more than is sensible. `written` counts.
fn without(
    schemas: &Schemas<'_>,
    document: &Value,
    schema: &Value,
    names: &HashSet<&str>,
    written: &mut usize,
) -> Option<Value> {
    let has_some = schemas
        .flat(schema)
        .iter()
        .filter_map(|part| members(part, "properties"))
        .any(|properties| properties.keys().any(|name| names.contains(name.as_str())));
    if !has_some {
        return Some(schema.clone());
    }
    *written += 1;
    if *written > MOST_WRITTEN {
        return None;
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = document.pointer(reference.strip_prefix('#')?)?;
        return without(schemas, document, target, names, written);
    }
    let mut rest = schema.clone();
    let rest_members = rest.as_object_mut()?;
    if let Some(parts) = rest_members.get_mut("allOf").and_then(Value::as_array_mut) {
        for part in parts {
            *part = without(schemas, document, part, names, written)?;
        }
    }
    let properties = rest_members.get_mut("properties");
    if let Some(properties) = properties.and_then(Value::as_object_mut) {
        properties.retain(|name, _| !names.contains(name.as_str()));
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
