//! The names of all types of a crate: a claimer for each module, and what is remembered.

use std::collections::BTreeMap;

use super::{Claimer, RESERVED, Step};
use crate::names::remembered::{Kind, Remembered};

/// A type that wants a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What it is remembered by: see [`type_key`].
    pub key: String,
    /// Where it belongs, as levels; none for the root.
    pub module: Vec<String>,
    /// Of several that want one name the lowest comes first: 0 for a component.
    pub rank: u8,
    /// The names that it may have, the best first.
    pub candidates: Vec<String>,
}

/// A type's module and its name there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeName {
    /// The levels of the module; none for the root.
    pub module: Vec<String>,
    /// The name.
    pub name: String,
}

impl TypeName {
    /// As it is written and remembered: `zones::settings::Setting`.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for level in &self.module {
            path.push_str(level);
            path.push_str("::");
        }
        path.push_str(&self.name);
        path
    }

    /// The name that `path` says: [`TypeName::path`] back again.
    pub fn parse(path: &str) -> Self {
        let mut module: Vec<String> = path.split("::").map(str::to_owned).collect();
        let name = module.pop().unwrap_or_default();
        Self { module, name }
    }
}

/// A name for each wish, by its key. What `remembered` has stays, module and all, and
/// what it gives to a type that is not among these is given to no other.
pub fn type_names(wishes: Vec<Wish>, remembered: &Remembered) -> BTreeMap<String, TypeName> {
    let mut modules: BTreeMap<Vec<String>, Claimer> = BTreeMap::new();
    let claimer = || Claimer::with_reserved(RESERVED);
    for (key, path) in remembered.names(Kind::Type) {
        let TypeName { module, name } = TypeName::parse(path);
        let module = modules.entry(module).or_insert_with(claimer);
        module.remember(key, &name);
    }
    let mut wanted = Vec::with_capacity(wishes.len());
    for wish in wishes {
        wanted.push(wish.key.clone());
        if remembered.get(Kind::Type, &wish.key).is_none() {
            let module = modules.entry(wish.module).or_insert_with(claimer);
            module.wish(&wish.key, wish.rank, wish.candidates);
        }
    }
    let mut names = BTreeMap::new();
    for (module, claimer) in modules {
        for (key, name) in claimer.resolve() {
            let module = module.clone();
            names.insert(key, TypeName { module, name });
        }
    }
    // What is remembered of other documents is no type of this one.
    wanted
        .into_iter()
        .filter_map(|key| names.remove_entry(&key))
        .collect()
}

/// What a type is remembered by: its owner (a component's name, or the operation's key and
/// the role) and the way from there.
///
/// ```
/// use codegen::names::short::{Step, type_key};
///
/// let steps = [Step::Property("rules"), Step::Item, Step::Alternative(Some("before"))];
/// assert_eq!(type_key("dns_zone", &steps), "dns_zone.rules[]|before");
/// assert_eq!(type_key("GET /zones response", &[]), "GET /zones response");
/// ```
pub fn type_key(owner: &str, steps: &[Step<'_>]) -> String {
    let mut key = owner.to_owned();
    for step in steps {
        match step {
            Step::Property(name) => {
                key.push('.');
                key.push_str(name);
            }
            Step::Item => key.push_str("[]"),
            Step::Value => key.push_str("{}"),
            Step::Alternative(what) => {
                key.push('|');
                key.push_str(what.unwrap_or("?"));
            }
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    use super::*;
    use crate::names::short::{Owner, Place, Prefixes, Renames, candidates};

    /// Types that stand in each other's way.
    fn many() -> Vec<Wish> {
        let mut wishes = Vec::new();
        for owner in ["a_zone", "b_zone", "a_rule", "rule", "zone", "a_rules"] {
            for property in ["", "status", "plan", "rules", "rule", "settings"] {
                for item in [false, true] {
                    let mut steps = Vec::new();
                    if !property.is_empty() {
                        steps.push(Step::Property(property));
                    }
                    if item {
                        steps.push(Step::Item);
                    }
                    let place = Place {
                        owner: Owner::Component(owner),
                        steps,
                    };
                    let none = (Prefixes::default(), Renames::default());
                    wishes.push(Wish {
                        key: type_key(owner, &place.steps),
                        module: ["zones", "rules"][..usize::from(item)]
                            .iter()
                            .map(|level| (*level).to_owned())
                            .collect(),
                        rank: u8::from(!place.steps.is_empty()),
                        candidates: candidates(&place, &none.0, &none.1),
                    });
                }
            }
        }
        wishes
    }

    #[test]
    fn no_type_ever_changes_its_name_once_it_is_remembered() {
        let subsets = prop::sample::subsequence(many(), 1..=24).prop_shuffle();
        let mut runner = TestRunner::deterministic();
        let mut remembered = Remembered::default();
        let mut given: BTreeMap<String, TypeName> = BTreeMap::new();
        for _ in 0..200 {
            let mut subset = subsets.new_tree(&mut runner).unwrap().current();
            for wish in &mut subset {
                // Another user moves a type that is not remembered, and no other.
                if subset_moves(&wish.key, given.len()) {
                    wish.module.clear();
                }
            }
            let count = subset.len();
            let names = type_names(subset, &remembered);
            assert_eq!(names.len(), count);
            for (key, name) in names {
                if let Some(before) = given.insert(key.clone(), name.clone()) {
                    assert_eq!(name, before, "{key}");
                }
                remembered.add(Kind::Type, &key, &name.path());
            }
            remembered = Remembered::parse("names.toml", &remembered.to_toml()).unwrap();
        }
        assert_eq!(given.len(), many().len());
        let unique: BTreeSet<String> = given.values().map(TypeName::path).collect();
        assert_eq!(unique.len(), given.len());
    }

    fn subset_moves(key: &str, round: usize) -> bool {
        (key.len() + round).is_multiple_of(3)
    }

    #[test]
    fn a_path_is_read_as_it_was_written() {
        for path in ["Zone", "zones::Zone", "zones::settings::Setting"] {
            assert_eq!(TypeName::parse(path).path(), path);
        }
    }
}
