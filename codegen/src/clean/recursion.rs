//! Schemas that require themselves without end.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Defect::EndlessSchema;
use super::describe::describe;
use super::malformed::{capital, members};
use super::repair::Findings;
use crate::pointer;

/// How deep an inline schema is looked into.
const DEEPEST: usize = 64;

/// Breaks the circles of components that no finite value fits: a property on the
/// circle is required no longer, or a part or alternative that leads back goes.
/// A schema may contain itself by an optional property, a list or a map.
pub(super) fn endless(document: &Value, findings: &mut Findings) {
    let empty = Map::new();
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let mut ends = Ends {
        document,
        endless: schemas
            .keys()
            .map(|name| pointer::join("/components/schemas", name))
            .collect(),
        broken: BTreeSet::new(),
    };
    ends.settle();
    // Each circle that is broken may let others end.
    let names: Vec<String> = ends.endless.iter().cloned().collect();
    let mut lists: BTreeMap<String, (Vec<Value>, String)> = BTreeMap::new();
    for at in names {
        if !ends.endless.contains(&at) {
            continue;
        }
        let Some(edge) = ends.edge_back_to(&at) else {
            continue;
        };
        let what = capital(&describe(document, &at));
        let reason = format!(
            "{what} requires itself without end by way of {}, so that no value would fit it; {}.",
            edge.words,
            match edge.is_property {
                true => "the property is required no longer",
                false => "what leads back goes",
            }
        );
        let list = document.pointer(&edge.list).and_then(Value::as_array);
        let (items, _) = lists
            .entry(edge.list.clone())
            .or_insert_with(|| (list.cloned().unwrap_or_default(), reason));
        items.retain(|item| *item != edge.item);
        ends.broken.insert((edge.list, edge.item.to_string()));
        ends.settle();
    }
    for (at, (items, reason)) in lists {
        match items.is_empty() {
            true => findings.remove(EndlessSchema, at, reason),
            false => findings.set(EndlessSchema, at, json!(items), reason),
        }
    }
}

/// An item of a list, without which a schema does not lead back to itself.
struct Edge {
    /// The pointer of the `required`, `allOf`, `oneOf` or `anyOf`.
    list: String,
    item: Value,
    /// What it is, for a person.
    words: String,
    is_property: bool,
}

struct Ends<'d> {
    document: &'d Value,
    /// The components of which no finite value is known yet.
    endless: BTreeSet<String>,
    /// What is going to be removed: (pointer of the list, item).
    broken: BTreeSet<(String, String)>,
}

impl<'d> Ends<'d> {
    /// Strikes the components that have a finite value, until no more have.
    fn settle(&mut self) {
        loop {
            let finite: Vec<String> = self
                .endless
                .iter()
                .filter(|at| {
                    let schema = self.document.pointer(at).unwrap_or(&Value::Null);
                    self.is_finite(schema, at, 0)
                })
                .cloned()
                .collect();
            if finite.is_empty() {
                return;
            }
            for at in finite {
                self.endless.remove(&at);
            }
        }
    }

    /// Whether some finite value fits `schema`, as far as is known.
    fn is_finite(&self, schema: &'d Value, at: &str, depth: usize) -> bool {
        let Some(members) = schema.as_object().filter(|_| depth < DEEPEST) else {
            return true;
        };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            return !self.endless.contains(reference.trim_start_matches('#'));
        }
        if members.get("nullable") == Some(&Value::Bool(true)) {
            return true;
        }
        let mut steps = self.steps(members, at);
        let alternatives_end = ["oneOf", "anyOf"].into_iter().all(|keyword| {
            let mut own = steps
                .iter()
                .filter(|step| step.keyword == keyword)
                .peekable();
            own.peek().is_none() || own.any(|step| self.is_finite(step.schema, &step.at, depth + 1))
        });
        steps.retain(|step| matches!(step.keyword, "required" | "allOf"));
        alternatives_end
            && steps
                .iter()
                .all(|step| self.is_finite(step.schema, &step.at, depth + 1))
    }

    /// What a value of the schema is made of, without what goes.
    fn steps(&self, schema: &'d Map<String, Value>, at: &str) -> Vec<Step<'d>> {
        let mut steps = Vec::new();
        let list_of = |keyword: &str| schema.get(keyword).and_then(Value::as_array);
        let required = pointer::join(at, "required");
        for name in list_of("required").into_iter().flatten() {
            let property = name
                .as_str()
                .and_then(|name| Some((name, members(schema, "properties")?.get(name)?)));
            if let Some((text, property)) = property {
                steps.push(Step {
                    keyword: "required",
                    list: required.clone(),
                    item: name,
                    at: pointer::join(&pointer::join(at, "properties"), text),
                    schema: property,
                });
            }
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let list = pointer::join(at, keyword);
            for (index, part) in list_of(keyword).into_iter().flatten().enumerate() {
                steps.push(Step {
                    keyword,
                    at: format!("{list}/{index}"),
                    list: list.clone(),
                    item: part,
                    schema: part,
                });
            }
        }
        steps.retain(|step| {
            !self
                .broken
                .contains(&(step.list.clone(), step.item.to_string()))
        });
        steps
    }

    /// The first step out of the component at `start` on a way that leads back to
    /// it, if there is one that can be left out.
    fn edge_back_to(&self, start: &str) -> Option<Edge> {
        let schema = self.document.pointer(start)?;
        self.edge_in(schema, start, start, 0)
    }

    fn edge_in(&self, schema: &'d Value, at: &str, start: &str, depth: usize) -> Option<Edge> {
        let members = schema.as_object().filter(|_| depth < DEEPEST)?;
        for step in self.steps(members, at) {
            let ends = self.is_finite(step.schema, &step.at, depth + 1);
            if ends || !self.leads_to(step.schema, &step.at, start) {
                continue;
            }
            if step.schema.get("$ref").is_none()
                && let Some(edge) = self.edge_in(step.schema, &step.at, start, depth + 1)
            {
                return Some(edge);
            }
            // Without anything beside it, the part is all that there is, and
            // there would be no definition left.
            let is_all = step.keyword != "required" && members.len() == 1 && {
                let list = members.get(step.keyword).and_then(Value::as_array);
                list.is_none_or(|list| list.len() == 1)
            };
            if is_all {
                continue;
            }
            let words = match step.keyword {
                "required" => format!(
                    "its required property `{}`",
                    step.item.as_str().unwrap_or_default()
                ),
                keyword => format!("its `{keyword}`"),
            };
            return Some(Edge {
                is_property: step.keyword == "required",
                list: step.list,
                item: step.item.clone(),
                words,
            });
        }
        None
    }

    /// Whether what `schema` requires leads to the component at `start`.
    fn leads_to(&self, schema: &'d Value, at: &str, start: &str) -> bool {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open = vec![(schema, at.to_owned())];
        while let Some((schema, at)) = open.pop() {
            let Some(members) = schema.as_object() else {
                continue;
            };
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                let target = reference.trim_start_matches('#');
                if target == start {
                    return true;
                }
                if self.endless.contains(target)
                    && seen.insert(target.to_owned())
                    && let Some(schema) = self.document.pointer(target)
                {
                    open.push((schema, target.to_owned()));
                }
                continue;
            }
            let steps = self.steps(members, &at);
            open.extend(steps.into_iter().map(|step| (step.schema, step.at)));
        }
        false
    }
}

/// One of the schemas that a schema requires or is composed of.
struct Step<'d> {
    keyword: &'static str,
    /// The pointer of the list that says so, and the item that does.
    list: String,
    item: &'d Value,
    /// Where the schema is.
    at: String,
    schema: &'d Value,
}
