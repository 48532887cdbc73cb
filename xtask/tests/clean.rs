//! `xtask clean`: what it prints and writes.

mod support;

use std::fs;

use support::{FRAGMENT, GENERATE, PLAN, Sandbox, replaced};

/// A document with one defect that is repaired, and one that is noted.
const SHOP: &str = "\
openapi: 3.0.3
info: { title: Shop, version: '1' }
paths:
  /shops/{id}/partners/{id}:
    get:
      operationId: get-partner
      parameters:
        - { name: id, in: path, required: true, schema: { type: string, enum: [a, null] } }
      responses: { '204': { description: Done. } }
";

#[test]
fn each_repair_is_shown_where_there_are_few() {
    let sandbox = Sandbox::with(SHOP, PLAN);
    let outcome = sandbox.run(&["clean", "--spec", "DIR/api.yaml"]);
    assert_eq!(outcome.stderr, "");
    assert_eq!(outcome.code, Some(0));
    assert_eq!(
        outcome.stdout,
        "\
DIR/api.yaml: operations 1, repairs 3
     2  null-in-enum                `null` is listed in an `enum`, where tools do not look for it
     1  path-names-parameter-twice  a path names one argument twice

null-in-enum: The parameter `id` of `GET /shops/{id}/partners/{id}` lists `null` among its values; that it can be null is what `nullable` says.
    at /paths/~1shops~1{id}~1partners~1{id}/get/parameters/0/schema/enum
    [\"a\",null] → [\"a\"]

null-in-enum: The parameter `id` of `GET /shops/{id}/partners/{id}` lists `null` among its values; that it can be null is what `nullable` says.
    at /paths/~1shops~1{id}~1partners~1{id}/get/parameters/0/schema/nullable
    nothing → true

path-names-parameter-twice: The path `/shops/{id}/partners/{id}` names `{id}` more than once, so one value is put in each of the places.
    at /paths/~1shops~1{id}~1partners~1{id}
    noted, and left as it is
"
    );
}

#[test]
fn the_cleaned_document_and_the_records_are_written() {
    let sandbox = Sandbox::with(SHOP, PLAN);
    let arguments = [
        "clean",
        "--spec",
        "DIR/api.yaml",
        "--out",
        "DIR/out.json",
        "--report",
        "DIR/report.json",
    ];
    assert_eq!(sandbox.run(&arguments).code, Some(0));
    let report = fs::read_to_string(sandbox.path("report.json")).expect("a report");
    assert!(
        report.starts_with("[\n  {\n    \"defect\": \"null-in-enum\",\n"),
        "{report}"
    );
    // What is clean has nothing but notes.
    let again = sandbox.run(&["clean", "--spec", "DIR/out.json"]);
    let first = again.stdout.lines().next();
    assert_eq!(first, Some("DIR/out.json: operations 1, repairs 1"));
}

#[test]
fn many_repairs_are_counted_and_shown_on_demand() {
    let many: String = (0..41)
        .map(|number| {
            format!("        - {{ name: n{number}, in: query, schema: {{ example: a }} }}\n")
        })
        .collect();
    let document = replaced(SHOP, "      responses:", &format!("{many}      responses:"));
    let sandbox = Sandbox::with(&document, PLAN);
    let counted = sandbox.run(&["clean", "--spec", "DIR/api.yaml"]).stdout;
    assert!(counted.contains("    41  missing-type "), "{counted}");
    assert!(counted.ends_with("\nEach of them: --all, or --report FILE.json\n"));
    let shown = sandbox
        .run(&["clean", "--spec", "DIR/api.yaml", "--all"])
        .stdout;
    assert!(
        shown.contains("\nmissing-type: The parameter `n40` of "),
        "{shown}"
    );
}

#[test]
fn a_document_without_defects_has_no_repairs() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    let outcome = sandbox.run(&["clean", "--spec", "DIR/api.yaml"]);
    assert_eq!(outcome.stdout, "DIR/api.yaml: operations 5, repairs 0\n");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let sandbox = Sandbox::with(SHOP, PLAN);
    let outcome = sandbox.run(&[
        "clean",
        "--spec",
        "DIR/api.yaml",
        "--out",
        "DIR/no/out.json",
    ]);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome
            .stderr
            .starts_with("error: DIR/no/out.json: cannot be written: "),
        "{outcome:?}"
    );
}

#[test]
fn generate_repairs_what_the_plan_allows_and_says_so() {
    let document = replaced(FRAGMENT, "operationId: revoke-", "operationId: get-");
    let choice = "revoke-client-certificate = { name = \"revoke_client_certificate\" }\n";
    let plan = replaced(PLAN, choice, "");
    let plan = format!("{plan}\n[clean]\nallow = [\"duplicate-operation-id\"]\n");
    let outcome = Sandbox::with(&document, &plan).run(&GENERATE);
    assert_eq!(outcome.stderr, "");
    assert!(
        outcome
            .stdout
            .contains(", repairs 1 (duplicate-operation-id 1); "),
        "{outcome:?}"
    );
}
