//! Each kind of defect, in a small document of its own, with what becomes of it
//! beside it; and what holds for any document.

use std::collections::BTreeSet;
use std::path::Path;

use codegen::clean::{Clean, Defect, REFUSABLE, clean};
use codegen::slice::{Selection, slice};
use codegen::{Document, Error, Plan, clean_document, generate};
use insta::assert_yaml_snapshot;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn document_of(defect: Defect) -> Document {
    let file = format!("{defect}.yaml");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clean");
    let text = std::fs::read(path.join(&file)).expect("a document for each kind of defect");
    Document::parse(&file, &text).expect("a document")
}

fn cleaned(document: &Document) -> Clean {
    clean(slice(document, &Selection::default()).expect("a slice")).expect("a clean document")
}

/// The cleaned document, cleaned once more.
fn cleaned_again(first: &Clean) -> Clean {
    let text = first.value().to_string();
    cleaned(&Document::parse("cleaned.json", text.as_bytes()).expect("a document"))
}

#[test]
fn each_kind_of_defect_is_repaired_in_its_document() {
    for defect in Defect::ALL {
        let clean = cleaned(&document_of(*defect));
        let found: BTreeSet<Defect> = clean.repairs().iter().map(|repair| repair.defect).collect();
        assert!(found.contains(defect), "{defect} is not found");
        let is_in = |part: &str| {
            let mut repairs = clean.repairs().iter();
            repairs.any(|repair| repair.pointer.starts_with(part))
        };
        let mut parts = Map::new();
        for part in ["/paths", "/components"] {
            if is_in(part) {
                let value = clean.value().pointer(part).cloned().unwrap_or_default();
                parts.insert(part.trim_start_matches('/').to_owned(), value);
            }
        }
        let shown = json!({ "repairs": clean.repairs(), "cleaned": parts });
        insta::with_settings!({
            snapshot_path => "clean",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            assert_yaml_snapshot!(defect.name(), shown);
        });
    }
}

#[test]
fn the_documents_are_clean_after_one_cleaning() {
    for defect in Defect::ALL {
        let once = cleaned(&document_of(*defect));
        let twice = cleaned_again(&once);
        assert_eq!(twice.value(), once.value(), "{defect}");
        assert!(
            twice.repairs().iter().all(|repair| repair.is_note()),
            "{defect}: {:?}",
            twice.repairs()
        );
    }
}

#[test]
fn each_cleaned_document_becomes_a_crate() {
    for defect in Defect::ALL {
        let made = generate(&document_of(*defect), &Plan::for_package("shop"));
        match defect {
            // Of what is not there, nothing is made.
            Defect::MissingPaths => {
                assert!(matches!(made, Err(Error::NoOperations { .. })), "{made:?}");
            }
            _ => assert!(made.is_ok(), "{defect}: {:?}", made.err()),
        }
    }
}

#[test]
fn a_document_without_defects_stays_as_it_is() {
    let text = include_bytes!("shop.yaml");
    let document = Document::parse("shop.yaml", text).expect("a document");
    let clean = cleaned(&document);
    assert_eq!(clean.repairs(), []);
    assert_eq!(clean.value(), document.value());
}

#[test]
fn what_a_plan_can_allow_is_repaired_where_there_is_no_plan() {
    for defect in REFUSABLE {
        let document = document_of(defect);
        let plan = "[package]\nname = \"shop\"\nversion = \"1.0.0\"\ndescription = \"\"\n";
        let strict = Plan::parse("plan.toml", plan).expect("a plan");
        assert!(generate(&document, &strict).is_err(), "{defect}");
        let allowing = format!("{plan}[clean]\nallow = [\"{defect}\"]\n");
        let allowing = Plan::parse("plan.toml", &allowing).expect("a plan");
        let (_, report) = generate(&document, &allowing).expect("a crate");
        assert!(report.repairs.iter().any(|repair| repair.defect == defect));
        assert!(
            report.to_string().contains(&format!("{defect} 1")),
            "{report}"
        );
    }
}

#[test]
fn what_a_plan_denies_is_an_error_at_its_place() {
    let plan = "[package]\nname = \"shop\"\nversion = \"1.0.0\"\ndescription = \"\"\n";
    for defect in Defect::ALL
        .iter()
        .filter(|defect| !REFUSABLE.contains(defect))
    {
        let denying = format!(
            "{plan}[clean]\nallow = [\"duplicate-operation-id\", \"undeclared-path-parameter\"]\ndeny = [\"{defect}\"]\n"
        );
        let denying = Plan::parse("plan.toml", &denying).expect("a plan");
        let error = generate(&document_of(*defect), &denying).expect_err("a denied repair");
        let text = error.to_string();
        assert!(text.starts_with(&format!("{defect}.yaml:")), "{text}");
        assert!(
            text.contains(&format!("denies the repair `{defect}`")),
            "{text}"
        );
    }
    let document = document_of(Defect::UnknownType);
    let denying = format!("{plan}[clean]\ndeny = [\"unknown-type\"]\n");
    let denying = Plan::parse("plan.toml", &denying).expect("a plan");
    let error = generate(&document, &denying).expect_err("a denied repair");
    insta::assert_snapshot!(error, @r#"unknown-type.yaml:19:18 (at `/components/schemas/part/properties/count/type`): The property `count` of the schema `part` has the type `"int"`, which OpenAPI 3.0 does not have; an integer is meant. The plan denies the repair `unknown-type`: correct the document here, or take `unknown-type` out of `[clean] deny`"#);
}

#[test]
fn each_repair_has_the_line_that_it_is_about() {
    let text = "openapi: 3.0.3
info: { title: Shop, version: '1' }
paths:
  /parts/{id}:
    get:
      operationId: get-part
      parameters:
        - { name: other, in: path, required: true, schema: { type: string } }
        - { name: id, in: path, schema: { type: string } }
        - { name: page, in: query, schema: { type: int } }
      responses:
        '200 OK':
          description: The part
          content:
            application/json:
              schema: { type: strin }
        '404': {}
";
    let document = Document::parse("shop.yaml", text.as_bytes()).expect("a document");
    let (_, report) = generate(&document, &Plan::for_package("shop")).expect("a crate");
    let lines: Vec<(&str, Option<usize>)> = report
        .repairs
        .iter()
        .map(|repair| (repair.defect.name(), repair.line))
        .collect();
    assert_eq!(
        lines,
        [
            ("malformed-member", Some(17)),
            ("unknown-type", Some(10)),
            ("unknown-type", Some(16)),
            ("unusable-status", Some(12)),
            ("optional-path-parameter", Some(9)),
            ("unused-path-parameter", Some(8)),
        ]
    );
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(json["repairs"][0]["line"], 17);
    assert_eq!(json["warnings"][0]["line"], 10);
}

#[test]
fn references_into_lists_and_objects_follow_what_was_moved() {
    let text = "openapi: 3.0.3
info: { title: Shop, version: '1' }
paths:
  /parts/{id}:
    get:
      operationId: get-part
      parameters:
        - { name: other, in: path, required: true, schema: { type: string } }
        - { name: id, in: path, required: true, schema: { type: string, maxLength: 5 } }
      responses:
        '200 OK': { description: The part, content: { application/json: { schema: { type: string } } } }
  /shops/{id}:
    get:
      operationId: get-shop
      parameters:
        - { $ref: '#/paths/~1parts~1{id}/get/parameters/1' }
        - { name: a, in: query, schema: { $ref: '#/paths/~1parts~1{id}/get/parameters/0/schema' } }
      responses:
        '200': { $ref: '#/paths/~1parts~1{id}/get/responses/200 OK' }
";
    let document = Document::parse("shop.yaml", text.as_bytes()).expect("a document");
    let clean = cleaned(&document);
    let shop = &clean.value()["paths"]["/shops/{id}"]["get"];
    assert_eq!(
        shop["parameters"],
        json!([
            { "$ref": "#/paths/~1parts~1{id}/get/parameters/0" },
            // What it was has been left out.
            { "name": "a", "in": "query", "schema": {} },
        ])
    );
    assert_eq!(
        shop["responses"]["200"],
        json!({ "$ref": "#/paths/~1parts~1{id}/get/responses/200" })
    );
}

#[test]
fn a_query_in_the_key_of_a_path_may_have_arguments() {
    let text = "openapi: 3.0.3
info: { title: Shop, version: '1' }
paths:
  /parts?kind={kind}#by-kind:
    get:
      operationId: list-parts
      parameters: [{ name: kind, in: query, required: true, schema: { type: string } }]
      responses: { '204': { description: Nothing } }
";
    let document = Document::parse("shop.yaml", text.as_bytes()).expect("a document");
    let slice = slice(&document, &Selection::default()).expect("a slice");
    assert_eq!(codegen::clean::refuse(&slice, &[]), Ok(()));
    let clean = clean(slice).expect("a clean document");
    assert_eq!(clean.repairs(), []);
    assert_eq!(clean.value(), document.value());
}

#[test]
fn a_circle_that_a_repair_makes_is_broken() {
    let text = "openapi: 3.0.3
info: { title: Shop, version: '1' }
paths:
  /parts:
    get:
      operationId: list-parts
      parameters: { $ref: '#/paths/~1parts/get/parameters/0' }
      responses: { '204': { description: Nothing } }
";
    // What the reference leads to is only there once the list is one.
    let document = Document::parse("shop.yaml", text.as_bytes()).expect("a document");
    if let Ok(slice) = slice(&document, &Selection::default()) {
        let clean = clean(slice).expect("a clean document");
        assert_eq!(cleaned_again(&clean).value(), clean.value());
    }
}

#[test]
fn a_part_that_has_itself_as_a_part_further_in_is_not_written_out() {
    let contradicted = json!({ "allOf": [
        { "$ref": "#/components/schemas/base" },
        { "type": "object", "properties": { "value": { "type": "array", "items": {} } } }
    ] });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Shop", "version": "1" },
        "paths": { "/a": { "get": { "operationId": "a", "responses": { "200": {
            "description": "", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/part" }
            } }
        } } } } },
        "components": { "schemas": {
            "part": contradicted,
            "base": { "type": "object", "properties": {
                "id": contradicted, "value": { "type": "string" }
            } }
        } }
    });
    let document = Document::parse("shop.json", document.to_string().as_bytes());
    let document = document.expect("a document");
    let once = cleaned(&document);
    assert!(once.repairs().iter().all(|repair| repair.is_note()));
    assert_eq!(cleaned_again(&once).value(), once.value());
}

/// A schema around another.
type Wrap = fn(Value) -> Value;

/// The smallest stack that a thread has by default.
const STACK: usize = 2 << 20;

#[test]
fn what_is_nested_as_deep_as_is_allowed_fits_a_small_stack() {
    let wrap: [(&str, Wrap); 7] = [
        ("allOf", |inner| json!({ "allOf": [inner] })),
        (
            "oneOf",
            |inner| json!({ "oneOf": [inner, { "$ref": "#/components/schemas/a" }] }),
        ),
        ("items", |inner| json!({ "type": "array", "items": inner })),
        ("not", |inner| json!({ "not": inner })),
        (
            "properties",
            |inner| json!({ "required": ["a"], "properties": { "a": inner } }),
        ),
        (
            "additionalProperties",
            |inner| json!({ "additionalProperties": inner }),
        ),
        ("example", |inner| json!({ "example": { "a": inner } })),
    ];
    for (name, wrap) in wrap {
        let mut deepest = 0;
        let mut schema = json!({ "default": { "type": "a" } });
        for levels in 1..130 {
            schema = wrap(schema);
            let document = json!({
                "openapi": "3.0.3",
                "info": { "title": "Shop", "version": "1" },
                "paths": { "/a": { "get": { "responses": { "200": { "content": {
                    "application/json": { "schema": { "$ref": "#/components/schemas/a" } }
                } } } } } },
                "components": { "schemas": { "a": schema } }
            });
            let text = document.to_string();
            let cleaning = move || match Document::parse("deep.json", text.as_bytes()) {
                Ok(document) => clean_document(&document, &Selection::default()).is_ok(),
                Err(error) => {
                    assert!(
                        error.to_string().contains("nested more than 120 deep"),
                        "{error}"
                    );
                    false
                }
            };
            let thread = std::thread::Builder::new().stack_size(STACK);
            let thread = thread.spawn(cleaning).expect("a thread");
            if thread.join().expect("no overflow") {
                deepest = levels;
            }
        }
        assert!(deepest >= 30, "{name}: {deepest}");
    }
}

#[test]
fn long_chains_of_references_are_followed_to_their_end() {
    let links: [(usize, Wrap); 3] = [
        (20_000, |next| next),
        (1_000, |next| json!({ "allOf": [next], "default": 1 })),
        (
            1_000,
            |next| json!({ "type": "array", "required": ["a"], "oneOf": [next] }),
        ),
    ];
    for (size, link) in links {
        let schemas = (0..size).map(|index| {
            let next = json!({ "$ref": format!("#/components/schemas/s{}", (index + 1)) });
            (format!("s{index}"), link(next))
        });
        let mut schemas: Map<String, Value> = schemas.collect();
        schemas.insert(format!("s{size}"), json!({ "type": "string" }));
        let document = json!({
            "openapi": "3.0.3",
            "info": { "title": "Shop", "version": "1" },
            "paths": { "/a": { "get": { "operationId": "a", "responses": { "200": {
                "description": "", "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/s0" }
                } }
            } } } } },
            "components": { "schemas": schemas }
        });
        let document = Document::parse("long.json", document.to_string().as_bytes());
        let document = document.expect("a document");
        let cleaning = std::thread::Builder::new().stack_size(STACK);
        let cleaning = cleaning.spawn(move || cleaned(&document).value()["components"].clone());
        let components = cleaning.expect("a thread").join().expect("no overflow");
        let schemas = components["schemas"].as_object().expect("schemas");
        assert_eq!(schemas.len(), size + 1);
    }
}

#[test]
fn schemas_that_double_at_each_level_end() {
    let mut schemas = Map::new();
    for level in 0..60 {
        let next = json!({ "$ref": format!("#/components/schemas/l{}", level + 1) });
        let schema = json!({ "allOf": [next, next], "oneOf": [next, next], "example": { "a": 1 } });
        schemas.insert(format!("l{level}"), schema);
    }
    let last = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    schemas.insert("l60".to_owned(), last);
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Shop", "version": "1" },
        "paths": { "/parts": { "get": { "operationId": "list", "responses": { "200": {
            "description": "", "content": { "application/json": { "schema": { "allOf": [
                { "$ref": "#/components/schemas/l0" },
                { "type": "object", "properties": { "a": { "type": "integer" } } }
            ] } } }
        } } } } },
        "components": { "schemas": schemas }
    });
    let document = Document::parse("double.json", document.to_string().as_bytes());
    cleaned(&document.expect("a document"));
}

/// Names under which schemas refer to each other.
const SCHEMAS: [&str; 3] = ["a", "b", "c"];

/// Any small value, of which some look like parts of schemas.
fn value() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "a",
        "b",
        "type",
        "string",
        "5",
        "true",
        "null",
        "",
        "date-time",
        "object",
        "required",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..70_000).prop_map(Value::from),
        (-2.0..2.0_f64).prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, move |inner| {
        let members = prop::collection::vec((word.clone(), inner.clone()), 0..3);
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(Value::from),
            members.prop_map(|members| {
                let members = members.into_iter();
                Value::Object(
                    members
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect(),
                )
            }),
        ]
    })
}

fn reference() -> impl Strategy<Value = Value> {
    prop::sample::select(SCHEMAS.to_vec())
        .prop_map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }))
}

/// A schema in which any keyword may be right or wrong.
fn schema() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec![
        "string", "integer", "number", "boolean", "array", "object", "int", "date", "any", "null",
    ]);
    let leaf = prop_oneof![
        reference(),
        kind.clone().prop_map(|kind| json!({ "type": kind })),
        value()
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from);
        let names = prop::sample::select(vec!["a", "b", "c", "success", "default", "$ref"]);
        let properties = prop::collection::vec((names.clone(), inner.clone()), 0..4)
            .prop_map(|members| {
                let members = members.into_iter();
                Value::Object(members.map(|(name, value)| (name.to_owned(), value)).collect())
            });
        let required = prop::collection::vec(names, 0..3).prop_map(Value::from);
        let one_of = |keywords: &'static [&'static str]| {
            prop::sample::select(keywords.to_vec()).prop_map(str::to_owned)
        };
        let member = prop_oneof![
            3 => (Just("type".to_owned()), kind.clone().prop_map(Value::from)),
            3 => (Just("properties".to_owned()), properties),
            2 => (Just("required".to_owned()), required),
            3 => (one_of(&["allOf", "oneOf", "anyOf"]), list),
            2 => (one_of(&["items", "additionalProperties", "not"]), inner.clone()),
            2 => (one_of(&["enum", "default", "example"]), value()),
            2 => (Just("enum".to_owned()), prop::collection::vec(value(), 0..4).prop_map(Value::from)),
            1 => (Just("nullable".to_owned()), any::<bool>().prop_map(Value::from)),
            3 => (one_of(&[
                "type", "properties", "required", "allOf", "items", "nullable", "format", "minLength",
                "maxItems", "uniqueItems", "minimum", "exclusiveMaximum", "pattern", "description",
                "discriminator", "title", "x-more",
            ]), value()),
            1 => (Just("$ref".to_owned()), reference().prop_map(|schema| schema["$ref"].clone())),
        ];
        prop::collection::vec(member, 0..5)
            .prop_map(|members| Value::Object(members.into_iter().collect()))
    })
}

/// A document with these schemas, and with other members anywhere.
fn document(schemas: [Value; 3], parameters: Value, body: Value, content: Value) -> Value {
    let [a, b, c] = schemas;
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Shop", "version": "1" },
        "paths": {
            "/parts/{id}/{id}": {
                "parameters": parameters,
                "get": {
                    "responses": {
                        "200": { "description": "", "content": { "application/json": {
                            "schema": { "$ref": "#/components/schemas/a" }, "example": body
                        } } },
                        "4XX": { "content": content }
                    }
                },
                "post": {
                    "operationId": "get-parts-id-id",
                    "parameters": [{ "name": "id", "in": "query", "schema": { "$ref": "#/components/schemas/b" } }],
                    "requestBody": { "content": content },
                    "responses": body
                }
            }
        },
        "components": { "schemas": { "a": a, "b": b, "c": c } }
    })
}

fn documents() -> impl Strategy<Value = Value> {
    let media = prop_oneof![
        value(),
        (schema(), value())
            .prop_map(|(schema, example)| json!({ "schema": schema, "example": example })),
    ];
    let names = prop::sample::select(vec![
        "application/json",
        "undefined",
        "text/plain",
        "string",
    ]);
    let content = prop::collection::vec((names, media), 0..3).prop_map(|members| {
        let members = members.into_iter();
        Value::Object(
            members
                .map(|(name, media)| (name.to_owned(), media))
                .collect(),
        )
    });
    let places = prop::sample::select(vec!["path", "query", "header", "body"]);
    let parameter = prop_oneof![
        value(),
        (places, value(), schema()).prop_map(|(place, required, schema)| {
            json!({ "name": "id", "in": place, "required": required, "schema": schema })
        }),
    ];
    let parameters = prop::collection::vec(parameter, 0..3).prop_map(Value::from);
    ([schema(), schema(), schema()], parameters, value(), content).prop_map(
        |(schemas, parameters, body, content)| document(schemas, parameters, body, content),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands where a schema, parameter or body should: no panic, and
    /// nothing is left for a second cleaning.
    #[test]
    fn cleaning_twice_changes_nothing(value in documents()) {
        let text = value.to_string();
        let document = Document::parse("any.json", text.as_bytes()).expect("a document");
        // References in a circle are refused before.
        if let Ok(slice) = slice(&document, &Selection::default()) {
            let once = clean(slice).expect("a clean document");
            let twice = cleaned_again(&once);
            prop_assert_eq!(twice.value(), once.value());
            prop_assert!(twice.repairs().iter().all(|repair| repair.is_note()));
        }
    }
}
