//! How a value that may be one of several types is read.

use std::cell::Cell;
use std::cmp::{Ordering, Reverse};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// How many alternatives are tried for each part of a value, those of the unions in
/// it included. A value that needs more is left as it is.
const MOST_TRIED: usize = 1_000;

/// How many unions may lie around each other.
const DEEPEST: usize = 64;

thread_local! {
    static BOUNDS: Cell<Bounds> = const { Cell::new(Bounds { depth: 0, left: 0, budget: 0 }) };
}

/// What may still be done for the outermost union that is read.
#[derive(Clone, Copy)]
struct Bounds {
    /// How many unions lie around the one that is read.
    depth: usize,
    /// How many alternatives may still be tried.
    left: usize,
    /// How many there were to be tried.
    budget: usize,
}

/// The value of a property that tells an alternative from others: a `const`, a value
/// of an `enum`, or an example.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tag {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A whole number beyond [`Integer`](Self::Integer).
    Unsigned(u64),
    /// Any other number.
    Number(f64),
    /// A string.
    Text(&'static str),
}

impl Tag {
    fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(tag), Value::Bool(value)) => tag == value,
            (Self::Text(tag), Value::String(value)) => tag == value,
            (Self::Integer(tag), Value::Number(value)) => {
                value.as_i64() == Some(*tag) || value.as_f64() == Some(*tag as f64)
            }
            (Self::Unsigned(tag), Value::Number(value)) => {
                value.as_u64() == Some(*tag) || value.as_f64() == Some(*tag as f64)
            }
            (Self::Number(tag), Value::Number(value)) => value.as_f64() == Some(*tag),
            _ => false,
        }
    }
}

/// Values of properties, by the name of the property.
type Tags = &'static [(&'static str, &'static [Tag])];

/// What a document says of one alternative of a union.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alternative {
    names: &'static [&'static str],
    tags: Tags,
    examples: Tags,
    required: &'static [&'static str],
    is_twin: bool,
}

impl Alternative {
    /// One of which nothing is said.
    pub const fn new() -> Self {
        Self {
            names: &[],
            tags: &[],
            examples: &[],
            required: &[],
            is_twin: false,
        }
    }

    /// The values of the discriminator that stand for it: those of the mapping, and
    /// the name of its schema.
    #[must_use]
    pub const fn named(mut self, names: &'static [&'static str]) -> Self {
        self.names = names;
        self
    }

    /// Properties that have one of these values if they are there (`const`, `enum`).
    /// A value of which one has another is not this alternative.
    #[must_use]
    pub const fn tags(mut self, tags: Tags) -> Self {
        self.tags = tags;
        self
    }

    /// Properties with their examples. They speak for the alternative where they are
    /// equal, and not against it where they are not.
    #[must_use]
    pub const fn examples(mut self, examples: Tags) -> Self {
        self.examples = examples;
        self
    }

    /// Properties that it requires. A value that lacks one is less likely to be this
    /// alternative.
    #[must_use]
    pub const fn required(mut self, required: &'static [&'static str]) -> Self {
        self.required = required;
        self
    }

    /// Nothing tells it from another alternative with the same properties: a value that
    /// fits both is of neither.
    #[must_use]
    pub const fn twin(mut self) -> Self {
        self.is_twin = true;
        self
    }
}

/// A value, and the best of the alternatives that were offered for it.
///
/// One that loses nothing of the value is better than one that does; of those that
/// are alike in this, the better one has more properties with the values that the
/// document names for it, then loses less, and then lacks fewer that it requires. Of
/// equally good ones the first is taken, unless they are twins or a discriminator should
/// have told them apart: then an object is none of them.
pub struct Choice<T> {
    value: Value,
    /// The property that names the alternative.
    discriminator: Option<&'static str>,
    best: Option<(Rank, T)>,
    /// Whether the best is a twin, and whether another one fits as well.
    is_twin: bool,
    is_tied: bool,
}

/// How good an alternative is; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// The discriminator does not name it.
    is_unnamed: bool,
    loses: bool,
    evidence: Reverse<usize>,
    /// Parts of the value that it has no place for.
    lost: usize,
    /// Properties that it requires and the value lacks.
    missing: usize,
}

impl<T> Choice<T> {
    /// Reads a value of any kind.
    ///
    /// # Errors
    ///
    /// Those of the deserializer.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self {
            value: Value::deserialize(deserializer)?,
            discriminator: None,
            best: None,
            is_twin: false,
            is_tied: false,
        })
    }

    /// Reads a value of which a property names the alternative. Those of other names
    /// are not tried; of a value without the property all are.
    ///
    /// # Errors
    ///
    /// Those of the deserializer.
    pub fn discriminated<'de, D: Deserializer<'de>>(
        deserializer: D,
        property: &'static str,
    ) -> Result<Self, D::Error> {
        Ok(Self {
            discriminator: Some(property),
            ..Self::read(deserializer)?
        })
    }

    /// Tries the alternative `V`.
    pub fn offer<V: DeserializeOwned + Serialize>(
        &mut self,
        wrap: impl FnOnce(V) -> T,
        alternative: Alternative,
    ) {
        let Some(is_unnamed) = self.is_unnamed(alternative.names) else {
            return;
        };
        let value = |name: &str| self.value.get(name);
        let is_one_of = |value: &Value, tags: &[Tag]| tags.iter().any(|tag| tag.is(value));
        let is_other = |(name, tags): &(&str, &[Tag])| {
            value(name).is_some_and(|value| !is_one_of(value, tags))
        };
        let is_named = self.best.as_ref().is_some_and(|(best, _)| !best.is_unnamed);
        let is_hopeless = is_unnamed && is_named;
        if is_hopeless || self.is_settled() || alternative.tags.iter().any(is_other) {
            return;
        }
        let known = alternative.tags.iter().chain(alternative.examples);
        let evidence = known
            .filter(|(name, tags)| value(name).is_some_and(|value| is_one_of(value, tags)))
            .count();
        // Whether an example of it says that the value is of another.
        let is_doubtful = alternative.examples.iter().any(is_other);
        let is_twin = alternative.is_twin || is_doubtful;
        let required = alternative.required.iter();
        let missing = required.filter(|name| value(name).is_none()).count();
        let Some((decoded, encoded)) = within_bounds(&self.value, || {
            let decoded = V::deserialize(&self.value).ok()?;
            let encoded = serde_json::to_value(&decoded).ok()?;
            Some((decoded, encoded))
        }) else {
            return;
        };
        let lost = lost(&self.value, &encoded);
        // An object of which nothing is known is no match.
        let is_foreign = lost > 0 && encoded.as_object().is_some_and(serde_json::Map::is_empty);
        if is_foreign && is_unnamed {
            return;
        }
        let rank = Rank {
            is_unnamed,
            loses: lost > 0 || missing > 0,
            evidence: Reverse(evidence),
            lost,
            missing,
        };
        match self.best.as_ref().map(|(best, _)| rank.cmp(best)) {
            None | Some(Ordering::Less) => {
                self.best = Some((rank, wrap(decoded)));
                self.is_twin = is_twin;
                self.is_tied = false;
            }
            Some(Ordering::Equal) => {
                let are_twins = self.is_twin && is_twin;
                self.is_tied |= are_twins || self.discriminator.is_some();
            }
            Some(Ordering::Greater) => {}
        }
    }

    /// Whether the discriminator leaves open that an alternative with these names is
    /// meant; `None` if it names another.
    fn is_unnamed(&self, names: &[&str]) -> Option<bool> {
        let property = self.discriminator.unwrap_or_default();
        match self.value.get(property).and_then(Value::as_str) {
            Some(name) if names.contains(&name) => Some(false),
            Some(_) if self.discriminator.is_some() && !names.is_empty() => None,
            _ => Some(true),
        }
    }

    /// Whether no other alternative needs to be tried.
    fn is_settled(&self) -> bool {
        let fits = matches!(&self.best, Some((best, _)) if !best.loses);
        let Bounds { left, budget, .. } = BOUNDS.get();
        // Of values in values there may be too many to see who else fits.
        fits && (!self.value.is_object() || left < budget / 2)
    }

    /// The best alternative, or the value as it is.
    pub fn or_unknown(self, unknown: impl FnOnce(Value) -> T) -> T {
        match self.best {
            Some((_, best)) if !(self.is_tied && self.value.is_object()) => best,
            _ => unknown(self.value),
        }
    }
}

/// Runs `attempt` unless too many were made for the value around, or it lies too
/// deep.
fn within_bounds<R>(value: &Value, attempt: impl FnOnce() -> Option<R>) -> Option<R> {
    let mut bounds = BOUNDS.get();
    let depth = bounds.depth;
    if depth == 0 {
        bounds.budget = parts(value).saturating_mul(MOST_TRIED);
        bounds.left = bounds.budget;
    }
    if depth == DEEPEST || bounds.left == 0 {
        return None;
    }
    BOUNDS.set(Bounds {
        depth: depth + 1,
        left: bounds.left - 1,
        ..bounds
    });
    let result = attempt();
    BOUNDS.set(Bounds {
        depth,
        ..BOUNDS.get()
    });
    result
}

/// How many values a value is made of, itself included.
fn parts(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(parts).sum(),
        Value::Object(members) => members.values().map(parts).sum(),
        _ => 0,
    }
}

/// How many parts of `value` are not in `kept`. Null is nothing to lose, and
/// numbers are compared by value.
fn lost(value: &Value, kept: &Value) -> usize {
    match (value, kept) {
        (Value::Null, _) => 0,
        (Value::Object(members), Value::Object(kept)) => members
            .iter()
            .map(|(name, member)| lost(member, kept.get(name).unwrap_or(&Value::Null)))
            .sum(),
        (Value::Array(items), Value::Array(kept)) if items.len() == kept.len() => {
            let pairs = items.iter().zip(kept);
            pairs.map(|(item, kept)| lost(item, kept)).sum()
        }
        (Value::Number(number), Value::Number(kept)) => {
            usize::from(number != kept && number.as_f64() != kept.as_f64())
        }
        (value, kept) => usize::from(value != kept),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Named {
        #[serde(skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sized {
        #[serde(skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<f64>,
    }

    #[derive(Debug, PartialEq, Serialize)]
    #[serde(untagged)]
    enum Part {
        Named(Named),
        Sized(Sized),
        List(Vec<Part>),
        Unknown(Value),
    }

    impl<'de> Deserialize<'de> for Part {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let mut choice = Choice::read(deserializer)?;
            const NAMED: Alternative = Alternative::new()
                .tags(&[("kind", &[Tag::Text("name")])])
                .required(&["name"]);
            const SIZED: Alternative = Alternative::new().tags(&[("kind", &[Tag::Text("size")])]);
            choice.offer(Self::Named, NAMED);
            choice.offer(Self::Sized, SIZED);
            choice.offer(Self::List, Alternative::new());
            Ok(choice.or_unknown(Self::Unknown))
        }
    }

    fn read(value: Value) -> Part {
        serde_json::from_str(&value.to_string()).unwrap()
    }

    #[test]
    fn the_alternative_that_keeps_all_of_a_value_is_chosen() {
        assert!(matches!(read(json!({ "name": "a" })), Part::Named(_)));
        assert!(matches!(read(json!({ "size": 1 })), Part::Sized(_)));
        assert!(matches!(
            read(json!({ "size": 1, "new": true })),
            Part::Sized(_)
        ));
        assert!(matches!(read(json!([{ "size": 1 }])), Part::List(_)));
    }

    #[test]
    fn a_property_that_is_required_speaks_for_the_others_where_it_is_missing() {
        assert!(matches!(read(json!({})), Part::Sized(_)));
    }

    #[test]
    fn a_tag_decides_and_a_new_one_is_unknown() {
        assert!(matches!(
            read(json!({ "kind": "size", "name": "a" })),
            Part::Sized(_)
        ));
        let new = json!({ "kind": "new", "name": "a" });
        assert_eq!(read(new.clone()), Part::Unknown(new));
    }

    #[test]
    fn what_no_alternative_knows_is_kept_as_it_is() {
        for value in [json!(1), json!("a"), json!(null), json!({ "new": 1 })] {
            assert_eq!(read(value.clone()), Part::Unknown(value));
        }
    }

    #[test]
    fn a_long_list_is_read_to_its_end() {
        let list: Vec<Value> = (0..5_000).map(|size| json!({ "size": size })).collect();
        let Part::List(parts) = read(json!(list)) else {
            panic!("no list");
        };
        assert!(matches!(parts.last(), Some(Part::Sized(_))));
    }

    /// A union that is one of its own alternatives.
    #[derive(Debug, PartialEq, Serialize)]
    #[serde(untagged)]
    enum Endless {
        Itself(Box<Endless>),
        Unknown(Value),
    }

    impl<'de> Deserialize<'de> for Endless {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let mut choice = Choice::read(deserializer)?;
            let wrap = |value| Self::Itself(Box::new(value));
            choice.offer(wrap, Alternative::new());
            Ok(choice.or_unknown(Self::Unknown))
        }
    }

    #[test]
    fn a_union_in_itself_ends() {
        let read: Endless = serde_json::from_str("true").unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), json!(true));
    }

    #[test]
    fn unions_in_unions_end() {
        let mut value = json!({ "new": 1 });
        for _ in 0..100 {
            value = json!([value, { "new": 1 }]);
        }
        let text = value.to_string();
        let read: Part = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), value);
        assert_eq!(BOUNDS.get().depth, 0);
    }

    /// What all three alternatives of [`App`] have.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Fields {
        #[serde(skip_serializing_if = "Option::is_none")]
        domain: Option<String>,
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        kind: Option<Value>,
    }

    #[derive(Debug, PartialEq)]
    enum App {
        Web(Fields),
        Shell(Fields),
        Plain(Fields),
        Unknown(Value),
    }

    fn app(value: Value, alternatives: [Alternative; 3]) -> App {
        offered(Choice::read(value).unwrap(), alternatives)
    }

    fn offered(mut choice: Choice<App>, alternatives: [Alternative; 3]) -> App {
        let [web, shell, plain] = alternatives;
        choice.offer(App::Web, web);
        choice.offer(App::Shell, shell);
        choice.offer(App::Plain, plain);
        choice.or_unknown(App::Unknown)
    }

    const WEB: Alternative = Alternative::new().examples(&[("type", &[Tag::Text("web")])]);
    const SHELL: Alternative = Alternative::new().examples(&[("type", &[Tag::Text("shell")])]);

    #[test]
    fn an_example_that_equals_the_value_decides() {
        let app = |kind: &str| {
            let value = json!({ "domain": "d", "type": kind });
            super::tests::app(
                value,
                [WEB, SHELL, Alternative::new()].map(Alternative::twin),
            )
        };
        assert!(matches!(app("web"), App::Web(_)));
        assert!(matches!(app("shell"), App::Shell(_)));
        assert!(matches!(app("other"), App::Unknown(_)));
    }

    #[test]
    fn an_object_that_twins_fit_equally_is_left_as_it_is() {
        let value = json!({ "domain": "d" });
        let none = Alternative::new();
        assert!(matches!(app(value.clone(), [none; 3]), App::Web(_)));
        let twins = [none.twin(); 3];
        assert_eq!(app(value.clone(), twins), App::Unknown(value.clone()));
        assert!(matches!(
            app(value.clone(), [none, none.twin(), none]),
            App::Web(_)
        ));
        let required = none.required(&["type"]);
        assert!(matches!(
            app(value, [required, none, required]),
            App::Shell(_)
        ));
    }

    #[test]
    fn a_tag_of_any_type_decides() {
        for (tag, other, value) in [
            (Tag::Integer(1), Tag::Integer(2), json!(1)),
            (Tag::Integer(1), Tag::Integer(2), json!(1.0)),
            (Tag::Unsigned(u64::MAX), Tag::Integer(-1), json!(u64::MAX)),
            (Tag::Number(0.5), Tag::Number(1.5), json!(0.5)),
            (Tag::Bool(true), Tag::Bool(false), json!(true)),
            (Tag::Null, Tag::Text("null"), json!(null)),
            (Tag::Text("1"), Tag::Integer(1), json!("1")),
        ] {
            let tags = |tag| Alternative::new().tags(vec![("type", &*vec![tag].leak())].leak());
            let value = json!({ "domain": "d", "type": value });
            let read = app(value.clone(), [tags(other), tags(tag), tags(other)]);
            assert!(matches!(read, App::Shell(_)), "{value}: {read:?}");
            let none = app(value.clone(), [tags(other); 3]);
            assert_eq!(none, App::Unknown(value));
        }
    }

    #[test]
    fn a_discriminator_names_the_alternative_whatever_that_loses() {
        let named = [&["web", "Web"][..], &["Shell"], &["Plain"]];
        let named = named.map(|names| Alternative::new().named(names));
        let read = |value: Value| {
            let choice = Choice::discriminated(value, "type").unwrap();
            offered(choice, named)
        };
        let new = |kind: &str| json!({ "type": kind, "new": [1] });
        assert!(matches!(read(new("web")), App::Web(_)));
        assert!(matches!(read(new("Web")), App::Web(_)));
        assert!(matches!(read(new("Plain")), App::Plain(_)));
        assert_eq!(read(new("Other")), App::Unknown(new("Other")));
        let without = json!({ "domain": "d" });
        assert_eq!(read(without.clone()), App::Unknown(without));
    }

    /// A union of which each alternative holds another.
    #[derive(Debug, PartialEq, Serialize)]
    #[serde(untagged)]
    enum Deep {
        One(Box<Holder>),
        Two(Box<Holder>),
        Unknown(Value),
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        #[serde(skip_serializing_if = "Option::is_none")]
        child: Option<Deep>,
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<u8>,
    }

    impl<'de> Deserialize<'de> for Deep {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let mut choice = Choice::read(deserializer)?;
            choice.offer(Self::One, Alternative::new().required(&["size"]));
            choice.offer(Self::Two, Alternative::new());
            Ok(choice.or_unknown(Self::Unknown))
        }
    }

    #[test]
    fn unions_in_each_alternative_of_unions_end() {
        let mut value = json!({ "size": 1 });
        for _ in 0..40 {
            value = json!({ "child": value, "size": 1 });
        }
        let start = std::time::Instant::now();
        let read: Deep = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), value);
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }
}
