//! Gives each operation a name of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::{Limits, fold};
use super::path::scope_word;
use super::{Place, Rules};
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
    /// The words of the path that are no resource.
    pub(super) own: Vec<String>,
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
    arguments: Vec<String>,
}

/// Names for `wishes`, in their order.
pub(super) fn claim(wishes: &[Wish], rules: &Rules, remembered: &Remembered) -> Vec<Place> {
    let mut methods = Methods::default();
    let mut places: Vec<Option<Place>> = vec![None; wishes.len()];
    // A resource that is remembered takes in what is new in it.
    let mut known: BTreeMap<&[String], Vec<String>> = BTreeMap::new();
    let mut given = BTreeSet::new();
    for (wish, place) in wishes.iter().zip(&mut places) {
        let name = remembered.get(Kind::Operation, &wish.key);
        *place = name.and_then(Place::parse);
        if let Some(place) = place {
            methods.hold(&place.dotted(), wish);
            methods.add_resource(&place.resource);
            given.insert(place.dotted());
            let resource = known
                .entry(&wish.levels)
                .or_insert_with(|| place.resource.clone());
            if place.resource < *resource {
                resource.clone_from(&place.resource);
            }
        }
    }
    let limits = Limits {
        known,
        methods: given,
    };
    let resources = fold(wishes.iter().map(|wish| &wish.levels[..]), limits, rules);
    for (wish, place) in wishes.iter().zip(&places) {
        if place.is_none() {
            methods.add_resource(&resources[&wish.levels[..]]);
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
            let resource = resources[&wishes[index].levels[..]].clone();
            let method = methods.claim(&resource, &wishes[index]);
            places[index] = Some(Place { resource, method });
        }
    }
    places.into_iter().flatten().collect()
}

/// The methods of each resource, beside the resources within it.
#[derive(Debug, Default)]
struct Methods {
    /// By dotted name; a resource holds its name with nothing to tell it apart by.
    holders: BTreeMap<String, Option<Holder>>,
}

impl Methods {
    fn hold(&mut self, name: &str, wish: &Wish) {
        let holder = Holder {
            scopes: wish.scopes.clone(),
            versions: wish.versions.clone(),
            arguments: wish.arguments.clone(),
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
        let holder = self.holders.get(&full(&verb)).cloned().flatten();
        let mut longer = wish.verb.clone();
        let mut tell = |words: Vec<String>| -> Option<String> {
            longer.extend(words);
            let method = words::snake(&longer);
            (!self.holders.contains_key(&full(&method))).then_some(method)
        };
        let mut method = None;
        if let Some(holder) = &holder {
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
        }
        if method.is_none() {
            // The path's own word for what is done, where another was put for it.
            let own: Vec<String> = wish
                .own
                .iter()
                .filter(|own| !wish.verb.contains(own))
                .cloned()
                .collect();
            method = (!own.is_empty()).then(|| tell(own)).flatten();
        }
        if method.is_none()
            && let Some(argument) = wish.arguments.last()
            && holder.is_none_or(|holder| holder.arguments != wish.arguments)
        {
            let mut words = vec!["by".to_owned()];
            words.extend(words::words(argument));
            method = tell(words);
        }
        if method.is_none() {
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
