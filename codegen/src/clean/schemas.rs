//! What the schemas of a document say, as far as the repairs must know: judged
//! by type, on the tree, because the document may still be wrong anywhere.
//!
//! Of the parts of an `allOf` the later wins, as it does when they are merged. A
//! value fits a `oneOf` or `anyOf` when it fits any of the alternatives. A length,
//! pattern, range or format makes no mismatch, nor does a property that the
//! schema does not know or misses: what is received is read tolerantly.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::pointer;
use crate::type_check::{Kind, TypeMismatch};

/// How deep schemas may lie in each other, references followed. What lies
/// deeper says nothing.
const DEEPEST: usize = 200;

/// How many schemas are looked at for one question, so that alternatives which
/// double at each level end. After that, everything fits.
const MOST_SCHEMAS: usize = 20_000;

/// How many schemas are looked at for all values together that one pass judges:
/// several times what the largest known documents need. After that, everything
/// fits, so that n values of n alternatives each end, too.
const MOST_IN_ALL: usize = 8_000_000;

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
            left: Cell::new(MOST_IN_ALL),
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
        let kinds = self.look().kinds(schema, 0);
        let mut known = self.kinds.borrow_mut();
        known.insert(std::ptr::from_ref(schema), kinds.clone());
        kinds
    }

    /// As [`Schemas::kinds`], of a schema that is not a part of the document: its
    /// address may be that of another one later.
    pub fn kinds_of_copy(&self, schema: &'d Value) -> Vec<Kind> {
        self.look().kinds(schema, 0)
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
        let mut look = self.look();
        let given = self.left.get().min(MOST_SCHEMAS);
        look.left = given;
        let mut found = Vec::new();
        look.judge(&[schema], value, &mut String::new(), 0, &mut found);
        self.left.set(self.left.get() - (given - look.left));
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
            left: MOST_SCHEMAS,
            seen: HashSet::new(),
        }
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

/// The answer to one question.
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

    /// Judges `value`, which is at `path` of the whole value, by `schemas`, which
    /// all describe it; the later win.
    fn judge(
        &mut self,
        schemas: &[&'d Value],
        value: &Value,
        path: &mut String,
        depth: usize,
        found: &mut Vec<TypeMismatch>,
    ) {
        let kind = Kind::of(value);
        if kind == Kind::Null {
            return;
        }
        let mut flat = Vec::new();
        self.seen.clear();
        for schema in schemas {
            self.flatten(schema, depth, &mut flat);
        }
        let own = flat.iter().rev().find_map(|schema| own_kinds(schema));
        if let Some(kinds) = &own
            && !kinds.iter().any(|expected| expected.takes(kind))
        {
            found.push(TypeMismatch {
                path: path.clone(),
                expected: kinds.clone(),
                found: kind,
            });
            return;
        }
        for schema in &flat {
            for keyword in ["oneOf", "anyOf"] {
                let alternatives = schema.get(keyword).and_then(Value::as_array);
                let best = alternatives.and_then(|list| self.best_of(list, value, path, depth + 1));
                for mismatch in best.into_iter().flatten() {
                    // A type beside alternatives that exclude it contradicts
                    // them, and has been fitted.
                    if !(mismatch.path == *path && own.is_some()) {
                        found.push(mismatch);
                    }
                }
            }
        }
        let length = path.len();
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let schemas = member_schemas(&flat, name);
                    if !schemas.is_empty() {
                        pointer::push(path, name);
                        self.judge(&schemas, member, path, depth + 1, found);
                        path.truncate(length);
                    }
                }
            }
            Value::Array(items) => {
                let schemas: Vec<&Value> = flat
                    .iter()
                    .filter_map(|schema| schema.get("items"))
                    .collect();
                if schemas.is_empty() {
                    return;
                }
                for (index, item) in items.iter().enumerate() {
                    pointer::push(path, &index.to_string());
                    self.judge(&schemas, item, path, depth + 1, found);
                    path.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// The mismatches by the alternative that `value` fits best; where it is of
    /// none's kind, one mismatch that names the kinds of all.
    fn best_of(
        &mut self,
        alternatives: &'d [Value],
        value: &Value,
        path: &mut String,
        depth: usize,
    ) -> Option<Vec<TypeMismatch>> {
        let mut best: Option<Vec<TypeMismatch>> = None;
        let mut expected = Vec::new();
        for alternative in alternatives {
            if self.left == 0 {
                return None;
            }
            let mut mismatches = Vec::new();
            self.judge(&[alternative], value, path, depth, &mut mismatches);
            match mismatches.iter().find(|mismatch| mismatch.path == *path) {
                Some(mismatch) => {
                    for kind in &mismatch.expected {
                        if !expected.contains(kind) {
                            expected.push(*kind);
                        }
                    }
                }
                None if mismatches.is_empty() => return None,
                None if best
                    .as_ref()
                    .is_none_or(|best| mismatches.len() < best.len()) =>
                {
                    best = Some(mismatches);
                }
                None => {}
            }
        }
        if best.is_some() || expected.is_empty() {
            return best;
        }
        Some(vec![TypeMismatch {
            path: path.clone(),
            expected,
            found: Kind::of(value),
        }])
    }

    fn kinds(&mut self, schema: &'d Value, depth: usize) -> Vec<Kind> {
        let mut flat = Vec::new();
        self.flatten(schema, depth, &mut flat);
        if let Some(kinds) = flat.iter().rev().find_map(|schema| own_kinds(schema)) {
            return kinds;
        }
        let alternatives = flat.iter().rev().find_map(|schema| {
            let mut keywords = ["oneOf", "anyOf"].into_iter();
            keywords.find_map(|keyword| schema.get(keyword)?.as_array())
        });
        let mut all = Vec::new();
        for alternative in alternatives.into_iter().flatten() {
            let reference = alternative.get("$ref").and_then(Value::as_str);
            if reference.is_some_and(|reference| self.seen.contains(reference)) {
                continue;
            }
            let kinds = self.kinds(alternative, depth + 1);
            if kinds.is_empty() {
                return kinds;
            }
            all.extend(kinds);
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Adds what `schema` says to `flat`: what its `$ref` leads to, or the parts
    /// of its `allOf` and then itself. What has been followed has been added.
    fn flatten(&mut self, schema: &'d Value, depth: usize, flat: &mut Vec<&'d Map<String, Value>>) {
        let Some(members) = schema.as_object() else {
            return;
        };
        if depth >= DEEPEST || self.left == 0 {
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

/// The schemas that describe the member `name` of an object.
fn member_schemas<'d>(flat: &[&'d Map<String, Value>], name: &str) -> Vec<&'d Value> {
    let declared: Vec<&Value> = flat
        .iter()
        .filter_map(|schema| schema.get("properties")?.get(name))
        .collect();
    if !declared.is_empty() {
        return declared;
    }
    flat.iter()
        .filter_map(|schema| schema.get("additionalProperties"))
        .collect()
}
