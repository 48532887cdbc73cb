//! An emitted crate has what its document has, and stands alone.

mod support;

use codegen::{Document, GeneratedCrate, Plan, Runtime, Surface, generate};
use support::emitted::{cargo, root, write};

/// The document and the plan of the checked-in crate.
fn inputs() -> (Document, Plan) {
    let folder = root().join("openapi");
    let spec = std::fs::read(folder.join("client-certificates.yaml")).expect("the fragment");
    let plan = std::fs::read_to_string(folder.join("client-certificates.toml")).expect("the plan");
    let document = Document::parse("client-certificates.yaml", &spec).expect("a document");
    let plan = Plan::parse("client-certificates.toml", &plan).expect("a plan");
    (document, plan)
}

/// The operationIds of a document, in its order.
fn operations(document: &Document) -> Vec<&str> {
    let paths = document.value()["paths"].as_object().expect("paths");
    let members = paths.values().filter_map(|item| item.as_object());
    let members = members.flat_map(|item| item.values());
    members
        .filter_map(|operation| operation["operationId"].as_str())
        .collect()
}

#[test]
fn every_operation_of_the_fragment_is_listed() {
    let (document, plan) = inputs();
    let emitted = generate(&document, &plan).expect("a crate").0;
    let surface = Surface::parse(&emitted.files["surface.json"]).expect("a surface");
    let ids: Vec<_> = surface.calls.iter().map(|call| &*call.operation).collect();
    assert_eq!(ids, operations(&document));
}

#[test]
fn an_emitted_crate_with_its_runtime_compiles_alone() {
    let (document, mut plan) = inputs();
    plan.package.runtime = Runtime::Vendored;
    let emitted = generate(&document, &plan).expect("a crate").0;
    compile(&emitted, &[&["--all-targets"]]);
}

#[test]
fn a_crate_with_bodies_and_responses_of_every_kind_compiles_with_and_without_them() {
    let emitted = small(include_bytes!("../../codegen/tests/media.yaml"));
    let without = ["--no-default-features", "--features", "rustls"];
    compile(&emitted, &[&["--all-targets"], &without]);
}

#[test]
fn names_that_clash_with_what_a_crate_has_compile() {
    let emitted = small(include_bytes!("../../codegen/tests/clashes.yaml"));
    compile(&emitted, &[&["--all-targets"]]);
}

/// The crate of a small document without a plan.
fn small(text: &[u8]) -> GeneratedCrate {
    let document = Document::parse("small.yaml", text).expect("a document");
    generate(&document, &Plan::for_package("small"))
        .expect("a crate")
        .0
}

/// Checks the crate in a folder of its own, once with each of `arguments`; a
/// warning is an error.
fn compile(emitted: &GeneratedCrate, arguments: &[&[&str]]) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &emitted.files);
    for arguments in arguments {
        cargo(folder.path(), &[&["check"], *arguments].concat());
    }
}
