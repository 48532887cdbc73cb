//! Whether a value came through a round trip whole.

use std::fmt;

use serde::Serialize;
use serde_json::{Number, Value};

/// How many differences are listed of one value.
const MOST_DIFFERENCES: usize = 20;

/// A place that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The place, as a JSON pointer.
    pub path: String,
    /// What happened to it.
    pub kind: Kind,
}

/// What happened to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It is not there any more.
    Lost,
    /// It has another value.
    Changed,
    /// It was not there before.
    Added,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let happened = match self.kind {
            Kind::Lost => "is lost",
            Kind::Changed => "is changed",
            Kind::Added => "is added",
        };
        match self.path.as_str() {
            "" => write!(f, "the value {happened}"),
            path => write!(f, "{path} {happened}"),
        }
    }
}

/// Where `after` differs from `before`.
///
/// A member that is null counts as absent, numbers are compared by value, and
/// the order of members does not matter.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(before, after, "", &mut found);
    found.truncate(MOST_DIFFERENCES);
    found
}

fn compare(before: &Value, after: &Value, path: &str, found: &mut Vec<Difference>) {
    let mut add = |path: String, kind: Kind| found.push(Difference { path, kind });
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (name, before) in before.iter().filter(|(_, value)| !value.is_null()) {
                let path = codegen::pointer::join(path, name);
                match after.get(name).filter(|value| !value.is_null()) {
                    Some(after) => compare(before, after, &path, found),
                    None => found.push(Difference {
                        path,
                        kind: Kind::Lost,
                    }),
                }
            }
            for (name, _) in after.iter().filter(|(_, value)| !value.is_null()) {
                if before.get(name).is_none_or(Value::is_null) {
                    found.push(Difference {
                        path: codegen::pointer::join(path, name),
                        kind: Kind::Added,
                    });
                }
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for index in 0..before.len().max(after.len()) {
                let at = format!("{path}/{index}");
                match (before.get(index), after.get(index)) {
                    (Some(before), Some(after)) => compare(before, after, &at, found),
                    (Some(_), None) => found.push(Difference {
                        path: at,
                        kind: Kind::Lost,
                    }),
                    (None, _) => found.push(Difference {
                        path: at,
                        kind: Kind::Added,
                    }),
                }
            }
        }
        (Value::Number(before), Value::Number(after)) if is_same_number(before, after) => {}
        _ if before == after => {}
        _ => add(path.to_owned(), Kind::Changed),
    }
}

fn is_same_number(before: &Number, after: &Number) -> bool {
    before == after || (before.is_f64() || after.is_f64()) && before.as_f64() == after.as_f64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(before: Value, after: Value) -> Vec<String> {
        let differences = differences(&before, &after);
        differences.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_counts_as_the_same_is_no_difference() {
        let before = json!({ "a": 1, "b": null, "c": [1.0, { "d": "x" }], "e": 5e3 });
        let after = json!({ "f": null, "e": 5000, "c": [1, { "d": "x" }], "a": 1.0 });
        assert_eq!(found(before, after), [""; 0]);
    }

    #[test]
    fn each_difference_is_named_with_its_place() {
        let before = json!({ "a/b": 1, "c": [1, 2], "d": "1", "e": [null] });
        let after = json!({ "c": [1], "d": 1, "e": [[]], "f": [] });
        assert_eq!(
            found(before, after),
            [
                "/a~1b is lost",
                "/c/1 is lost",
                "/d is changed",
                "/e/0 is changed",
                "/f is added"
            ]
        );
    }

    #[test]
    fn integers_that_no_float_tells_apart_are_different() {
        let before = json!(9_007_199_254_740_993_i64);
        assert_eq!(
            found(before.clone(), json!(9_007_199_254_740_992_i64)).len(),
            1
        );
        assert_eq!(found(before.clone(), before), [""; 0]);
    }
}
