//! `coverage` says how far the operations and the examples of a document come.

mod support;

use support::{FRAGMENT, PLAN, Place};

const COVERAGE: [&str; 5] = ["coverage", "--spec", "DIR/api.yaml", "--out", "DIR/out"];

/// Two operations: the example of one has a value of another type, that of the
/// other a member that its schema does not describe.
const SHOP: &str = "\
openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: 'https://api.example.com' }]
paths:
  /parts/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
    get:
      operationId: get-part
      responses:
        '200':
          description: The part.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Part' }
              example: { id: '1', count: many }
    put:
      operationId: put-part
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Part' }
            example: { id: '1', color: red }
      responses:
        '204': { description: Done. }
components:
  schemas:
    Part:
      type: object
      required: [id]
      properties:
        id: { type: string, example: a1 }
        count: { type: integer }
";

#[test]
fn every_operation_of_the_fragment_comes_all_the_way() {
    let place = Place::with(FRAGMENT, PLAN);
    let arguments = [&COVERAGE[..], &["--plan", "DIR/plan.toml"]].concat();
    let outcome = place.run(&arguments);
    assert_eq!(
        (outcome.code, &*outcome.stderr),
        (Some(0), ""),
        "{outcome:?}"
    );
    let counts: Vec<_> = outcome
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        counts,
        [
            "generated 5 of 5",
            "compiled 5 of 5",
            "with examples 5 of 5",
            "bodies decoded 2 of 2",
            "bodies round-tripped 2 of 2",
            "responses decoded 5 of 5",
            "responses round-tripped 5 of 5",
            "examples decoded 11 of 11",
            "examples round-tripped 11 of 11"
        ]
    );
}

#[test]
fn an_example_that_contradicts_its_schema_is_explained_and_no_failure() {
    let place = Place::with(SHOP, PLAN);
    let outcome = place.run(&[&COVERAGE[..], &["--report", "DIR/report.json"]].concat());
    assert_eq!(
        (outcome.code, &*outcome.stderr),
        (Some(0), ""),
        "{outcome:?}"
    );
    let (_, explained) = outcome.stdout.split_once("\n\n").expect("a list");
    assert_eq!(
        explained,
        "Explained by the document's own faults (1, in operations: 1):\n\
         - put-part: not round-tripped as types::Part\n  \
           at /paths/~1parts~1{id}/put/requestBody/content/application~1json/example\n  \
           the example has /color, which the schema does not describe\n\
         \n\
         Examples corrected or removed by the clean stage (1):\n\
         - /paths/~1parts~1{id}/get/responses/200/content/application~1json/example/count\n  \
           The example of the answer 200 of `GET /parts/{id}` has at `/count` `\"many\"`, \
         but an integer is described there.\n"
    );
    let report = std::fs::read_to_string(place.path("report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["totals"]["generated"], 2);
    assert_eq!(report["totals"]["bodies"]["explained"], 1);
    assert_eq!(report["operations"][1]["body"]["decoded"], 2);
}

#[test]
fn a_selector_that_matches_nothing_is_refused() {
    let place = Place::with(SHOP, PLAN);
    let outcome = place.run(&[&COVERAGE[..], &["--operation", "get-parts"]].concat());
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(
        outcome.stderr.ends_with("no operation has the operationId `get-parts`; did you mean `get-part`, or `put-part`?\n"),
        "{outcome:?}"
    );
    assert!(!place.path("out").exists(), "nothing may be written");
}
