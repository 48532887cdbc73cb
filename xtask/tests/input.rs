//! Where a document comes from, and what of it reaches a terminal.

mod support;

use std::fs;

use support::{FRAGMENT, GENERATE, Outcome, PLAN, Sandbox, replaced};

const FROM_STDIN: [&str; 7] = [
    "generate",
    "--spec",
    "-",
    "--plan",
    "DIR/plan.toml",
    "--out",
    "DIR/out",
];

#[test]
fn a_document_is_read_from_the_standard_input() {
    let sandbox = Sandbox::with("", PLAN);
    let outcome = sandbox.run_with_input(&FROM_STDIN, FRAGMENT);
    assert_eq!((outcome.code, &*outcome.stderr), (Some(0), ""));
    let types = fs::read_to_string(sandbox.path("out/src/types.rs")).expect("a file");
    assert!(types.contains("pub struct ClientCertificate {"));
    for command in ["slice", "clean", "operations"] {
        let outcome = sandbox.run_with_input(&[command, "--spec", "-"], FRAGMENT);
        assert_eq!((outcome.code, &*outcome.stderr), (Some(0), ""), "{command}");
    }
}

#[test]
fn a_fault_in_the_standard_input_is_named_with_its_line() {
    let outcome = Sandbox::with("", PLAN).run_with_input(&FROM_STDIN, "openapi: 3.0.3\ninfo: 1\n");
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.starts_with("error: stdin:2:"), "{outcome:?}");
}

#[test]
fn check_names_the_command_that_reads_the_standard_input() {
    let sandbox = Sandbox::with("", PLAN);
    let arguments = [&FROM_STDIN[..], &["--check"]].concat();
    let outcome = sandbox.run_with_input(&arguments, FRAGMENT);
    assert!(
        outcome.stderr.ends_with(
            "Bring it up to date with: cargo xtask generate --spec - \
             --plan DIR/plan.toml --out DIR/out < DOCUMENT\n"
        ),
        "{outcome:?}"
    );
}

#[test]
fn a_url_is_not_fetched_and_the_command_that_does_is_named() {
    let sandbox = Sandbox::with("", PLAN);
    for (command, url) in [
        ("generate", "https://api.example.com/openapi.json?a=1&b=2"),
        ("slice", "HTTP://api.example.com"),
    ] {
        let out = ["--out", "DIR/out", "--package", "shop"];
        let out: &[&str] = if command == "generate" { &out } else { &[] };
        let outcome = sandbox.run(&[&[command, "--spec", url], out].concat());
        let expected = Outcome {
            code: Some(1),
            stdout: String::new(),
            stderr: format!(
                "error: a document is read from a file or from the standard input, and not fetched; fetch it with: \
                 curl --fail --location '{url}' | cargo xtask {command} --spec -\n"
            ),
        };
        assert_eq!(outcome, expected);
    }
}

#[test]
fn check_writes_no_report() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    let arguments = [&GENERATE[..], &["--check", "--report", "DIR/report.json"]].concat();
    let outcome = sandbox.run(&arguments);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(
        outcome
            .stderr
            .contains("'--check' cannot be used with '--report <FILE>'"),
        "{outcome:?}"
    );
    assert!(!sandbox.path("report.json").exists());
}

/// Moves the cursor, starts a line, turns the direction of writing round, and what else
/// terminals act on.
const HOSTILE: &str = r"\e[2Jx\r\n\u202eerror: all is well\u0007\x9b31m\u2028";

/// The fragment with that in a name, an id, a tag, a value and a reference.
fn hostile() -> Vec<String> {
    let quoted = |text: &str| format!("\"{HOSTILE}{text}\"");
    vec![
        replaced(
            FRAGMENT,
            "operationId: get-client-certificate",
            &format!("operationId: {}", quoted("")),
        ),
        replaced(
            FRAGMENT,
            "tags: [Client Certificates]",
            &format!("tags: [{}]", quoted("")),
        ),
        replaced(
            FRAGMENT,
            "    SuccessEnvelope:",
            &format!(
                "    {}: {{ type: {} }}\n    SuccessEnvelope:",
                quoted("b"),
                quoted("")
            ),
        ),
        replaced(FRAGMENT, "'#/components/schemas/Csr'", &quoted("")),
        replaced(
            FRAGMENT,
            "openapi: 3.0.3",
            &format!("openapi: {}", quoted("")),
        ),
        format!("{FRAGMENT}{}: 1\n{}: 2\n", quoted(""), quoted("")),
        format!("{{ \"openapi\": \"3.0.3\", \"a\u{1b}[2J\u{202e}\": }}"),
    ]
}

#[test]
fn nothing_of_a_document_reaches_the_terminal_as_it_is() {
    let commands: [&[&str]; 6] = [
        &[
            "generate",
            "--check",
            "--spec",
            "DIR/api.yaml",
            "--plan",
            "DIR/plan.toml",
            "--out",
            "DIR/out",
        ],
        &["slice", "--spec", "DIR/api.yaml"],
        &["clean", "--spec", "DIR/api.yaml", "--all"],
        &["operations", "--spec", "DIR/api.yaml"],
        &[
            "operations",
            "--spec",
            "DIR/api.yaml",
            "\u{1b}[2J\u{202e}\n",
        ],
        &GENERATE,
    ];
    for document in hostile() {
        let sandbox = Sandbox::with(FRAGMENT, PLAN);
        sandbox.run(&GENERATE);
        sandbox.write("api.yaml", &document);
        for arguments in commands {
            let outcome = sandbox.run(arguments);
            for text in [&outcome.stdout, &outcome.stderr] {
                let is_acted_on = |c: char| {
                    (c.is_control() && c != '\n' && c != '\t')
                        || matches!(c, '\u{2028}' | '\u{202e}')
                };
                assert!(!text.contains(is_acted_on), "{arguments:?}: {text:?}");
                let is_own_line = text
                    .lines()
                    .any(|line| line.starts_with("error: all is well"));
                assert!(!is_own_line, "{arguments:?}: {text:?}");
            }
            let is_error = outcome.stderr.starts_with("error: ");
            let lines = outcome.stderr.lines().count();
            assert!(!is_error || lines <= 2, "{arguments:?}: {outcome:?}");
        }
    }
}

#[test]
fn a_slice_in_the_terminal_is_the_same_document() {
    let document = replaced(
        FRAGMENT,
        "summary: Client",
        &format!("summary: \"{HOSTILE}\" # "),
    );
    let sandbox = Sandbox::with(&document, PLAN);
    let printed = sandbox.run(&["slice", "--spec", "DIR/api.yaml"]).stdout;
    sandbox.run(&["slice", "--spec", "DIR/api.yaml", "--out", "DIR/part.json"]);
    let written = fs::read_to_string(sandbox.path("part.json")).expect("a document");
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    assert_eq!(value(&printed), value(&written));
}

#[cfg(unix)]
#[test]
fn the_name_of_a_document_stays_in_one_line_of_what_is_generated() {
    let sandbox = Sandbox::with("", PLAN);
    let name = "a\ncompile_error!(\"\");\u{1b}.yaml";
    sandbox.write(name, FRAGMENT);
    let spec = format!("DIR/{name}");
    let mut arguments = GENERATE;
    arguments[2] = &spec;
    let outcome = sandbox.run(&arguments);
    assert_eq!((outcome.code, &*outcome.stderr), (Some(0), ""));
    for file in ["out/src/lib.rs", "out/Cargo.toml"] {
        let text = fs::read_to_string(sandbox.path(file)).expect("a file");
        let is_split = text.lines().any(|line| line.starts_with("compile_error"));
        assert!(!is_split && !text.contains('\u{1b}'), "{text}");
    }
}

/// A fragment that is written by hand, with a fault that is repaired.
fn with_faults(count: usize) -> String {
    let parameters: String = (0..count)
        .map(|number| {
            format!(
                "        - {{ name: n{number}, in: query, schema: {{ type: string, enum: [a, null] }} }}\n"
            )
        })
        .collect();
    format!(
        "openapi: 3.0.3\ninfo: {{ title: Shop, version: '1' }}\n\
         servers: [{{ url: 'https://api.example.com' }}]\npaths:\n  /parts:\n    get:\n      \
         operationId: get-part\n      parameters:\n{parameters}      \
         responses: {{ '204': {{ description: Done. }} }}\n"
    )
}

const SHOP_PLAN: &str = "[package]\nname = \"shop\"\nversion = \"1.0.0\"\ndescription = \"\"\n";

#[test]
fn repairs_of_a_document_with_a_plan_are_shown_with_their_lines() {
    let sandbox = Sandbox::with(&with_faults(1), SHOP_PLAN);
    let outcome = sandbox.run(&GENERATE);
    assert_eq!((outcome.code, &*outcome.stderr), (Some(0), ""));
    let (_, shown) = outcome.stdout.split_once("\n\n").expect("repairs");
    assert_eq!(
        shown,
        "DIR/api.yaml:9:58 (at `/paths/~1parts/get/parameters/0/schema/enum`): null-in-enum\n    \
         The parameter `n0` of `GET /parts` lists `null` among its values; that it can be null is what `nullable` says.\n    \
         [\"a\",null] → [\"a\"]\n\
         \n\
         DIR/api.yaml:9:34 (at `/paths/~1parts/get/parameters/0/schema/nullable`): null-in-enum\n    \
         The parameter `n0` of `GET /parts` lists `null` among its values; that it can be null is what `nullable` says.\n    \
         nothing → true\n"
    );
}

#[test]
fn of_many_repairs_the_first_ten_are_shown_and_where_the_others_are() {
    let sandbox = Sandbox::with(&with_faults(8), SHOP_PLAN);
    let outcome = sandbox.run(&GENERATE);
    let shown = outcome.stdout.matches(": null-in-enum\n").count();
    assert_eq!(shown, 10, "{}", outcome.stdout);
    assert!(
        outcome
            .stdout
            .ends_with("\n… and 6 more: --report FILE writes all of them\n"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn repairs_of_a_document_without_a_plan_are_counted() {
    let sandbox = Sandbox::with(&with_faults(1), "");
    let outcome = sandbox.run(&[
        "generate",
        "--spec",
        "DIR/api.yaml",
        "--package",
        "shop",
        "--out",
        "DIR/out",
    ]);
    assert_eq!(outcome.stdout.lines().count(), 1, "{outcome:?}");
    assert!(
        outcome.stdout.contains(", repairs 2 (null-in-enum 2)"),
        "{outcome:?}"
    );
}
