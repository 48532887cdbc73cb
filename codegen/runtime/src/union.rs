//! How a value that may be one of several types is read.

use std::cell::Cell;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// How many alternatives are tried for each part of a value, those of the unions in
/// it included. A value that needs more is left as it is.
const MOST_TRIED: usize = 1_000;

/// How many unions may lie around each other.
const DEEPEST: usize = 64;

thread_local! {
    /// How many unions lie around the one that is read, and how many alternatives
    /// may still be tried for the outermost.
    static BOUNDS: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// A value, and the best of the alternatives that were offered for it: one that
/// loses nothing of the value if there is one, else the one that loses least.
pub(crate) struct Choice<T> {
    value: Value,
    best: Option<(Loss, T)>,
}

/// What an alternative does not keep: parts of the value that it has no place for,
/// then properties that it requires and the value lacks.
type Loss = (usize, usize);

impl<T> Choice<T> {
    /// Reads a value of any kind.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(Self { value, best: None })
    }

    /// Tries the alternative `V`. It is none for a value of which a property in
    /// `tags` has another value than those beside it, and less likely for one that
    /// lacks a property that is `required`.
    pub fn offer<V: DeserializeOwned + Serialize>(
        &mut self,
        wrap: impl FnOnce(V) -> T,
        tags: &[(&str, &[&str])],
        required: &[&str],
    ) {
        let is_other = |(name, values): &(&str, &[&str])| {
            let value = self.value.get(name).and_then(Value::as_str);
            value.is_some_and(|value| !values.contains(&value))
        };
        let is_settled = matches!(self.best, Some(((0, 0), _)));
        if is_settled || tags.iter().any(is_other) {
            return;
        }
        let missing = required
            .iter()
            .filter(|name| self.value.get(name).is_none())
            .count();
        let Some((decoded, encoded)) = within_bounds(&self.value, || {
            let decoded = V::deserialize(&self.value).ok()?;
            let encoded = serde_json::to_value(&decoded).ok()?;
            Some((decoded, encoded))
        }) else {
            return;
        };
        let loss = (lost(&self.value, &encoded), missing);
        // An object of which nothing is known is no match.
        let is_foreign = loss.0 > 0 && encoded.as_object().is_some_and(serde_json::Map::is_empty);
        let is_better = self.best.as_ref().is_none_or(|(best, _)| loss < *best);
        if !is_foreign && is_better {
            self.best = Some((loss, wrap(decoded)));
        }
    }

    /// The best alternative, or the value as it is.
    pub fn or_unknown(self, unknown: impl FnOnce(Value) -> T) -> T {
        match self.best {
            Some((_, best)) => best,
            None => unknown(self.value),
        }
    }
}

/// Runs `attempt` unless too many were made for the value around, or it lies too
/// deep.
fn within_bounds<R>(value: &Value, attempt: impl FnOnce() -> Option<R>) -> Option<R> {
    let (depth, left) = BOUNDS.get();
    let left = match depth {
        0 => parts(value).saturating_mul(MOST_TRIED),
        _ => left,
    };
    if depth == DEEPEST || left == 0 {
        return None;
    }
    BOUNDS.set((depth + 1, left - 1));
    let result = attempt();
    let (_, left) = BOUNDS.get();
    BOUNDS.set((depth, left));
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
            choice.offer(Self::Named, &[("kind", &["name"])], &["name"]);
            choice.offer(Self::Sized, &[("kind", &["size"])], &[]);
            choice.offer(Self::List, &[], &[]);
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
            choice.offer(|value| Self::Itself(Box::new(value)), &[], &[]);
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
        assert_eq!(BOUNDS.get().0, 0);
    }
}
