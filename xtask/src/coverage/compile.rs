//! Builds an emitted crate and its checker with cargo.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use indicatif::ProgressBar;
use serde::Deserialize;

use crate::input::Error;

/// The workspace of an emitted crate and its checker. Neither debug information
/// nor incremental output is of use here, and both take memory.
pub const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"client\", \"checker\"]\n\n\
    [profile.dev]\ndebug = false\nincremental = false\n";

/// How much of what cargo says is repeated when it fails.
const MOST_LINES: usize = 20;

/// What a build gave.
#[derive(Debug)]
pub struct Build {
    /// What the compiler found in the crate and in the checker.
    pub diagnostics: Vec<Diagnostic>,
    /// The checker's program, if everything compiled.
    pub program: Option<PathBuf>,
}

/// An error or a warning of the compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it stops the build.
    pub is_error: bool,
    /// What the compiler says, with the code of the error.
    pub message: String,
    /// Where it is: the path below the workspace, and the line.
    pub place: Option<(String, usize)>,
}

/// A line of `cargo build --message-format=json`.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Line {
    CompilerMessage {
        manifest_path: PathBuf,
        message: Message,
    },
    CompilerArtifact {
        target: Target,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Message {
    message: String,
    level: String,
    code: Option<Code>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

/// Builds the package `checker` of the workspace in `folder`, with all that it
/// needs, into `target`. Does not use the network.
///
/// # Errors
///
/// Cargo cannot be run, or fails for another reason than what it compiles.
pub fn build(
    folder: &Path,
    target: &Path,
    checker: &str,
    progress: &ProgressBar,
) -> Result<Build, Error> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let cannot_run = |error| Error::file(Path::new(&cargo), "cannot be run", error);
    let mut child = Command::new(&cargo)
        .args(["build", "--offline", "--message-format=json", "--package"])
        .arg(checker)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("RUSTFLAGS")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(cannot_run)?;
    let said = listen(&mut child, progress.clone());
    let mut build = Build {
        diagnostics: Vec::new(),
        program: None,
    };
    let stdout = child.stdout.take().into_iter();
    for line in stdout.flat_map(|out| BufReader::new(out).lines()) {
        let line = line.map_err(cannot_run)?;
        match serde_json::from_str(&line) {
            Ok(Line::CompilerMessage {
                manifest_path,
                message,
            }) if manifest_path.starts_with(folder) => {
                build.diagnostics.extend(diagnostic(message));
            }
            Ok(Line::CompilerArtifact { target, executable }) if target.name == checker => {
                build.program = executable;
            }
            _ => {}
        }
    }
    let status = child.wait().map_err(cannot_run)?;
    let said = said.join().unwrap_or_default();
    let is_explained = build.diagnostics.iter().any(|found| found.is_error);
    if !status.success() && !is_explained {
        let first = said.len().saturating_sub(MOST_LINES);
        let said = said.get(first..).unwrap_or_default().join("\n");
        return Err(Error::Usage(format!(
            "cargo cannot build the crate in {}:\n{said}",
            folder.display()
        )));
    }
    if !status.success() {
        build.program = None;
    }
    Ok(build)
}

/// Shows what cargo is at, and gives what it said.
fn listen(child: &mut Child, progress: ProgressBar) -> std::thread::JoinHandle<Vec<String>> {
    let stderr = child.stderr.take();
    std::thread::spawn(move || {
        let mut said = Vec::new();
        let stderr = stderr.map(|stderr| Box::new(stderr) as Box<dyn Read>);
        let lines = stderr
            .into_iter()
            .flat_map(|from| BufReader::new(from).lines());
        for line in lines.map_while(Result::ok) {
            let mut words = line.split_whitespace();
            if let (Some("Compiling"), Some(name)) = (words.next(), words.next()) {
                progress.set_message(format!("compiling {name}"));
            }
            said.push(line);
        }
        said
    })
}

fn diagnostic(message: Message) -> Option<Diagnostic> {
    let is_error = message.level.starts_with("error");
    // The last line of a failed build has no place, and only counts the others.
    let is_summary = message.spans.is_empty()
        && (message.message.starts_with("aborting due to")
            || message.message.contains("warning emitted")
            || message.message.contains("warnings emitted"));
    if is_summary || !(is_error || message.level == "warning") {
        return None;
    }
    let level = if is_error { "error" } else { "warning" };
    let code = message.code.map(|code| format!("[{}]", code.code));
    let mut spans = message.spans.into_iter();
    let place = spans
        .find(|span| span.is_primary)
        .map(|span| (span.file_name.replace('\\', "/"), span.line_start));
    Some(Diagnostic {
        is_error,
        message: format!("{level}{}: {}", code.unwrap_or_default(), message.message),
        place,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(message: serde_json::Value) -> Option<Diagnostic> {
        let line = json!({
            "reason": "compiler-message", "manifest_path": "/x/Cargo.toml", "message": message
        });
        match serde_json::from_value(line).expect("a line") {
            Line::CompilerMessage { message, .. } => diagnostic(message),
            _ => None,
        }
    }

    #[test]
    fn a_diagnostic_has_the_place_of_its_primary_span() {
        let found = read(json!({
            "message": "mismatched types", "level": "error", "code": { "code": "E0308" },
            "spans": [
                { "file_name": "client/src/a.rs", "line_start": 1, "is_primary": false },
                { "file_name": "client/src/b.rs", "line_start": 2, "is_primary": true }
            ]
        }));
        assert_eq!(
            found,
            Some(Diagnostic {
                is_error: true,
                message: "error[E0308]: mismatched types".to_owned(),
                place: Some(("client/src/b.rs".to_owned(), 2)),
            })
        );
    }

    #[test]
    fn the_count_at_the_end_is_no_diagnostic() {
        let found = read(json!({
            "message": "aborting due to 2 previous errors", "level": "error", "code": null, "spans": []
        }));
        assert_eq!(found, None);
    }
}
