use serde_json::{Map, Value, json};

use super::*;

fn described(schemas: Value) -> Description {
    describe_value(&json!({ "components": { "schemas": schemas } }))
}

fn reference(name: impl std::fmt::Display) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[test]
fn every_schema_has_its_place_and_its_role() {
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    let description = describe_value(&json!({
        "paths": { "/a": { "put": {
            "parameters": [{ "name": "q", "in": "query", "schema": {} }],
            "requestBody": { "content": content(json!({
                "allOf": [{ "properties": { "items": { "items": {} } } }],
                "additionalProperties": { "not": {} }
            })) },
            "responses": { "200": { "content": content(json!({ "oneOf": [{}] })) } }
        } } },
        "components": { "schemas": { "items": { "properties": { "not": {} } } } }
    }));
    let found: Vec<String> = description
        .schemas()
        .map(|(_, schema)| {
            let place = schema.pointer.rsplit("schema").next().unwrap_or_default();
            let within = if schema.is_within { ", within" } else { "" };
            format!("{place}: {:?} of {:?}{within}", schema.role, schema.purpose)
        })
        .collect();
    assert_eq!(
        found,
        [
            "s/items: Component of Any",
            "s/items/properties/not: Property of Any, within",
            ": Parameter of Parameter",
            ": Body of Request",
            "/allOf/0: Part of Request",
            "/allOf/0/properties/items: Property of Request, within",
            "/allOf/0/properties/items/items: Item of Request, within",
            "/additionalProperties: AdditionalProperty of Request, within",
            "/additionalProperties/not: Negated of Request, within",
            ": Response of Response",
            "/oneOf/0: Alternative of Response",
        ]
    );
}

#[test]
fn schemas_that_say_the_same_have_one_content() {
    let description = described(json!({
        "a": { "type": "object", "properties": { "x": { "items": { "type": "string" } } } },
        "b": { "properties": { "x": { "items": { "type": "string" } } }, "type": "object" },
        "c": { "type": "object", "properties": { "x": { "items": { "type": "integer" } } } }
    }));
    let resolver = Resolver::new(&description);
    let content = |name: &str| resolver.schema(description.components[name]).content;
    assert_eq!(content("a"), content("b"));
    assert_ne!(content("a"), content("c"));
}

#[test]
fn references_and_nested_all_ofs_become_one_definition() {
    let description = described(json!({
        "Base": { "allOf": [{ "properties": { "a": {} } }, { "properties": { "b": {} } }] },
        "Alias": reference("Base"),
        "root": { "allOf": [reference("Alias")], "properties": { "c": {} } }
    }));
    let resolver = Resolver::new(&description);
    let root = resolver.resolve(description.components["root"]);
    let root = root.expect("a resolvable schema");
    let names: Vec<&String> = root.properties().map(|(name, _)| name).collect();
    assert_eq!(names, ["a", "b", "c"]);
}

#[test]
fn a_reference_to_nothing_is_named() {
    let description = described(json!({ "root": reference("Gone") }));
    let resolver = Resolver::new(&description);
    assert_eq!(
        resolver.resolve(description.components["root"]),
        Err(Unresolved::Missing("#/components/schemas/Gone".to_owned()))
    );
}

#[test]
fn circles_of_references_and_parts_end() {
    let description = described(json!({
        "a": reference("b"),
        "b": { "allOf": [reference("a")] },
        "c": reference("d"),
        "d": reference("c")
    }));
    let resolver = Resolver::new(&description);
    for name in ["a", "b", "c", "d"] {
        let resolved = resolver.resolve(description.components[name]);
        assert!(matches!(resolved, Err(Unresolved::Endless(_))), "{name}");
    }
}

#[test]
fn parts_may_lie_in_each_other_in_any_number() {
    let mut schemas = Map::new();
    for level in 0..4_000 {
        let next = reference(level + 1);
        schemas.insert(level.to_string(), json!({ "allOf": [next, next] }));
    }
    schemas.insert("4000".to_owned(), json!({ "properties": { "a": {} } }));
    let description = described(Value::Object(schemas));
    let resolver = Resolver::new(&description);
    let resolved = resolver.resolve(description.components["0"]);
    assert!(resolved.is_ok_and(|it| it.property("a").is_some()));
}

#[test]
fn parts_that_repeat_without_measure_are_refused() {
    // Each level has all properties of those before it: some 1,400 levels are
    // a million.
    let mut schemas = Map::new();
    schemas.insert("0".to_owned(), json!({ "properties": { "p": {} } }));
    for level in 1..2_000 {
        let own = json!({ "properties": { format!("p{level}"): {} } });
        let parts = json!([reference(level - 1), own]);
        schemas.insert(level.to_string(), json!({ "allOf": parts }));
    }
    let description = described(Value::Object(schemas));
    let resolver = Resolver::new(&description);
    let last = description.components["1999"];
    assert!(matches!(
        resolver.resolve(last),
        Err(Unresolved::TooMuch(_))
    ));
    let first = description.components["1000"];
    assert!(resolver.resolve(first).is_ok());
}
