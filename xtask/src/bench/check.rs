//! What the compiler needs for an emitted crate, without what that depends on.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::bench::measure::{Figures, Generated};
use crate::bench::peers::{Makes, OURS, Tool};
use crate::input::{self, Error};
use crate::process::{Job, Run};

/// How long the compiler may take.
const TIME: Duration = Duration::from_secs(3600);

/// What the compiler made of a crate.
#[derive(Debug, Clone, Serialize)]
pub struct Checked {
    /// The generator's name.
    pub tool: String,
    /// What it took, or why it could not be tried.
    pub outcome: Result<Compiled, String>,
}

/// What checking a crate took, and what was said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compiled {
    /// What it took.
    pub figures: Figures,
    /// How many errors there are; with any, the crate does not compile.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// The first error.
    pub first: Option<String>,
}

/// Runs `cargo check` on a crate, first with an empty one in its place, so that what it
/// depends on is compiled and does not count.
///
/// # Errors
///
/// A file cannot be written, or a process not be started.
pub fn check(tool: &Tool, generated: &Generated, supervisor: &Path) -> Result<Checked, Error> {
    let checked = |outcome| Checked {
        tool: tool.name.clone(),
        outcome,
    };
    if let Err(failure) = &generated.outcome {
        return Ok(checked(Err(failure.clone())));
    }
    let folder = &generated.folder;
    let unwritable = |error| Error::file(folder, "cannot be written to", error);
    match tool.makes {
        Makes::Crate => {}
        Makes::Modules(dependencies) => write_crate(folder, dependencies).map_err(unwritable)?,
        Makes::ModulesWith(file) => {
            let dependencies = fs::read_to_string(folder.join(file)).unwrap_or_default();
            write_crate(folder, &dependencies).map_err(unwritable)?;
        }
    }
    let manifest = folder.join("Cargo.toml");
    let Ok(mut text) = fs::read_to_string(&manifest) else {
        return Ok(checked(Err("makes no crate".to_owned())));
    };
    let has_full = text.lines().any(|line| line.starts_with("full = "));
    if !text.lines().any(|line| line.trim() == "[workspace]") {
        text.push_str("\n[workspace]\n");
    }
    fs::write(&manifest, text).map_err(unwritable)?;
    if tool.name == OURS {
        let lock = input::workspace().join("Cargo.lock");
        fs::copy(lock, folder.join("Cargo.lock")).map_err(unwritable)?;
    }
    let cargo = Cargo {
        folder,
        has_full,
        supervisor,
    };
    let (source, aside) = (folder.join("src"), folder.join("src-aside"));
    fs::rename(&source, &aside).map_err(unwritable)?;
    let emptied = fs::create_dir(&source).and_then(|()| fs::write(source.join("lib.rs"), ""));
    emptied.map_err(unwritable)?;
    let run = cargo.check()?;
    fs::remove_dir_all(&source).map_err(unwritable)?;
    fs::rename(&aside, &source).map_err(unwritable)?;
    if !run.is_success() {
        let mut errors = run.stderr.lines().filter(|line| line.starts_with("error"));
        let error = errors.next().map(str::to_owned).or(run.failure());
        let problem = format!("cannot be set up: {}", error.unwrap_or_default());
        return Ok(checked(Err(problem)));
    }
    // What was written before the empty crate would pass for older than that.
    touch(&source).map_err(unwritable)?;
    let run = cargo.check()?;
    let compiled = cargo.read(&run)?;
    let is_told = run.is_success() || compiled.errors > 0;
    Ok(checked(match run.failure() {
        Some(failure) if !is_told => Err(failure),
        _ => Ok(compiled),
    }))
}

/// Cargo, in the folder of a crate.
struct Cargo<'c> {
    folder: &'c Path,
    has_full: bool,
    supervisor: &'c Path,
}

impl Cargo<'_> {
    fn output(&self) -> PathBuf {
        self.folder.join("cargo-output.json")
    }

    fn check(&self) -> Result<Run, Error> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut job = Job::new(cargo, TIME)
            .arguments(["check", "--lib", "--message-format=json"])
            .folder(self.folder)
            .variable("CARGO_TARGET_DIR", self.folder.join("target"))
            .variable("CARGO_INCREMENTAL", "0")
            .without_variable("RUSTFLAGS")
            .output(&self.output());
        if self.has_full {
            job = job.arguments(["--features", "full"]);
        }
        job.run(self.supervisor)
    }

    fn read(&self, run: &Run) -> Result<Compiled, Error> {
        let output = self.output();
        let text = fs::read_to_string(&output);
        let text = text.map_err(|error| Error::file(&output, "cannot be read", error))?;
        let mut compiled = Compiled {
            figures: Figures::of(run),
            errors: 0,
            warnings: 0,
            first: None,
        };
        for line in text.lines() {
            let Ok(line) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            compiled.count(&line);
        }
        Ok(compiled)
    }
}

impl Compiled {
    /// Counts a line of what cargo printed, if it is a diagnostic with a place.
    fn count(&mut self, line: &Value) {
        let text = |pointer: &str| line.pointer(pointer).and_then(Value::as_str);
        let spans = line.pointer("/message/spans").and_then(Value::as_array);
        if spans.is_none_or(Vec::is_empty) {
            return;
        }
        match text("/message/level") {
            Some("error") => {
                self.errors += 1;
                let message = text("/message/message").map(str::to_owned);
                self.first = self.first.take().or(message);
            }
            Some("warning") => self.warnings += 1,
            _ => {}
        }
    }
}

/// Puts a crate around the modules of a generator that makes nothing more.
fn write_crate(folder: &Path, dependencies: &str) -> io::Result<()> {
    let manifest = format!(
        "[package]\nname = \"bench-client\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         {dependencies}"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/lib.rs"), "pub mod api;\n")
}

/// Gives every file below a folder the time that it is now.
fn touch(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            touch(&path)?;
        } else {
            let now = std::time::SystemTime::now();
            fs::File::options()
                .append(true)
                .open(&path)?
                .set_modified(now)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn diagnostics_with_a_place_are_counted() {
        let mut compiled = Compiled {
            figures: Figures::default(),
            errors: 0,
            warnings: 0,
            first: None,
        };
        for (level, message, spans) in [
            ("error", "mismatched types", json!([{}])),
            ("error", "another", json!([{}])),
            ("warning", "unused", json!([{}])),
            ("error", "aborting due to 2 previous errors", json!([])),
        ] {
            let message = json!({ "level": level, "message": message, "spans": spans });
            compiled.count(&json!({ "reason": "compiler-message", "message": message }));
        }
        assert_eq!((compiled.errors, compiled.warnings), (2, 1));
        assert_eq!(compiled.first.as_deref(), Some("mismatched types"));
    }
}
