//! Gives each operation a name of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::path::scope_word;
use super::{MOST_LEVELS, Place, Rules, is_dependent};
use crate::names::remembered::{Kind, Remembered};
use crate::names::words;

/// What an operation would be called if it were alone, and what may tell it apart.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// What it is remembered by.
    pub(super) key: String,
    /// The resource, of any depth, outermost first.
    pub(super) levels: Vec<String>,
    pub(super) verb: Vec<String>,
    pub(super) method: String,
    pub(super) scopes: Vec<String>,
    pub(super) versions: Vec<String>,
    /// The names of the path's arguments, without those of its scopes.
    pub(super) arguments: Vec<String>,
}

/// Who has a name: enough of it to say how another differs.
#[derive(Debug, Clone, Default)]
struct Holder {
    scopes: Vec<String>,
    versions: Vec<String>,
}

/// Names for `wishes`, in their order.
pub(super) fn claim(wishes: &[Wish], rules: &Rules, remembered: &Remembered) -> Vec<Place> {
    let resources = fold(wishes, rules);
    let mut methods = Methods::default();
    let mut places: Vec<Option<Place>> = vec![None; wishes.len()];
    for (_, name) in remembered.names(Kind::Operation) {
        methods.reserve(name);
    }
    // A resource that is remembered takes in what is new in it.
    let mut known: BTreeMap<&[String], Vec<String>> = BTreeMap::new();
    for (wish, place) in wishes.iter().zip(&mut places) {
        let name = remembered.get(Kind::Operation, &wish.key);
        *place = name.and_then(Place::parse);
        if let Some(place) = place {
            methods.hold(&place.dotted(), wish);
            let resource = known
                .entry(&wish.levels)
                .or_insert_with(|| place.resource.clone());
            if place.resource < *resource {
                resource.clone_from(&place.resource);
            }
        }
    }
    for resource in places.iter().flatten().map(|place| &place.resource) {
        methods.add_resource(resource);
    }
    let resource_of = |index: usize| -> Vec<String> {
        let levels = &wishes[index].levels[..];
        let known = known.get(levels);
        known.unwrap_or(&resources[levels]).clone()
    };
    for index in 0..wishes.len() {
        if places[index].is_none() {
            methods.add_resource(&resource_of(index));
        }
    }
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by_key(|index| {
        let wish = &wishes[*index];
        (
            wish.scopes.len(),
            &wish.scopes,
            &wish.versions,
            wish.arguments.len(),
            &wish.key,
        )
    });
    for index in order {
        if places[index].is_none() {
            let resource = resource_of(index);
            let method = methods.claim(&resource, &wishes[index]);
            places[index] = Some(Place { resource, method });
        }
    }
    places.into_iter().flatten().collect()
}

/// The resources by their levels, with few of these: the first, and the last where that
/// is enough to tell it from others, or else the last two. Where that makes two the same,
/// the words between stay.
fn fold<'w>(wishes: &'w [Wish], rules: &Rules) -> BTreeMap<&'w [String], Vec<String>> {
    let all: BTreeSet<&[String]> = wishes.iter().map(|wish| &wish.levels[..]).collect();
    let mut ends: BTreeMap<(&String, &String), usize> = BTreeMap::new();
    for levels in &all {
        if let [first, .., last] = levels {
            *ends.entry((first, last)).or_default() += 1;
        }
    }
    let is_told_by_ends = |levels: &[String]| match levels {
        [first, _, .., last] => ends.get(&(first, last)) == Some(&1) && !is_dependent(last),
        _ => false,
    };
    let mut order: Vec<&[String]> = all.iter().copied().collect();
    order.sort_by_key(|levels| (levels.len(), *levels));
    let mut taken: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut folded = BTreeMap::new();
    for levels in order {
        let mut candidates = Vec::new();
        if is_told_by_ends(levels) {
            candidates.push(vec![levels[0].clone(), levels[levels.len() - 1].clone()]);
        }
        candidates.extend((0..=levels.len()).map(|kept| shortened(levels, kept)));
        for candidate in &mut candidates {
            if rules.reserved.contains(&candidate[0]) {
                candidate[0].push_str("_api");
            }
        }
        let free = candidates.iter().find(|short| !taken.contains(*short));
        let mut short = free.or(candidates.last()).cloned().unwrap_or_default();
        let longest = short.clone();
        let mut number = 2_usize;
        while taken.contains(&short) {
            short.clone_from(&longest);
            if let Some(last) = short.last_mut() {
                last.push_str(&format!("_{number}"));
            }
            number += 1;
        }
        taken.insert(short.clone());
        folded.insert(levels, short);
    }
    folded
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

/// The methods of each resource, beside the resources within it.
#[derive(Debug, Default)]
struct Methods {
    /// By dotted name; a resource holds its name with nothing to tell it apart by.
    holders: BTreeMap<String, Option<Holder>>,
}

impl Methods {
    fn reserve(&mut self, name: &str) {
        self.holders.entry(name.to_owned()).or_default();
        if let Some(place) = Place::parse(name) {
            self.add_resource(&place.resource);
        }
    }

    fn hold(&mut self, name: &str, wish: &Wish) {
        let holder = Holder {
            scopes: wish.scopes.clone(),
            versions: wish.versions.clone(),
        };
        self.holders.insert(name.to_owned(), Some(holder));
    }

    fn add_resource(&mut self, resource: &[String]) {
        for depth in 2..=resource.len() {
            self.holders.entry(resource[..depth].join(".")).or_default();
        }
    }

    fn claim(&mut self, resource: &[String], wish: &Wish) -> String {
        let place = resource.join(".");
        let verb = words::snake(&wish.verb);
        let full = |method: &str| format!("{place}.{method}");
        if !self.holders.contains_key(&full(&verb)) {
            self.hold(&full(&verb), wish);
            return verb;
        }
        let holder = self.holders[&full(&verb)].clone();
        let mut longer = wish.verb.clone();
        let mut tell = |words: Vec<String>| -> Option<String> {
            longer.extend(words);
            let method = words::snake(&longer);
            (!self.holders.contains_key(&full(&method))).then_some(method)
        };
        let holder = holder.unwrap_or_default();
        let mut method = None;
        if let Some(scope) = wish.scopes.last()
            && holder.scopes != wish.scopes
        {
            method = tell(vec!["for".to_owned(), scope_word(scope)]);
        }
        if method.is_none()
            && let Some(version) = wish.versions.last()
            && holder.versions != wish.versions
        {
            method = tell(vec![version.clone()]);
        }
        if method.is_none()
            && let Some(argument) = wish.arguments.last()
        {
            let mut words = vec!["by".to_owned()];
            words.extend(words::words(argument));
            method = tell(words);
        }
        if method.is_none() && !matches!(wish.verb[0].as_str(), "get" | "list") {
            method = tell(vec![wish.method.clone()]);
        }
        let method = method.unwrap_or_else(|| {
            let base = words::snake(&longer);
            let mut number = 2_usize;
            loop {
                let numbered = format!("{base}_{number}");
                if !self.holders.contains_key(&full(&numbered)) {
                    return numbered;
                }
                number += 1;
            }
        });
        self.hold(&full(&method), wish);
        method
    }
}
