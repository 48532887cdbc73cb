//! Text, numbers and the values of enums.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Map, Value};

use crate::model::{Format, Integer, Type};

/// The values of an enum of strings; `None` for any other schema.
pub(super) fn string_values(schema: &Map<String, Value>) -> Option<Vec<String>> {
    let values = schema.get("enum")?.as_array()?;
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => {}
        None if values
            .iter()
            .all(|value| value.is_string() || value.is_null()) => {}
        _ => return None,
    }
    let mut strings: Vec<String> = Vec::with_capacity(values.len());
    for value in values.iter().filter_map(Value::as_str) {
        if !strings.iter().any(|known| known == value) {
            strings.push(value.to_owned());
        }
    }
    (!strings.is_empty()).then_some(strings)
}

/// The `type` of a schema, or the one that its other keywords imply.
pub(super) fn type_word(schema: &Map<String, Value>) -> Option<&str> {
    let implied = || match () {
        () if schema.contains_key("properties") => Some("object"),
        () if schema.contains_key("items") => Some("array"),
        () => None,
    };
    schema.get("type").and_then(Value::as_str).or_else(implied)
}

/// The type of a text: that of its format, where every example of the document
/// is in that format and there is one.
pub(super) fn string(schema: &Map<String, Value>) -> Type {
    let format = schema.get("format").and_then(Value::as_str);
    let format = match format {
        Some("date-time") => Format::DateTime,
        Some("date") => Format::Date,
        Some("uuid") => Format::Uuid,
        Some("ipv4") => Format::Ipv4,
        Some("ipv6") => Format::Ipv6,
        _ => return Type::String,
    };
    let values = ["example", "default"]
        .into_iter()
        .filter_map(|keyword| schema.get(keyword));
    let mut values = values.peekable();
    let is_shown = values.peek().is_some();
    match is_shown && values.all(|value| value.as_str().is_some_and(|text| is(format, text))) {
        true => Type::Formatted(format),
        false => Type::String,
    }
}

/// Whether `text` is in `format`, as the emitted crate reads it.
fn is(format: Format, text: &str) -> bool {
    match format {
        Format::DateTime => text.parse::<jiff::Timestamp>().is_ok(),
        Format::Date => text.parse::<jiff::civil::Date>().is_ok(),
        Format::Uuid => text.parse::<uuid::Uuid>().is_ok(),
        Format::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
        Format::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
    }
}

/// The range of a whole number: by its format, or by the largest value that the
/// document names.
pub(super) fn integer(schema: &Map<String, Value>) -> Integer {
    let named = ["maximum", "example", "default"]
        .into_iter()
        .filter_map(|keyword| schema.get(keyword));
    let listed = schema.get("enum").and_then(Value::as_array);
    let exceeds = |value: &Value, limit: f64| value.as_f64().is_some_and(|value| value > limit);
    let values: Vec<&Value> = named.chain(listed.into_iter().flatten()).collect();
    // The limits as floats are exact, or one above.
    if values
        .iter()
        .any(|value| exceeds(value, i64::MAX as f64) || value.as_i64().is_none() && value.is_u64())
    {
        return Integer::U64;
    }
    let is_int32 = schema.get("format").and_then(Value::as_str) == Some("int32");
    match is_int32
        && !values
            .iter()
            .any(|value| exceeds(value, f64::from(i32::MAX)))
    {
        true => Integer::I32,
        false => Integer::I64,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(schema: Value) -> Map<String, Value> {
        schema.as_object().expect("an object").clone()
    }

    #[test]
    fn a_format_counts_where_the_examples_are_in_it() {
        let dated = |example: Value| {
            string(&map(
                json!({ "type": "string", "format": "date-time", "example": example }),
            ))
        };
        let date_time = Type::Formatted(Format::DateTime);
        assert_eq!(dated(json!("2014-01-01T05:20:00.12345Z")), date_time);
        assert_eq!(dated(json!("2014-01-01T05:20:00+01:00")), date_time);
        assert_eq!(dated(json!("yesterday")), Type::String);
        let bare = map(json!({ "type": "string", "format": "date-time" }));
        assert_eq!(string(&bare), Type::String);
        let uuid =
            map(json!({ "format": "uuid", "example": "f174e90a-fafe-4643-bbbc-4a0ed4fc8415" }));
        assert_eq!(string(&uuid), Type::Formatted(Format::Uuid));
        let zone = map(json!({ "format": "uuid", "example": "023e105f4ecef8ad9ca31a8372d0c353!" }));
        assert_eq!(string(&zone), Type::String);
    }

    #[test]
    fn a_number_is_as_wide_as_the_largest_that_the_document_names() {
        let range = |schema: Value| integer(&map(schema));
        assert_eq!(range(json!({})), Integer::I64);
        assert_eq!(range(json!({ "format": "int32" })), Integer::I32);
        assert_eq!(
            range(json!({ "format": "int32", "example": 3_000_000_000_u64 })),
            Integer::I64
        );
        assert_eq!(range(json!({ "maximum": u64::MAX })), Integer::U64);
        assert_eq!(range(json!({ "maximum": i64::MAX })), Integer::I64);
    }

    #[test]
    fn an_enum_without_a_type_is_one_of_strings_where_all_are() {
        assert_eq!(
            string_values(&map(json!({ "enum": ["a", "a", null] }))),
            Some(vec!["a".to_owned()])
        );
        assert_eq!(string_values(&map(json!({ "enum": ["a", 1] }))), None);
        assert_eq!(
            string_values(&map(json!({ "type": "integer", "enum": [1] }))),
            None
        );
    }
}
