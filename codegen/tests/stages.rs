//! What each stage gives out, on a small document and on the fragment of the
//! checked-in client.

use codegen::normalize::Normalized;
use codegen::slice::Selection;
use codegen::{Document, Plan, backend, clean, generate, normalize, openapi, slice};
use insta::{assert_snapshot, assert_yaml_snapshot};
use serde_json::{Value, json};

const FRAGMENT: &str = include_str!("../../openapi/client-certificates.yaml");
const PLAN: &str = include_str!("../../openapi/client-certificates.toml");

/// A document with one operation that has something of everything.
const SHOP: &str = include_str!("shop.yaml");

fn shop() -> Document {
    Document::parse("shop.yaml", SHOP.as_bytes()).expect("a document")
}

/// A document with bodies and answers of every kind, in two resources.
const STUDIO: &str = include_str!("media.yaml");

fn studio(file: &str) -> String {
    let document = Document::parse("media.yaml", STUDIO.as_bytes()).expect("a document");
    let (emitted, _) = generate(&document, &Plan::for_package("studio")).expect("a crate");
    emitted.files[file].clone()
}

fn normalized(document: &Document, plan: &Plan) -> Normalized {
    let slice = slice::slice(document, &Selection::default()).expect("a slice");
    let clean = clean::clean(slice).expect("a clean slice");
    normalize::normalize(&clean, &openapi::describe(&clean), plan).expect("a normalized document")
}

fn file(name: &str) -> String {
    let (emitted, _) = generate(&shop(), &Plan::for_package("shop")).expect("a crate");
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
    let plan = Plan::parse("fragment.toml", PLAN).expect("a plan");
    let normalized = normalized(&document, &plan);
    let types: Value = serde_json::to_value(&normalized.rendered().document).expect("JSON");
    assert_yaml_snapshot!("normalized_types", types["components"]["schemas"]);
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
                "paged": operation.is_paged(),
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
    let normalized = normalized(&shop(), &Plan::for_package("shop"));
    let rendered = normalized.rendered();
    let ours = rendered.ours.iter().map(String::as_str);
    let tree = backend::generate(&rendered.document, ours).expect("a syntax tree");
    let structs: Vec<String> = tree
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Mod(module) => module.content.as_ref(),
            _ => None,
        })
        .flat_map(|(_, items)| items)
        .filter_map(|item| match item {
            syn::Item::Struct(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(structs, ["AddPartBody", "Part"]);
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
fn bodies_and_answers_of_other_kinds_than_json_have_methods() {
    let text = studio("src/operations/images.rs");
    // What follows the methods is what the snapshot of an operation shows.
    let signatures: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("pub fn ") || line.contains("pub async fn "))
        .collect();
    assert_snapshot!("studio_signatures", signatures.join("\n"));
    let start = text
        .find("/// What [`UploadImage::send`] gives")
        .expect("an enum");
    let answer = text[start..].split("\n\n").next().unwrap_or_default();
    assert_snapshot!("studio_answer", answer);
    let start = text.find("impl CopyImage {").expect("a builder");
    let end = text[start..].find("/// Sends the request, and returns the answer undecoded");
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
fn the_list_of_operations_says_what_each_needs_and_gives() {
    assert_snapshot!("studio_operations_json", studio("operations.json"));
}

#[test]
fn a_crate_has_a_manifest_a_root_and_a_list_of_operations() {
    assert_snapshot!("lib", file("src/lib.rs"));
    assert_snapshot!("operations_json", file("operations.json"));
    assert_snapshot!("readme", file("README.md"));
}

#[test]
fn the_report_counts_what_was_made() {
    let (_, report) = generate(&shop(), &Plan::for_package("shop")).expect("a crate");
    assert_snapshot!(report.to_string(), @"operations 1, types 4, lines 291, parts overruled 1");
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let plan = Plan::for_package("shop");
    let first = generate(&shop(), &plan).expect("a crate");
    assert_eq!(generate(&shop(), &plan).expect("a crate"), first);
}

#[test]
fn a_parameter_and_a_field_of_one_name_get_setters_of_their_own() {
    let text = file("src/operations/parts.rs");
    assert!(text.contains("pub fn color(mut self, color: "), "{text}");
    assert!(text.contains("pub fn color_2(mut self, color: "), "{text}");
}
