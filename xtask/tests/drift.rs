//! `generate` and `generate --check` keep a crate and its document together.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use support::{FRAGMENT, GENERATE, Outcome, PLAN, Sandbox, replaced};

const CHECK: [&str; 8] = [
    "generate",
    "--check",
    "--spec",
    "DIR/api.yaml",
    "--plan",
    "DIR/plan.toml",
    "--out",
    "DIR/out",
];

/// A folder in which `generate` has run.
fn generated() -> Sandbox {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    succeeds(&sandbox, &GENERATE);
    sandbox
}

#[track_caller]
fn succeeds(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    let outcome = sandbox.run(arguments);
    assert_eq!(
        (outcome.code, &*outcome.stderr),
        (Some(0), ""),
        "{outcome:?}"
    );
    outcome
}

/// Every file below `folder`: its content, and when it was last written.
fn tree(folder: &Path) -> BTreeMap<String, (String, SystemTime)> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("a path below the folder");
            let text = fs::read_to_string(&path).expect("a text file");
            let written = fs::metadata(&path).and_then(|data| data.modified());
            let name = name.to_string_lossy().replace('\\', "/");
            files.insert(name, (text, written.expect("a time")));
        }
    }
    files
}

fn contents(folder: &Path) -> BTreeMap<String, String> {
    let files = tree(folder).into_iter();
    files.map(|(name, (text, _))| (name, text)).collect()
}

/// Makes every file below `folder` an hour old, so that a write shows even
/// where times are coarse.
fn age(folder: &Path) {
    let then = SystemTime::now() - Duration::from_secs(3600);
    for name in tree(folder).keys() {
        let file = fs::File::options().write(true).open(folder.join(name));
        file.and_then(|file| file.set_modified(then))
            .expect("a file whose time can be set");
    }
}

fn rename_a_field(sandbox: &Sandbox) {
    let document = replaced(FRAGMENT, "common_name:", "common_names:");
    sandbox.write("api.yaml", &document);
}

/// The one place where drift of the checked-in crate is noticed.
#[test]
fn the_checked_in_crate_is_up_to_date() {
    let outcome = Sandbox::with("", "").run(&["generate", "--check"]);
    assert_eq!(
        outcome.code,
        Some(0),
        "run `cargo xtask generate`: {outcome:?}"
    );
}

#[test]
fn a_fresh_crate_is_up_to_date() {
    let sandbox = generated();
    let outcome = succeeds(&sandbox, &CHECK);
    assert_eq!(outcome.stdout, "DIR/out: up to date\n");
}

#[test]
fn generate_says_what_it_made() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    let outcome = succeeds(&sandbox, &GENERATE);
    let (counts, seconds) = outcome.stdout.rsplit_once("; ").expect("a time");
    assert!(seconds.ends_with(" s\n"), "{outcome:?}");
    let files = contents(&sandbox.path("out"));
    let lines: usize = files
        .iter()
        .filter(|(name, _)| name.starts_with("src/"))
        .map(|(_, text)| text.lines().count())
        .sum();
    let count = files.len();
    assert_eq!(
        counts,
        format!(
            "DIR/out: operations 5, types 6, lines {lines}, preset cloudflare; \
             files {count}, of which written {count}, deleted 0"
        )
    );
}

#[test]
fn check_before_the_first_generate_fails_and_makes_no_folder() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    let outcome = sandbox.run(&CHECK);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(!sandbox.path("out").exists());
}

#[test]
fn check_shows_a_renamed_field_and_writes_nothing() {
    let sandbox = generated();
    age(&sandbox.path("out"));
    let before = tree(&sandbox.path("out"));
    rename_a_field(&sandbox);
    let outcome = sandbox.run(&CHECK);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    for line in [
        "--- src/types.rs (checked in)",
        "+++ src/types.rs (generated)",
        "-    pub common_name: Option<String>,",
        "+    pub common_names: Option<String>,",
    ] {
        let is_shown = outcome.stdout.lines().any(|shown| shown == line);
        assert!(is_shown, "no `{line}` in:\n{}", outcome.stdout);
    }
    // The types, the README, the surface and the list of the files.
    assert_eq!(
        outcome.stderr,
        "error: DIR/out is not what its document gives (files that differ: 4, that should not be there: 0).\n\
         Bring it up to date with: cargo xtask generate --spec DIR/api.yaml --plan DIR/plan.toml --out DIR/out\n"
    );
    assert!(
        tree(&sandbox.path("out")) == before,
        "nothing may be written"
    );
}

#[test]
fn the_command_that_check_names_mends_what_it_found() {
    let sandbox = generated();
    rename_a_field(&sandbox);
    let outcome = sandbox.run(&CHECK);
    let (_, command) = outcome
        .stderr
        .split_once("Bring it up to date with: cargo xtask ")
        .expect("a command");
    let words: Vec<&str> = command.split_whitespace().collect();
    succeeds(&sandbox, &words);
    succeeds(&sandbox, &CHECK);
    let types = &contents(&sandbox.path("out"))["src/types.rs"];
    assert!(
        types.contains("pub common_names: Option<String>,"),
        "{types}"
    );
}

#[test]
fn check_shows_an_edit_by_hand_and_generate_takes_it_back() {
    let sandbox = generated();
    let before = contents(&sandbox.path("out"));
    let edited = replaced(&before["src/lib.rs"], "mod client;", "pub mod client;");
    sandbox.write("out/src/lib.rs", &edited);
    let outcome = sandbox.run(&CHECK);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(
        outcome
            .stderr
            .contains("(files that differ: 1, that should not be there: 0)"),
        "{outcome:?}"
    );
    succeeds(&sandbox, &GENERATE);
    assert!(contents(&sandbox.path("out")) == before);
}

#[test]
fn a_second_generate_touches_no_file() {
    let sandbox = generated();
    age(&sandbox.path("out"));
    let before = tree(&sandbox.path("out"));
    let outcome = succeeds(&sandbox, &GENERATE);
    assert!(
        outcome.stdout.contains(", of which written 0, deleted 0;"),
        "{outcome:?}"
    );
    assert!(tree(&sandbox.path("out")) == before, "a file was touched");
}

#[test]
fn generate_writes_only_the_file_that_differs() {
    let sandbox = generated();
    age(&sandbox.path("out"));
    let before = tree(&sandbox.path("out"));
    fs::remove_file(sandbox.path("out/src/types.rs")).expect("a file to delete");
    succeeds(&sandbox, &GENERATE);
    let after = tree(&sandbox.path("out"));
    let touched: Vec<&String> = after
        .iter()
        .filter(|(name, file)| before.get(*name) != Some(*file))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(touched, ["src/types.rs"]);
}

#[test]
fn a_generated_file_that_is_no_longer_produced_goes_and_others_stay() {
    let sandbox = generated();
    let (without_program, _) = PLAN.split_once("[example]").expect("a plan with a program");
    sandbox.write("plan.toml", without_program);
    fs::create_dir(sandbox.path("out/target")).expect("a folder");
    for own in ["out/src/notes.rs", "out/LICENSE", "out/target/built.rs"] {
        sandbox.write(own, "// Written by hand.\n");
    }
    let stale = "examples/reactivate.rs";

    let outcome = sandbox.run(&CHECK);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(
        outcome.stderr.contains(", that should not be there: 1)"),
        "{outcome:?}"
    );
    let shown = format!("--- {stale} (checked in)");
    assert!(
        outcome.stdout.lines().any(|line| line == shown),
        "{outcome:?}"
    );
    assert!(
        sandbox.path("out").join(stale).exists(),
        "--check writes nothing"
    );

    let outcome = succeeds(&sandbox, &GENERATE);
    assert!(outcome.stdout.contains(", deleted 1;"), "{outcome:?}");
    let mut left = contents(&sandbox.path("out"));
    for own in ["src/notes.rs", "LICENSE", "target/built.rs"] {
        assert!(left.remove(own).is_some(), "{own} must stay");
    }
    let fresh = Sandbox::with(FRAGMENT, without_program);
    succeeds(&fresh, &GENERATE);
    assert!(left == contents(&fresh.path("out")));
    assert!(
        !sandbox.path("out/examples").exists(),
        "nothing is left in it"
    );
    succeeds(&sandbox, &CHECK);
}

#[test]
fn two_runs_give_the_same_bytes_and_no_trace_of_the_machine() {
    let (one, other) = (generated(), generated());
    let files = contents(&one.path("out"));
    assert!(files == contents(&other.path("out")));
    let made_in = one.path("out");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    for folder in [made_in.parent(), workspace] {
        let folder = folder.and_then(Path::to_str).expect("a path in UTF-8");
        for (name, text) in &files {
            assert!(!text.contains(folder), "{name} names {folder}");
        }
    }
}

#[test]
fn a_slice_is_a_document_to_generate_from() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    let slice = succeeds(
        &sandbox,
        &[
            "slice",
            "--spec",
            "DIR/api.yaml",
            "--operation",
            "reactivate-client-certificate",
            "--out",
            "DIR/part.json",
        ],
    );
    assert_eq!(slice.stdout, "DIR/part.json: operations 1, components 18\n");
    let outcome = succeeds(
        &sandbox,
        &[
            "generate",
            "--spec",
            "DIR/part.json",
            "--package",
            "x",
            "--out",
            "DIR/out",
        ],
    );
    assert!(
        outcome
            .stdout
            .starts_with("DIR/out: operations 1, types 4, "),
        "{outcome:?}"
    );
    let files = contents(&sandbox.path("out"));
    assert!(files["Cargo.toml"].contains("name = \"x\"\n"));
}

#[test]
fn operations_lists_every_operation_and_only_those_that_fit_a_filter() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    let all = succeeds(&sandbox, &["operations", "--spec", "DIR/api.yaml"]);
    assert_eq!(all.stdout.lines().count(), 5, "{}", all.stdout);
    let one = succeeds(&sandbox, &["operations", "--spec", "DIR/api.yaml", "patch"]);
    assert_eq!(
        one.stdout,
        "reactivate-client-certificate\tPATCH\t\
         /zones/{zone_id}/client_certificates/{client_certificate_id}\t\
         Client Certificates\tReactivate Client Certificate\n"
    );
}

#[test]
fn a_filter_that_fits_no_operation_fails() {
    let sandbox = Sandbox::with(FRAGMENT, PLAN);
    let outcome = sandbox.run(&["operations", "--spec", "DIR/api.yaml", "teapot"]);
    let expected = Outcome {
        code: Some(1),
        stdout: String::new(),
        stderr: "error: no operation has `teapot` in its id, method, path, tag or summary\n"
            .to_owned(),
    };
    assert_eq!(outcome, expected);
}
