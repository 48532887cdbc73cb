//! Documents by what they have in common.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::survey::run::Tried;

/// Documents that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The kind of what they have in common.
    pub kind: &'static str,
    /// What they have in common.
    pub what: String,
    /// How many they are.
    pub documents: usize,
    /// How often they have it.
    pub count: usize,
    /// One of them.
    pub document: String,
    /// Where that is.
    pub path: PathBuf,
    /// What it is there.
    pub first: String,
}

/// Groups in the making.
#[derive(Debug, Default)]
pub struct Groups(BTreeMap<(&'static str, String), Group>);

impl Groups {
    /// Adds a document that has `what` so many times; the first is kept.
    pub fn add(
        &mut self,
        kind: &'static str,
        what: String,
        count: usize,
        tried: &Tried,
        first: &str,
    ) {
        let key = (kind, what.clone());
        let group = self.0.entry(key).or_insert_with(|| Group {
            kind,
            what,
            documents: 0,
            count: 0,
            document: tried.candidate.name.clone(),
            path: tried.candidate.path.clone(),
            first: first.to_owned(),
        });
        group.documents += 1;
        group.count += count;
    }

    /// The groups, the most frequent first.
    pub fn sorted(self) -> Vec<Group> {
        let mut groups: Vec<Group> = self.0.into_values().collect();
        groups.sort_by(|a, b| b.documents.cmp(&a.documents).then(b.count.cmp(&a.count)));
        groups
    }
}
