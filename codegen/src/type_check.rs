//! Where a JSON value does not fit its schema, checked by type alone.
//!
//! A value that passes is one that the emitted types read. So a
//! length, pattern, range or format never makes a mismatch, nor does a value that
//! an enum does not list, a property that the schema does not know or requires
//! and does not find, or a `null`: what is received is read tolerantly.
//!
//! Of the parts of an `allOf` the later wins, as it does when they are merged
//! (see [`crate::openapi::all_of`]). A value fits a `oneOf` or `anyOf` when it
//! fits any of the alternatives.

use std::collections::HashSet;
use std::fmt;

use serde_json::{Number, Value};

use crate::limits::{DEEPEST_CHECKED, LARGEST_EXACT, MOST_CHECKED};
use crate::pointer;

/// A type of JSON, with the integers set apart as OpenAPI does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number written without fraction and exponent.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
    /// A list.
    Array,
    /// Members by their names.
    Object,
}

impl Kind {
    /// The kind of `value`; a number without fraction is an [`Kind::Integer`].
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_f64() => Self::Number,
            Value::Number(_) => Self::Integer,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }

    /// The kind that the keyword `type` calls `name`; `null` is one in OpenAPI
    /// 3.1 only.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }

    /// The kind's name, as the keyword `type` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// Whether a value of kind `found` is one of this kind too.
    pub fn takes(self, found: Self) -> bool {
        self == found || (self, found) == (Self::Number, Self::Integer)
    }
}

impl fmt::Display for Kind {
    /// With its article: `an integer`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Array | Self::Integer | Self::Object => write!(f, "an {}", self.name()),
            _ => write!(f, "a {}", self.name()),
        }
    }
}

/// A place where a value does not fit its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeMismatch {
    /// The place in the value, as a JSON pointer; empty for the value itself.
    pub path: String,
    /// The kinds that the schema allows there; several for alternatives.
    pub expected: Vec<Kind>,
    /// The kind that is there.
    pub found: Kind,
}

impl fmt::Display for TypeMismatch {
    /// `/result/id: expected a string, found an integer`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str("expected ")?;
        for (index, kind) in self.expected.iter().enumerate() {
            let separator = if index == 0 { "" } else { " or " };
            write!(f, "{separator}{kind}")?;
        }
        write!(f, ", found {}", self.found)
    }
}

/// Where a [`Checker`] finds what schemas say: a tree that is still being cleaned, or
/// a [`Resolver`](crate::openapi::Resolver).
pub trait Schemas {
    /// How a schema is named.
    type Schema: Copy;
    /// What a schema says, or one of the parts that it is made of.
    type Definition;

    /// Equal for one schema alone.
    fn identity(&self, schema: Self::Schema) -> usize;
    /// What `schema` says, once references are followed: one definition, or those of
    /// its parts, of which the later win. None for what leads nowhere.
    fn definitions(&self, schema: Self::Schema) -> Vec<Self::Definition>;
    /// The kinds that its `type` names; `None` where it names none.
    fn kinds(&self, definition: &Self::Definition) -> Option<Vec<Kind>>;
    /// The lists of alternatives that it has.
    fn alternatives(&self, definition: &Self::Definition) -> Vec<Vec<Self::Schema>>;
    /// The schema of the property `name`.
    fn property(&self, definition: &Self::Definition, name: &str) -> Option<Self::Schema>;
    /// The schema of properties without names.
    fn additional(&self, definition: &Self::Definition) -> Option<Self::Schema>;
    /// The schema of items.
    fn items(&self, definition: &Self::Definition) -> Option<Self::Schema>;
}

/// Every place where `value` does not fit `schema` by type, in the order of the
/// value. `schemas` is where schemas are looked up.
///
/// Never fails, whatever the schema is made of: what says nothing, leads
/// nowhere or goes on without end is fitted by every value.
pub fn mismatches<S: Schemas>(schemas: &S, schema: S::Schema, value: &Value) -> Vec<TypeMismatch> {
    mismatches_within(schemas, schema, value, &mut { MOST_CHECKED })
}

/// As [`mismatches`], of which many together may look at no more than `left` schemas;
/// what was looked at is taken from it.
pub(crate) fn mismatches_within<S: Schemas>(
    schemas: &S,
    schema: S::Schema,
    value: &Value,
    left: &mut usize,
) -> Vec<TypeMismatch> {
    let given = (*left).min(MOST_CHECKED);
    let mut checker = Checker {
        schemas,
        left: given,
    };
    let mut found = Vec::new();
    checker.check(&[schema], value, &mut String::new(), 0, &mut found);
    *left -= given - checker.left;
    found
}

/// The kinds that `schema` allows at its top, by its `type` or those of its
/// parts and alternatives; empty where it allows every kind.
pub fn kinds<S: Schemas>(schemas: &S, schema: S::Schema) -> Vec<Kind> {
    let mut checker = Checker {
        schemas,
        left: MOST_CHECKED,
    };
    let kinds = checker.kinds(schema, 0, &mut HashSet::new());
    kinds.unwrap_or_default()
}

/// `value` as a value of `kind`, where it means the same: `"5"` and 5, `"true"`
/// and true, 5.0 and 5, and a text that holds the JSON of an array or object.
///
/// A value that is of the kind already is returned as it is.
pub fn convert(value: &Value, kind: Kind) -> Option<Value> {
    if kind.takes(Kind::of(value)) {
        return Some(value.clone());
    }
    match (value, kind) {
        (Value::Number(number), Kind::String) => Some(Value::String(number.to_string())),
        (Value::Bool(flag), Kind::String) => Some(Value::String(flag.to_string())),
        (Value::Number(number), Kind::Integer) => whole(number),
        (Value::String(text), Kind::Boolean) => match text.to_ascii_lowercase().as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        (Value::String(text), Kind::Integer | Kind::Number | Kind::Array | Kind::Object) => {
            let parsed: Value = serde_json::from_str(text).ok()?;
            kind.takes(Kind::of(&parsed)).then_some(parsed)
        }
        _ => None,
    }
}

/// A float without fraction as an integer.
fn whole(number: &Number) -> Option<Value> {
    let float = number.as_f64()?;
    let is_whole = float.fract() == 0.0 && float.abs() <= LARGEST_EXACT;
    // `as` is exact here, by the condition before it.
    is_whole.then(|| Value::from(float as i64))
}

struct Checker<'s, S> {
    schemas: &'s S,
    /// How many more schemas may be looked at.
    left: usize,
}

impl<S: Schemas> Checker<'_, S> {
    /// What `schemas` say together; nothing once too many have been looked at.
    fn definitions(&mut self, schemas: &[S::Schema], depth: usize) -> Vec<S::Definition> {
        let mut found = Vec::new();
        for schema in schemas {
            if depth >= DEEPEST_CHECKED || self.left == 0 {
                return found;
            }
            let parts = self.schemas.definitions(*schema);
            self.left = self.left.saturating_sub(parts.len().max(1));
            found.extend(parts);
        }
        found
    }

    /// Checks `value` by `schemas`, which all describe it; the later win.
    fn check(
        &mut self,
        schemas: &[S::Schema],
        value: &Value,
        path: &mut String,
        depth: usize,
        found: &mut Vec<TypeMismatch>,
    ) {
        let kind = Kind::of(value);
        if kind == Kind::Null {
            return;
        }
        let parts = self.definitions(schemas, depth);
        let own = parts.iter().rev().find_map(|part| self.schemas.kinds(part));
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
        for part in &parts {
            for alternatives in self.schemas.alternatives(part) {
                let best = self.best_of(&alternatives, value, path, depth + 1);
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
                    let schemas = self.member_schemas(&parts, name);
                    if !schemas.is_empty() {
                        pointer::push(path, name);
                        self.check(&schemas, member, path, depth + 1, found);
                        path.truncate(length);
                    }
                }
            }
            Value::Array(items) => {
                let schemas: Vec<S::Schema> = parts
                    .iter()
                    .filter_map(|part| self.schemas.items(part))
                    .collect();
                if schemas.is_empty() {
                    return;
                }
                for (index, item) in items.iter().enumerate() {
                    pointer::push(path, &index.to_string());
                    self.check(&schemas, item, path, depth + 1, found);
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
        alternatives: &[S::Schema],
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
            self.check(&[*alternative], value, path, depth, &mut mismatches);
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

    /// `seen` are the alternatives that have been looked at, each of which adds its
    /// kinds once; `None` where all have been.
    fn kinds(
        &mut self,
        schema: S::Schema,
        depth: usize,
        seen: &mut HashSet<usize>,
    ) -> Option<Vec<Kind>> {
        let parts = self.definitions(&[schema], depth);
        if let Some(kinds) = parts.iter().rev().find_map(|part| self.schemas.kinds(part)) {
            return Some(kinds);
        }
        let mut lists = parts
            .iter()
            .rev()
            .flat_map(|part| self.schemas.alternatives(part));
        let Some(alternatives) = lists.next() else {
            return Some(Vec::new());
        };
        let mut all = Vec::new();
        let mut is_new = alternatives.is_empty();
        for alternative in alternatives {
            if !seen.insert(self.schemas.identity(alternative)) {
                continue;
            }
            let Some(kinds) = self.kinds(alternative, depth + 1, seen) else {
                continue;
            };
            is_new = true;
            if kinds.is_empty() {
                return Some(kinds);
            }
            all.extend(kinds);
        }
        all.sort_unstable();
        all.dedup();
        is_new.then_some(all)
    }

    /// The schemas that describe the member `name` of an object.
    fn member_schemas(&self, parts: &[S::Definition], name: &str) -> Vec<S::Schema> {
        let declared = parts
            .iter()
            .filter_map(|part| self.schemas.property(part, name));
        let declared: Vec<S::Schema> = declared.collect();
        if !declared.is_empty() {
            return declared;
        }
        let others = parts
            .iter()
            .filter_map(|part| self.schemas.additional(part));
        others.collect()
    }
}

#[cfg(test)]
mod tests;
