//! Decodes the examples of chosen documents, by `cargo xtask coverage` in a process of
//! its own.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::input::Error;
use crate::process::{Job, Run};
use crate::survey::record::{Examples, Finding, Step};
use crate::survey::run::{Context, Tried, progress};

/// How long one document may take: two crates are compiled for it.
const TIME: Duration = Duration::from_secs(1800);

/// Decodes the examples of each document of `sample`, as far as it has not been done
/// before.
///
/// # Errors
///
/// A file cannot be written, or a process not be started.
pub fn decode<'t>(
    context: &Context,
    sample: &[&'t Tried],
) -> Result<Vec<(&'t Tried, Examples)>, Error> {
    let progress = progress(sample.len(), "decoding");
    let mut decoded = Vec::new();
    for tried in sample.iter().copied() {
        let (name, hash) = (&tried.candidate.name, &tried.hash);
        let known = context.store().known(Step::Examples, name, hash).cloned();
        let found = match known {
            Some(Finding::Examples(found)) => found,
            _ => {
                let found = coverage(context, &tried.candidate.path)?;
                context
                    .store()
                    .add(name, hash, Finding::Examples(found.clone()))?;
                found
            }
        };
        decoded.push((tried, found));
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(decoded)
}

fn coverage(context: &Context, spec: &Path) -> Result<Examples, Error> {
    let folder = context.work.join("examples");
    let report = folder.join("report.json");
    std::fs::create_dir_all(&folder)
        .map_err(|error| Error::file(&folder, "cannot be made", error))?;
    // That of another document would be taken for this one's.
    match std::fs::remove_file(&report) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::file(&report, "cannot be deleted", error));
        }
        _ => {}
    }
    let crates = folder.join("crates");
    let job = Job::new(&context.generator.path, TIME)
        .arguments(["coverage", "--spec"])
        .arguments([spec])
        .arguments(["--out"])
        .arguments([&crates])
        .arguments(["--report"])
        .arguments([&report])
        .variable("CARGO_TARGET_DIR", folder.join("target"));
    let run = job.run(&context.generator.path)?;
    let text = std::fs::read_to_string(&report);
    Ok(match text.map(|text| serde_json::from_str(&text)) {
        Ok(Ok(report)) => examples(&report),
        _ => Examples {
            problem: Some(problem(&run)),
            ..Examples::default()
        },
    })
}

/// Takes the totals out of a report of `coverage`.
fn examples(report: &Value) -> Examples {
    let total = |key: &str| {
        let total = report.pointer(&format!("/totals/examples/{key}"));
        let total = total.and_then(Value::as_u64).unwrap_or_default();
        usize::try_from(total).unwrap_or(usize::MAX)
    };
    let compiled = report.pointer("/totals/compiled").and_then(Value::as_u64);
    Examples {
        given: total("with_examples"),
        decoded: total("decoded"),
        round_tripped: total("round_tripped"),
        explained: total("explained"),
        problem: (compiled == Some(0)).then(|| "nothing of the crate compiles".to_owned()),
    }
}

fn problem(run: &Run) -> String {
    let mut lines = run.stderr.lines();
    let error = lines.find(|line| line.starts_with("error"));
    let error = error.map(str::to_owned).or_else(|| run.failure());
    error.unwrap_or_else(|| "no report was written".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_totals_of_a_report_are_read() {
        let report = json!({ "totals": { "compiled": 2, "examples": {
            "with_examples": 9, "decoded": 8, "round_tripped": 7, "explained": 1
        } } });
        let expected = Examples {
            given: 9,
            decoded: 8,
            round_tripped: 7,
            explained: 1,
            problem: None,
        };
        assert_eq!(examples(&report), expected);
    }
}
