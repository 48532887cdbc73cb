//! Where a JSON value does not fit its schema, judged by type alone.
//!
//! A value that codegen calls fitting is one that the emitted types read. So a
//! length, pattern, range or format never makes a misfit, nor does a value that
//! an enum does not list, a property that the schema does not know or requires
//! and does not find, or a `null`: what is received is read tolerantly.
//!
//! Of the parts of an `allOf` the later wins, as it does when they are merged
//! (see [`crate::normalize::all_of`]). A value fits a `oneOf` or `anyOf` when it
//! fits any of the alternatives.

use std::fmt;

use serde_json::{Map, Number, Value};

use crate::pointer;

/// How deep schemas and values may lie in each other. What lies deeper fits.
const DEEPEST: usize = 200;

/// How many schemas are looked at for one value, so that alternatives which
/// double at each level end. After that, everything fits.
const MOST_SCHEMAS: usize = 20_000;

/// The largest integer up to which a float is exact: 2^53.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

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
pub struct Misfit {
    /// The place in the value, as a JSON pointer; empty for the value itself.
    pub path: String,
    /// The kinds that the schema allows there; several for alternatives.
    pub expected: Vec<Kind>,
    /// The kind that is there.
    pub found: Kind,
}

impl fmt::Display for Misfit {
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

/// Every place where `value` does not fit `schema` by type, in the order of the
/// value. `document` is where the `$ref`s of the schema are looked up.
///
/// Never fails, whatever the schema is made of: what says nothing, leads
/// nowhere or goes on without end is fitted by every value.
pub fn misfits(document: &Value, schema: &Value, value: &Value) -> Vec<Misfit> {
    let mut judge = Judge {
        document,
        left: MOST_SCHEMAS,
    };
    let mut found = Vec::new();
    judge.judge(&[schema], value, "", 0, &mut found);
    found
}

/// Whether `value` fits `schema` by type: whether it has no [`misfits`].
pub fn fits(document: &Value, schema: &Value, value: &Value) -> bool {
    misfits(document, schema, value).is_empty()
}

/// The kinds that `schema` allows at its top, by its `type` or those of its
/// parts and alternatives; empty where it allows every kind.
pub fn kinds(document: &Value, schema: &Value) -> Vec<Kind> {
    let mut judge = Judge {
        document,
        left: MOST_SCHEMAS,
    };
    judge.kinds(schema, 0, &mut Vec::new())
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

struct Judge<'d> {
    document: &'d Value,
    /// How many more schemas may be looked at.
    left: usize,
}

impl<'d> Judge<'d> {
    /// Judges `value` by `schemas`, which all describe it; the later win.
    fn judge(
        &mut self,
        schemas: &[&'d Value],
        value: &Value,
        path: &str,
        depth: usize,
        found: &mut Vec<Misfit>,
    ) {
        let kind = Kind::of(value);
        if kind == Kind::Null {
            return;
        }
        let mut flat = Vec::new();
        let mut seen = Vec::new();
        for schema in schemas {
            self.flatten(schema, depth, &mut seen, &mut flat);
        }
        let own = flat.iter().rev().find_map(|schema| own_kinds(schema));
        if let Some(kinds) = &own
            && !kinds.iter().any(|expected| expected.takes(kind))
        {
            found.push(Misfit {
                path: path.to_owned(),
                expected: kinds.clone(),
                found: kind,
            });
            return;
        }
        for schema in &flat {
            for keyword in ["oneOf", "anyOf"] {
                let alternatives = schema.get(keyword).and_then(Value::as_array);
                let best = alternatives.and_then(|list| self.best_of(list, value, path, depth + 1));
                for misfit in best.into_iter().flatten() {
                    // A type beside alternatives that exclude it contradicts
                    // them, and has been fitted.
                    if !(misfit.path == path && own.is_some()) {
                        found.push(misfit);
                    }
                }
            }
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let schemas = member_schemas(&flat, name);
                    if !schemas.is_empty() {
                        let path = pointer::join(path, name);
                        self.judge(&schemas, member, &path, depth + 1, found);
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
                    self.judge(&schemas, item, &format!("{path}/{index}"), depth + 1, found);
                }
            }
            _ => {}
        }
    }

    /// The misfits by the alternative that `value` fits best; where it is of
    /// none's kind, one misfit that names the kinds of all.
    fn best_of(
        &mut self,
        alternatives: &'d [Value],
        value: &Value,
        path: &str,
        depth: usize,
    ) -> Option<Vec<Misfit>> {
        let mut best: Option<Vec<Misfit>> = None;
        let mut expected = Vec::new();
        for (index, alternative) in alternatives.iter().enumerate() {
            let is_known = |known: &[Value]| known.contains(alternative);
            if alternatives.get(..index).is_some_and(is_known) {
                continue;
            }
            let mut misfits = Vec::new();
            self.judge(&[alternative], value, path, depth, &mut misfits);
            match misfits.iter().find(|misfit| misfit.path == path) {
                Some(misfit) => {
                    for kind in &misfit.expected {
                        if !expected.contains(kind) {
                            expected.push(*kind);
                        }
                    }
                }
                None if misfits.is_empty() => return None,
                None if best.as_ref().is_none_or(|best| misfits.len() < best.len()) => {
                    best = Some(misfits);
                }
                None => {}
            }
        }
        if best.is_some() || expected.is_empty() {
            return best;
        }
        Some(vec![Misfit {
            path: path.to_owned(),
            expected,
            found: Kind::of(value),
        }])
    }

    /// `seen` holds the references that have been followed, each of which adds
    /// its kinds once.
    fn kinds(&mut self, schema: &'d Value, depth: usize, seen: &mut Vec<&'d str>) -> Vec<Kind> {
        let mut flat = Vec::new();
        self.flatten(schema, depth, seen, &mut flat);
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
            if reference.is_some_and(|reference| seen.contains(&reference)) {
                continue;
            }
            let kinds = self.kinds(alternative, depth + 1, seen);
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
    /// of its `allOf` and then itself. A reference in `seen` has been added.
    fn flatten(
        &mut self,
        schema: &'d Value,
        depth: usize,
        seen: &mut Vec<&'d str>,
        flat: &mut Vec<&'d Map<String, Value>>,
    ) {
        let Some(members) = schema.as_object() else {
            return;
        };
        if depth >= DEEPEST || self.left == 0 {
            return;
        }
        self.left -= 1;
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            let target = reference
                .strip_prefix('#')
                .and_then(|path| self.document.pointer(path));
            if let Some(target) = target.filter(|_| !seen.contains(&reference)) {
                seen.push(reference);
                self.flatten(target, depth + 1, seen, flat);
            }
            return;
        }
        let parts = members.get("allOf").and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            self.flatten(part, depth + 1, seen, flat);
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

#[cfg(test)]
mod tests;
