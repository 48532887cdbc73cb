use serde_json::{Map, json};

use super::*;
use crate::openapi::{Description, Resolver, describe_value};

/// A document whose components are `schemas`.
fn described(schemas: Value) -> Description {
    describe_value(&json!({ "components": { "schemas": schemas } }))
}

/// The mismatches of `value` by the schema `root` among `schemas`.
fn found_in(schemas: Value, value: &Value) -> Vec<TypeMismatch> {
    let description = described(schemas);
    let resolver = Resolver::new(&description);
    mismatches(&resolver, description.components["root"], value)
}

fn mismatches_in(schema: &Value, value: &Value) -> Vec<String> {
    let found = found_in(json!({ "root": schema }), value);
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn each_mismatch_is_named_with_its_place() {
    let schema = json!({ "type": "object", "properties": {
        "id": { "type": "string" },
        "tags": { "type": "array", "items": { "type": "string" } },
        "a/b": { "type": "object", "additionalProperties": { "type": "boolean" } }
    } });
    let value = json!({ "id": 5, "tags": ["a", 1], "a/b": { "x": "yes" }, "more": 1 });
    assert_eq!(
        mismatches_in(&schema, &value),
        [
            "/id: expected a string, found an integer",
            "/tags/1: expected a string, found an integer",
            "/a~1b/x: expected a boolean, found a string",
        ]
    );
}

#[test]
fn what_is_read_tolerantly_is_no_mismatch() {
    let schema = json!({
        "type": "object",
        "required": ["gone"],
        "properties": {
            "short": { "type": "string", "maxLength": 1, "pattern": "^a$", "format": "uuid" },
            "listed": { "type": "string", "enum": ["a"] },
            "count": { "type": "number", "maximum": 1 }
        }
    });
    let value = json!({ "short": "long", "listed": null, "count": 7 });
    assert_eq!(mismatches_in(&schema, &value), [""; 0]);
}

#[test]
fn a_float_is_no_integer_but_an_integer_is_a_number() {
    assert_eq!(
        mismatches_in(&json!({ "type": "number" }), &json!(5)),
        [""; 0]
    );
    assert_eq!(
        mismatches_in(&json!({ "type": "integer" }), &json!(5.0)),
        ["expected an integer, found a number"]
    );
}

#[test]
fn a_value_of_no_alternatives_kind_is_named_with_all_kinds() {
    let schema = json!({ "oneOf": [{ "type": "object" }, { "type": "string" }] });
    assert_eq!(
        mismatches_in(&schema, &json!([1])),
        ["expected an object or a string, found an array"]
    );
    assert_eq!(mismatches_in(&schema, &json!("a")), [""; 0]);
}

#[test]
fn among_alternatives_the_one_with_the_fewest_mismatches_counts() {
    let schema = json!({ "anyOf": [
        { "type": "object", "properties": { "a": { "type": "array" }, "b": { "type": "array" } } },
        { "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "array" } } }
    ] });
    assert_eq!(
        mismatches_in(&schema, &json!({ "a": "x", "b": "y" })),
        ["/b: expected an array, found a string"]
    );
}

#[test]
fn the_later_part_of_an_all_of_wins() {
    let schemas = json!({
        "envelope": { "properties": {
            "success": { "type": "boolean" },
            "result": { "anyOf": [{ "type": "object" }, { "type": "string" }] }
        } },
        "root": { "allOf": [
            { "$ref": "#/components/schemas/envelope" },
            { "properties": { "result": { "type": "array", "items": { "type": "integer" } } } }
        ] }
    });
    let fitting = json!({ "success": true, "result": [1] });
    assert_eq!(found_in(schemas.clone(), &fitting), []);
    let found = found_in(schemas, &json!({ "success": 1, "result": ["a"] }));
    let paths: Vec<_> = found
        .iter()
        .map(|mismatch| mismatch.path.as_str())
        .collect();
    assert_eq!(paths, ["/success", "/result/0"]);
}

#[test]
fn what_never_arrives_at_a_type_is_fitted_by_everything() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    for root in [
        reference("a"),
        reference("nowhere"),
        json!(true),
        json!({ "type": 5 }),
    ] {
        let schemas = json!({
            "a": reference("b"),
            "b": { "allOf": [reference("a")], "oneOf": [reference("b"), reference("a")] },
            "root": root
        });
        assert_eq!(found_in(schemas, &json!({ "x": [1] })), []);
    }
}

#[test]
fn alternatives_that_double_at_each_level_end() {
    let mut schemas = Map::new();
    for level in 0..60 {
        let next = json!({ "$ref": format!("#/components/schemas/{}", level + 1) });
        schemas.insert(level.to_string(), json!({ "oneOf": [next, next] }));
    }
    schemas.insert("60".to_owned(), json!({ "type": "object" }));
    schemas.insert(
        "root".to_owned(),
        json!({ "$ref": "#/components/schemas/0" }),
    );
    found_in(Value::Object(schemas), &json!("text"));
}

#[test]
fn the_kinds_of_a_schema_are_those_of_its_parts_and_alternatives() {
    let kinds_of = |root: Value| {
        let description = described(json!({ "id": { "type": "string" }, "root": root }));
        kinds(&Resolver::new(&description), description.components["root"])
    };
    let id = json!({ "$ref": "#/components/schemas/id" });
    assert_eq!(
        kinds_of(json!({ "allOf": [{ "oneOf": [id, { "type": "integer" }] }] })),
        [Kind::Integer, Kind::String]
    );
    assert_eq!(kinds_of(json!({ "oneOf": [{}, { "type": "string" }] })), []);
    let itself = json!({ "$ref": "#/components/schemas/root" });
    assert_eq!(
        kinds_of(json!({ "oneOf": [{ "type": "string" }, { "type": "array" }, itself] })),
        [Kind::String, Kind::Array]
    );
}

#[test]
fn values_that_mean_the_same_are_converted() {
    for (value, kind, converted) in [
        (json!("5"), Kind::Integer, Some(json!(5))),
        (json!("5.5"), Kind::Number, Some(json!(5.5))),
        (json!("5.5"), Kind::Integer, None),
        (json!(5), Kind::String, Some(json!("5"))),
        (json!(5.0), Kind::Integer, Some(json!(5))),
        (json!(5.5), Kind::Integer, None),
        (json!("True"), Kind::Boolean, Some(json!(true))),
        (json!(true), Kind::String, Some(json!("true"))),
        (json!("[1]"), Kind::Array, Some(json!([1]))),
        (json!("[1]"), Kind::Object, None),
        (json!("five"), Kind::Integer, None),
        (json!({}), Kind::String, None),
    ] {
        assert_eq!(convert(&value, kind), converted, "{value} as {kind}");
    }
}
