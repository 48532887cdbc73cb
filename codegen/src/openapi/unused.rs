//! What a document says and a client makes no use of.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// Something of a document that the client does not do. Things of one kind are one
/// entry, at the place of the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unused {
    /// Where in the document the first is, as a JSON pointer.
    pub pointer: String,
    /// What it is, such as `callbacks`.
    pub what: String,
    /// Why it is not used.
    pub why: String,
    /// How many there are.
    pub count: usize,
}

impl fmt::Display for Unused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pointer,
            what,
            why,
            count,
        } = self;
        write!(f, "{pointer}: {what}: {why}")?;
        match count {
            0 | 1 => Ok(()),
            more => write!(f, " ({more} in all)"),
        }
    }
}

/// Gathers what is not used, one entry for each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnusedParts {
    by_kind: BTreeMap<(String, String), Unused>,
}

impl UnusedParts {
    /// Remembers that `what` at `pointer` is not used, because of `why`.
    pub fn add(&mut self, pointer: &str, what: impl Into<String>, why: impl Into<String>) {
        let (what, why) = (what.into(), why.into());
        let entry = self.by_kind.entry((what.clone(), why.clone()));
        let entry = entry.or_insert_with(|| Unused {
            pointer: pointer.to_owned(),
            what,
            why,
            count: 0,
        });
        entry.count += 1;
    }

    /// Adds what `other` has gathered.
    pub fn extend(&mut self, other: &Self) {
        for (kind, unused) in &other.by_kind {
            match self.by_kind.get_mut(kind) {
                Some(known) => known.count += unused.count,
                None => {
                    self.by_kind.insert(kind.clone(), unused.clone());
                }
            }
        }
    }

    /// Everything gathered, in the order of its words.
    pub fn into_list(self) -> Vec<Unused> {
        self.by_kind.into_values().collect()
    }
}
