//! `bench` puts what generating takes beside what it takes other generators.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use support::{FRAGMENT, PLAN, Sandbox};

/// A folder with programs that are called like other generators.
fn place() -> Sandbox {
    let place = Sandbox::with(FRAGMENT, PLAN);
    fs::create_dir_all(place.path("programs")).expect("a folder");
    let programs = [
        (
            "ploidy",
            "if [ \"$1\" = --version ]; then echo ploidy 9.8.7; exit; fi\n\
             mkdir -p \"$5/src\"; printf 'fn a() {}\\nfn b() {}\\n' > \"$5/src/lib.rs\"\n",
        ),
        (
            "oas3-gen",
            "printf 'thread main panicked at src/a.rs:1:2:\\nno title\\n' >&2; exit 101\n",
        ),
    ];
    for (name, script) in programs {
        let program = place.path(&format!("programs/{name}"));
        fs::write(&program, format!("#!/bin/sh\n{script}")).expect("a program");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("its mode");
    }
    place
}

const BENCH: [&str; 8] = [
    "bench",
    "--spec",
    "DIR/api.yaml",
    "--programs",
    "DIR/programs",
    "--runs",
    "1",
    "--json",
];

#[test]
fn generators_are_measured_and_what_they_do_not_manage_is_said() {
    let place = place();
    let more = [
        "DIR/found.json",
        "--peers",
        "ploidy,oas3-gen",
        "--markdown",
        "DIR/BENCH.md",
    ];
    let outcome = place.run(&[&BENCH[..], &more].concat());
    assert_eq!(
        (outcome.code, &*outcome.stderr),
        (Some(0), ""),
        "{outcome:?}"
    );
    let found = fs::read_to_string(place.path("found.json")).expect("what was found");
    let found: Value = serde_json::from_str(&found).expect("JSON");
    let whole = found["whole"].as_array().expect("generators");
    let names: Vec<_> = whole.iter().map(|one| one["tool"].as_str()).collect();
    assert_eq!(names, [Some("ours"), Some("ploidy"), Some("oas3-gen")]);
    assert!(whole[0]["outcome"]["Ok"][0]["memory"].as_u64() > Some(1 << 20));
    assert_eq!(whole[1]["outcome"]["Ok"][1], 2, "{found:#}");
    assert_eq!(whole[1]["version"], "9.8.7");
    let failure = "panics at src/a.rs:1:2: no title";
    assert_eq!(whole[2]["outcome"]["Err"], failure);
    let parts = found["parts"].as_array().expect("parts");
    assert_eq!(parts.last().expect("a part")[1], 5, "{found:#}");
    let page = fs::read_to_string(place.path("BENCH.md")).expect("a page");
    assert!(page.contains("\n| ploidy 9.8.7 | 2 | "), "{page}");
}

#[test]
fn an_unknown_generator_is_told_before_anything_is_measured() {
    let place = place();
    let outcome = place.run(&[&BENCH[..], &["DIR/found.json", "--check", "ploid"]].concat());
    assert_eq!(outcome.code, Some(1));
    assert_eq!(
        outcome.stderr,
        "error: `ploid` is no generator that is known here; these are: `ours`, \
         `cargo-progenitor`, `ploidy`, `oas3-gen`, `openapi-to-rust`, `openapi-generator-cli`\n"
    );
}
