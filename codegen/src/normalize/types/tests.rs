use serde_json::{Value, json};

use super::*;
use crate::openapi::describe_value;

/// The type of the component `root` in what is received, and all types.
pub(super) fn read(document: &Value) -> (Type, BTreeMap<String, TypeDef>) {
    let description = describe_value(document);
    let resolver = Resolver::new(&description);
    let chosen = BTreeMap::new();
    let mut types = Types::new(&resolver, &chosen, Directions::default());
    let root = resolver.reference_to(description.components["root"]);
    let ty = types
        .read(root, "unused", Direction::Received)
        .expect("a readable schema");
    (ty, types.into_defs())
}

/// The fields of the struct `name`, `?` after optional ones.
fn fields(defs: &BTreeMap<String, TypeDef>, name: &str) -> Vec<String> {
    let Shape::Struct { fields, .. } = &defs[name].shape else {
        panic!("{:?}", defs[name]);
    };
    let shown = fields.iter().map(|field| {
        let mark = if field.required { "" } else { "?" };
        format!("{}{mark}", field.name)
    });
    shown.collect()
}

#[test]
fn an_object_becomes_a_struct_with_its_fields_in_order() {
    let (ty, defs) = read(&json!({ "components": { "schemas": { "root": {
        "type": "object",
        "required": ["z"],
        "properties": { "z": { "type": "integer" }, "a-b": { "type": "array", "items": { "type": "string" } } }
    } } } }));
    assert_eq!(ty, Type::Named("Root".to_owned()));
    let Shape::Struct { fields, .. } = &defs["Root"].shape else {
        panic!("{:?}", defs["Root"]);
    };
    assert_eq!(fields[0].name, "z");
    assert!(fields[0].required);
    assert_eq!(fields[1].rust_name, "a_b");
    assert_eq!(fields[1].ty, Type::List(Box::new(Type::String)));
}

#[test]
fn a_reference_with_words_beside_it_is_no_type_of_its_own() {
    let (ty, defs) = read(&json!({ "components": { "schemas": {
        "root": { "allOf": [{ "$ref": "#/components/schemas/zone" }], "description": "A zone" },
        "zone": { "properties": { "name": { "type": "string" } } }
    } } }));
    assert_eq!(ty, Type::Named("Zone".to_owned()));
    assert_eq!(defs.len(), 1);
}

#[test]
fn a_type_may_contain_itself() {
    let (_, defs) = read(&json!({ "components": { "schemas": { "root": {
        "type": "object",
        "properties": { "parts": { "type": "array", "items": { "$ref": "#/components/schemas/root" } } }
    } } } }));
    let Shape::Struct { fields, .. } = &defs["Root"].shape else {
        panic!("{:?}", defs["Root"]);
    };
    let itself = Type::Named("Root".to_owned());
    assert_eq!(fields[0].ty, Type::List(Box::new(itself)));
}

#[test]
fn a_list_may_contain_itself_by_way_of_an_object() {
    let (ty, defs) = read(&json!({ "components": { "schemas": { "root": {
        "type": "array",
        "items": { "properties": { "trace": { "$ref": "#/components/schemas/root" } } }
    } } } }));
    let Shape::Struct { fields, .. } = &defs["RootItem"].shape else {
        panic!("{defs:?}");
    };
    assert_eq!(fields[0].ty, ty);
    assert_eq!(defs.len(), 1);
}

#[test]
fn a_list_of_itself_holds_anything_and_a_map_of_itself_is_a_struct() {
    let (ty, _) = read(&json!({ "components": { "schemas": {
        "root": { "type": "array", "items": { "$ref": "#/components/schemas/root" } }
    } } }));
    let any = Type::List(Box::new(Type::List(Box::new(Type::Any))));
    assert_eq!(ty, any);
    let (ty, defs) = read(&json!({ "components": { "schemas": { "root": {
        "type": "object", "additionalProperties": { "$ref": "#/components/schemas/root" }
    } } } }));
    let Shape::Struct { fields, rest } = &defs["Root"].shape else {
        panic!("{defs:?}");
    };
    assert!(fields.is_empty());
    assert_eq!(rest.as_ref().map(|rest| &rest.ty), Some(&ty));
}

#[test]
fn values_that_become_one_identifier_get_variants_of_their_own() {
    let (_, defs) = read(&json!({ "components": { "schemas": { "root": {
        "type": "string", "enum": ["ASC", "asc", "<", "<="]
    } } } }));
    let Shape::Enum(values) = &defs["Root"].shape else {
        panic!("{:?}", defs["Root"]);
    };
    let variants: Vec<_> = values.iter().map(|(_, variant)| variant.as_str()).collect();
    assert_eq!(variants, ["Asc", "Asc2", "Less", "LessEqual"]);
}

#[test]
fn what_is_sent_has_no_read_only_property_and_what_is_received_no_write_only_one() {
    let root = json!({ "$ref": "#/components/schemas/root" });
    let content = json!({ "application/json": { "schema": root } });
    let description = describe_value(&json!({
        "paths": { "/a": { "put": {
            "requestBody": { "content": content }, "responses": { "200": { "content": content } }
        } } },
        "components": { "schemas": { "root": { "properties": {
            "id": { "type": "string", "readOnly": true },
            "name": { "type": "string" },
            "secret": { "type": "string", "writeOnly": true }
        } } } }
    }));
    let chosen = BTreeMap::new();
    let resolver = Resolver::new(&description);
    let mut types = Types::new(&resolver, &chosen, Directions::of(&description));
    let body = description.operations[0].body.as_ref().expect("a body");
    let root = body.content[0].schema.expect("a schema");
    for (direction, name, expected) in [
        (Direction::Received, "Root", ["id?", "name?"]),
        (Direction::Sent, "RootInput", ["name?", "secret?"]),
    ] {
        let ty = types.read(root, "unused", direction).expect("a type");
        assert_eq!(ty, Type::Named(name.to_owned()));
        assert_eq!(fields(&types.defs, name), expected);
    }
}

/// The fields of what a request body of `schema` becomes, `?` after optional ones.
fn body(schema: Value) -> Vec<String> {
    let description = describe_value(&json!({
        "paths": { "/a": { "put": { "requestBody": { "content": {
            "application/json": { "schema": schema }
        } } } } },
        "components": { "schemas": {
            "id": { "type": "string", "readOnly": true },
            "zone": {
                "required": ["id", "at"],
                "properties": {
                    "id": { "type": "string", "readOnly": true },
                    "at": { "type": "string", "readOnly": true },
                    "name": { "type": "string" }
                }
            }
        } }
    }));
    let chosen = BTreeMap::new();
    let resolver = Resolver::new(&description);
    let directions = Directions::of(&description);
    let mut types = Types::new(&resolver, &chosen, directions);
    let body = description.operations[0].body.as_ref().expect("a body");
    let schema = body.content[0].schema.expect("a schema");
    let ty = types.read(schema, "body", Direction::Sent);
    let Type::Named(name) = ty.expect("a type") else {
        panic!("no struct");
    };
    let mut found = fields(&types.defs, &name);
    if let Some(Shape::Struct { fields: inner, .. }) = types.defs.get("Zone").map(|it| &it.shape)
        && name != "Zone"
    {
        found.extend(inner.iter().map(|field| format!("zone.{}", field.name)));
    }
    found
}

#[test]
fn what_is_read_only_is_not_sent() {
    let zone = json!({ "$ref": "#/components/schemas/zone" });
    let with_more = json!({ "allOf": [zone], "required": ["name"] });
    assert_eq!(body(with_more), ["name"]);
}

#[test]
fn an_object_in_a_request_may_be_named_by_an_identifier_that_is_read_only() {
    let zone = json!({ "$ref": "#/components/schemas/zone" });
    assert_eq!(body(zone.clone()), ["name?"]);
    let holder = json!({ "properties": { "zone": zone } });
    assert_eq!(body(holder), ["zone?", "zone.id", "zone.name"]);
}

#[test]
fn what_a_request_asks_for_by_itself_is_sent_whatever_it_refers_to() {
    let id = json!({ "$ref": "#/components/schemas/id" });
    let optional = json!({ "properties": { "id": id } });
    assert_eq!(body(optional), ["id?"]);
    let required = json!({ "required": ["id"], "properties": { "id": id } });
    assert_eq!(body(required), ["id"]);
}

#[test]
fn items_and_values_may_be_null() {
    let (ty, _) = read(&json!({ "components": { "schemas": { "root": {
        "type": "array", "items": { "type": "string", "nullable": true }
    } } } }));
    let nullable = Type::Nullable(Box::new(Type::String));
    assert_eq!(ty, Type::List(Box::new(nullable)));
}
