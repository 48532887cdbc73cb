//! A folder of its own for every test, in which the built binary runs.

#![allow(dead_code, reason = "no file of tests uses everything here")]

use std::fs;
use std::io::{Seek as _, Write as _};
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// A document, with lines that tests name. It is not that of the checked-in client, which
/// changes without a test noticing.
pub const FRAGMENT: &str = include_str!("certificates.yaml");
/// A plan for it.
pub const PLAN: &str = include_str!("certificates.toml");
/// `generate` with everything that it can be told.
pub const GENERATE: [&str; 7] = [
    "generate",
    "--spec",
    "DIR/api.yaml",
    "--plan",
    "DIR/plan.toml",
    "--out",
    "DIR/out",
];

/// A folder that is gone after the test. `DIR` stands for it, in what goes to
/// the binary and in what comes back.
pub struct Sandbox(TempDir);

/// What a run of the binary gave.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Sandbox {
    /// A folder with the document in `api.yaml` and the plan in `plan.toml`.
    pub fn with(document: &str, plan: &str) -> Self {
        let sandbox = Self(tempfile::tempdir().expect("a folder"));
        sandbox.write("api.yaml", document);
        sandbox.write("plan.toml", plan);
        sandbox
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a written file");
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with_input(arguments, "")
    }

    /// Runs the binary with `input` as its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Outcome {
        let folder = self.0.path().to_str().expect("a path in UTF-8");
        let stdin = tempfile::tempfile().and_then(|mut file| {
            file.write_all(input.as_bytes())?;
            file.rewind()?;
            Ok(file)
        });
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments.iter().map(|word| word.replace("DIR", folder)))
            .stdin(stdin.expect("an input"))
            .output()
            .expect("a run");
        let text = |bytes| {
            let text = String::from_utf8(bytes).expect("UTF-8");
            text.replace(folder, "DIR")
        };
        Outcome {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// `text` with `new` wherever it has `old`, which must be somewhere.
pub fn replaced(text: &str, old: &str, new: &str) -> String {
    let changed = text.replace(old, new);
    assert_ne!(changed, text, "`{old}` must be there to be replaced");
    changed
}
