//! The schemas of a document that is still being cleaned, for the type check.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::pointer;
use crate::type_check::{Kind, Schemas};

/// How deep references and parts may lie in each other. What lies deeper says
/// nothing here, and is refused where it must become a type.
const DEEPEST: usize = 200;

/// How many parts are looked at for one schema.
const MOST_PARTS: usize = 20_000;

/// A tree in which schemas may be malformed, and references lead nowhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tree<'d>(pub &'d Value);

impl<'d> Schemas for Tree<'d> {
    type Schema = &'d Value;
    type Definition = &'d Map<String, Value>;

    fn identity(&self, schema: &'d Value) -> usize {
        std::ptr::from_ref(schema).addr()
    }

    fn definitions(&self, schema: &'d Value) -> Vec<&'d Map<String, Value>> {
        let mut found = Vec::new();
        self.flatten(schema, 0, &mut HashSet::new(), &mut found);
        found
    }

    fn kinds(&self, schema: &&'d Map<String, Value>) -> Option<Vec<Kind>> {
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

    fn alternatives(&self, schema: &&'d Map<String, Value>) -> Vec<Vec<&'d Value>> {
        let lists = ["oneOf", "anyOf"].into_iter();
        let lists = lists.filter_map(|keyword| schema.get(keyword)?.as_array());
        lists.map(|list| list.iter().collect()).collect()
    }

    fn property(&self, schema: &&'d Map<String, Value>, name: &str) -> Option<&'d Value> {
        schema.get("properties")?.get(name)
    }

    fn additional(&self, schema: &&'d Map<String, Value>) -> Option<&'d Value> {
        schema.get("additionalProperties")
    }

    fn items(&self, schema: &&'d Map<String, Value>) -> Option<&'d Value> {
        schema.get("items")
    }
}

impl<'d> Tree<'d> {
    /// Adds what `schema` says to `found`: what its `$ref` leads to, or the parts
    /// of its `allOf` and then itself. A reference in `seen` has been added.
    fn flatten(
        self,
        schema: &'d Value,
        depth: usize,
        seen: &mut HashSet<&'d str>,
        found: &mut Vec<&'d Map<String, Value>>,
    ) {
        let mut schema = schema;
        while let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target = pointer::of_reference(reference);
            let target = target.and_then(|target| self.0.pointer(&target));
            let Some(target) = target.filter(|_| seen.insert(reference)) else {
                return;
            };
            schema = target;
        }
        let Some(members) = schema.as_object() else {
            return;
        };
        if depth >= DEEPEST || found.len() >= MOST_PARTS {
            return;
        }
        let parts = members.get("allOf").and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            self.flatten(part, depth + 1, seen, found);
        }
        found.push(members);
    }
}
