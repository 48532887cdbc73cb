//! Whether a value came through a round trip whole.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Number, Value};

/// A place that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The place, as a JSON pointer.
    pub path: String,
    /// What happened to it.
    pub kind: Kind,
}

/// What happened to a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It is not there any more.
    Lost,
    /// It has another value.
    Changed,
    /// It was a whole number, and is written as one that need not be: 3600 as 3600.0,
    /// which servers with integers refuse.
    Respelled(Number, Number),
    /// It was not there before.
    Added,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str("the value ")?,
            path => write!(f, "{path} ")?,
        }
        match &self.kind {
            Kind::Lost => f.write_str("is lost"),
            Kind::Changed => f.write_str("is changed"),
            Kind::Respelled(before, after) => write!(f, "is {before}, and is written as {after}"),
            Kind::Added => f.write_str("is added"),
        }
    }
}

/// What null stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Null {
    /// The same as an absent member: so it is in what is received.
    Absent,
    /// A value: so it is in what is sent, where null may delete and absence may keep.
    Value,
}

/// Where `after`, as it is written, differs from `before`. The order of members does not
/// matter.
pub fn differences(before: &Value, after: &Value, null: Null) -> Vec<Difference> {
    let mut comparison = Comparison {
        null,
        found: Vec::new(),
    };
    comparison.compare(before, after, "");
    comparison.found
}

struct Comparison {
    null: Null,
    found: Vec<Difference>,
}

impl Comparison {
    fn add(&mut self, path: String, kind: Kind) {
        self.found.push(Difference { path, kind });
    }

    fn compare(&mut self, before: &Value, after: &Value, path: &str) {
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => self.members(before, after, path),
            (Value::Array(before), Value::Array(after)) => {
                for index in 0..before.len().max(after.len()) {
                    let at = format!("{path}/{index}");
                    match (before.get(index), after.get(index)) {
                        (Some(before), Some(after)) => self.compare(before, after, &at),
                        (Some(_), None) => self.add(at, Kind::Lost),
                        (None, _) => self.add(at, Kind::Added),
                    }
                }
            }
            (Value::Number(before), Value::Number(after)) if is_same_number(before, after) => {
                if after.is_f64() && !before.is_f64() {
                    let kind = Kind::Respelled(before.clone(), after.clone());
                    self.add(path.to_owned(), kind);
                }
            }
            _ if before == after => {}
            _ => self.add(path.to_owned(), Kind::Changed),
        }
    }

    fn members(&mut self, before: &Map<String, Value>, after: &Map<String, Value>, path: &str) {
        let null = self.null;
        let is_there = |value: &&Value| null == Null::Value || !value.is_null();
        for (name, before) in before.iter().filter(|(_, value)| is_there(value)) {
            let path = codegen::pointer::join(path, name);
            match after.get(name).filter(is_there) {
                Some(after) => self.compare(before, after, &path),
                None => self.add(path, Kind::Lost),
            }
        }
        for (name, _) in after.iter().filter(|(_, value)| is_there(value)) {
            if before.get(name).filter(is_there).is_none() {
                self.add(codegen::pointer::join(path, name), Kind::Added);
            }
        }
    }
}

/// Whether two numbers have the same value. Floats do not tell big integers apart.
fn is_same_number(before: &Number, after: &Number) -> bool {
    before == after || (before.is_f64() || after.is_f64()) && before.as_f64() == after.as_f64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(before: Value, after: Value, null: Null) -> Vec<String> {
        let differences = differences(&before, &after, null);
        differences.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_counts_as_the_same_is_no_difference() {
        let before = json!({ "a": 1, "b": null, "c": [1.0, { "d": "x" }], "e": 5e3 });
        let after = json!({ "f": null, "e": 5000, "c": [1, { "d": "x" }], "a": 1 });
        assert_eq!(found(before, after, Null::Absent), [""; 0]);
    }

    #[test]
    fn each_difference_is_named_with_its_place() {
        let before = json!({ "a/b": 1, "c": [1, 2], "d": "1", "e": [null] });
        let after = json!({ "c": [1], "d": 1, "e": [[]], "f": [] });
        assert_eq!(
            found(before, after, Null::Absent),
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
    fn a_whole_number_that_is_written_with_a_point_is_a_difference() {
        let (before, after) = (json!({ "ttl": 3600 }), json!({ "ttl": 3600.0 }));
        assert_eq!(
            found(before.clone(), after.clone(), Null::Absent),
            ["/ttl is 3600, and is written as 3600.0"]
        );
        assert_eq!(found(after, before, Null::Absent), [""; 0]);
    }

    #[test]
    fn null_is_a_value_where_it_is_sent() {
        let (null, absent) = (json!({ "a": null }), json!({}));
        for (before, after, expected) in [
            (&null, &absent, "/a is lost"),
            (&absent, &null, "/a is added"),
        ] {
            let (before, after) = (before.clone(), after.clone());
            assert_eq!(
                found(before.clone(), after.clone(), Null::Value),
                [expected]
            );
            assert_eq!(found(before, after, Null::Absent), [""; 0]);
        }
    }

    #[test]
    fn integers_that_no_float_tells_apart_are_different() {
        let before = json!(9_007_199_254_740_993_i64);
        let after = json!(9_007_199_254_740_992_i64);
        assert_eq!(found(before.clone(), after, Null::Value).len(), 1);
        assert_eq!(found(before.clone(), before, Null::Value), [""; 0]);
    }
}
