//! What a document says comes out the same whatever its parts are called, however
//! long its chains are, and wherever it says so.

use codegen::model::{Body, Field, Integer, Null, Shape, Type, Variant};
use codegen::normalize::Normalized;
use codegen::protocol::Protocol;
use codegen::slice::Selection;
use codegen::{Document, Plan, Report, clean, generate, normalize, openapi, slice};
use serde_json::{Value, json};

fn parse(text: &str) -> Document {
    Document::parse("test.yaml", text.as_bytes()).expect("a document")
}

fn normalized(document: &Document) -> Normalized {
    let slice = slice::slice(document, &Selection::default()).expect("a slice");
    let clean = clean::clean(slice).expect("a clean slice");
    let description = openapi::describe(&clean);
    normalize::normalize(
        &clean,
        &description,
        &Plan::for_package("test"),
        &Protocol::default(),
    )
    .expect("a normalized document")
}

fn normalized_text(text: &str) -> Normalized {
    normalized(&parse(text))
}

/// A document whose one operation sends and receives the component `root` of
/// `schemas`.
fn document(schemas: Value) -> Document {
    let root = json!({ "$ref": "#/components/schemas/root" });
    let content = json!({ "application/json": { "schema": root } });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Test", "version": "1" },
        "servers": [{ "url": "https://api.example.com" }],
        "paths": { "/a": { "put": {
            "operationId": "put-a",
            "requestBody": { "required": true, "content": content },
            "responses": { "200": { "description": "ok", "content": content } }
        } } },
        "components": { "schemas": schemas }
    });
    Document::parse("test.json", document.to_string().as_bytes()).expect("a document")
}

fn report(document: &Document) -> Report {
    let (_, report) = generate(document, &Plan::for_package("test")).expect("a crate");
    report
}

fn fields<'n>(normalized: &'n Normalized, name: &str) -> &'n [Field] {
    match &normalized.api().types[name].shape {
        Shape::Struct { fields, .. } => fields,
        other => panic!("{name} is no struct: {other:?}"),
    }
}

fn field<'n>(normalized: &'n Normalized, name: &str, field: &str) -> &'n Field {
    let mut all = fields(normalized, name).iter();
    all.find(|it| it.name == field).expect("a field")
}

fn variants<'n>(normalized: &'n Normalized, name: &str) -> &'n [Variant] {
    match &normalized.api().types[name].shape {
        Shape::Union(variants) => variants,
        other => panic!("{name} is no union: {other:?}"),
    }
}

fn names(fields: &[Field]) -> Vec<&str> {
    fields.iter().map(|field| field.name.as_str()).collect()
}

fn reference(name: impl std::fmt::Display) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[test]
fn a_request_body_comes_out_the_same_whatever_its_component_is_called() {
    let text = |name: &str| {
        format!(
            "openapi: 3.0.3
info: {{ title: Pets, version: '1' }}
servers: [{{ url: 'https://api.pets.example' }}]
paths:
  /a:
    put:
      operationId: put-a
      requestBody: {{ $ref: '#/components/requestBodies/{name}' }}
      responses: {{ '204': {{ description: ok }} }}
components:
  schemas:
    Base: {{ type: object, required: [pet_id], properties: {{ pet_id: {{ type: string, readOnly: true }}, name: {{ type: string }} }} }}
  requestBodies:
    {name}: {{ required: true, content: {{ application/json: {{ schema: {{ allOf: [ {{ $ref: '#/components/schemas/Base' }}, {{ type: object, properties: {{ a: {{ type: string }} }} }} ] }} }} }} }}
"
        )
    };
    for name in [
        "pet_body",
        "items_body",
        "items",
        "properties",
        "requestBody",
    ] {
        let normalized = normalized_text(&text(name));
        assert_eq!(
            names(fields(&normalized, "PutABody")),
            ["name", "a"],
            "{name}"
        );
    }
}

#[test]
fn an_example_that_looks_like_a_mark_makes_no_second_type() {
    for example in [
        json!({ "readOnly": true }),
        json!({ "writeOnly": true, "$ref": "#/components/schemas/gone" }),
    ] {
        let root = json!({ "type": "object", "properties": {
            "name": { "type": "string" },
            "flags": { "type": "object", "example": example, "default": example }
        } });
        let normalized = normalized(&document(json!({ "root": root })));
        let types: Vec<&String> = normalized.api().types.keys().collect();
        assert_eq!(types, ["Root"]);
    }
}

#[test]
fn optional_references_may_lead_on_in_any_number() {
    for length in [126, 300] {
        let mut schemas = serde_json::Map::new();
        schemas.insert(
            "root".to_owned(),
            json!({ "properties": { "next": reference("a0") } }),
        );
        for index in 0..length {
            let next = json!({ "type": "object", "properties": { "next": reference(format!("a{}", index + 1)) } });
            schemas.insert(format!("a{index}"), next);
        }
        let last = json!({ "type": "object", "properties": { "end": { "type": "string" } } });
        schemas.insert(format!("a{length}"), last);
        let normalized = normalized(&document(Value::Object(schemas)));
        assert_eq!(normalized.api().types.len(), length + 2);
        let last = format!("A{length}");
        assert_eq!(names(fields(&normalized, &last)), ["end"]);
    }
}

#[test]
fn references_may_follow_each_other_in_any_number() {
    for length in [63, 600] {
        let mut schemas = serde_json::Map::new();
        schemas.insert(
            "root".to_owned(),
            json!({ "type": "object", "properties": { "a": reference("a0") } }),
        );
        for index in 0..length {
            schemas.insert(format!("a{index}"), reference(format!("a{}", index + 1)));
        }
        schemas.insert(format!("a{length}"), json!({ "type": "string" }));
        let normalized = normalized(&document(Value::Object(schemas)));
        assert_eq!(field(&normalized, "Root", "a").ty, Type::String);
    }
}

#[test]
fn parts_that_double_at_each_level_are_merged_once() {
    for depth in [12, 200] {
        let mut schemas = serde_json::Map::new();
        schemas.insert("root".to_owned(), reference("a0"));
        for level in 0..depth {
            let next = reference(format!("a{}", level + 1));
            schemas.insert(format!("a{level}"), json!({ "allOf": [next, next] }));
        }
        let last = json!({ "type": "object", "properties": { "end": { "type": "string" } } });
        schemas.insert(format!("a{depth}"), last);
        let normalized = normalized(&document(Value::Object(schemas)));
        assert_eq!(names(fields(&normalized, "A0")), ["end"]);
    }
}

#[test]
fn a_reference_is_a_uri_and_may_have_percent_signs() {
    let schemas = json!({
        "root": { "type": "object", "properties": { "page": reference("Page%5BUser%5D") } },
        "Page[User]": { "type": "object", "properties": { "a": { "type": "string" } } }
    });
    let normalized = normalized(&document(schemas));
    assert_eq!(names(fields(&normalized, "PageUser")), ["a"]);
}

#[test]
fn maps_and_lists_of_themselves_have_values() {
    let schemas = json!({
        "root": { "type": "object", "properties": {
            "folder": reference("folder"), "list": reference("list"), "both": reference("both")
        } },
        "folder": { "type": "object", "additionalProperties": reference("folder") },
        "list": { "type": "array", "items": reference("list") },
        "both": { "type": "array", "items": { "type": "object", "additionalProperties": reference("both") } }
    });
    let document = document(schemas);
    let normalized = normalized(&document);
    assert_eq!(
        field(&normalized, "Root", "folder").ty,
        Type::Named("Folder".to_owned())
    );
    assert_eq!(names(fields(&normalized, "Folder")), [""; 0]);
    report(&document);
}

#[test]
fn what_no_client_makes_use_of_is_reported() {
    let report = report(&parse(
        "openapi: 3.0.3
info: { title: Test, version: '1' }
servers: [{ url: 'https://api.example.com' }]
paths:
  /a:
    servers: [{ url: 'https://other.example.com' }]
    get:
      operationId: get-a
      x-known: 1
      sumary: misspelt
      parameters:
        - { name: session, in: cookie, schema: { type: string } }
        - { name: Accept, in: header, schema: { type: string } }
      callbacks: { done: { '{$request.body#/url}': { post: { responses: { '200': { description: ok } } } } } }
      responses:
        '200':
          description: ok
          headers: { X-Left: { schema: { type: integer } } }
          links: { next: { operationId: get-a } }
          content:
            application/json:
              schema: { type: object, properties: { a: { type: string, not: { enum: [b] }, enun: [c] } } }
",
    ));
    let found: Vec<&str> = report.unused.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(
        found,
        [
            "callback done",
            "cookie session",
            "enun",
            "header X-Left",
            "link next",
            "not",
            "parameter Accept",
            "sumary",
        ]
    );
    let pointer = &report.unused[5].pointer;
    assert_eq!(
        pointer,
        "/paths/~1a/get/responses/200/content/application~1json/schema/properties/a/not"
    );
}

#[test]
fn null_can_be_sent_for_every_nullable_property() {
    let leaf = json!({ "type": "object", "properties": { "id": { "type": "integer" } } });
    let normalized = normalized(&document(json!({ "leaf": leaf, "root": {
        "type": "object",
        "required": ["must", "must_null"],
        "properties": {
            "must": { "type": "string" },
            "must_null": { "type": "string", "nullable": true },
            "may": { "type": "string" },
            "may_null": { "type": "string", "nullable": true },
            "leaf": { "nullable": true, "allOf": [reference("leaf")] },
            "either": { "oneOf": [reference("leaf"), { "type": "object", "nullable": true, "enum": [null] }] },
            "any": { "anyOf": [{ "type": "string", "nullable": true }, { "type": "integer" }] },
            "mode": { "type": "string", "nullable": true, "enum": ["on", "off", null] }
        }
    } })));
    let found: Vec<(&str, Null)> = fields(&normalized, "Root")
        .iter()
        .map(|field| (field.name.as_str(), field.null))
        .collect();
    let expected = [
        ("must", Null::Never),
        ("must_null", Null::Always),
        ("may", Null::Never),
        ("may_null", Null::Optional),
        ("leaf", Null::Optional),
        ("either", Null::Optional),
        ("any", Null::Optional),
        ("mode", Null::Optional),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        field(&normalized, "Root", "either").ty,
        Type::Named("Leaf".to_owned())
    );
}

#[test]
fn alternatives_are_told_apart_by_one_example_each() {
    let app = |kind: &str| {
        json!({
            "type": "object",
            "required": ["domain"],
            "properties": {
                "domain": { "type": "string" },
                "name": { "type": "string", "example": format!("My {kind}") },
                "type": { "type": "string", "example": kind }
            }
        })
    };
    let normalized = normalized(&document(json!({
        "root": { "anyOf": [reference("web"), reference("shell"), reference("shortcut")] },
        "web": app("web"), "shell": app("shell"), "shortcut": app("shortcut")
    })));
    let tags: Vec<_> = variants(&normalized, "Root")
        .iter()
        .map(|variant| variant.tags.clone())
        .collect();
    let tag = |kind: &str| vec![("type".to_owned(), vec![kind.to_owned()])];
    assert_eq!(tags, [tag("web"), tag("shell"), tag("shortcut")]);
    assert!(normalized.unused().is_empty(), "{:?}", normalized.unused());
}

#[test]
fn alternatives_are_told_apart_by_numbers_and_flags() {
    let event = |version: Value| {
        json!({ "type": "object", "properties": {
            "version": { "enum": [version] }, "text": { "type": "string" }
        } })
    };
    let normalized = normalized(&document(json!({
        "root": { "oneOf": [event(json!(1)), event(json!(2)), event(json!(false))] }
    })));
    let told: Vec<Value> = variants(&normalized, "Root")
        .iter()
        .map(|variant| json!(variant.told_by))
        .collect();
    let tag = |value: Value| json!([["version", [value]]]);
    assert_eq!(told, [tag(json!(1)), tag(json!(2)), tag(json!(false))]);
}

#[test]
fn what_nothing_tells_apart_is_reported_and_marked() {
    let normalized = normalized(&document(json!({
        "root": { "oneOf": [reference("a"), reference("b")] },
        "a": { "type": "object", "properties": { "x": { "type": "string" } } },
        "b": { "type": "object", "properties": { "x": { "type": "integer" } } }
    })));
    assert!(variants(&normalized, "Root").iter().all(|it| it.is_twin));
    assert_eq!(normalized.unused()[0].what, "alternatives `a`, `b`");
    assert_eq!(normalized.unused()[0].pointer, "/components/schemas/root");
}

#[test]
fn a_discriminator_means_what_its_mapping_leaves_out_by_the_name_of_the_component() {
    let pet = |more: &str| json!({ "type": "object", "properties": { "kind": { "type": "string" }, more: {} } });
    let normalized = normalized(&document(json!({
        "root": {
            "oneOf": [reference("Dog"), reference("Cat")],
            "discriminator": { "propertyName": "kind", "mapping": { "dog": "#/components/schemas/Dog" } }
        },
        "Dog": pet("bark"), "Cat": pet("lives")
    })));
    let tags: Vec<_> = variants(&normalized, "Root")
        .iter()
        .map(|variant| variant.tags.clone())
        .collect();
    let tag = |kind: &str| vec![("kind".to_owned(), vec![kind.to_owned()])];
    assert_eq!(tags, [tag("dog"), tag("Cat")]);
}

#[test]
fn what_is_made_of_a_base_with_a_discriminator_is_a_variant_of_it() {
    let part =
        |more: &str| json!({ "type": "object", "properties": { more: { "type": "integer" } } });
    let normalized = normalized(&document(json!({
        "root": { "type": "object", "properties": { "pets": { "type": "array", "items": reference("Animal") } } },
        "Animal": {
            "type": "object",
            "required": ["kind"],
            "discriminator": { "propertyName": "kind", "mapping": {
                "dog": "#/components/schemas/Dog", "lizard": "Reptile"
            } },
            "properties": { "kind": { "type": "string" }, "name": { "type": "string" } }
        },
        "Dog": { "allOf": [reference("Animal"), part("bark")] },
        "Reptile": { "allOf": [reference("Animal"), part("scales")] },
        "Cat": { "allOf": [reference("Animal"), part("lives")] },
        "Lion": { "allOf": [reference("Cat"), part("mane")] }
    })));
    let mut found: Vec<(String, Value)> = variants(&normalized, "Animal")
        .iter()
        .map(|variant| (variant.name.clone(), json!(variant.told_by)))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let tag = |kind: &str| json!([["kind", [kind]]]);
    let expected = [
        ("Base".to_owned(), json!([])),
        ("Cat".to_owned(), tag("Cat")),
        ("Dog".to_owned(), tag("dog")),
        ("Lion".to_owned(), tag("Lion")),
        ("Reptile".to_owned(), tag("lizard")),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        names(fields(&normalized, "Lion")),
        ["kind", "name", "lives", "mane"]
    );
    assert_eq!(names(fields(&normalized, "AnimalBase")), ["kind", "name"]);
}

#[test]
fn a_number_that_is_only_ever_whole_is_an_integer() {
    let normalized = normalized(&document(
        json!({ "root": { "type": "object", "properties": {
        "ttl": { "type": "number", "example": 3600, "minimum": 60 },
        "weight": { "type": "number", "example": 0.5 },
        "u64": { "type": "integer", "format": "uint64" }
    } } }),
    ));
    let types: Vec<&Type> = fields(&normalized, "Root")
        .iter()
        .map(|it| &it.ty)
        .collect();
    let whole = Type::Integer(Integer::I64);
    let wide = Type::Integer(Integer::U64);
    assert_eq!(types, [&whole, &Type::Number, &wide]);
}

#[test]
fn what_stands_beside_properties_is_received_whatever_it_is() {
    let normalized = normalized(&document(json!({ "root": {
        "type": "object",
        "properties": { "id": { "type": "string" } },
        "additionalProperties": { "type": "integer" }
    } })));
    let Shape::Struct { rest, .. } = &normalized.api().types["Root"].shape else {
        panic!("no struct");
    };
    assert_eq!(rest.as_ref().map(|rest| &rest.ty), Some(&Type::Any));
}

fn operation_with_body(content: Value) -> Document {
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Test", "version": "1" },
        "servers": [{ "url": "https://api.example.com" }],
        "paths": { "/a": { "post": {
            "operationId": "post-a",
            "requestBody": { "required": true, "content": content },
            "responses": { "200": { "description": "ok", "content": content } }
        } } }
    });
    Document::parse("test.json", document.to_string().as_bytes()).expect("a document")
}

#[test]
fn bytes_of_many_media_types_are_one_method() {
    let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
    let normalized = normalized(&operation_with_body(json!({
        "audio/32kadpcm": bytes, "audio/3gpp": bytes, "audio/vnd.3gpp.iufp": bytes
    })));
    let operations = &normalized.api().operations;
    assert_eq!(operations.len(), 1);
    assert_eq!(
        operations[0].content_types,
        ["audio/32kadpcm", "audio/3gpp", "audio/vnd.3gpp.iufp"]
    );
}

#[test]
fn an_object_of_any_media_type_is_json_and_anything_else_is_bytes() {
    let object = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
    let json = normalized(&operation_with_body(json!({ "*/*": { "schema": object } })));
    let operation = &json.api().operations[0];
    assert!(
        matches!(&operation.body, Some(Body::Json { media_type, .. }) if media_type == "application/json"),
        "{:?}",
        operation.body
    );
    assert_eq!(operation.received().count(), 1);
    let text = json!({ "type": "string", "format": "binary" });
    let bytes = normalized(&operation_with_body(json!({ "*/*": { "schema": text } })));
    let operation = &bytes.api().operations[0];
    assert!(
        matches!(&operation.body, Some(Body::Content { media_type, .. }) if media_type == "application/octet-stream"),
        "{:?}",
        operation.body
    );
}

#[test]
fn how_the_properties_of_a_form_are_written_is_known() {
    let card = json!({ "type": "object", "properties": { "number": { "type": "string" } } });
    let schema = json!({ "type": "object", "properties": {
        "to": { "type": "array", "items": { "type": "string" } }, "card": card
    } });
    let normalized = normalized(&operation_with_body(
        json!({ "application/x-www-form-urlencoded": {
        "schema": schema,
        "encoding": { "card": { "style": "deepObject", "explode": true } }
    } }),
    ));
    let operation = &normalized.api().operations[0];
    assert!(matches!(operation.body, Some(Body::Form { .. })));
    assert_eq!(
        operation.encoding["card"].style,
        Some(codegen::model::Style::DeepObject)
    );
}

#[test]
fn what_holds_itself_is_boxed_in_every_shape() {
    let thing = |property: Value| json!({ "type": "object", "required": ["a"], "properties": { "a": property } });
    let normalized = normalized(&document(json!({
        "root": { "type": "object", "properties": {
            "own": reference("own"), "null": reference("null"), "list": reference("list"),
            "map": reference("map"), "first": reference("first"), "all": reference("all"),
            "union": reference("union")
        } },
        "own": { "type": "object", "properties": { "a": reference("own") } },
        "null": thing(json!({ "allOf": [reference("null")], "nullable": true })),
        "list": thing(json!({ "type": "array", "items": reference("list") })),
        "map": thing(json!({ "type": "object", "additionalProperties": reference("map") })),
        "first": { "type": "object", "properties": { "a": reference("second") } },
        "second": { "type": "object", "properties": { "a": reference("first") } },
        "all": { "allOf": [{ "type": "object", "properties": { "a": reference("all") } }] },
        "union": { "oneOf": [{ "type": "string" }, thing(reference("union"))] }
    })));
    let is_boxed = |name: &str| field(&normalized, name, "a").is_boxed;
    for (name, expected) in [
        ("Own", true),
        ("Null", true),
        ("List", false),
        ("Map", false),
        ("First", true),
        ("Second", true),
        ("All", true),
    ] {
        assert_eq!(is_boxed(name), expected, "{name}");
    }
    let union: Vec<bool> = variants(&normalized, "Union")
        .iter()
        .map(|it| it.is_boxed)
        .collect();
    assert_eq!(union.iter().filter(|it| **it).count(), 1);
    assert!(!field(&normalized, "Root", "own").is_boxed);
}

#[test]
fn a_property_called_not_is_no_negation() {
    let inner = json!({ "type": "object", "required": ["gone"], "properties": { "a": { "type": "string" } } });
    let report = report(&document(json!({ "root": {
        "type": "object", "properties": { "not": inner }
    } })));
    let repairs: Vec<String> = report
        .repairs
        .iter()
        .map(|it| it.defect.to_string())
        .collect();
    assert_eq!(repairs, ["required-names-no-property"]);
}
