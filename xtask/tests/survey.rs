//! `survey` says how many of many documents become a client, and why others do not.

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use support::{Outcome, Sandbox};

/// A document with the operations `paths`, which are of YAML.
fn document(paths: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{ title: Shop, version: '1' }}\n\
         servers: [{{ url: 'https://api.example.com' }}]\npaths:\n{paths}"
    )
}

/// An operation that responses with a word.
fn operation(name: &str) -> String {
    format!(
        "  /{name}:\n    get:\n      operationId: get-{name}\n      responses:\n        \
         '200': {{ description: It., content: {{ application/json: {{ schema: \
         {{ $ref: '#/components/schemas/Part' }} }} }} }}\n"
    )
}

const PART: &str = "components: { schemas: { Part: { type: object, properties: { \
                    name: { type: string, example: a }, size: { type: integer } } } } }\n";

fn shop() -> String {
    document(&operation("part")) + PART
}

/// A folder in which a survey works, with two good documents and two that are refused.
fn place() -> Sandbox {
    let place = Sandbox::with(&shop(), "");
    for folder in ["data/below", "work"] {
        std::fs::create_dir_all(place.path(folder)).expect("a folder");
    }
    place.write("data/good.yaml", &shop());
    place.write("data/below/good.json", SMALL);
    place.write("data/empty.yaml", &document("  {}\n"));
    place.write("data/below/old.json", r#"{ "swagger": "2.0" }"#);
    place.write("data/package.json", r#"{ "name": "openapi" }"#);
    place
}

const SMALL: &str = r#"{ "openapi": "3.0.0", "info": { "title": "A", "version": "1" },
    "paths": { "/a": { "get": { "responses": { "204": { "description": "None." } } } } } }"#;

fn survey(place: &Sandbox, more: &[&str]) -> Outcome {
    let arguments = ["survey", "--work", "DIR/work", "--json", "DIR/found.json"];
    place.run(&[&arguments[..], more].concat())
}

fn found(place: &Sandbox) -> Value {
    let text = std::fs::read_to_string(place.path("found.json")).expect("what was found");
    serde_json::from_str(&text).expect("JSON")
}

/// The lines of a table without the blanks that align them.
fn lines(text: &str) -> Vec<String> {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines().map(words).collect()
}

#[test]
fn documents_are_counted_by_what_becomes_of_them_and_why() {
    let place = place();
    let outcome = survey(&place, &["DIR/data"]);
    assert_eq!(
        (outcome.code, &*outcome.stderr),
        (Some(0), ""),
        "{outcome:?}"
    );
    let lines = lines(&outcome.stdout);
    for expected in [
        "generated 2 50.00 %",
        "refused 2 50.00 %",
        "OpenAPI 3.0 3 2 66.67 %",
        "Swagger 2.0 1 0 0.00 %",
    ] {
        assert!(
            lines.iter().any(|line| line == expected),
            "{expected}: {lines:#?}"
        );
    }
    let found = found(&place);
    let reasons = found["reasons"].as_array().expect("reasons");
    let reasons: Vec<_> = reasons.iter().map(|one| one["document"].as_str()).collect();
    assert_eq!(reasons, [Some("empty.yaml"), Some("below/old.json")]);
    assert!(
        outcome.stdout.ends_with("--check 100\n"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_document_that_takes_too_much_memory_is_counted_as_such() {
    let place = place();
    let paths: String = (0..4000).map(|n| operation(&format!("part{n}"))).collect();
    place.write("data/large.yaml", &(document(&paths) + PART));
    let more = [
        "DIR/data/large.yaml",
        "DIR/data/good.yaml",
        "--memory",
        "0.02",
    ];
    let outcome = survey(&place, &more);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    let expected = json!({ "generated": 1, "out-of-memory": 1 });
    assert_eq!(found(&place)["outcomes"], expected, "{outcome:?}");
}

#[test]
fn a_finished_document_is_not_tried_again_until_its_text_changes() {
    let place = place();
    let results = ["--resume", "DIR/results.jsonl", "DIR/data"];
    let read = || std::fs::read_to_string(place.path("results.jsonl")).expect("results");
    let first = survey(&place, &results);
    let of_first = read();
    assert_eq!(of_first.lines().count(), 4);
    let second = survey(&place, &results);
    assert_eq!((&first.stdout, &of_first), (&second.stdout, &read()));
    std::fs::rename(place.path("data"), place.path("moved")).expect("a moved folder");
    let moved = survey(&place, &["--resume", "DIR/results.jsonl", "DIR/moved"]);
    let moved = moved.stdout.replace("DIR/moved", "DIR/data");
    assert_eq!((&moved, &of_first), (&first.stdout, &read()));
    std::fs::rename(place.path("moved"), place.path("data")).expect("a moved folder");
    place.write("data/empty.yaml", &shop());
    survey(&place, &results);
    let now = read();
    let added: Vec<&str> = now.lines().skip(4).collect();
    assert_eq!(added.len(), 1, "{added:?}");
    assert!(added[0].contains(r#""document":"empty.yaml""#), "{added:?}");
    assert_eq!(
        found(&place)["outcomes"],
        json!({ "generated": 3, "refused": 1 })
    );
}

#[test]
fn a_page_says_what_was_found_and_how() {
    let place = place();
    let outcome = survey(&place, &["DIR/data", "--markdown", "DIR/SURVEY.md"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let page = std::fs::read_to_string(place.path("SURVEY.md")).expect("a page");
    assert!(page.contains("cargo xtask survey --work "), "{page}");
    assert!(page.contains("\n| generated | 2 | 50.00 % |\n"), "{page}");
}

#[test]
fn crates_of_several_documents_are_compiled_together() {
    let place = place();
    let outcome = survey(&place, &["DIR/data", "--check", "2"]);
    assert_eq!(
        (outcome.code, &*outcome.stderr),
        (Some(0), ""),
        "{outcome:?}"
    );
    let compilation = &found(&place)["compilation"];
    assert_eq!(compilation["chosen"], 2, "{compilation}");
    assert_eq!(compilation["good"], 2, "{compilation}");
    let again = survey(&place, &["DIR/data", "--check", "2"]);
    assert_eq!(again.stdout, outcome.stdout);
}

#[test]
fn a_folder_without_documents_is_told_with_where_to_get_some() {
    let place = Sandbox::with("", "");
    std::fs::create_dir_all(place.path("data")).expect("a folder");
    let outcome = survey(&place, &["DIR/data"]);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(
        outcome.stderr,
        "error: DIR/data: there is no OpenAPI document here (.json, .yaml or .yml, with a \
         member `openapi` or `swagger`); docs/fetch-survey-data.sh DIR fetches some thousand\n"
    );
}

/// What the supervisor says of a shell that runs `script`.
fn supervised(script: &str, time: Value, processor_seconds: Option<u64>) -> Value {
    let arguments = ["-c", script].map(|word| json!({ "Unix": word.as_bytes() }));
    let job = json!({
        "program": "/bin/sh",
        "arguments": arguments,
        "folder": null, "environment": [], "time": time,
        "processor_seconds": processor_seconds, "memory": null, "output": null
    });
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("supervise")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a supervisor");
    let mut stdin = child.stdin.take().expect("its input");
    writeln!(stdin, "{job}").expect("a job");
    let output = child.wait_with_output().expect("its output");
    drop(stdin);
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn what_hangs_is_ended_with_all_that_it_started() {
    // Were the inner process still there, its output would stay open.
    let run = supervised(
        "echo begun; sleep 600 & sleep 600",
        json!({ "secs": 0, "nanos": 200_000_000 }),
        None,
    );
    assert_eq!(run["ending"], "TimedOut", "{run}");
    assert_eq!(run["stdout"], "begun\n", "{run}");
}

#[test]
fn how_a_program_ended_is_told_with_what_it_took() {
    let minute = json!({ "secs": 60, "nanos": 0 });
    let run = supervised("echo out; echo err >&2; exit 3", minute.clone(), None);
    assert_eq!(run["ending"], json!({ "Exited": 3 }));
    assert_eq!(
        (&run["stdout"], &run["stderr"]),
        (&json!("out\n"), &json!("err\n"))
    );
    assert!(run["memory"].as_u64() > Some(100_000), "{run}");
    let run = supervised("kill -SEGV $$", minute.clone(), None);
    assert_eq!(run["ending"], json!({ "Signalled": 11 }));
    let run = supervised("while :; do :; done", minute, Some(1));
    assert_eq!(run["ending"], "TimedOut", "{run}");
}
