//! Merges the parts of an `allOf` into one schema.
//!
//! Cloudflare's document writes a response as the common envelope followed by
//! what the endpoint adds, and the envelope already promises a vague `result`.
//! So a later part wins over an earlier one unless it says less, and the conflict
//! is reported.

use std::rc::Rc;

use serde::Serialize;
use serde_json::{Value, json};

use super::resolver::Resolver;
use super::schema::{Additional, Definition, Schema, SchemaId, SchemaKind};
use crate::limits::MOST_ALTERNATIVES;
use crate::pointer;
use crate::type_check::Kind;

/// Two parts of one `allOf` that say different things about the same keyword.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// Where it is, as a JSON pointer into the document.
    pub pointer: String,
    /// What an earlier part said.
    pub earlier: Value,
    /// What a later part said.
    pub later: Value,
    /// Which of the two the merged schema keeps.
    pub kept: Kept,
}

/// A [`Conflict`] whose schemas are not written out yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// Where it is, as a JSON pointer into the document.
    pub pointer: String,
    /// What an earlier part said.
    pub earlier: Said,
    /// What a later part said.
    pub later: Said,
    /// Which of the two the merged schema keeps.
    pub kept: Kept,
}

/// What a part says about a keyword.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// What the schema here says.
    Schema(SchemaId),
    /// This value.
    Value(Value),
}

/// Which part of an `allOf` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// The earlier one: the later says less.
    Earlier,
    /// The later one.
    Later,
}

/// Merges `parts`, in their order, into one definition, for the schema `whole`.
///
/// Takes definitions without `allOf`s. Properties are united, `required` lists are
/// joined, and for any other keyword the later part wins, as it does for a property
/// of which both speak, unless all that it says of it is "an object", "a list" or
/// nothing. Returns the definition and every conflict that was decided so.
pub(super) fn merge(
    resolver: &Resolver<'_>,
    whole: &Schema,
    parts: &[Rc<Definition>],
) -> (Definition, Vec<Disagreement>) {
    let mut merger = Merger {
        resolver,
        pointer: whole.pointer.to_string(),
        found: Vec::new(),
    };
    let mut parts = parts.iter();
    let mut merged = match parts.next() {
        Some(first) => Definition::clone(first),
        None => Definition::default(),
    };
    for part in parts {
        merger.merge(&mut merged, part);
    }
    (merged, merger.found)
}

struct Merger<'r, 'd> {
    resolver: &'r Resolver<'d>,
    /// Of what is being merged.
    pointer: String,
    found: Vec<Disagreement>,
}

impl Merger<'_, '_> {
    fn merge(&mut self, target: &mut Definition, part: &Definition) {
        let words = [
            (&mut target.title, &part.title),
            (&mut target.description, &part.description),
        ];
        for (earlier, later) in words {
            if later.is_some() {
                earlier.clone_from(later);
            }
        }
        let data = [
            (&mut target.example, &part.example),
            (&mut target.default, &part.default),
        ];
        for (earlier, later) in data {
            if later.is_some() {
                earlier.clone_from(later);
            }
        }
        let extensions = part.extensions.iter();
        let extensions = extensions.map(|(name, value)| (name.clone(), value.clone()));
        target.extensions.extend(extensions);
        self.merge_limits(target, part);
        self.merge_inner(target, part);
        target.required.extend(part.required.iter().cloned());
        target.all_of.extend(&part.all_of);
        match (&mut target.properties, &part.properties) {
            (Some(_), Some(_)) => self.merge_properties(target, part),
            (properties @ None, later) => properties.clone_from(later),
            (Some(_), None) => {}
        }
    }

    /// What restricts the values themselves.
    fn merge_limits(&mut self, target: &mut Definition, part: &Definition) {
        if !part.types.is_empty() {
            if !target.types.is_empty() && target.types != part.types {
                let said = |kinds: &[Kind]| match kinds {
                    [only] => json!(only.name()),
                    several => several.iter().map(|kind| json!(kind.name())).collect(),
                };
                let (earlier, later) = (said(&target.types), said(&part.types));
                self.disagree("type", Said::Value(earlier), Said::Value(later));
            }
            target.types.clone_from(&part.types);
        }
        self.later(&mut target.format, &part.format, "format", |it| json!(it));
        self.later(&mut target.values, &part.values, "enum", |it| json!(it));
        let number = |it: &serde_json::Number| Value::Number(it.clone());
        self.later(&mut target.minimum, &part.minimum, "minimum", number);
        self.later(&mut target.maximum, &part.maximum, "maximum", number);
        if part.multiple_of.is_some() {
            target.multiple_of.clone_from(&part.multiple_of);
        }
        for (keyword, later) in &part.limits {
            let earlier = target.limits.insert(keyword, later.clone());
            if let Some(earlier) = earlier.filter(|earlier| earlier != later) {
                let (earlier, later) = (Said::Value(earlier), Said::Value(later.clone()));
                self.disagree(keyword, earlier, later);
            }
        }
        let (mine, theirs) = (&mut target.marks, &part.marks);
        let flag = |it: &bool| json!(it);
        self.later(&mut mine.nullable, &theirs.nullable, "nullable", flag);
        self.later(&mut mine.read_only, &theirs.read_only, "readOnly", flag);
        self.later(&mut mine.write_only, &theirs.write_only, "writeOnly", flag);
        self.later(&mut mine.deprecated, &theirs.deprecated, "deprecated", flag);
    }

    /// What describes values in other ways than by properties.
    fn merge_inner(&mut self, target: &mut Definition, part: &Definition) {
        for (earlier, later, keyword) in [
            (&mut target.items, part.items, "items"),
            (&mut target.not, part.not, "not"),
        ] {
            if let (Some(earlier), Some(later)) = (*earlier, later)
                && !self.is_same(earlier, later)
            {
                self.disagree(keyword, Said::Schema(earlier), Said::Schema(later));
            }
            *earlier = later.or(*earlier);
        }
        let is_other = match (target.additional, part.additional) {
            (Some(Additional::Values(a)), Some(Additional::Values(b))) => !self.is_same(a, b),
            (Some(earlier), Some(later)) => earlier != later,
            _ => false,
        };
        if let (true, Some(earlier), Some(later)) = (is_other, target.additional, part.additional) {
            let said = |additional| match additional {
                Additional::Values(id) => Said::Schema(id),
                Additional::Allowed(allowed) => Said::Value(json!(allowed)),
            };
            self.disagree("additionalProperties", said(earlier), said(later));
        }
        target.additional = part.additional.or(target.additional);
        let property = |it: &super::Discriminator| json!({ "propertyName": it.property });
        let (earlier, later) = (&mut target.discriminator, &part.discriminator);
        self.later(earlier, later, "discriminator", property);
        for (earlier, later, keyword) in [
            (&mut target.one_of, &part.one_of, "oneOf"),
            (&mut target.any_of, &part.any_of, "anyOf"),
        ] {
            self.merge_alternatives(earlier, later.as_deref(), keyword);
        }
    }

    /// Each of the one list goes with each of the other.
    fn merge_alternatives(
        &mut self,
        earlier: &mut Option<Vec<SchemaId>>,
        later: Option<&[SchemaId]>,
        keyword: &str,
    ) {
        let Some(later) = later else {
            return;
        };
        let Some(known) = earlier else {
            *earlier = Some(later.to_vec());
            return;
        };
        let mut pairs = known.iter().zip(later);
        if known.len() == later.len() && pairs.all(|(a, b)| self.is_same(*a, *b)) {
            return;
        }
        if known.len().saturating_mul(later.len()) <= MOST_ALTERNATIVES {
            let pairs = known.iter().flat_map(|one| {
                let pair = |other: &SchemaId| self.resolver.both(*one, *other);
                later.iter().map(pair)
            });
            *known = pairs.collect();
            return;
        }
        let count = |list: &[SchemaId]| Said::Value(json!(format!("{} schemas", list.len())));
        let (before, after) = (count(known), count(later));
        self.disagree(keyword, before, after);
        *known = later.to_vec();
    }

    fn merge_properties(&mut self, target: &mut Definition, part: &Definition) {
        let (Some(properties), Some(more)) = (&mut target.properties, &part.properties) else {
            return;
        };
        let at = pointer::join(&self.pointer, "properties");
        let properties = Rc::make_mut(properties);
        for (name, later) in more.iter() {
            let Some(slot) = properties.get_mut(name) else {
                properties.insert(name.clone(), *later);
                continue;
            };
            if let Some(kept) = self.merge_property(*slot, *later, &at, name) {
                *slot = kept;
            }
        }
    }

    /// The schema of a property of which two parts speak; `None` where the earlier
    /// is kept.
    fn merge_property(
        &mut self,
        earlier: SchemaId,
        later: SchemaId,
        at: &str,
        name: &str,
    ) -> Option<SchemaId> {
        if self.is_same(earlier, later) {
            return Some(later);
        }
        let (one, other) = (self.resolver.schema(earlier), self.resolver.schema(later));
        if let (SchemaKind::Definition(mine), SchemaKind::Definition(theirs)) =
            (&one.kind, &other.kind)
        {
            if mine.properties.is_some() && theirs.properties.is_some() {
                let around = std::mem::replace(&mut self.pointer, pointer::join(at, name));
                let mut united = Definition::clone(mine);
                self.merge(&mut united, theirs);
                self.pointer = around;
                return Some(self.resolver.make(&other, united));
            }
            if !self.differ(mine, theirs) {
                return Some(later);
            }
        }
        let kept = if self.is_vague(later) && !self.is_vague(earlier) {
            Kept::Earlier
        } else {
            Kept::Later
        };
        self.found.push(Disagreement {
            pointer: pointer::join(at, name),
            earlier: Said::Schema(earlier),
            later: Said::Schema(later),
            kept,
        });
        (kept == Kept::Later).then_some(later)
    }

    /// Lets `later` win, where it says anything.
    fn later<T: Clone + PartialEq>(
        &mut self,
        earlier: &mut Option<T>,
        later: &Option<T>,
        keyword: &str,
        value: impl Fn(&T) -> Value,
    ) {
        let Some(later) = later else {
            return;
        };
        if let Some(earlier) = earlier.as_ref().filter(|earlier| *earlier != later) {
            let (earlier, later) = (value(earlier), value(later));
            self.disagree(keyword, Said::Value(earlier), Said::Value(later));
        }
        *earlier = Some(later.clone());
    }

    fn disagree(&mut self, keyword: &str, earlier: Said, later: Said) {
        self.found.push(Disagreement {
            pointer: pointer::join(&self.pointer, keyword),
            earlier,
            later,
            kept: Kept::Later,
        });
    }

    fn is_same(&self, a: SchemaId, b: SchemaId) -> bool {
        a == b || self.resolver.schema(a).content == self.resolver.schema(b).content
    }

    /// Whether two definitions differ in more than their words.
    fn differ(&self, a: &Definition, b: &Definition) -> bool {
        let facts = |definition: &Definition| {
            let facts = Definition {
                title: None,
                description: None,
                example: None,
                default: None,
                extensions: Default::default(),
                ..definition.clone()
            };
            let content = |id: SchemaId| Some(self.resolver.schema(id).content);
            super::read_schema::content_text(&facts, &content)
        };
        facts(a) != facts(b)
    }

    /// Whether a schema says nothing of its values but that they are objects or
    /// lists, which may be one of its alternatives; anything, if it does not even
    /// say that.
    fn is_vague(&self, id: SchemaId) -> bool {
        let schema = self.resolver.schema(id);
        let definition = match &schema.kind {
            SchemaKind::Any => return true,
            SchemaKind::Reference(_) | SchemaKind::Missing(_) => return false,
            SchemaKind::Definition(definition) => definition,
        };
        let is_told = definition.additional.is_some()
            || !definition.all_of.is_empty()
            || definition.values.is_some()
            || definition.properties.is_some();
        if is_told || !definition.items.is_none_or(|items| self.is_vague(items)) {
            return false;
        }
        match definition.alternatives() {
            // A word in place of a result is no result.
            Some(alternatives) => alternatives
                .iter()
                .all(|alternative| self.is_vague(*alternative) || self.is_text(*alternative)),
            None => matches!(
                definition.types.as_slice(),
                [] | [Kind::Object] | [Kind::Array]
            ),
        }
    }

    fn is_text(&self, id: SchemaId) -> bool {
        let schema = self.resolver.schema(id);
        matches!(&schema.kind, SchemaKind::Definition(it) if it.types == [Kind::String])
    }
}

impl Disagreement {
    /// The conflict with its schemas as `document` has them.
    pub fn written_out(self, resolver: &Resolver<'_>, document: &Value) -> Conflict {
        let said = |said| match said {
            Said::Value(value) => value,
            Said::Schema(id) => {
                let schema = resolver.schema(id);
                document
                    .pointer(&schema.pointer)
                    .cloned()
                    .unwrap_or_default()
            }
        };
        Conflict {
            pointer: self.pointer,
            earlier: said(self.earlier),
            later: said(self.later),
            kept: self.kept,
        }
    }
}

#[cfg(test)]
mod tests;
