//! Cookies, in the style `form`.

use crate::encode::percent;
use crate::encode::query::pairs;
use crate::encode::value::{Shape, Written};

/// The cookies that `value` becomes under `name`, with `; ` between: exploded,
/// `color=blue; color=black` and `R=100; G=200`, else `color=blue,black`. None for
/// null.
pub(crate) fn text(name: &str, explode: bool, value: &Written) -> Option<String> {
    let joined = |parts: Vec<String>| {
        let mut text = String::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            percent::push_cookie(&mut text, part);
        }
        text
    };
    let pairs: Vec<(String, String)> = match value.shape() {
        Shape::Null => return None,
        Shape::Scalar(text) => vec![(name.to_owned(), joined(vec![text]))],
        Shape::List(items) if explode => {
            let items = items.iter().map(Written::text);
            let items = items.map(|item| (name.to_owned(), joined(vec![item])));
            items.collect()
        }
        Shape::List(items) => {
            let items = items.iter().map(Written::text).collect();
            vec![(name.to_owned(), joined(items))]
        }
        Shape::Object(members) if explode => {
            let members = pairs(members).map(|(key, value)| (key, joined(vec![value])));
            members.collect()
        }
        Shape::Object(members) => {
            let parts = pairs(members).flat_map(|(key, it)| [key, it]).collect();
            vec![(name.to_owned(), joined(parts))]
        }
    };
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    Some(pairs.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::json;

    use super::*;

    fn write(explode: bool, value: impl Serialize) -> Option<String> {
        text("c", explode, &Written::new(&value).unwrap())
    }

    #[test]
    fn scalars_lists_and_objects_are_written() {
        assert_eq!(write(true, "a").unwrap(), "c=a");
        assert_eq!(write(true, 2.0).unwrap(), "c=2");
        assert_eq!(write(true, ["a", "b"]).unwrap(), "c=a; c=b");
        assert_eq!(write(false, ["a", "b"]).unwrap(), "c=a,b");
        assert_eq!(write(true, json!({ "a": 1, "b": null })).unwrap(), "a=1");
        assert_eq!(write(false, json!({ "a": 1 })).unwrap(), "c=a,1");
        assert_eq!(write(true, ()), None);
    }

    #[test]
    fn a_value_stays_within_its_cookie_and_one_that_is_encoded_stays_as_it_is() {
        assert_eq!(
            write(true, "a; b=\"c\",\\").unwrap(),
            "c=a%3B%20b=%22c%22%2C%5C"
        );
        assert_eq!(write(true, "s%3Aab/c+d=").unwrap(), "c=s%3Aab/c+d=");
    }
}
