//! What each stage gives out, on a small document and on the fragment of the
//! checked-in client.

use codegen::normalize::Normalized;
use codegen::protocol::Protocol;
use codegen::slice::Selection;
use codegen::surface::Surface;
use codegen::{Document, Plan, Runtime, backend, clean, generate, normalize, openapi, slice};
use insta::{assert_snapshot, assert_yaml_snapshot};
use serde_json::{Value, json};

const FRAGMENT: &str = include_str!("../../openapi/client-certificates.yaml");
const PLAN: &str = include_str!("../../openapi/client-certificates.toml");

/// A document with one operation that has something of everything.
const SHOP: &str = include_str!("shop.yaml");

/// A document with bodies and responses of every kind, in two resources.
const STUDIO: &str = include_str!("media.yaml");

fn shop() -> Document {
    Document::parse("shop.yaml", SHOP.as_bytes()).expect("a document")
}

/// A plan for a document whose responses come in the common envelope.
fn plan(name: &str) -> Plan {
    let mut plan = Plan::for_package(name);
    plan.envelope = Some(Default::default());
    plan
}

fn studio(file: &str) -> String {
    let document = Document::parse("media.yaml", STUDIO.as_bytes()).expect("a document");
    let (emitted, _) = generate(&document, &plan("studio")).expect("a crate");
    emitted.files[file].clone()
}

fn normalized(document: &Document, plan: &Plan) -> Normalized {
    let slice = slice::slice(document, &Selection::default()).expect("a slice");
    let clean = clean::clean(slice).expect("a clean slice");
    let description = openapi::describe(&clean);
    let protocol = Protocol {
        envelope: plan.envelope.clone(),
        ..Protocol::default()
    };
    normalize::normalize(&clean, &description, plan, &protocol).expect("a normalized document")
}

fn surface() -> Surface {
    let (emitted, _) = generate(&shop(), &plan("shop")).expect("a crate");
    emitted.surface
}

fn file(name: &str) -> String {
    let (emitted, _) = generate(&shop(), &plan("shop")).expect("a crate");
    emitted.files[name].clone()
}

#[test]
fn slice_keeps_one_operation_and_what_it_reaches() {
    let selection = Selection {
        operations: vec!["reactivate-client-certificate".to_owned()],
        ..Selection::default()
    };
    let document = Document::parse("fragment.yaml", FRAGMENT.as_bytes()).expect("a document");
    let slice = slice::slice(&document, &selection).expect("a slice");
    let names: Vec<(&String, Vec<&String>)> = slice.value()["components"]
        .as_object()
        .expect("components")
        .iter()
        .map(|(section, members)| {
            (
                section,
                members.as_object().expect("members").keys().collect(),
            )
        })
        .collect();
    assert_yaml_snapshot!("slice_components", names);
}

#[test]
fn normalize_gives_the_fragment_in_shapes_of_rust() {
    let document = Document::parse("fragment.yaml", FRAGMENT.as_bytes()).expect("a document");
    let mut plan = Plan::parse("fragment.toml", PLAN).expect("a plan");
    plan.envelope = Some(Default::default());
    let normalized = normalized(&document, &plan);
    let operations: Vec<Value> = normalized
        .api()
        .operations
        .iter()
        .map(|operation| {
            let parameters: Vec<String> = operation
                .parameters
                .iter()
                .map(|parameter| {
                    let mark = if parameter.required { "" } else { "?" };
                    format!("{}{mark}: {:?}", parameter.rust_name, parameter.ty)
                })
                .collect();
            json!({
                "function": operation.function,
                "request": format!("{} {}", operation.method, operation.path),
                "idempotent": operation.idempotent,
                "parameters": parameters,
                "body": operation.body.as_ref().map(|body| format!("{body:?}")),
                "outcome": format!("{:?}", operation.outcome),
            })
        })
        .collect();
    assert_yaml_snapshot!("normalized_operations", operations);
}

#[test]
fn progenitor_gives_a_struct_for_each_object() {
    let structs = backend::structs(&surface()).expect("structs");
    let mut names: Vec<&String> = structs.keys().collect();
    names.sort_unstable();
    assert_eq!(names, ["AddPartBody", "Part"]);
    let optional_list = structs["Part"].fields.iter().find_map(|field| {
        let name = field.ident.as_ref()?;
        (name == "parts").then_some(&field.ty)
    });
    let expected: syn::Type = syn::parse_quote!(::std::option::Option<::std::vec::Vec<Part>>);
    assert_eq!(optional_list, Some(&expected), "empty is not absent");
}

#[test]
fn a_surface_is_read_back_as_it_was_written() {
    let text = file("surface.json");
    assert_eq!(Surface::parse(&text).expect("a surface"), surface());
    for name in ["src/types.rs", "src/operations/parts.rs", "README.md"] {
        let read = Surface::parse(&text).expect("a surface");
        let printed = codegen::render(&read, &Runtime::Vendored).expect("a crate");
        assert_eq!(printed[name], file(name), "{name}");
    }
}

#[test]
fn an_operation_is_a_method_and_a_builder() {
    assert_snapshot!("operation", file("src/operations/parts.rs"));
}

#[test]
fn types_are_structs_open_enums_and_unions() {
    assert_snapshot!("types", file("src/types.rs"));
}

#[test]
fn bodies_and_responses_of_other_kinds_than_json_have_methods() {
    let text = studio("src/operations/images.rs");
    // What follows the methods is what the snapshot of an operation shows.
    let signatures: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("pub fn ") || line.contains("pub async fn "))
        .collect();
    assert_snapshot!("studio_signatures", signatures.join("\n"));
    let start = text
        .find("/// What [`UploadImageCall::send`] gives")
        .expect("an enum");
    let output = text[start..].split("\n\n").next().unwrap_or_default();
    assert_snapshot!("studio_output", output);
    let start = text.find("impl CopyImageCall {").expect("a builder");
    let end = text[start..].find("/// Sends the request and returns the response undecoded");
    let copy: Vec<&str> = text[start..start + end.expect("its last method")]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    assert_snapshot!("studio_copy", copy.join("\n"));
}

#[test]
fn a_component_that_is_sent_and_received_is_two_types() {
    assert_snapshot!("studio_types", studio("src/types/albums_and_images.rs"));
    assert_snapshot!("studio_input", studio("src/types/images.rs"));
}

#[test]
fn each_resource_is_a_feature_and_a_module() {
    assert_snapshot!("studio_lib", studio("src/lib.rs"));
    assert_snapshot!("studio_modules", studio("src/types.rs"));
    let manifest = studio("Cargo.toml");
    let (_, features) = manifest.split_once("[features]").expect("features");
    assert_snapshot!("studio_manifest", features);
}

#[test]
fn a_crate_has_a_manifest_a_root_a_client_and_a_protocol() {
    assert_snapshot!("lib", file("src/lib.rs"));
    assert_snapshot!("protocol", file("src/protocol.rs"));
    assert_snapshot!("surface", file("surface.json"));
}

#[test]
fn the_report_counts_what_was_made() {
    let (_, report) = generate(&shop(), &plan("shop")).expect("a crate");
    let text = report.to_string();
    assert!(text.starts_with("operations 1, types 4, lines "), "{text}");
    assert!(text.contains("parts overruled 1"), "{text}");
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let plan = plan("shop");
    let first = generate(&shop(), &plan).expect("a crate");
    assert_eq!(generate(&shop(), &plan).expect("a crate"), first);
}

#[test]
fn a_parameter_and_a_field_of_one_name_get_setters_of_their_own() {
    let text = file("src/operations/parts.rs");
    assert!(text.contains("pub fn color(mut self, color: "), "{text}");
    assert!(text.contains("pub fn color_2(mut self, color: "), "{text}");
}

/// A document of one operation whose response has the property `name`, and which takes
/// `schemas` along.
fn with_response(path: &str, schema: &Value, schemas: &Value) -> Document {
    let text = json!({
        "openapi": "3.0.3", "info": { "title": "Shop", "version": "1" },
        "paths": { path: { "get": { "operationId": "a", "responses": { "200": {
            "description": "", "content": { "application/json": { "schema": schema } }
        } } } } },
        "components": { "schemas": schemas }
    });
    Document::parse("shop.json", text.to_string().as_bytes()).expect("a document")
}

#[test]
fn a_key_of_the_plans_envelope_that_no_response_has_is_an_error_with_its_line() {
    let schema = json!({ "type": "object", "properties": {
        "success": { "type": "boolean" }, "errors": { "type": "array" }, "result": { "type": "string" }
    } });
    let document = with_response("/a", &schema, &json!({}));
    let plan = |keys: &str| {
        let package = "[package]\nname = \"shop\"\nversion = \"1.0.0\"\ndescription = \"\"\n";
        let text = format!("{package}[envelope]\n{keys}");
        Plan::parse("shop.toml", &text).expect("a plan")
    };
    let error = generate(
        &document,
        &plan("success = \"success\"\nresult = \"resultt\"\n"),
    );
    assert_eq!(
        error.expect_err("nothing is called so").to_string(),
        "shop.toml:7: `[envelope]` names `resultt`, which is no member of a response of the document (near it: `result`); correct the entry, or remove it"
    );
    let keys = "success = \"success\"\nerrors = \"errors\"\nresult = \"result\"\n";
    generate(&document, &plan(keys)).expect("the other keys are defaults");
}

#[test]
fn an_error_names_the_place_in_the_document_as_it_was() {
    // Lists in lists, by way of references, and then in the response of a path that is
    // called otherwise once it is clean.
    let levels = codegen::limits::DEEPEST_UNNAMED;
    let at = "#/paths/~1b?c={c}/get/responses/200/content/application~1json/schema";
    let schemas: serde_json::Map<String, Value> = (0..levels)
        .map(|level| {
            let next = match level + 1 < levels {
                true => format!("#/components/schemas/L{}", level + 1),
                false => at.to_owned(),
            };
            let schema = json!({ "type": "array", "items": { "$ref": next } });
            (format!("L{level}"), schema)
        })
        .collect();
    let schema = |schema: Value| json!({ "200": { "description": "", "content": { "application/json": { "schema": schema } } } });
    let text = json!({
        "openapi": "3.0.3", "info": { "title": "Lists", "version": "1" },
        "paths": {
            "/a": { "get": {
                "operationId": "a",
                "responses": schema(json!({ "$ref": "#/components/schemas/L0" }))
            } },
            "/b?c={c}": { "get": {
                "operationId": "b",
                "parameters": [{ "name": "c", "in": "query", "schema": { "type": "string" } }],
                "responses": schema(json!({ "type": "array", "items": { "type": "string" } }))
            } }
        },
        "components": { "schemas": schemas }
    });
    let document = Document::parse("lists.json", text.to_string().as_bytes()).expect("a document");
    let error = generate(&document, &Plan::for_package("lists")).expect_err("lists too deep");
    assert_eq!(
        error.to_string(),
        format!(
            "lists.json:1:{} (at `/paths/~1b?c={{c}}/get/responses/200/content/application~1json/schema`): lists, maps and alternatives lie in each other more than 128 deep here, which no type of Rust can follow; one of them should be an object with properties",
            document.locate(at.trim_start_matches('#')).column
        )
    );
}
