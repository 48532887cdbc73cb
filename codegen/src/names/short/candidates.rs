//! The names that a type may have, from the shortest to the one that says everything.

use std::collections::{BTreeMap, BTreeSet};

use super::Renames;
use crate::names::plural::{is_plural, singular};
use crate::names::words::{camel, words};

/// The most characters of a type's name.
pub const LONGEST: usize = 60;

/// Who a schema belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner<'d> {
    /// A component, by its name in the document.
    Component(&'d str),
    /// An operation.
    Operation {
        /// The last level of its resource.
        resource: &'d str,
        /// Its method.
        method: &'d str,
        /// What of it.
        role: Role<'d>,
    },
}

/// What a schema is for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role<'d> {
    /// The body of the request.
    Body,
    /// The response, without its envelope.
    Response,
    /// The parameter of this name.
    Parameter(&'d str),
}

/// A step from a schema to one within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step<'d> {
    /// To a property.
    Property(&'d str),
    /// To the items of an array.
    Item,
    /// To the values of a map.
    Value,
    /// To one of several alternatives, by what tells it from the others: its title, or
    /// the value of the property that chooses.
    Alternative(Option<&'d str>),
}

/// Where a schema stands: who it belongs to, and the way to it from there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place<'d> {
    /// Who it belongs to.
    pub owner: Owner<'d>,
    /// The way from there; empty for the whole.
    pub steps: Vec<Step<'d>>,
}

/// Words that a document's tools put into names of components, and that say nothing.
const NOISE: [&str; 3] = ["components", "schema", "schemas"];

/// Properties that hold what is meant rather than being it; names leave them out where
/// others say more.
const HOLDERS: [&str; 10] = [
    "attributes",
    "body",
    "content",
    "data",
    "item",
    "parameter",
    "properties",
    "response",
    "result",
    "value",
];

/// Properties of which every other type has one: alone they say nothing.
const VAGUE: [&str; 14] = [
    "action", "code", "id", "info", "key", "kind", "mode", "name", "operator", "source", "state",
    "status", "target", "type",
];

/// The prefixes of a document's component names that stand for the services behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefixes {
    services: BTreeSet<String>,
}

impl Prefixes {
    /// From how many components on a prefix is one.
    const FEWEST: usize = 3;

    /// Finds them among the names of a document's components. A text before the first
    /// underscore is one, when several components share it and most components of the
    /// document have such a prefix, or when it has a dash, which no word has.
    pub fn of<'d>(components: impl IntoIterator<Item = &'d str>) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut all = 0_usize;
        for name in components {
            all += 1;
            if let Some((prefix, rest)) = name.split_once('_')
                && !prefix.is_empty()
                && !rest.is_empty()
            {
                *counts.entry(prefix).or_default() += 1;
            }
        }
        let with_prefix: usize = counts
            .values()
            .filter(|count| **count >= Self::FEWEST)
            .sum();
        let is_usual = with_prefix * 2 > all;
        let services = counts
            .into_iter()
            .filter(|(prefix, count)| prefix.contains('-') || (is_usual && *count >= Self::FEWEST))
            .map(|(prefix, _)| prefix.to_owned());
        Self {
            services: services.collect(),
        }
    }

    /// The service's prefix of a component's name, and the rest of it. What stands before
    /// a dot is a prefix in any document (`io.k8s.api.core.v1.Pod`).
    pub fn split<'n>(&self, name: &'n str) -> (Option<&'n str>, &'n str) {
        if let Some((prefix, rest)) = name.rsplit_once('.')
            && !prefix.is_empty()
            && rest.starts_with(|first: char| first.is_ascii_alphabetic())
        {
            return (Some(prefix), rest);
        }
        match name.split_once('_') {
            Some((prefix, rest)) if self.services.contains(prefix) => (Some(prefix), rest),
            _ => (None, name),
        }
    }
}

/// The names that the type at `place` may have, the best first: each an identifier in
/// upper camel case, of at most [`LONGEST`] characters, none twice; at least one.
pub fn candidates(place: &Place<'_>, prefixes: &Prefixes, renames: &Renames) -> Vec<String> {
    let chain = chain(&place.steps);
    let mut owners = owner_words(&place.owner, prefixes, renames);
    // One of `rules` is a `rule`.
    if let Some(Step::Item | Step::Value) = place.steps.first() {
        for last in owners.iter_mut().filter_map(|words| words.last_mut()) {
            *last = singular(last);
        }
    }
    let mut all: Vec<Vec<String>> = Vec::new();
    if chain.is_empty() {
        all.extend(owners);
    } else {
        // The property alone, then with those around it, and with whom it belongs to.
        for from in (0..chain.len()).rev() {
            // What only holds says something at the end of the way at most.
            let last = chain.len() - 1;
            let said = chain
                .iter()
                .enumerate()
                .skip(from)
                .filter(|(index, words)| {
                    *index == last || !matches!(&words[..], [word] if is_holder(&singular(word)))
                });
            let path = said.fold(Vec::new(), |path, (_, words)| joined(path, words));
            if !is_vague(&path) {
                all.push(path.clone());
            }
            let near = owners.iter().map(|owner| joined(owner.clone(), &path));
            all.extend(near);
        }
        all.sort_by_key(|words| words.iter().map(String::len).sum::<usize>());
    }
    all.retain(|words| !words.is_empty());
    let mut names = Vec::new();
    for words in &all {
        let name = camel(words);
        if name.len() <= LONGEST && !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        let longest = all.pop().unwrap_or_default();
        names.push(cut(longest));
    }
    names
}

/// The words of each step that has any.
fn chain(steps: &[Step<'_>]) -> Vec<Vec<String>> {
    let mut chain: Vec<Vec<String>> = Vec::new();
    // How many steps lie between the last word and here.
    let mut is_said = false;
    for step in steps {
        match step {
            Step::Property(name) => {
                chain.push(without_stutter(words(name)));
                is_said = false;
            }
            Step::Item | Step::Value => {
                // The singular says it, once.
                if let Some(last) = chain.last_mut().and_then(|words| words.last_mut())
                    && !is_said
                    && is_plural(last)
                {
                    *last = singular(last);
                }
                is_said = true;
            }
            Step::Alternative(Some(what)) => {
                let what = without_stutter(words(what));
                let before = chain.last().cloned().unwrap_or_default();
                let both = said_of(&before, &what);
                match chain.last_mut() {
                    Some(last) => *last = both,
                    None => chain.push(both),
                }
            }
            Step::Alternative(None) => {}
        }
    }
    chain
}

/// An alternative's words after those of what it is an alternative of.
fn said_of(before: &[String], what: &[String]) -> Vec<String> {
    // `A record` of `record` says it all.
    if before.iter().all(|word| what.contains(word)) {
        return what.to_vec();
    }
    let mut both = what.to_vec();
    both.extend(before.iter().filter(|word| !what.contains(word)).cloned());
    both
}

/// The words for an owner, the shortest first.
fn owner_words(owner: &Owner<'_>, prefixes: &Prefixes, renames: &Renames) -> Vec<Vec<String>> {
    match owner {
        Owner::Component(name) => {
            if let Some(renamed) = renames.apply(name) {
                return vec![without_stutter(words(&renamed))];
            }
            let (prefix, local) = prefixes.split(name);
            let full = without_stutter(words(local));
            let mut short = full.clone();
            short.retain(|word| !NOISE.contains(&word.as_str()));
            let mut all = Vec::new();
            if !short.is_empty() {
                all.push(short.clone());
            }
            if let Some(prefix) = prefix {
                all.push(joined(words(prefix), &short));
                all.push(joined(words(prefix), &full));
            }
            all.push(full);
            all.sort_by_key(|words| words.iter().map(String::len).sum::<usize>());
            all
        }
        Owner::Operation {
            resource,
            method,
            role,
        } => {
            let many = words(resource);
            let mut thing = many.clone();
            if let Some(last) = thing.last_mut() {
                *last = singular(last);
            }
            let verb = words(method);
            let done = joined(verb.clone(), &thing);
            match role {
                Role::Response => {
                    let of_response = ["response".to_owned()];
                    let is_usual = matches!(
                        *method,
                        "get" | "list" | "create" | "update" | "edit" | "delete"
                    );
                    let longer = joined(done, &of_response);
                    if is_usual {
                        vec![thing, longer]
                    } else {
                        vec![joined(verb, &of_response), longer]
                    }
                }
                Role::Body => vec![done.clone(), joined(done, &["body".to_owned()])],
                Role::Parameter(name) => {
                    let name = without_stutter(words(name));
                    vec![name.clone(), joined(thing, &name), joined(done, &name)]
                }
            }
        }
    }
}

/// `left` and then `right`, of which words that the left ends with are not said again.
fn joined(left: Vec<String>, right: impl AsRef<[String]>) -> Vec<String> {
    let right = right.as_ref();
    let mut all = left;
    let same = (1..=right.len().min(all.len())).rev().find(|length| {
        let end = all[all.len() - length..].iter();
        end.zip(right).all(|(a, b)| singular(a) == singular(b))
    });
    let same = same.unwrap_or(0);
    // Of the two numbers the later is meant.
    all.truncate(all.len() - same);
    all.extend_from_slice(right);
    without_stutter(all)
}

/// The words, of which none is followed by itself; of two numbers the later is meant.
fn without_stutter(words: Vec<String>) -> Vec<String> {
    let mut said: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        match said.last_mut() {
            Some(last) if singular(last) == singular(&word) => *last = word,
            _ => said.push(word),
        }
    }
    said
}

/// Whether the words say nothing without what is around them.
fn is_vague(words: &[String]) -> bool {
    match words {
        [] => true,
        [word] => {
            let word = singular(word);
            is_holder(&word) || VAGUE.binary_search(&word.as_str()).is_ok()
        }
        _ => false,
    }
}

fn is_holder(word: &str) -> bool {
    HOLDERS
        .iter()
        .any(|holder| *holder == word || singular(holder) == word)
}

/// For each of several alternatives, by the names of its properties in their order, the
/// first that no other has: what a [`Step::Alternative`] can be told by.
///
/// ```
/// use codegen::names::short::telling_properties;
///
/// let alternatives = [vec!["id", "before"], vec!["id", "after"], vec!["id"]];
/// assert_eq!(telling_properties(&alternatives), [Some("before"), Some("after"), None]);
/// ```
pub fn telling_properties<'d>(alternatives: &[Vec<&'d str>]) -> Vec<Option<&'d str>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for names in alternatives {
        for name in names.iter().collect::<BTreeSet<_>>() {
            *counts.entry(name).or_default() += 1;
        }
    }
    let own = |names: &Vec<&'d str>| {
        names
            .iter()
            .copied()
            .find(|name| counts.get(name) == Some(&1))
    };
    alternatives.iter().map(own).collect()
}

/// The name of at most [`LONGEST`] characters that the last of `words` make.
fn cut(mut words: Vec<String>) -> String {
    while words.len() > 1 && camel(&words).len() > LONGEST {
        words.remove(0);
    }
    let mut name = camel(&words);
    name.truncate(LONGEST);
    camel(&self::words(&name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(owner: Owner<'_>, steps: &[Step<'_>]) -> Vec<String> {
        let prefixes = Prefixes::of([
            "dns-records_record",
            "access_app",
            "access_key",
            "access_tag",
        ]);
        let renames = Renames::new([("old_*", "new_*")]).unwrap();
        let steps = steps.to_vec();
        candidates(&Place { owner, steps }, &prefixes, &renames)
    }

    #[test]
    fn a_services_prefix_is_only_there_where_it_must() {
        let of = |name| of(Owner::Component(name), &[]);
        assert_eq!(of("dns-records_record"), ["Record", "DnsRecord"]);
        assert_eq!(
            of("access_components-schemas-app"),
            [
                "App",
                "AccessApp",
                "ComponentsSchemasApp",
                "AccessComponentsSchemasApp"
            ]
        );
        assert_eq!(of("io.k8s.api.core.v1.Pod"), ["Pod", "IoK8sApiCoreV1Pod"]);
        // No prefix: nothing else begins so.
        assert_eq!(of("pet_status"), ["PetStatus"]);
    }

    #[test]
    fn a_renamed_component_gives_its_new_name_to_what_is_within() {
        let found = of(Owner::Component("old_zone"), &[Step::Property("plan")]);
        assert_eq!(found, ["Plan", "NewZonePlan"]);
    }

    #[test]
    fn the_propertys_word_in_the_singular_says_it() {
        let zone = Owner::Component("zone");
        let settings = [Step::Property("settings"), Step::Item];
        assert_eq!(of(zone, &settings), ["Setting", "ZoneSetting"]);
        // One of a map, and one of a list of lists.
        let ports = [Step::Property("ports"), Step::Value, Step::Item];
        assert_eq!(of(zone, &ports), ["Port", "ZonePort"]);
        // A component that is a list.
        assert_eq!(of(Owner::Component("rules"), &[Step::Item]), ["Rule"]);
    }

    #[test]
    fn nothing_is_said_twice_and_what_says_nothing_not_at_all() {
        let function = [Step::Property("function"), Step::Property("function")];
        assert_eq!(
            of(Owner::Component("tool"), &function),
            ["Function", "ToolFunction"]
        );
        let held = [
            Step::Property("result"),
            Step::Property("items"),
            Step::Item,
        ];
        assert_eq!(of(Owner::Component("zone"), &held), ["ZoneItem"]);
        let named = [Step::Property("data"), Step::Property("owner")];
        assert_eq!(of(Owner::Component("zone"), &named), ["Owner", "ZoneOwner"]);
        // Every other type has one of these.
        assert_eq!(
            of(Owner::Component("zone"), &[Step::Property("status")]),
            ["ZoneStatus"]
        );
        assert_eq!(of(Owner::Component("zone_zones"), &[]), ["Zones"]);
    }

    #[test]
    fn an_operations_own_types_are_called_after_what_it_does() {
        let of = |method, role, steps: &[Step<'_>]| {
            let resource = "dns_records";
            of(
                Owner::Operation {
                    resource,
                    method,
                    role,
                },
                steps,
            )
        };
        assert_eq!(
            of("list", Role::Response, &[Step::Item]),
            ["DnsRecord", "ListDnsRecordResponse"]
        );
        assert_eq!(
            of("create", Role::Body, &[]),
            ["CreateDnsRecord", "CreateDnsRecordBody"]
        );
        assert_eq!(
            of("scan", Role::Response, &[]),
            ["ScanResponse", "ScanDnsRecordResponse"]
        );
        assert_eq!(
            of("list", Role::Parameter("order"), &[]),
            ["Order", "DnsRecordOrder", "ListDnsRecordOrder"]
        );
    }

    #[test]
    fn an_alternative_is_told_by_what_it_has() {
        let condition = [
            Step::Property("condition"),
            Step::Alternative(Some("before")),
        ];
        assert_eq!(
            of(Owner::Component("rule"), &condition),
            ["BeforeCondition", "RuleBeforeCondition"]
        );
        let titled = [
            Step::Property("record"),
            Step::Alternative(Some("A Record")),
        ];
        assert_eq!(of(Owner::Component("zone"), &titled)[0], "ARecord");
    }

    proptest! {
        #[test]
        fn there_is_always_a_name_and_it_is_legal_and_not_too_long(
            component in "\\PC{0,40}|[a-z_-]{0,90}",
            properties in prop::collection::vec("\\PC{0,12}|[a-zA-Z_]{0,30}", 0..6),
        ) {
            let mut steps = Vec::new();
            for (index, property) in properties.iter().enumerate() {
                steps.push(Step::Property(property));
                match index % 3 {
                    0 => steps.push(Step::Item),
                    1 => steps.push(Step::Alternative(Some(property))),
                    _ => {}
                }
            }
            let found = of(Owner::Component(&component), &steps);
            prop_assert!(!found.is_empty());
            for name in &found {
                prop_assert!(name.len() <= LONGEST, "{}", name);
                prop_assert!(syn::parse_str::<syn::Ident>(name).is_ok(), "{}", name);
                prop_assert_eq!(&crate::names::words::type_name(name), name);
            }
            let unique: BTreeSet<_> = found.iter().collect();
            prop_assert_eq!(unique.len(), found.len());
        }
    }
}
