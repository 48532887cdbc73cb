//! Query parameters, in the styles of OpenAPI 3.0.3 ("Style Values").

use serde::Serialize;
use serde_json::Value;

/// How a list or an object is written into a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryStyle {
    /// `a=1&a=2`; an object's members become parameters of their own.
    Form,
    /// `a=1,2`.
    FormJoined,
    /// `a=1 2`.
    Space,
    /// `a=1|2`.
    Pipe,
    /// `a[b]=1`.
    DeepObject,
    /// `a={"b":1}`.
    Json,
}

/// The parameters that `value` becomes under `name`; none for null.
///
/// # Errors
///
/// A value that JSON cannot say, such as a map whose keys are no strings.
pub fn pairs(
    name: &str,
    style: QueryStyle,
    value: &(impl Serialize + ?Sized),
) -> Result<Vec<(String, String)>, serde_json::Error> {
    Ok(match (serde_json::to_value(value)?, style) {
        (Value::Null, _) => Vec::new(),
        (value, QueryStyle::Json) => vec![(name.to_owned(), value.to_string())],
        (Value::Array(items), QueryStyle::Form | QueryStyle::DeepObject) => items
            .iter()
            .map(|item| (name.to_owned(), plain(item)))
            .collect(),
        (Value::Array(items), _) => {
            let items: Vec<_> = items.iter().map(plain).collect();
            vec![(name.to_owned(), items.join(separator(style)))]
        }
        (Value::Object(members), QueryStyle::Form) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), plain(value)))
            .collect(),
        (Value::Object(members), QueryStyle::DeepObject) => {
            let mut pairs = Vec::new();
            for (key, value) in &members {
                deep(&format!("{name}[{key}]"), value, &mut pairs);
            }
            pairs
        }
        (Value::Object(members), _) => {
            let parts: Vec<_> = members
                .iter()
                .flat_map(|(key, value)| [key.clone(), plain(value)])
                .collect();
            vec![(name.to_owned(), parts.join(separator(style)))]
        }
        (scalar, _) => vec![(name.to_owned(), plain(&scalar))],
    })
}

/// Pairs as they stand in a URL or a form.
pub(super) fn written(pairs: &[(String, String)]) -> String {
    // Only the query of this URL is looked at.
    let url = reqwest::Url::parse("http://localhost").map(|mut url| {
        url.query_pairs_mut().extend_pairs(pairs);
        url
    });
    let written = url.ok().and_then(|url| url.query().map(str::to_owned));
    written.unwrap_or_default()
}

fn separator(style: QueryStyle) -> &'static str {
    match style {
        QueryStyle::Space => " ",
        QueryStyle::Pipe => "|",
        _ => ",",
    }
}

fn deep(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (key, value) in members {
                deep(&format!("{name}[{key}]"), value, pairs);
            }
        }
        Value::Array(items) => {
            for item in items {
                deep(name, item, pairs);
            }
        }
        scalar => pairs.push((name.to_owned(), plain(scalar))),
    }
}

/// A value as text, the items of a list separated by commas.
pub(super) fn joined(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => plain(other),
    }
}

/// A value as text: strings without quotes, the rest as JSON.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(style: QueryStyle, value: Value) -> String {
        let pairs = pairs("q", style, &value).unwrap();
        let pairs: Vec<_> = pairs.iter().map(|(k, v)| format!("{k}={v}")).collect();
        pairs.join("&")
    }

    #[test]
    fn lists_are_written_in_each_style() {
        let list = json!(["a", 1]);
        assert_eq!(written(QueryStyle::Form, list.clone()), "q=a&q=1");
        assert_eq!(written(QueryStyle::FormJoined, list.clone()), "q=a,1");
        assert_eq!(written(QueryStyle::Space, list.clone()), "q=a 1");
        assert_eq!(written(QueryStyle::Pipe, list), "q=a|1");
    }

    #[test]
    fn objects_are_written_in_each_style() {
        let object = json!({ "a": 1, "b": { "c": true }, "d": null });
        assert_eq!(
            written(QueryStyle::DeepObject, object),
            "q[a]=1&q[b][c]=true"
        );
        assert_eq!(
            written(QueryStyle::Form, json!({ "a": 1, "d": null })),
            "a=1"
        );
        assert_eq!(written(QueryStyle::FormJoined, json!({ "a": 1 })), "q=a,1");
        assert_eq!(written(QueryStyle::Json, json!({ "a": 1 })), r#"q={"a":1}"#);
    }

    #[test]
    fn the_items_of_a_header_are_separated_by_commas() {
        assert_eq!(joined(&json!(["a", 1])), "a,1");
        assert_eq!(joined(&json!("a b")), "a b");
    }

    #[test]
    fn null_is_no_parameter() {
        assert_eq!(written(QueryStyle::Form, Value::Null), "");
    }
}
