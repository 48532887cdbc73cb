//! Shortens resources to few levels, each with a name of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::{Depth, MOST_LEVELS, Rules, is_dependent};
use crate::names::words;

/// What limits the names of resources.
pub(super) struct Limits<'w> {
    /// Resources that have their names already.
    pub(super) known: BTreeMap<&'w [String], Vec<String>>,
    /// Methods that are given, dotted: no resource can be called so.
    pub(super) methods: BTreeSet<String>,
}

/// The resources by their levels, with few of these: the first, and the last where that
/// is enough to tell it from others, or else the last two. Where that makes two the same,
/// the words between stay.
pub(super) fn fold<'w>(
    resources: impl Iterator<Item = &'w [String]>,
    limits: Limits<'w>,
    rules: &Rules,
) -> BTreeMap<&'w [String], Vec<String>> {
    let Limits { known, methods } = limits;
    let all: BTreeSet<&[String]> = resources.collect();
    let mut taken: BTreeSet<Vec<String>> = known.values().cloned().collect();
    let mut folded = known;
    let short = Short::new(&all, rules);
    let mut order: Vec<&[String]> = all.iter().copied().collect();
    order.sort_by_key(|levels| (levels.len(), *levels));
    for levels in order {
        if folded.contains_key(levels) {
            continue;
        }
        let mut candidates = short.candidates(levels);
        for first in candidates.iter_mut().filter_map(|names| names.first_mut()) {
            if rules.reserved.contains(first) {
                first.push_str("_api");
            }
        }
        let is_method = |names: &[String]| {
            let mut depths = 2..=names.len();
            depths.find(|depth| methods.contains(&names[..*depth].join(".")))
        };
        let mut free = candidates
            .iter()
            .find(|names| !taken.contains(*names) && is_method(names).is_none());
        let mut numbered;
        if free.is_none() {
            let wanted = candidates.first().cloned().unwrap_or_default();
            numbered = wanted.clone();
            let mut number = 2_usize;
            loop {
                // A method of this name hides the whole level.
                let depth = is_method(&numbered).unwrap_or(wanted.len());
                if is_method(&numbered).is_none() && !taken.contains(&numbered) {
                    break;
                }
                numbered.clone_from(&wanted);
                numbered[depth - 1] = format!("{}_{number}", wanted[depth - 1]);
                number += 1;
            }
            free = Some(&numbered);
        }
        if let Some(names) = free {
            taken.insert(names.clone());
            folded.insert(levels, names.clone());
        }
    }
    folded
}

/// What tells resources apart when levels are left out.
struct Short<'w> {
    /// How many resources have this first and this last level.
    ends: BTreeMap<(&'w str, &'w str), usize>,
    /// First levels that only group others, where these may stand alone.
    groups: BTreeSet<&'w str>,
    /// The first levels that each name stands at or directly below.
    tops: BTreeMap<&'w str, BTreeSet<&'w str>>,
}

impl<'w> Short<'w> {
    fn new(all: &BTreeSet<&'w [String]>, rules: &Rules) -> Self {
        let mut ends: BTreeMap<_, usize> = BTreeMap::new();
        let mut tops: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut groups = BTreeSet::new();
        for levels in all {
            let (Some(first), Some(last)) = (levels.first(), levels.last()) else {
                continue;
            };
            if levels.len() > 1 {
                if rules.depth != Depth::Full {
                    *ends.entry((first.as_str(), last.as_str())).or_default() += 1;
                }
                // With the levels between left out, the last may stand second.
                for inner in &levels[1..] {
                    tops.entry(inner).or_default().insert(first);
                }
                if rules.depth == Depth::Short {
                    groups.insert(first.as_str());
                }
            }
            tops.entry(first).or_default().insert(first);
        }
        for levels in all.iter().filter(|levels| levels.len() == 1) {
            groups.remove(levels[0].as_str());
        }
        Self { ends, groups, tops }
    }

    /// The names that a resource may have, the best first; at least one.
    fn candidates(&self, levels: &[String]) -> Vec<Vec<String>> {
        let mut candidates = Vec::new();
        if let [first, _, .., last] = levels
            && self.ends.get(&(first.as_str(), last.as_str())) == Some(&1)
            && !is_dependent(last)
        {
            candidates.push(vec![first.clone(), last.clone()]);
        }
        candidates.extend((0..=levels.len()).map(|kept| shortened(levels, kept)));
        // Where another has the name already: `access().access_policies()`.
        if let [.., above, last] = levels {
            let mut joined = shortened(levels, 0);
            if let Some(name) = joined.last_mut() {
                *name = words::value_name(&format!("{above}_{last}"));
            }
            candidates.push(joined);
        }
        let mut all = Vec::new();
        for names in candidates {
            if let [first, second, ..] = &names[..]
                && self.groups.contains(first.as_str())
                && self
                    .tops
                    .get(second.as_str())
                    .is_some_and(|tops| tops.len() == 1)
                && !is_dependent(second)
            {
                all.push(names[1..].to_vec());
            }
            all.push(names);
        }
        all
    }
}

/// `levels` with `kept` of the words between the first and the last two.
fn shortened(levels: &[String], kept: usize) -> Vec<String> {
    let mut short = levels.to_vec();
    if short.len() > MOST_LEVELS {
        let middle: Vec<String> = short.drain(1..levels.len() - 2).collect();
        let from = middle.len().saturating_sub(kept);
        let mut joined: Vec<&str> = middle[from..].iter().map(String::as_str).collect();
        joined.push(&short[1]);
        short[1] = words::value_name(&joined.join("_"));
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(resources: &[&str], depth: Depth) -> Vec<String> {
        let levels: Vec<Vec<String>> = resources
            .iter()
            .map(|text| text.split('.').map(str::to_owned).collect())
            .collect();
        let rules = Rules {
            depth,
            ..Rules::default()
        };
        let limits = Limits {
            known: BTreeMap::new(),
            methods: BTreeSet::new(),
        };
        let folded = fold(levels.iter().map(Vec::as_slice), limits, &rules);
        levels
            .iter()
            .map(|levels| folded[&levels[..]].join("."))
            .collect()
    }

    #[test]
    fn levels_between_go_where_the_ends_tell_enough() {
        assert_eq!(
            folded(
                &[
                    "workers.scripts.tails",
                    "access.apps.policies",
                    "access.policies"
                ],
                Depth::Ends
            ),
            ["workers.tails", "access.apps.policies", "access.policies"]
        );
        // A word that says nothing alone keeps its thing.
        assert_eq!(
            folded(&["shop.parts.settings"], Depth::Ends),
            ["shop.parts.settings"]
        );
    }

    #[test]
    fn no_resource_is_deeper_than_three() {
        assert_eq!(
            folded(&["a.b.c.d.e", "a.x.c.d.e", "a.c.d.e"], Depth::Ends),
            ["a.c_d.e", "a.x_c_d.e", "a.d.e"]
        );
    }

    #[test]
    fn groups_go_where_the_rules_want_short_names_and_nothing_else_is_called_so() {
        assert_eq!(
            folded(
                &[
                    "access.apps",
                    "gateway.rules",
                    "firewall.rules",
                    "zones",
                    "zones.holds"
                ],
                Depth::Short
            ),
            [
                "apps",
                "gateway.rules",
                "firewall.rules",
                "zones",
                "zones.holds"
            ]
        );
    }

    #[test]
    fn a_name_that_another_has_is_told_apart_by_what_is_above() {
        let levels = ["access", "policies"].map(str::to_owned);
        let inner = ["access", "apps", "policies"].map(str::to_owned);
        let limits = Limits {
            known: BTreeMap::from([(&inner[..], levels.to_vec())]),
            methods: BTreeSet::from(["zones.a".to_owned()]),
        };
        let below_method = ["zones", "a", "b"].map(str::to_owned);
        let resources = [&levels[..], &inner[..], &below_method[..]];
        let rules = Rules {
            depth: Depth::Full,
            ..Rules::default()
        };
        let folded = fold(resources.into_iter(), limits, &rules);
        assert_eq!(folded[&levels[..]].join("."), "access.access_policies");
        assert_eq!(folded[&inner[..]].join("."), "access.policies");
        assert_eq!(folded[&below_method[..]].join("."), "zones.a_2.b");
    }

    #[test]
    fn names_that_are_reserved_are_not_given() {
        assert_eq!(
            folded(&["client", "core.parts"], Depth::Ends),
            ["client_api", "core_api.parts"]
        );
    }
}
