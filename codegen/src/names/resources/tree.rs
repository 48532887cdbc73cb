//! What a document does at each place of its tree of paths.

use std::collections::{BTreeMap, BTreeSet};

use super::path::{Path, Segment};

/// What is done at one place, over all scopes and versions.
#[derive(Debug, Default)]
struct Node {
    methods: BTreeSet<String>,
    /// Whether an argument follows: then this is a collection.
    has_members: bool,
    /// Whether a fixed word follows.
    has_parts: bool,
    /// All methods here and below.
    methods_below: BTreeSet<String>,
    /// How many operations are here or below.
    operations_below: usize,
}

/// What a document does where; the same whatever the order of its operations.
#[derive(Debug, Default)]
pub(super) struct Facts {
    nodes: BTreeMap<String, Node>,
}

impl Facts {
    pub(super) fn gather<'p>(operations: impl Iterator<Item = (&'p str, &'p Path)>) -> Self {
        let mut facts = Self::default();
        for (method, path) in operations {
            let method = method.to_ascii_lowercase();
            let mut key = String::new();
            for index in 0..=path.segments.len() {
                let node = facts.nodes.entry(key.clone()).or_default();
                node.methods_below.insert(method.clone());
                node.operations_below += 1;
                match path.segments.get(index) {
                    Some(segment @ Segment::Parameter(_)) => {
                        node.has_members = true;
                        push(&mut key, segment);
                    }
                    Some(segment @ Segment::Word(_)) => {
                        node.has_parts = true;
                        push(&mut key, segment);
                    }
                    None if path.action.is_none() => {
                        node.methods.insert(method.clone());
                    }
                    None => {}
                }
            }
        }
        facts
    }

    fn node(&self, segments: &[Segment]) -> Option<&Node> {
        self.nodes.get(&key(segments))
    }

    /// Whether one of `methods` is used at `path`.
    pub(super) fn has(&self, path: &Path, methods: &[&str]) -> bool {
        let node = self.node(&path.segments);
        node.is_some_and(|node| methods.iter().any(|method| node.methods.contains(*method)))
    }

    /// Whether one of `methods` is used on the collection of the member at `path`.
    pub(super) fn parent_has(&self, path: &Path, methods: &[&str]) -> bool {
        let end = path.segments.len().saturating_sub(1);
        let node = self.node(&path.segments[..end]);
        node.is_some_and(|node| methods.iter().any(|method| node.methods.contains(*method)))
    }

    /// Whether `method` is used on a member of the collection at `path`.
    pub(super) fn member_has(&self, path: &Path, method: &str) -> bool {
        let key = format!("{}/{{}}", key(&path.segments));
        let node = self.nodes.get(&key);
        node.is_some_and(|node| node.methods.contains(method))
    }

    /// How many methods are used at `path`.
    pub(super) fn methods(&self, path: &Path) -> usize {
        self.node(&path.segments)
            .map_or(0, |node| node.methods.len())
    }

    /// Whether `path` is a collection of members.
    pub(super) fn has_members(&self, path: &Path) -> bool {
        self.has_members_at(&path.segments)
    }

    fn has_members_at(&self, segments: &[Segment]) -> bool {
        self.node(segments).is_some_and(|node| node.has_members)
    }

    /// Whether something is done to the members of what stands at `segments` and to all
    /// of them.
    pub(super) fn is_collection_at(&self, segments: &[Segment]) -> bool {
        let node = self.node(segments);
        node.is_some_and(|node| node.has_members && !node.methods.is_empty())
    }

    /// Whether fixed words follow `path`.
    pub(super) fn has_parts(&self, path: &Path) -> bool {
        self.node(&path.segments).is_some_and(|node| node.has_parts)
    }

    /// Whether `path` stands below something that has no members, and where nothing
    /// but `method` is used, at least `least` times.
    pub(super) fn is_one_of_many(&self, path: &Path, method: &str, least: usize) -> bool {
        let end = path.segments.len().saturating_sub(1);
        let above = self.node(&path.segments[..end]);
        // What belongs to one member of a collection is a thing.
        let is_below_word = end > 0 && !path.segments[end - 1].is_parameter();
        is_below_word
            && above.is_some_and(|node| {
                !node.has_members
                    && node.operations_below >= least
                    && node.methods_below.iter().all(|below| below == method)
            })
    }
}

fn key(segments: &[Segment]) -> String {
    let mut key = String::new();
    for segment in segments {
        push(&mut key, segment);
    }
    key
}

fn push(key: &mut String, segment: &Segment) {
    key.push('/');
    match segment {
        Segment::Parameter(_) => key.push_str("{}"),
        Segment::Word(words) => key.push_str(&words.join("_")),
    }
}
