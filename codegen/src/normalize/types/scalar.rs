//! Text, numbers and the values of enums.

use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Number, Value};

use crate::limits::LARGEST_EXACT;
use crate::model::{Format, Integer, Type};
use crate::openapi::Definition;
use crate::type_check::Kind;

/// The values of an enum of strings; `None` for any other schema.
pub(super) fn string_values(schema: &Definition) -> Option<Vec<String>> {
    let values = schema.values.as_ref()?;
    match schema.types.as_slice() {
        [Kind::String] => {}
        [] if values
            .iter()
            .all(|value| value.is_string() || value.is_null()) => {}
        _ => return None,
    }
    let mut seen = HashSet::new();
    let strings = values.iter().filter_map(Value::as_str);
    let strings = strings.filter(|value| seen.insert(*value));
    let strings: Vec<String> = strings.map(str::to_owned).collect();
    (!strings.is_empty()).then_some(strings)
}

/// The type of a text: that of its format, where every example of the document
/// is in that format and there is one.
pub(super) fn string(schema: &Definition) -> Type {
    let format = match schema.format.as_deref() {
        Some("date-time") => Format::DateTime,
        Some("date") => Format::Date,
        Some("uuid") => Format::Uuid,
        Some("ipv4") => Format::Ipv4,
        Some("ipv6") => Format::Ipv6,
        _ => return Type::String,
    };
    let mut values = schema.example.iter().chain(&schema.default).peekable();
    let is_shown = values.peek().is_some();
    if is_shown && values.all(|value| value.as_str().is_some_and(|text| is(format, text))) {
        Type::Formatted(format)
    } else {
        Type::String
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

/// The values of `schema` that its document shows: examples, defaults, those that it
/// lists.
fn shown(schema: &Definition) -> impl Iterator<Item = &Value> {
    let listed = schema.values.iter().flatten();
    schema.example.iter().chain(&schema.default).chain(listed)
}

/// The range of a whole number: by its format, or by the largest value that the
/// document names.
pub(super) fn integer(schema: &Definition) -> Integer {
    let maximum = schema.maximum.clone().map(Value::Number);
    let values: Vec<&Value> = shown(schema).chain(&maximum).collect();
    let exceeds = |value: &Value, limit: f64| value.as_f64().is_some_and(|value| value > limit);
    // The limits as floats are exact, or one above.
    if schema.format.as_deref() == Some("uint64")
        || values.iter().any(|value| {
            exceeds(value, i64::MAX as f64) || value.as_i64().is_none() && value.is_u64()
        })
    {
        return Integer::U64;
    }
    let is_int32 = schema.format.as_deref() == Some("int32");
    if is_int32
        && !values
            .iter()
            .any(|value| exceeds(value, f64::from(i32::MAX)))
    {
        Integer::I32
    } else {
        Integer::I64
    }
}

/// The type of a `number`: a whole one where all values that the document shows are
/// whole, and so is what limits them.
///
/// Of what is received, a fraction would be a failure, so more must speak for whole
/// numbers there: a bound that is not zero, or a `multipleOf`, besides a value.
pub(super) fn number(schema: &Definition, is_received: bool) -> Type {
    if matches!(
        schema.format.as_deref(),
        Some("float" | "double" | "decimal")
    ) {
        return Type::Number;
    }
    let bounds = [&schema.minimum, &schema.maximum, &schema.multiple_of];
    let bounds: Vec<&Number> = bounds.into_iter().flatten().collect();
    let mut values = shown(schema).filter(|value| !value.is_null()).peekable();
    let is_shown = values.peek().is_some();
    let all_whole = values.all(|value| value.as_number().is_some_and(is_whole))
        && bounds.iter().all(|bound| is_whole(bound));
    let is_bounded = bounds.iter().any(|bound| bound.as_f64() != Some(0.0));
    if all_whole && is_shown && (is_bounded || !is_received) {
        Type::Integer(integer(schema))
    } else {
        Type::Number
    }
}

fn is_whole(number: &Number) -> bool {
    let is_whole = |float: f64| float.fract() == 0.0 && float.abs() <= LARGEST_EXACT;
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(is_whole)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(schema: Value) -> Definition {
        let document = json!({ "components": { "schemas": { "root": schema } } });
        let description = crate::openapi::describe_value(&document);
        let resolver = crate::openapi::Resolver::new(&description);
        let root = resolver.resolve(description.components["root"]);
        Definition::clone(&root.expect("a schema"))
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
        assert_eq!(range(json!({ "format": "uint64" })), Integer::U64);
    }

    #[test]
    fn a_number_is_whole_where_all_that_is_shown_of_it_is() {
        let whole = Type::Integer(Integer::I64);
        for (schema, sent, received) in [
            (
                json!({ "default": 20, "minimum": 5, "maximum": 100 }),
                &whole,
                &whole,
            ),
            (json!({ "example": 3600, "minimum": 60 }), &whole, &whole),
            (json!({ "example": 3600.0 }), &whole, &Type::Number),
            (json!({ "enum": [1, 60, null] }), &whole, &Type::Number),
            (json!({ "example": 5, "minimum": 0 }), &whole, &Type::Number),
            (json!({ "minimum": 60 }), &Type::Number, &Type::Number),
            (json!({ "example": 0.5 }), &Type::Number, &Type::Number),
            (
                json!({ "example": 1, "multipleOf": 0.01 }),
                &Type::Number,
                &Type::Number,
            ),
            (
                json!({ "example": 1, "format": "double" }),
                &Type::Number,
                &Type::Number,
            ),
            (json!({}), &Type::Number, &Type::Number),
        ] {
            assert_eq!(number(&map(schema.clone()), false), *sent, "{schema}");
            assert_eq!(number(&map(schema.clone()), true), *received, "{schema}");
        }
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
