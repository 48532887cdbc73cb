//! What the schemas of a document say, as far as the repairs must know: read from the
//! tree, because the document may still be wrong anywhere. Whether a value fits them is
//! for the [type check](crate::type_check).

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::limits::{DEEPEST_CHECKED, MOST_CHECKED, MOST_CHECKED_IN_ALL};
use crate::pointer;
use crate::type_check::{self, Kind, TypeMismatch};

/// The schemas of a document that does not change meanwhile.
pub(super) struct Schemas<'d> {
    document: &'d Value,
    /// The kinds of schemas that have been asked for, by their address.
    kinds: RefCell<HashMap<*const Value, Vec<Kind>>>,
    left: Cell<usize>,
}

impl<'d> Schemas<'d> {
    pub fn of(document: &'d Value) -> Self {
        Self {
            document,
            kinds: RefCell::default(),
            left: Cell::new(MOST_CHECKED_IN_ALL),
        }
    }

    /// The kinds that `schema` allows at its top, by its `type` or those of its
    /// parts and alternatives; empty where it allows every kind.
    pub fn kinds(&self, schema: &'d Value) -> Vec<Kind> {
        // Most have a type of their own.
        if let Some(kinds) = schema.as_object().and_then(own_kinds)
            && schema.get("$ref").is_none()
        {
            return kinds;
        }
        if let Some(known) = self.kinds.borrow().get(&std::ptr::from_ref(schema)) {
            return known.clone();
        }
        let kinds = type_check::kinds(self, schema);
        let mut known = self.kinds.borrow_mut();
        known.insert(std::ptr::from_ref(schema), kinds.clone());
        kinds
    }

    /// As [`Schemas::kinds`], of a schema that is not a part of the document: its
    /// address may be that of another one later.
    pub fn kinds_of_copy(&self, schema: &'d Value) -> Vec<Kind> {
        type_check::kinds(self, schema)
    }

    /// What `schema` says: what its `$ref` leads to, or the parts of its `allOf`
    /// and then itself, in which the later win.
    pub fn flat(&self, schema: &'d Value) -> Vec<&'d Map<String, Value>> {
        let mut flat = Vec::new();
        self.look().flatten(schema, 0, &mut flat);
        flat
    }

    /// Every place where `value` does not fit `schema` by type, in the order of
    /// the value.
    pub fn mismatches(&self, schema: &'d Value, value: &Value) -> Vec<TypeMismatch> {
        let mut left = self.left.get();
        let found = type_check::mismatches_within(self, schema, value, &mut left);
        self.left.set(left);
        found
    }

    /// Whether `value` fits `schema` by type.
    pub fn fits(&self, schema: &'d Value, value: &Value) -> bool {
        self.mismatches(schema, value).is_empty()
    }

    /// The names of all properties that `schema`, its parts or its alternatives
    /// describe, and whether there may be others.
    pub fn declared(&self, schema: &'d Value) -> Declared<'d> {
        let mut declared = Declared::default();
        let mut look = self.look();
        let mut open = vec![schema];
        while let Some(schema) = open.pop() {
            if look.left == 0 {
                declared.is_open = true;
                break;
            }
            look.left -= 1;
            let Some(members) = schema.as_object() else {
                continue;
            };
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                match look.follow(reference) {
                    Target::New(target) => open.push(target),
                    Target::Known => {}
                    // What leads nowhere may be anything.
                    Target::Nothing => declared.is_open = true,
                }
                continue;
            }
            let object = |keyword: &str| members.get(keyword).and_then(Value::as_object);
            declared.is_open |= object("additionalProperties").is_some();
            let names = object("properties").into_iter().flat_map(Map::keys);
            declared.names.extend(names.map(String::as_str));
            for keyword in ["allOf", "oneOf", "anyOf"] {
                let parts = members.get(keyword).and_then(Value::as_array);
                open.extend(parts.into_iter().flatten());
            }
        }
        declared
    }

    /// Whether `schema`, one of its parts or one of its alternatives has the
    /// member `keyword`.
    pub fn says(&self, schema: &'d Value, keyword: &str) -> bool {
        let mut look = self.look();
        let mut open = vec![schema];
        while let Some(schema) = open.pop() {
            if look.left == 0 {
                return true;
            }
            look.left -= 1;
            if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
                if let Target::New(target) = look.follow(reference) {
                    open.push(target);
                }
                continue;
            }
            if schema.get(keyword).is_some() {
                return true;
            }
            for keyword in ["allOf", "oneOf", "anyOf"] {
                let parts = schema.get(keyword).and_then(Value::as_array);
                open.extend(parts.into_iter().flatten());
            }
        }
        false
    }

    fn look(&self) -> Look<'d> {
        Look {
            document: self.document,
            left: MOST_CHECKED,
            seen: HashSet::new(),
        }
    }
}

impl<'d> type_check::Schemas for Schemas<'d> {
    type Schema = &'d Value;
    type Definition = &'d Map<String, Value>;

    fn identity(&self, schema: &'d Value) -> usize {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| pointer::follow(self.document, reference));
        std::ptr::from_ref(target.map_or(schema, |(_, target)| target)).addr()
    }

    fn definitions(&self, schema: &'d Value) -> Vec<&'d Map<String, Value>> {
        self.flat(schema)
    }

    fn kinds(&self, definition: &&'d Map<String, Value>) -> Option<Vec<Kind>> {
        own_kinds(definition)
    }

    fn alternatives(&self, definition: &&'d Map<String, Value>) -> Vec<Vec<&'d Value>> {
        let lists = ["oneOf", "anyOf"].into_iter();
        let lists = lists.filter_map(|keyword| definition.get(keyword)?.as_array());
        lists.map(|list| list.iter().collect()).collect()
    }

    fn property(&self, definition: &&'d Map<String, Value>, name: &str) -> Option<&'d Value> {
        definition.get("properties")?.get(name)
    }

    fn additional(&self, definition: &&'d Map<String, Value>) -> Option<&'d Value> {
        definition.get("additionalProperties")
    }

    fn items(&self, definition: &&'d Map<String, Value>) -> Option<&'d Value> {
        definition.get("items")
    }
}

/// The properties that a schema describes.
#[derive(Default)]
pub(super) struct Declared<'d> {
    names: HashSet<&'d str>,
    is_open: bool,
}

impl Declared<'_> {
    pub fn has(&self, name: &str) -> bool {
        self.is_open || self.names.contains(name)
    }
}

/// Where a reference leads.
enum Target<'d> {
    New(&'d Value),
    /// Where another has led before.
    Known,
    Nothing,
}

/// What one question finds.
struct Look<'d> {
    document: &'d Value,
    /// How many more schemas may be looked at.
    left: usize,
    /// The references that have been followed, each once.
    seen: HashSet<&'d str>,
}

impl<'d> Look<'d> {
    fn follow(&mut self, reference: &'d str) -> Target<'d> {
        match pointer::follow(self.document, reference) {
            None => Target::Nothing,
            Some((_, target)) => match self.seen.insert(reference) {
                true => Target::New(target),
                false => Target::Known,
            },
        }
    }

    /// Adds what `schema` says to `flat`: what its `$ref` leads to, or the parts
    /// of its `allOf` and then itself. What has been followed has been added.
    fn flatten(&mut self, schema: &'d Value, depth: usize, flat: &mut Vec<&'d Map<String, Value>>) {
        let Some(members) = schema.as_object() else {
            return;
        };
        if depth >= DEEPEST_CHECKED || self.left == 0 {
            return;
        }
        self.left -= 1;
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            if let Target::New(target) = self.follow(reference) {
                self.flatten(target, depth + 1, flat);
            }
            return;
        }
        let parts = members.get("allOf").and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            self.flatten(part, depth + 1, flat);
        }
        flat.push(members);
    }
}

/// The kinds that the schema's own `type` names; `None` where it names none.
fn own_kinds(schema: &Map<String, Value>) -> Option<Vec<Kind>> {
    let kinds: Vec<Kind> = match schema.get("type")? {
        Value::String(name) => vec![Kind::named(name)?],
        Value::Array(names) => names
            .iter()
            .map(|name| Kind::named(name.as_str()?))
            .collect::<Option<_>>()?,
        _ => return None,
    };
    (!kinds.is_empty()).then_some(kinds)
}
