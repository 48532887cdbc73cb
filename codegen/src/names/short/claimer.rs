//! Gives the types of one module names of their own.

use std::collections::{BTreeMap, HashMap, HashSet};

/// One type that wants a name.
#[derive(Debug)]
struct Wish {
    key: String,
    rank: u8,
    candidates: Vec<String>,
    /// The candidate that it wants now.
    at: usize,
}

/// The names of one module.
///
/// All types are told first ([`Claimer::wish`]), then all get their names at once
/// ([`Claimer::resolve`]): so the order in which they are told does not matter. Where
/// several want one name, the one of the lowest rank has it, and if there are several of
/// these, none has it: all take the next longer candidate, so that no short name seems
/// to mean what it does not. Numbers are last. Each candidate is looked at once.
#[derive(Debug, Default)]
pub struct Claimer {
    taken: HashSet<String>,
    given: BTreeMap<String, String>,
    wishes: Vec<Wish>,
}

impl Claimer {
    /// A module in which `reserved` names are taken.
    pub fn with_reserved<'r>(reserved: impl IntoIterator<Item = &'r str>) -> Self {
        Self {
            taken: reserved.into_iter().map(str::to_owned).collect(),
            ..Self::default()
        }
    }

    /// Takes a name from the start, for the type `key`: one that is remembered. Whether
    /// it was free.
    pub fn remember(&mut self, key: &str, name: &str) -> bool {
        self.given.insert(key.to_owned(), name.to_owned());
        self.taken.insert(name.to_owned())
    }

    /// Tells of the type `key`, which is to be called by the first of `candidates` that
    /// can be had. Of several types that want one name, the lowest `rank` comes first:
    /// 0 for what the document itself calls so.
    pub fn wish(&mut self, key: &str, rank: u8, candidates: Vec<String>) {
        self.wishes.push(Wish {
            key: key.to_owned(),
            rank,
            candidates,
            at: 0,
        });
    }

    /// The name of each type, by its key.
    pub fn resolve(mut self) -> BTreeMap<String, String> {
        let mut open = std::mem::take(&mut self.wishes);
        open.retain(|wish| !self.given.contains_key(&wish.key));
        open.sort_by(|a, b| a.key.cmp(&b.key));
        open.dedup_by(|a, b| a.key == b.key);
        // Names that several wanted, and that no other shall have.
        let mut contested = HashSet::new();
        let mut exhausted = Vec::new();
        while !open.is_empty() {
            let mut wanted: HashMap<String, (u8, usize)> = HashMap::new();
            for wish in &open {
                let Some(name) = wish.candidates.get(wish.at) else {
                    continue;
                };
                let (rank, count) = wanted.entry(name.clone()).or_insert((wish.rank, 0));
                if wish.rank < *rank {
                    (*rank, *count) = (wish.rank, 0);
                }
                *count += usize::from(wish.rank == *rank);
            }
            let mut next = Vec::new();
            for mut wish in open {
                let Some(name) = wish.candidates.get(wish.at) else {
                    exhausted.push(wish);
                    continue;
                };
                let is_free = !self.taken.contains(name) && !contested.contains(name);
                if is_free && wanted.get(name) == Some(&(wish.rank, 1)) {
                    self.given.insert(wish.key, name.clone());
                } else {
                    wish.at += 1;
                    next.push(wish);
                }
            }
            for (name, (_, count)) in wanted {
                if count == 1 {
                    self.taken.insert(name);
                } else {
                    contested.insert(name);
                }
            }
            open = next;
        }
        self.number(exhausted);
        self.given
    }

    /// Numbers for what no candidate tells apart.
    fn number(&mut self, exhausted: Vec<Wish>) {
        let mut next: HashMap<String, usize> = HashMap::new();
        for wish in exhausted {
            let mut candidates = wish.candidates;
            let base = candidates.pop().unwrap_or_else(|| "Value".to_owned());
            let number = next.entry(base.clone()).or_insert(1);
            let name = loop {
                let name = match *number {
                    1 => base.clone(),
                    number => numbered(&base, number),
                };
                *number += 1;
                if self.taken.insert(name.clone()) {
                    break name;
                }
            };
            self.given.insert(wish.key, name);
        }
    }
}

/// `Name2`; `Layer3V2` where the name has a digit at its end.
fn numbered(base: &str, number: usize) -> String {
    if base.ends_with(|last: char| last.is_ascii_digit()) {
        format!("{base}V{number}")
    } else {
        format!("{base}{number}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn resolve(wishes: &[(&str, u8, &[&str])]) -> Vec<(String, String)> {
        let mut claimer = Claimer::default();
        for (key, rank, candidates) in wishes {
            let candidates = candidates.iter().map(|name| (*name).to_owned()).collect();
            claimer.wish(key, *rank, candidates);
        }
        claimer.resolve().into_iter().collect()
    }

    fn names(wishes: &[(&str, u8, &[&str])]) -> Vec<String> {
        resolve(wishes).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn a_type_has_the_shortest_name_that_is_its_alone() {
        let found = names(&[
            ("a", 1, &["Status", "ZoneStatus"]),
            ("b", 1, &["Status", "AccountStatus"]),
            ("c", 1, &["Plan", "ZonePlan"]),
        ]);
        assert_eq!(found, ["ZoneStatus", "AccountStatus", "Plan"]);
    }

    #[test]
    fn what_the_document_calls_so_comes_first() {
        let found = names(&[("a", 1, &["Status", "ZoneStatus"]), ("b", 0, &["Status"])]);
        assert_eq!(found, ["ZoneStatus", "Status"]);
    }

    #[test]
    fn numbers_are_last_and_have_no_gap() {
        let found = names(&[("a", 1, &["A"]), ("b", 1, &["A"]), ("c", 1, &["A"])]);
        assert_eq!(found, ["A", "A2", "A3"]);
        let found = names(&[("a", 1, &["V3"]), ("b", 1, &["V3"])]);
        assert_eq!(found, ["V3", "V3V2"]);
    }

    #[test]
    fn a_remembered_name_is_given_to_no_other() {
        let mut claimer = Claimer::with_reserved(["Vec"]);
        assert!(claimer.remember("old", "Status"));
        claimer.wish("new", 0, vec!["Status".to_owned(), "ZoneStatus".to_owned()]);
        claimer.wish("old", 0, vec!["Other".to_owned()]);
        claimer.wish("vec", 0, vec!["Vec".to_owned(), "VecType".to_owned()]);
        let found: Vec<_> = claimer.resolve().into_values().collect();
        assert_eq!(found, ["ZoneStatus", "Status", "VecType"]);
    }

    #[test]
    fn many_equal_wishes_take_time_in_proportion() {
        let mut claimer = Claimer::default();
        for index in 0..50_000 {
            claimer.wish(&format!("{index:06}"), 1, vec!["A".to_owned()]);
        }
        let found = claimer.resolve();
        assert_eq!(found["049999"], "A50000");
    }

    proptest! {
        #[test]
        fn names_are_unique_and_do_not_depend_on_the_order(
            wishes in prop::collection::btree_map("[a-z]{1,3}", (0..2u8, prop::collection::vec("[AB][c-e]?2?", 0..4)), 0..12),
            seed in any::<prop::sample::Index>(),
        ) {
            let told: Vec<_> = wishes.into_iter().collect();
            let mut turned = told.clone();
            if !turned.is_empty() {
                turned.rotate_left(seed.index(told.len()));
                turned.reverse();
            }
            let give = |wishes: &[(String, (u8, Vec<String>))]| {
                let mut claimer = Claimer::default();
                for (key, (rank, candidates)) in wishes {
                    claimer.wish(key, *rank, candidates.clone());
                }
                claimer.resolve()
            };
            let found = give(&told);
            prop_assert_eq!(&found, &give(&turned));
            prop_assert_eq!(found.len(), told.len());
            let unique: HashSet<_> = found.values().collect();
            prop_assert_eq!(unique.len(), found.len());
        }
    }
}
