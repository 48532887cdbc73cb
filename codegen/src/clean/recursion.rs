//! Schemas that require themselves without end.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::Defect::EndlessSchema;
use super::describe::describe;
use super::malformed::{capital, members};
use super::repair::Findings;
use crate::limits::{DEEPEST_INLINE, MOST_STEPS};
use crate::pointer;

/// Breaks the circles of components that no finite value fits: a property on the
/// circle is required no longer, or a part or alternative that leads back goes.
/// A schema may contain itself by an optional property, a list or a map.
pub(super) fn endless(document: &Value, findings: &mut Findings) {
    let mut graph = Graph::of(document);
    let mut starts: Vec<usize> = graph.components.values().copied().collect();
    starts.sort_unstable_by(|a, b| graph.nodes[*a].at.cmp(&graph.nodes[*b].at));
    let mut lists: BTreeMap<String, Cut<'_>> = BTreeMap::new();
    for start in starts {
        // Each circle that is broken may let others end.
        if graph.nodes[start].ends {
            continue;
        }
        let Some((owner, edge)) = graph.edge_back_to(start) else {
            continue;
        };
        let Step { keyword, item, .. } = graph.nodes[owner].steps[edge];
        let (words, remedy) = match keyword {
            "required" => {
                let name = item.as_str().unwrap_or_default();
                let words = format!("its required property `{name}`");
                (words, "the property is required no longer")
            }
            keyword => (format!("its `{keyword}`"), "what leads back goes"),
        };
        let reason = format!(
            "{} requires itself without end by way of {words}, so that no value would fit it; {remedy}.",
            capital(&describe(document, &graph.nodes[start].at)),
        );
        let list = pointer::join(&graph.nodes[owner].at, keyword);
        let cut = lists.entry(list).or_insert_with(|| Cut {
            items: HashSet::new(),
            reason,
        });
        cut.items.insert(item);
        graph.cut(owner, edge);
    }
    for (at, cut) in lists {
        let list = document.pointer(&at).and_then(Value::as_array);
        let items = list.into_iter().flatten();
        let items: Vec<&Value> = items.filter(|item| !cut.items.contains(item)).collect();
        match items.is_empty() {
            true => findings.remove(EndlessSchema, at, cut.reason),
            false => findings.set(EndlessSchema, at, json!(items), cut.reason),
        }
    }
}

/// What goes from a list, and why.
struct Cut<'d> {
    items: HashSet<&'d Value>,
    reason: String,
}

/// What each schema requires or is composed of. A schema ends when all that it
/// requires ends, and one of its alternatives.
struct Graph<'d> {
    nodes: Vec<Node<'d>>,
    /// The components by their pointers.
    components: HashMap<String, usize>,
    /// How many more steps may be taken to look for ways back.
    left: usize,
}

/// A component, or a schema within one.
struct Node<'d> {
    at: String,
    /// How many members the schema has.
    members: usize,
    steps: Vec<Step<'d>>,
    /// The steps that lead here: the node that has them, and their number there.
    wanted_by: Vec<(usize, usize)>,
    ends: bool,
    /// How many of the schemas that it needs do not end.
    missing: usize,
    /// Its `oneOf` and its `anyOf`.
    alternatives: [Alternatives; 2],
}

#[derive(Clone, Copy, Default)]
struct Alternatives {
    all: usize,
    ending: usize,
}

/// One of the schemas that a schema requires or is composed of.
#[derive(Clone, Copy)]
struct Step<'d> {
    keyword: &'static str,
    /// The item of the list that says so.
    item: &'d Value,
    /// Whether that is the only one of its list.
    is_alone: bool,
    /// The schema; `None` for one that is no part of this graph, and ends.
    target: Option<usize>,
    is_reference: bool,
    is_cut: bool,
}

impl<'d> Graph<'d> {
    fn of(document: &'d Value) -> Self {
        let schemas = document.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object);
        let mut graph = Self {
            nodes: Vec::new(),
            components: HashMap::new(),
            left: 0,
        };
        for name in schemas.into_iter().flat_map(Map::keys) {
            let at = pointer::join("/components/schemas", name);
            let node = graph.add(at.clone());
            graph.components.insert(at, node);
        }
        for (node, schema) in schemas.into_iter().flat_map(Map::values).enumerate() {
            graph.read(node, schema, 0);
        }
        graph.left = MOST_STEPS.saturating_mul(graph.nodes.len());
        graph.settle((0..graph.nodes.len()).collect());
        graph
    }

    fn add(&mut self, at: String) -> usize {
        self.nodes.push(Node {
            at,
            members: 0,
            steps: Vec::new(),
            wanted_by: Vec::new(),
            ends: false,
            missing: 0,
            alternatives: [Alternatives::default(); 2],
        });
        self.nodes.len() - 1
    }

    /// Notes the steps of `schema`, which is the node `number`.
    fn read(&mut self, number: usize, schema: &'d Value, depth: usize) {
        let Some(own) = schema.as_object().filter(|_| depth < DEEPEST_INLINE) else {
            return;
        };
        self.nodes[number].members = own.len();
        if own.contains_key("$ref") {
            // Nothing but another component.
            self.step(number, "$ref", schema, true, schema, &[], depth);
            return;
        }
        if own.get("nullable") == Some(&Value::Bool(true)) {
            return;
        }
        let properties = members(own, "properties");
        let list_of = |keyword: &str| {
            let list = own.get(keyword).and_then(Value::as_array);
            list.map_or(&[][..], Vec::as_slice)
        };
        for item in list_of("required") {
            let name = item.as_str().unwrap_or_default();
            if let Some(property) = properties.and_then(|properties| properties.get(name)) {
                let way = ["properties", name];
                self.step(number, "required", item, false, property, &way, depth);
            }
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let list = list_of(keyword);
            for (index, part) in list.iter().enumerate() {
                let way = [keyword, &index.to_string()];
                self.step(number, keyword, part, list.len() == 1, part, &way, depth);
            }
        }
    }

    /// Adds a step from the node `number` to `schema`, which is by `way` below it.
    #[expect(clippy::too_many_arguments, reason = "a step has so many facts")]
    fn step(
        &mut self,
        number: usize,
        keyword: &'static str,
        item: &'d Value,
        is_alone: bool,
        schema: &'d Value,
        way: &[&str],
        depth: usize,
    ) {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let target = match reference.map(|reference| reference.trim_start_matches('#')) {
            Some(reference) => self.components.get(reference).copied(),
            None => {
                let mut at = self.nodes[number].at.clone();
                for segment in way {
                    pointer::push(&mut at, segment);
                }
                let inner = self.add(at);
                self.read(inner, schema, depth + 1);
                Some(inner)
            }
        };
        let node = &mut self.nodes[number];
        let step = node.steps.len();
        node.steps.push(Step {
            keyword,
            item,
            is_alone,
            target,
            is_reference: reference.is_some(),
            is_cut: false,
        });
        match alternatives_of(node, keyword) {
            Some(alternatives) => {
                alternatives.all += 1;
                alternatives.ending += usize::from(target.is_none());
            }
            None => node.missing += usize::from(target.is_some()),
        }
        if let Some(target) = target {
            self.nodes[target].wanted_by.push((number, step));
        }
    }

    /// Marks those of the nodes `open` that end, and all that end by them.
    fn settle(&mut self, mut open: Vec<usize>) {
        while let Some(number) = open.pop() {
            let node = &mut self.nodes[number];
            let is_satisfied = |of: &Alternatives| of.all == 0 || of.ending > 0;
            if node.ends || node.missing > 0 || !node.alternatives.iter().all(is_satisfied) {
                continue;
            }
            node.ends = true;
            for (owner, step) in std::mem::take(&mut node.wanted_by) {
                let owner_node = &mut self.nodes[owner];
                let step = owner_node.steps[step];
                if step.is_cut {
                    continue;
                }
                match alternatives_of(owner_node, step.keyword) {
                    Some(alternatives) => alternatives.ending += 1,
                    None => owner_node.missing -= 1,
                }
                open.push(owner);
            }
        }
    }

    /// Leaves the item of the step out of its list, wherever it stands there.
    fn cut(&mut self, owner: usize, step: usize) {
        let Step { keyword, item, .. } = self.nodes[owner].steps[step];
        for index in 0..self.nodes[owner].steps.len() {
            let step = self.nodes[owner].steps[index];
            if step.is_cut || step.keyword != keyword || step.item != item {
                continue;
            }
            let ends = step.target.is_none_or(|target| self.nodes[target].ends);
            let node = &mut self.nodes[owner];
            node.steps[index].is_cut = true;
            match alternatives_of(node, keyword) {
                Some(alternatives) => {
                    alternatives.all -= 1;
                    alternatives.ending -= usize::from(ends);
                }
                None => node.missing -= usize::from(!ends),
            }
        }
        self.settle(vec![owner]);
    }

    /// The first step out of the component `start`, as the node that has it and
    /// its number there, on a way that leads back to it, if there is one that can
    /// be left out.
    fn edge_back_to(&mut self, start: usize) -> Option<(usize, usize)> {
        self.edge_in(start, start)
    }

    fn edge_in(&mut self, number: usize, start: usize) -> Option<(usize, usize)> {
        for index in 0..self.nodes[number].steps.len() {
            let step = self.nodes[number].steps[index];
            let Some(target) = self.unending(&step).filter(|_| step.keyword != "$ref") else {
                continue;
            };
            if !self.leads_to(target, start) {
                continue;
            }
            if !step.is_reference
                && let Some(edge) = self.edge_in(target, start)
            {
                return Some(edge);
            }
            // Without anything beside it, the part is all that there is, and
            // there would be no definition left.
            let is_all =
                step.keyword != "required" && step.is_alone && self.nodes[number].members == 1;
            if !is_all {
                return Some((number, index));
            }
        }
        None
    }

    /// What the step leads to, unless that ends.
    fn unending(&self, step: &Step<'_>) -> Option<usize> {
        let target = step.target.filter(|_| !step.is_cut)?;
        (!self.nodes[target].ends).then_some(target)
    }

    /// Whether what the node `from` requires leads to the component `start`.
    fn leads_to(&mut self, from: usize, start: usize) -> bool {
        let mut seen = HashSet::from([from]);
        let mut open = vec![from];
        while let Some(number) = open.pop() {
            if number == start || self.left == 0 {
                return true;
            }
            self.left -= 1;
            let steps = self.nodes[number].steps.iter();
            let targets = steps.filter_map(|step| self.unending(step));
            open.extend(targets.filter(|target| seen.insert(*target)));
        }
        false
    }
}

/// The alternatives that `keyword` lists; `None` for one whose schemas are all
/// needed.
fn alternatives_of<'n>(node: &'n mut Node<'_>, keyword: &str) -> Option<&'n mut Alternatives> {
    let [one_of, any_of] = &mut node.alternatives;
    match keyword {
        "oneOf" => Some(one_of),
        "anyOf" => Some(any_of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looking for the way back from each of these anew would take the square of
    /// their number.
    #[test]
    fn circles_in_circles_are_broken_in_time() {
        let size = 30_000;
        let schemas = (0..size).map(|index| {
            let to = |index: usize| json!({ "$ref": format!("#/components/schemas/s{index}") });
            let schema = json!({
                "required": ["next", "own"],
                "properties": { "next": to((index + 1) % size), "own": to(index) }
            });
            (format!("s{index}"), schema)
        });
        let document = json!({ "components": { "schemas": Map::from_iter(schemas) } });
        let mut findings = Findings::default();
        endless(&document, &mut findings);
        let mut repaired = document.clone();
        let (repairs, _) = findings.apply(&mut repaired);
        assert_eq!(repairs.len(), size);
    }
}
