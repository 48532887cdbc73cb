use serde_json::json;

use super::*;

fn read(document: &Value) -> (Type, BTreeMap<String, TypeDef>) {
    let chosen = BTreeMap::new();
    let mut types = Types::new(document, &chosen, Components::default());
    let root = json!({ "$ref": "#/components/schemas/root" });
    let ty = types
        .read(&root, "", "unused", Direction::Received)
        .expect("a readable schema");
    (ty, types.into_defs())
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
fn lists_that_only_contain_themselves_are_refused() {
    let document = json!({ "components": { "schemas": {
        "root": { "type": "array", "items": { "$ref": "#/components/schemas/root" } }
    } } });
    let chosen = BTreeMap::new();
    let root = json!({ "$ref": "#/components/schemas/root" });
    let error = Types::new(&document, &chosen, Components::default()).read(
        &root,
        "",
        "unused",
        Direction::Received,
    );
    assert!(error.is_err());
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
    let document = json!({ "components": { "schemas": { "root": { "properties": {
        "id": { "type": "string", "readOnly": true },
        "name": { "type": "string" },
        "secret": { "type": "string", "writeOnly": true }
    } } } } });
    let chosen = BTreeMap::new();
    let components = Components {
        two_way: BTreeSet::from(["/components/schemas/root".to_owned()]),
        ..Components::default()
    };
    let mut types = Types::new(&document, &chosen, components);
    let root = json!({ "$ref": "#/components/schemas/root" });
    for (direction, name, expected) in [
        (Direction::Received, "Root", ["id", "name"]),
        (Direction::Sent, "RootInput", ["name", "secret"]),
    ] {
        let ty = types.read(&root, "", "unused", direction).expect("a type");
        assert_eq!(ty, Type::Named(name.to_owned()));
        let Shape::Struct { fields, .. } = &types.defs[name].shape else {
            panic!("{:?}", types.defs[name]);
        };
        let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, expected);
    }
}

/// The fields of what a request body of `schema` becomes, `?` after optional ones.
fn body(schema: Value) -> Vec<String> {
    let document = json!({ "components": { "schemas": {
        "id": { "type": "string", "readOnly": true },
        "zone": {
            "required": ["id", "at"],
            "properties": {
                "id": { "type": "string", "readOnly": true },
                "at": { "type": "string", "readOnly": true },
                "name": { "type": "string" }
            }
        }
    } } });
    let chosen = BTreeMap::new();
    let mut types = Types::new(&document, &chosen, Components::default());
    let at = "/paths/~1a/put/requestBody/content/application~1json/schema";
    let ty = types.read(&schema, at, "body", Direction::Sent);
    let Type::Named(name) = ty.expect("a type") else {
        panic!("no struct");
    };
    let Shape::Struct { fields, .. } = &types.defs[&name].shape else {
        panic!("no struct");
    };
    let shown = fields.iter().map(|field| {
        let mark = if field.required { "" } else { "?" };
        format!("{}{mark}", field.name)
    });
    shown.collect()
}

#[test]
fn what_is_read_only_is_not_sent() {
    let zone = json!({ "$ref": "#/components/schemas/zone" });
    let with_more = json!({ "allOf": [zone], "required": ["name"] });
    assert_eq!(body(with_more), ["name"]);
}

#[test]
fn an_object_in_a_request_may_be_named_by_an_identifier_that_is_read_only() {
    assert_eq!(
        body(json!({ "$ref": "#/components/schemas/zone" })),
        ["id?", "name?"]
    );
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
