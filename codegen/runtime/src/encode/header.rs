//! Headers, in the style `simple`.

use crate::encode::query::pairs;
use crate::encode::value::{Shape, Written};

/// The text of a header: `blue,black`; of an object `R,100,G,200` or, exploded,
/// `R=100,G=200`. None for null.
pub(crate) fn text(explode: bool, value: &Written) -> Option<String> {
    let parts: Vec<String> = match value.shape() {
        Shape::Null => return None,
        Shape::Scalar(text) => return Some(text),
        Shape::List(items) => items.iter().map(Written::text).collect(),
        Shape::Object(members) if explode => {
            let pairs = pairs(members).map(|(key, value)| format!("{key}={value}"));
            pairs.collect()
        }
        Shape::Object(members) => pairs(members).flat_map(|(key, it)| [key, it]).collect(),
    };
    Some(parts.join(","))
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::json;

    use super::*;

    fn write(explode: bool, value: impl Serialize) -> Option<String> {
        text(explode, &Written::new(&value).unwrap())
    }

    #[test]
    fn lists_and_objects_are_separated_by_commas() {
        for explode in [false, true] {
            assert_eq!(write(explode, ["a", "b c"]).unwrap(), "a,b c");
            assert_eq!(write(explode, "a b").unwrap(), "a b");
            assert_eq!(write(explode, 5.0).unwrap(), "5");
            assert_eq!(write(explode, true).unwrap(), "true");
            assert_eq!(write(explode, ()), None);
        }
        let object = json!({ "a": 1, "b": "z", "c": null });
        assert_eq!(write(false, &object).unwrap(), "a,1,b,z");
        assert_eq!(write(true, &object).unwrap(), "a=1,b=z");
    }
}
