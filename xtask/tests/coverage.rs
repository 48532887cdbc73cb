//! `coverage` says how far the operations and the examples of a document come.

mod support;

use support::{FRAGMENT, PLAN, Sandbox};

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
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    let arguments = [&COVERAGE[..], &["--plan", "DIR/plan.toml"]].concat();
    let outcome = sandbox.run(&arguments);
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
    let sandbox = Sandbox::with(SHOP, PLAN);
    let outcome = sandbox.run(&[&COVERAGE[..], &["--report", "DIR/report.json"]].concat());
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
           The example of the response 200 of `GET /parts/{id}` has at `/count` `\"many\"`, \
         but an integer is described there.\n"
    );
    let report = std::fs::read_to_string(sandbox.path("report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["totals"]["generated"], 2);
    assert_eq!(report["totals"]["bodies"]["explained"], 1);
    assert_eq!(report["operations"][1]["body"]["decoded"], 2);
}

/// A document whose one operation neither sends nor receives anything of a type.
const WITHOUT_TYPES: &str = "\
openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: 'https://api.example.com' }]
paths:
  /parts:
    delete:
      operationId: delete-parts
      responses: { '204': { description: Done. } }
";

#[test]
fn a_document_without_types_comes_all_the_way() {
    let sandbox = Sandbox::with(WITHOUT_TYPES, PLAN);
    let outcome = sandbox.run(&COVERAGE);
    assert_eq!(
        (outcome.code, &*outcome.stderr),
        (Some(0), ""),
        "{outcome:?}"
    );
    assert!(!outcome.stdout.contains("Failures"), "{outcome:?}");
}

/// A response with members of a subtype and with one of which nothing is said; bodies with
/// a whole number and with a null that mean something.
const LOSSES: &str = "\
openapi: 3.0.3
info: { title: Pets, version: '1' }
servers: [{ url: 'https://api.example.com' }]
paths:
  /pets:
    get:
      operationId: get-pet
      responses:
        '200':
          description: A pet.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Pet' }
              example: { kind: Cat, lives: 9, color: red }
    post:
      operationId: adopt-cat
      responses:
        '200':
          description: A cat.
          content: { application/json: { schema: { $ref: '#/components/schemas/Cat' } } }
    put:
      operationId: put-pet
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties: { age: { type: number }, owner: { type: string, nullable: true } }
            example: { age: 3, owner: null }
      responses: { '204': { description: Done. } }
components:
  schemas:
    Pet:
      type: object
      required: [kind]
      properties: { kind: { type: string } }
      discriminator: { propertyName: kind }
    Cat:
      allOf:
        - { $ref: '#/components/schemas/Pet' }
        - { type: object, properties: { lives: { type: integer } } }
";

/// What of a document's own is lost is never put down to the document.
#[test]
fn members_of_subtypes_whole_numbers_and_nulls_come_through_or_are_failures_of_codegen() {
    let sandbox = Sandbox::with(LOSSES, PLAN);
    let outcome = sandbox.run(&[&COVERAGE[..], &["--report", "DIR/report.json"]].concat());
    let report = std::fs::read_to_string(sandbox.path("report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let failures = report["failures"].as_array().expect("failures");
    let reasons_of = |cause: &str| -> Vec<&str> {
        let of_cause = failures.iter().filter(|failure| failure["cause"] == cause);
        let reasons = of_cause.filter_map(|failure| failure["reasons"].as_array());
        let mut reasons: Vec<_> = reasons.flatten().filter_map(|text| text.as_str()).collect();
        reasons.sort_unstable();
        reasons
    };
    for text in reasons_of("document") {
        assert!(!text.contains("/lives") && !text.contains("/age"), "{text}");
    }
    for (member, reason) in [
        ("lives", "/lives is lost"),
        ("age", "/age is 3, and is written as 3.0"),
        ("owner", "/owner is lost"),
    ] {
        let of_codegen = reasons_of("codegen");
        let mut said = of_codegen.iter().filter(|text| text.contains(member));
        assert!(said.all(|text| *text == reason), "{of_codegen:?}");
    }
    assert_eq!(report["totals"]["undescribed_members"], 1, "{outcome:?}");
}

#[test]
fn a_selector_that_matches_nothing_is_refused() {
    let sandbox = Sandbox::with(SHOP, PLAN);
    let outcome = sandbox.run(&[&COVERAGE[..], &["--operation", "get-parts"]].concat());
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(
        outcome.stderr.ends_with("no operation has the operationId `get-parts`; did you mean `get-part`, or `put-part`?\n"),
        "{outcome:?}"
    );
    assert!(!sandbox.path("out").exists(), "nothing may be written");
}
