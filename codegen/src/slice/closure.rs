//! Everything that a part of a document refers to, directly or by way of others.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::Error;
use crate::places::{self, Place, Site};
use crate::pointer;

/// The pointers of all components, and of what else of the document, `paths`
/// reach by `$ref`, and by the mappings of discriminators. A reference to another file reaches nothing; the
/// next stage repairs it.
pub fn reach(whole: &Value, paths: &Map<String, Value>) -> Result<BTreeSet<String>, Error> {
    let mut reached = BTreeSet::new();
    let mut chains = Chains::new(whole);
    let mut open: Vec<(String, Place, &Value)> = paths
        .iter()
        .filter(|(path, _)| !places::is_extension(Place::PathItem, path))
        .map(|(path, item)| (pointer::join("/paths", path), Place::PathItem, item))
        .collect();
    while let Some((at, place, value)) = open.pop() {
        each_reference(value, place, &at, &mut |site, reference, required| {
            let target = match chains.check(site.pointer, reference) {
                Ok(Some(target)) => target,
                Err(error) if required => return Err(error),
                Ok(None) | Err(_) => return Ok(()),
            };
            // All of a component is kept, so all of it is followed. Elsewhere in
            // the document, only what refers to a thing tells what it is.
            let component = pointer::component_of(&target);
            let (kept, place) = match places::place_of(component) {
                Some(place) => (component, place),
                None => (&*target, site.place),
            };
            if !reached.contains(kept) {
                reached.insert(kept.to_owned());
                let target = whole.pointer(kept);
                open.extend(target.map(|target| (kept.to_owned(), place, target)));
            }
            Ok(())
        })?;
    }
    Ok(reached)
}

/// Shows `visit` the references within `value`: what has it, and whether it must lead somewhere. Stops at the first error.
fn each_reference<'v>(
    value: &'v Value,
    place: Place,
    at: &str,
    visit: &mut dyn FnMut(&Site<'_, 'v>, &'v str, bool) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut outcome = Ok(());
    places::walk(value, place, at, &mut |site| {
        if outcome.is_err() {
            return;
        }
        if let Some(reference) = site.reference() {
            outcome = visit(site, reference, true);
        }
        if site.place != Place::Schema {
            return;
        }
        let mapping = site
            .value
            .get("discriminator")
            .and_then(|discriminator| discriminator.get("mapping"))
            .and_then(Value::as_object);
        for reference in mapping.into_iter().flat_map(Map::values) {
            // A mapping may also give the bare name of a schema.
            if let Some(reference) = reference.as_str().filter(|text| text.starts_with('#'))
                && outcome.is_ok()
            {
                outcome = visit(site, reference, false);
            }
        }
    });
    outcome
}

/// Which references end at a definition. Each is followed once, however many
/// lead to it.
struct Chains<'v> {
    whole: &'v Value,
    ending: HashSet<&'v str>,
}

impl<'v> Chains<'v> {
    fn new(whole: &'v Value) -> Self {
        Self {
            whole,
            ending: HashSet::new(),
        }
    }

    /// The pointer to what `reference`, in the value at `at`, leads to; `None`
    /// where that is another file.
    fn check(
        &mut self,
        at: &str,
        reference: &'v str,
    ) -> Result<Option<std::borrow::Cow<'v, str>>, Error> {
        let error = |make: fn(String, String) -> Error| {
            make(pointer::join(at, "$ref"), reference.to_owned())
        };
        if !reference.starts_with('#') {
            return Ok(None);
        }
        let Some((target, mut value)) = pointer::follow(self.whole, reference) else {
            return Err(error(|pointer, target| Error::Dangling { pointer, target }));
        };
        let mut way = HashSet::from([reference]);
        while let Some(next) = value.get("$ref").and_then(Value::as_str) {
            if self.ending.contains(next) {
                break;
            }
            // Where the next leads nowhere, that is said of its own place.
            let Some((_, further)) = pointer::follow(self.whole, next) else {
                break;
            };
            if !way.insert(next) {
                return Err(error(|pointer, target| Error::Circle { pointer, target }));
            }
            value = further;
        }
        self.ending.extend(way);
        Ok(Some(target))
    }
}
