//! Compiles the crates of chosen documents, and runs their doc tests.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::Value;

use crate::input::Error;
use crate::survey::batch::{self, Batch, ByPackage, Member};
use crate::survey::reason::reason;
use crate::survey::record::{Compilation, DocTests, Finding, Said, Step};
use crate::survey::run::{Context, Tried, progress};

/// What was found of the chosen documents; `None` where it was not asked for.
#[derive(Debug, Default)]
pub struct Compiled<'t> {
    /// What the compiler said.
    pub checked: Vec<(&'t Tried, Compilation)>,
    /// How the doc tests did.
    pub doc_tests: Vec<(&'t Tried, DocTests)>,
}

/// Compiles the first `check` crates of `sample`, and runs the doc tests of the first
/// `doc_tests`, as far as it has not been done before.
///
/// # Errors
///
/// A file cannot be written, or a process not be started.
pub fn compile<'t>(
    context: &Context,
    sample: &[&'t Tried],
    check: usize,
    doc_tests: usize,
) -> Result<Compiled<'t>, Error> {
    let is_wanted = |step, index| match step {
        Step::Compilation => index < check,
        _ => index < doc_tests,
    };
    let is_open = |step, tried: &Tried| known(context, step, tried).is_none();
    let steps = [Step::Compilation, Step::DocTests];
    let chosen = sample.iter().enumerate().filter(|(index, tried)| {
        let mut steps = steps.iter();
        steps.any(|step| is_wanted(*step, *index) && is_open(*step, tried))
    });
    let chosen: Vec<&Tried> = chosen.map(|(_, tried)| *tried).collect();
    let wants = |step, tried: &Tried| {
        let is_same = |one: &&Tried| one.candidate == tried.candidate;
        let index = sample.iter().position(is_same);
        index.is_some_and(|index| is_wanted(step, index)) && is_open(step, tried)
    };
    let progress = progress(chosen.len(), "compiling");
    for part in batch::split(&chosen) {
        let folder = tempfile::Builder::new()
            .prefix("batch-")
            .tempdir_in(&context.work)
            .map_err(|error| Error::file(&context.work, "cannot be written to", error))?;
        let batch = Batch::write(context, folder.path(), &part)?;
        if part.iter().any(|tried| wants(Step::Compilation, tried)) {
            let mut found = check_batch(context, &batch)?;
            for member in &batch.members {
                let found = found.remove(&member.package).unwrap_or_default();
                add(context, member.tried, Finding::Compilation(found))?;
            }
        }
        for member in &batch.members {
            if wants(Step::DocTests, member.tried) {
                let found = test(context, &batch, member)?;
                add(context, member.tried, Finding::DocTests(found))?;
            }
            progress.inc(1);
        }
        batch.delete_output()?;
    }
    progress.finish_and_clear();
    let mut compiled = Compiled::default();
    for (index, tried) in sample.iter().enumerate() {
        for step in steps.into_iter().filter(|step| is_wanted(*step, index)) {
            match known(context, step, tried) {
                Some(Finding::Compilation(found)) => compiled.checked.push((tried, found)),
                Some(Finding::DocTests(found)) => compiled.doc_tests.push((tried, found)),
                _ => {}
            }
        }
    }
    Ok(compiled)
}

fn known(context: &Context, step: Step, tried: &Tried) -> Option<Finding> {
    let store = context.store();
    let known = store.known(step, &tried.candidate.name, &tried.hash);
    known.cloned()
}

fn add(context: &Context, tried: &Tried, finding: Finding) -> Result<(), Error> {
    let mut store = context.store();
    store.add(&tried.candidate.name, &tried.hash, finding)
}

/// Checks all crates of a batch; one by one where a crate keeps cargo from reading
/// the workspace at all.
fn check_batch(context: &Context, batch: &Batch<'_>) -> Result<ByPackage<Compilation>, Error> {
    let arguments = [
        "check",
        "--workspace",
        "--keep-going",
        "--message-format=json",
    ];
    let features: Vec<String> = batch.members.iter().flat_map(Member::features).collect();
    let run = batch.cargo(context, &arguments, &features)?;
    let mut found = read(batch)?;
    for member in &batch.members {
        let is_known = found.get(&member.package).is_some_and(|(is_done, found)| {
            // What did not compile has said why.
            *is_done || !found.errors.is_empty()
        });
        if is_known {
            continue;
        }
        let (_, of_member) = found.entry(member.package.clone()).or_default();
        if batch.members.len() > 1 {
            let mut alone = check_batch(context, &batch.alone(member)?)?;
            *of_member = alone.remove(&member.package).unwrap_or_default();
        } else {
            let failure = run.failure();
            let lines = run.stderr.lines().map(str::trim);
            let mut errors = lines.skip_while(|line| !line.starts_with("error"));
            let told = errors.next().map(str::to_owned);
            let problem = told
                .or(failure)
                .unwrap_or_else(|| "not compiled".to_owned());
            note(&mut of_member.errors, &problem, &problem);
        }
    }
    if batch.members.len() > 1 {
        // Crates that were compiled alone left the workspace with themselves alone.
        batch.write_workspace()?;
    }
    let found = found
        .into_iter()
        .map(|(package, (_, found))| (package, found));
    Ok(found.collect())
}

/// Reads what cargo printed: for each crate whether it was compiled, and what was said
/// of it.
fn read(batch: &Batch<'_>) -> Result<ByPackage<(bool, Compilation)>, Error> {
    let output = batch.output();
    let unreadable = |error| Error::file(&output, "cannot be read", error);
    let file = File::open(&output).map_err(unreadable)?;
    let mut found: ByPackage<(bool, Compilation)> = BTreeMap::new();
    for line in BufReader::new(file).lines() {
        let line = line.map_err(unreadable)?;
        let Ok(line) = serde_json::from_str::<Value>(&line) else {
            continue;
        };
        let text = |pointer: &str| line.pointer(pointer).and_then(Value::as_str);
        let manifest = text("/manifest_path").map(Path::new);
        let folder = manifest.and_then(Path::parent);
        let is_of = |member: &&Member<'_>| Some(member.folder.as_path()) == folder;
        let Some(member) = batch.members.iter().find(is_of) else {
            continue;
        };
        let (is_done, found) = found.entry(member.package.clone()).or_default();
        match text("/reason") {
            Some("compiler-artifact") => *is_done = true,
            Some("compiler-message") => said(found, &line, &member.package),
            _ => {}
        }
    }
    Ok(found)
}

/// Adds a diagnostic of the compiler to what was found of a crate.
fn said(found: &mut Compilation, line: &Value, package: &str) {
    let text = |pointer: &str| line.pointer(pointer).and_then(Value::as_str);
    let (level, message) = (text("/message/level"), text("/message/message"));
    let (level, message) = (level.unwrap_or_default(), message.unwrap_or_default());
    let spans = line.pointer("/message/spans").and_then(Value::as_array);
    let is_primary = |span: &&Value| span.get("is_primary") == Some(&Value::Bool(true));
    let span = spans.and_then(|spans| spans.iter().find(is_primary));
    // The last lines of a crate have no place, and only count the others.
    let is_summary = message.starts_with("aborting due to") || message.contains(" emitted");
    if span.is_none() && is_summary {
        return;
    }
    let kinds = match level {
        "warning" => &mut found.warnings,
        level if level.starts_with("error") => &mut found.errors,
        _ => return,
    };
    let message = match text("/message/code/code") {
        Some(code) => format!("[{code}] {message}"),
        None => message.to_owned(),
    };
    let place = span.and_then(|span| {
        let file = span.get("file_name")?.as_str()?;
        let file = file.strip_prefix(package).unwrap_or(file);
        Some(format!(
            "{}:{}: ",
            file.trim_start_matches('/'),
            span.get("line_start")?
        ))
    });
    let first = format!("{}{message}", place.unwrap_or_default());
    note(kinds, &message, &first);
}

fn note(kinds: &mut BTreeMap<String, Said>, message: &str, first: &str) {
    let said = kinds.entry(reason(message, "")).or_default();
    if said.count == 0 {
        said.first = first.to_owned();
    }
    said.count += 1;
}

/// Runs the doc tests of one crate.
fn test(context: &Context, batch: &Batch<'_>, member: &Member<'_>) -> Result<DocTests, Error> {
    let arguments = [
        "test",
        "--doc",
        "--no-fail-fast",
        "--package",
        &member.package,
    ];
    let run = batch.cargo(context, &arguments, &member.features())?;
    let printed = std::fs::read(batch.output()).unwrap_or_default();
    let printed = String::from_utf8_lossy(&printed);
    let mut found = results(&printed);
    if found.problem.is_none() && !run.is_success() {
        let mut errors = run.stderr.lines().filter(|line| line.starts_with("error"));
        found.problem = errors.next().map(str::to_owned).or(run.failure());
    }
    Ok(found)
}

/// Reads what the test runner printed.
fn results(printed: &str) -> DocTests {
    let mut found = DocTests::default();
    for line in printed.lines() {
        if let Some(counts) = line.strip_prefix("test result: ") {
            let words: Vec<&str> = counts.split_whitespace().collect();
            for pair in words.windows(2) {
                let [number, word] = pair else { continue };
                let number = number.parse().unwrap_or(0);
                match word.trim_end_matches(';') {
                    "passed" => found.passed += number,
                    "failed" => found.failed += number,
                    _ => {}
                }
            }
        } else if line.ends_with("FAILED") && found.problem.is_none() {
            found.problem = Some(line.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn diagnostics_are_counted_by_what_they_have_in_common() {
        let mut found = Compilation::default();
        for name in ["a", "b"] {
            let line = json!({ "message": {
                "level": "warning", "message": format!("unused variable: `{name}`"),
                "code": { "code": "unused_variables" },
                "spans": [{ "file_name": "doc-1/src/lib.rs", "line_start": 7, "is_primary": true }]
            } });
            said(&mut found, &line, "doc-1");
        }
        let summary = json!({ "message": {
            "level": "warning", "message": "2 warnings emitted", "spans": []
        } });
        said(&mut found, &summary, "doc-1");
        let expected = Said {
            count: 2,
            first: "src/lib.rs:7: [unused_variables] unused variable: `a`".to_owned(),
        };
        let reason = "[unused_variables] unused variable: `…`".to_owned();
        assert_eq!(found.warnings, BTreeMap::from([(reason, expected)]));
        assert!(found.errors.is_empty());
    }

    #[test]
    fn the_results_of_all_programs_of_tests_are_added_up() {
        let printed = "test src/lib.rs - (line 3) ... ok\ntest src/a.rs - b (line 9) ... FAILED\n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored; finished in 0.1s\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; finished in 0.1s\n";
        let expected = DocTests {
            passed: 3,
            failed: 1,
            problem: Some("test src/a.rs - b (line 9) ... FAILED".to_owned()),
        };
        assert_eq!(results(printed), expected);
    }
}
