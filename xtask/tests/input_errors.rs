//! Every wrong input ends with exit code 1 and a message that says where and
//! what to do, and nothing is written.

mod support;

use std::fs;

use support::{FRAGMENT, GENERATE, Outcome, PLAN, Sandbox, replaced};

/// Runs the binary and asserts that it refuses with exactly `message`.
#[track_caller]
fn refuses(sandbox: &Sandbox, arguments: &[&str], message: &str) {
    let outcome = sandbox.run(arguments);
    let expected = Outcome {
        code: Some(1),
        stdout: String::new(),
        stderr: format!("error: {message}\n"),
    };
    assert_eq!(outcome, expected);
    assert!(!sandbox.path("out").exists(), "nothing may be written");
}

#[track_caller]
fn document_is_refused(document: &str, message: &str) {
    refuses(&Sandbox::with(document, PLAN), &GENERATE, message);
}

#[track_caller]
fn plan_is_refused(plan: &str, message: &str) {
    refuses(&Sandbox::with(FRAGMENT, plan), &GENERATE, message);
}

/// `text` up to the end of the first `last`, as if the rest had not arrived.
fn cut_after<'t>(text: &'t str, last: &str) -> &'t str {
    let start = text.find(last).expect("the place of the cut");
    &text[..start + last.len()]
}

/// The fragment with the schemas `Hen` and `Egg`, the first of which is what
/// an operation answers.
fn with_hen_and_egg(hen: &str, egg: &str) -> String {
    let schemas = format!("    Hen: {hen}\n    Egg: {egg}\n    SuccessEnvelope:\n");
    let document = replaced(FRAGMENT, "    SuccessEnvelope:\n", &schemas);
    replaced(
        &document,
        "schema: { $ref: '#/components/schemas/ClientCertificateList' }",
        "schema: { $ref: '#/components/schemas/Hen' }",
    )
}

// Files that are no document.

#[test]
fn yaml_cut_off_in_a_quoted_text_is_named_where_the_quote_opens() {
    document_is_refused(
        cut_after(FRAGMENT, "expires_on: '2033"),
        "DIR/api.yaml:159:27 (at `/components/responses/Certificate/content/application~1json/example/result/expires_on`): \
         the file ends before the value here does, so it seems to be cut off. \
         Fetch it again, or close the bracket or quote that is open.",
    );
}

#[test]
fn yaml_cut_off_in_braces_is_named_where_they_open() {
    document_is_refused(
        cut_after(FRAGMENT, "api_token: { type: http"),
        "DIR/api.yaml:120:16 (at `/components/securitySchemes/api_token`): \
         the file ends before the value here does, so it seems to be cut off. \
         Fetch it again, or close the bracket or quote that is open.",
    );
}

#[test]
fn json_cut_off_is_named_where_it_ends() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    let whole = sandbox.run(&["slice", "--spec", "DIR/api.yaml"]);
    assert_eq!(whole.code, Some(0), "{whole:?}");
    sandbox.write("api.yaml", cut_after(&whole.stdout, "\"openapi\": \"3.0"));
    refuses(
        &sandbox,
        &GENERATE,
        "DIR/api.yaml:2:17 (at `/openapi`): \
         the file ends before the value here does, so it seems to be cut off. \
         Fetch it again, or close the bracket or quote that is open.",
    );
}

#[test]
fn a_document_cut_off_anywhere_is_never_a_panic() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    for end in (0..FRAGMENT.len()).step_by(397) {
        sandbox.write("api.yaml", &FRAGMENT[..end]);
        let outcome = sandbox.run(&["slice", "--spec", "DIR/api.yaml"]);
        // YAML may be whole without its last lines.
        let is_refused =
            outcome.code == Some(1) && outcome.stderr.starts_with("error: DIR/api.yaml");
        assert!(is_refused || outcome.code == Some(0), "{end}: {outcome:?}");
    }
}

#[test]
fn a_page_that_is_neither_json_nor_yaml_is_named_where_reading_stops() {
    document_is_refused(
        "<html>\n<body>Sign in: here</body>\n</html>\n",
        "DIR/api.yaml:2:14: \
         the file is neither JSON, which begins with a brace, nor YAML: mapping values are not allowed in this context. \
         Correct it here, or check that it is the right file.",
    );
}

#[test]
fn a_file_of_plain_text_is_no_document() {
    document_is_refused(
        "Not found\n",
        "DIR/api.yaml:1:1: an OpenAPI document is an object, but this is a string. \
         Check that it is the right file.",
    );
}

#[test]
fn an_empty_file_is_no_document() {
    document_is_refused(
        "",
        "DIR/api.yaml: the file is empty. Give an OpenAPI 3.0 document, in JSON or YAML.",
    );
}

#[test]
fn a_missing_document_is_named() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    fs::remove_file(sandbox.path("api.yaml")).expect("a file to delete");
    refuses(
        &sandbox,
        &GENERATE,
        &format!("DIR/api.yaml: cannot be read: {NOT_FOUND}"),
    );
}

#[test]
fn a_missing_plan_is_named() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    fs::remove_file(sandbox.path("plan.toml")).expect("a file to delete");
    refuses(
        &sandbox,
        &GENERATE,
        &format!("DIR/plan.toml: cannot be read: {NOT_FOUND}"),
    );
}

const NOT_FOUND: &str = if cfg!(windows) {
    "The system cannot find the file specified. (os error 2)"
} else {
    "No such file or directory (os error 2)"
};

// Documents of another kind.

#[test]
fn a_swagger_document_is_refused_with_how_to_convert_it() {
    document_is_refused(
        &replaced(FRAGMENT, "openapi: 3.0.3", "swagger: \"2.0\""),
        "DIR/api.yaml:3:1 (at `/swagger`): \
         this is a Swagger 2.0 document, and only OpenAPI 3.0 is taken. \
         Convert it first, for example with `npx swagger2openapi`.",
    );
}

#[test]
fn openapi_3_1_is_refused_at_its_version() {
    document_is_refused(
        &replaced(FRAGMENT, "openapi: 3.0.3", "openapi: 3.1.0"),
        "DIR/api.yaml:3:1 (at `/openapi`): \
         this document is of OpenAPI 3.1.0, and only 3.0.x is taken. Convert it to 3.0 first.",
    );
}

#[test]
fn a_document_without_operations_is_refused() {
    let head = cut_after(FRAGMENT, "\npaths:");
    document_is_refused(
        &replaced(head, "\npaths:", "\npaths: {}\n"),
        "DIR/api.yaml: the document has no operations, so there is nothing to generate; add paths",
    );
}

#[test]
fn paths_without_a_value_are_refused_at_their_line() {
    document_is_refused(
        cut_after(FRAGMENT, "\npaths:"),
        "DIR/api.yaml:19:1 (at `/paths`): `paths` must be an object, but is null. Correct it here.",
    );
}

// Defects that only the document's author can put right.

#[test]
fn a_ref_to_nothing_is_named_with_its_line() {
    document_is_refused(
        &replaced(
            FRAGMENT,
            "#/components/schemas/CreateClientCertificate",
            "#/components/schemas/Gone",
        ),
        "DIR/api.yaml:70:23 (at `/paths/~1zones~1{zone_id}~1client_certificates/post/requestBody/content/application~1json/schema/$ref`): \
         the `$ref` to `#/components/schemas/Gone` points to nothing in this document; \
         correct the reference, or add what is missing (the file may be cut off)",
    );
}

#[test]
fn refs_in_a_circle_are_named_with_the_line_that_leads_there() {
    document_is_refused(
        &with_hen_and_egg(
            "{ $ref: '#/components/schemas/Egg' }",
            "{ $ref: '#/components/schemas/Hen' }",
        ),
        "DIR/api.yaml:57:25 (at `/paths/~1zones~1{zone_id}~1client_certificates/get/responses/200/content/application~1json/schema/$ref`): \
         the `$ref` to `#/components/schemas/Hen` leads back to itself; \
         one of the references on the way must be replaced by a definition",
    );
}

#[test]
fn an_all_of_circle_is_named_with_the_line_that_leads_there() {
    document_is_refused(
        &with_hen_and_egg(
            "{ allOf: [{ $ref: '#/components/schemas/Egg' }] }",
            "{ allOf: [{ $ref: '#/components/schemas/Hen' }] }",
        ),
        "DIR/api.yaml:57:15 (at `/paths/~1zones~1{zone_id}~1client_certificates/get/responses/200/content/application~1json/schema`): \
         `$ref`s or `allOf`s that never arrive at a schema, by way of `#/components/schemas/Hen`; \
         one of them must be replaced by a definition",
    );
}

#[test]
fn an_operation_id_given_twice_is_named_with_both_places() {
    document_is_refused(
        &replaced(FRAGMENT, "operationId: revoke-", "operationId: get-"),
        "DIR/api.yaml:90:7 (at `/paths/~1zones~1{zone_id}~1client_certificates~1{client_certificate_id}/delete/operationId`): \
         the operationId `get-client-certificate` is also that of `/paths/~1zones~1{zone_id}~1client_certificates~1{client_certificate_id}/get`; \
         each operation needs one of its own",
    );
}

#[test]
fn a_path_argument_that_is_not_declared_is_named_with_its_operation() {
    document_is_refused(
        &replaced(
            FRAGMENT,
            "\n      - $ref: '#/components/parameters/ClientCertificateId'",
            "",
        ),
        "DIR/api.yaml:78:5 (at `/paths/~1zones~1{zone_id}~1client_certificates~1{client_certificate_id}/get`): \
         the path names `{client_certificate_id}`, which no parameter of the operation declares; \
         declare it `in: path`",
    );
}

// Plans that do not fit, or are none.

#[test]
fn a_method_of_the_plan_that_matches_nothing_is_named_with_what_is_near() {
    plan_is_refused(
        &replaced(
            PLAN,
            "list-client-certificates =",
            "list-client-certificate =",
        ),
        "DIR/plan.toml:18: `[methods]` names `list-client-certificate`, which is no operationId of the document \
         (near it: `list-client-certificates`, `get-client-certificate`, `reactivate-client-certificate`); \
         correct the entry, or remove it",
    );
}

#[test]
fn a_type_of_the_plan_that_matches_nothing_is_named_with_what_is_near() {
    plan_is_refused(
        &format!("{PLAN}\n[types]\nCertificateAuthorty = \"Authority\"\n"),
        "DIR/plan.toml:31: `[types]` names `CertificateAuthorty`, which is no schema of the document \
         (near it: `CertificateAuthority`); correct the entry, or remove it",
    );
}

#[test]
fn an_example_of_the_plan_that_matches_nothing_is_named_with_what_is_near() {
    plan_is_refused(
        &replaced(
            PLAN,
            "operation = \"reactivate-client-certificate\"",
            "operation = \"revoke-client-certificates\"",
        ),
        "DIR/plan.toml:28: `[example]` names `revoke-client-certificates`, which is no operationId of the document \
         (near it: `revoke-client-certificate`, `get-client-certificate`, `reactivate-client-certificate`); \
         correct the entry, or remove it",
    );
}

#[test]
fn a_selector_of_the_plan_that_matches_nothing_is_named_with_what_is_near() {
    plan_is_refused(
        &format!("{PLAN}\n[select]\noperations = [\"reactivate-client-certificat\"]\n"),
        "DIR/plan.toml:31: no operation has the operationId `reactivate-client-certificat`; \
         did you mean `reactivate-client-certificate`, or `revoke-client-certificate`, or `create-client-certificate`?",
    );
}

#[test]
fn a_defect_that_no_plan_can_allow_is_named_with_what_is_near() {
    plan_is_refused(
        &format!("{PLAN}\n[clean]\nallow = [\"duplicate-operationid\"]\n"),
        "DIR/plan.toml:31: `[clean]` names `duplicate-operationid`, which is no defect that can be allowed \
         (near it: `duplicate-operation-id`); correct the entry, or remove it",
    );
}

#[test]
fn a_misspelt_key_of_the_plan_is_shown_with_the_keys_there_are() {
    plan_is_refused(
        &replaced(PLAN, "idempotent", "idempotant"),
        "DIR/plan.toml:23:75: unknown field `idempotant`, expected `name` or `idempotent`; \
         correct the plan here",
    );
}

#[test]
fn a_misspelt_table_of_the_plan_is_shown_with_the_tables_there_are() {
    plan_is_refused(
        &replaced(PLAN, "[methods]", "[method]"),
        "DIR/plan.toml:17:2: unknown field `method`, expected one of `package`, `preset`, `envelope`, \
         `pages`, `methods`, `types`, `select`, `clean`, `example`; correct the plan here",
    );
}

#[test]
fn a_method_name_that_is_not_rusts_is_refused_with_the_proper_one() {
    plan_is_refused(
        &replaced(
            PLAN,
            "\"get_client_certificate\"",
            "\"getClientCertificate\"",
        ),
        "DIR/plan.toml:20: the name `getClientCertificate` is not as Rust spells names \
         (that is `get_client_certificate`); choose another",
    );
}

// Arguments.

#[test]
fn a_document_without_plan_or_package_is_asked_for_one() {
    refuses(
        &Sandbox::with(FRAGMENT, PLAN),
        &["generate", "--spec", "DIR/api.yaml", "--out", "DIR/out"],
        "say what the crate is called: --package NAME, or a plan: --plan FILE",
    );
}

#[test]
fn a_document_without_a_folder_for_the_crate_is_asked_for_one() {
    refuses(
        &Sandbox::with(FRAGMENT, PLAN),
        &["generate", "--spec", "DIR/api.yaml", "--package", "shop"],
        "say where the crate goes: --out DIR",
    );
}

#[test]
fn a_package_name_that_cargo_refuses_is_refused() {
    for name in ["1st", "my crate", "a.b", "", "café", "../up"] {
        refuses(
            &Sandbox::with(FRAGMENT, PLAN),
            &with_package(name),
            &format!(
                "`{name}` is no name of a crate: use letters, digits, `-` and `_`, a letter first"
            ),
        );
    }
    for name in ["fn", "self", "async"] {
        refuses(
            &Sandbox::with(FRAGMENT, PLAN),
            &with_package(name),
            &format!("`{name}` is a word of Rust's own; choose another name"),
        );
    }
}

fn with_package(name: &str) -> [&str; 7] {
    [
        "generate",
        "--spec",
        "DIR/api.yaml",
        "--package",
        name,
        "--out",
        "DIR/out",
    ]
}

#[test]
fn a_package_version_that_cargo_refuses_is_refused() {
    plan_is_refused(
        &replaced(PLAN, "version = \"0.1.0\"", "version = \"0.1\""),
        "DIR/plan.toml:6: `0.1` is no version (unexpected end of input while parsing minor version number); \
         write it as `1.2.3`",
    );
}

#[test]
fn a_selector_argument_that_matches_nothing_is_named_with_what_is_near() {
    for command in [
        &["generate", "--package", "shop", "--out", "DIR/out"][..],
        &["slice"],
        &["clean"],
    ] {
        let selector = ["--spec", "DIR/api.yaml", "--tag", "Client Certificate"];
        refuses(
            &Sandbox::with(FRAGMENT, PLAN),
            &[command, &selector].concat(),
            "DIR/api.yaml: no operation has the tag `Client Certificate`; did you mean `Client Certificates`?",
        );
    }
}

#[test]
fn what_is_refused_leaves_a_crate_that_is_there_as_it_was() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    assert_eq!(sandbox.run(&GENERATE).code, Some(0));
    let before = fs::read(sandbox.path("out/src/types.rs")).expect("a file");
    sandbox.write(
        "api.yaml",
        &replaced(FRAGMENT, "schemas/Csr'", "schemas/Gone'"),
    );
    assert_eq!(sandbox.run(&GENERATE).code, Some(1));
    let after = fs::read(sandbox.path("out/src/types.rs")).expect("a file");
    assert!(before == after, "the crate must stay as it was");
}
