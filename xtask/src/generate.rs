//! `cargo xtask generate`: the document becomes the crate.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use codegen::Plan;
use indicatif::{ProgressBar, ProgressStyle};

use crate::files::{self, Changes};
use crate::input::{self, Error, Selectors};
use crate::runtime::Choice;
use crate::{repairs, say};

/// How many lines of a diff are shown.
const MOST_DIFF_LINES: usize = 200;

#[derive(clap::Args)]
pub struct Arguments {
    /// Write nothing; fail, with the differences, if the crate is not up to date.
    #[arg(long)]
    check: bool,
    /// Also accept what the snapshot tests of this workspace see, for review as a
    /// difference in git.
    #[arg(long, conflicts_with_all = [
        "check", "spec", "plan", "out", "package", "runtime", "operations", "paths", "tags"
    ])]
    accept: bool,
    /// The document, JSON or YAML, or `-` for the standard input [default:
    /// openapi/client-certificates.yaml].
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The plan [default: for the default document, the one beside it].
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// The folder of the crate [default: for the default document, generated-client].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The name of the crate, in place of the plan's.
    #[arg(long, value_name = "NAME")]
    package: Option<String>,
    /// Where the crate has its runtime from, in place of the plan's choice: `vendored`
    /// puts it into the crate, file for file; `workspace` is that of this workspace; else
    /// the folder of one, or a version of the registry's.
    #[arg(long, value_name = "vendored|workspace|DIR|VERSION")]
    runtime: Option<Choice>,
    /// Where the report goes, as JSON: what was repaired, and what was decided where
    /// parts of a schema contradict each other. Not with --check, which writes nothing.
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    report: Option<PathBuf>,
    #[command(flatten)]
    selectors: Selectors,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let start = Instant::now();
    let root = input::workspace();
    let spec = match &arguments.spec {
        Some(spec) => spec.clone(),
        None => root.join("openapi/client-certificates.yaml"),
    };
    let mut plan = plan(arguments, &root)?;
    let out = match (&arguments.out, &arguments.spec) {
        (Some(out), _) => out.clone(),
        (None, None) => root.join("generated-client"),
        (None, Some(_)) => {
            let problem = "say where the crate goes: --out DIR";
            return Err(Error::Usage(problem.to_owned()));
        }
    };
    if !arguments.check {
        files::recover(&out)?;
    }
    if let Some(runtime) = &arguments.runtime {
        plan.package.runtime = runtime.for_crate(&out)?;
    }
    let progress = spinner();
    progress.set_message(input::reading(&spec));
    let document = input::document(&spec)?;
    progress.set_message("generating");
    let generated = codegen::generate(&document, &plan);
    let (emitted, report) = generated.inspect_err(|_| {
        progress.finish_and_clear();
        // A misspelt word is often why nothing can be made of the rest.
        let warnings = codegen::document_warnings(&document, &plan.select);
        say::note_unless_empty(&repairs::warnings(&document, &warnings));
    })?;
    let changes = Changes::between(&out, &emitted.files)?;
    if let Some(path) = &arguments.report {
        input::write_json(path, &report)?;
    }
    progress.finish_and_clear();

    if arguments.check {
        return Ok(check(&changes, &out, arguments));
    }
    changes.apply(&out)?;
    for path in &changes.kept {
        say::note(&format!(
            "note: {} is no longer generated; it was edited by hand, and is kept",
            say::line(&path.display().to_string())
        ));
    }
    say::print(&format!(
        "{}: {report}; files {}, of which written {}, deleted {}; {:.2} s\n",
        say::line(&out.display().to_string()),
        changes.files,
        changes.written.len(),
        changes.deleted.len(),
        start.elapsed().as_secs_f32()
    ));
    // Nobody writes a plan for a document without reading what is done to it; of others
    // the counts are enough.
    if arguments.plan.is_some() || arguments.spec.is_none() {
        say::print(&repairs::of_hand_written(&document, &report.repairs));
    }
    say::note_unless_empty(&repairs::warnings(&document, &report.warnings));
    say::print(&repairs::notes(&document, &report.notes));
    if arguments.accept {
        return accept_snapshots(&root);
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs the tests that have snapshots of the fragment and of the client, each
/// of which is overwritten by what the test sees.
fn accept_snapshots(root: &Path) -> Result<ExitCode, Error> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(&cargo)
        .args([
            "test",
            "--quiet",
            "--no-fail-fast",
            "-p",
            "codegen",
            "-p",
            "client-tests",
            "--tests",
        ])
        .env("INSTA_UPDATE", "always")
        .env("INSTA_FORCE_PASS", "1")
        .current_dir(root)
        .status()
        .map_err(|error| Error::file(Path::new(&cargo), "cannot be run", error))?;
    if status.success() {
        say::print("The snapshots are up to date: review them with `git diff`.\n");
        return Ok(ExitCode::SUCCESS);
    }
    let problem = "a test fails for another reason than its snapshots; see above";
    Err(Error::Usage(problem.to_owned()))
}

fn check(changes: &Changes, out: &Path, arguments: &Arguments) -> ExitCode {
    let folder = say::line(&out.display().to_string());
    if files::is_interrupted(out) {
        say::note(&format!(
            "note: a run of generate was interrupted in {folder}; the next one brings it to its end"
        ));
    }
    if changes.is_empty() {
        say::print(&format!("{folder}: up to date\n"));
        return ExitCode::SUCCESS;
    }
    let diff = changes.diff();
    let mut shown: String = diff.split_inclusive('\n').take(MOST_DIFF_LINES).collect();
    let more = diff.lines().count().saturating_sub(MOST_DIFF_LINES);
    if more > 0 {
        shown.push_str(&format!("… and {more} more lines\n"));
    }
    say::print(&shown);
    say::note(&format!(
        "error: {folder} is not what its document gives (files that differ: {}, that should not be there: {}).\n\
         Bring it up to date with: {}",
        changes.written.len(),
        changes.deleted.len(),
        say::line(&command(arguments))
    ));
    ExitCode::FAILURE
}

/// The command that mends what `--check` found.
fn command(arguments: &Arguments) -> String {
    let given: Vec<String> = std::env::args()
        .skip(2)
        .filter(|argument| argument != "--check")
        .collect();
    let document = match &arguments.spec {
        Some(spec) if input::is_stdin(spec) => " < DOCUMENT",
        _ => "",
    };
    match given.is_empty() {
        true => "cargo xtask generate".to_owned(),
        false => format!("cargo xtask generate {}{document}", quoted(&given)),
    }
}

/// Arguments as a shell takes them.
fn quoted(arguments: &[String]) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=:@,".contains(c);
    let quoted = arguments
        .iter()
        .map(|argument| match argument.chars().all(is_plain) {
            true => argument.clone(),
            false => format!("'{}'", argument.replace('\'', r"'\''")),
        });
    quoted.collect::<Vec<_>>().join(" ")
}

fn plan(arguments: &Arguments, root: &Path) -> Result<Plan, Error> {
    let mut plan = match (&arguments.plan, &arguments.spec, &arguments.package) {
        (Some(plan), ..) => input::plan(plan)?,
        (None, None, _) => input::plan(&root.join("openapi/client-certificates.toml"))?,
        (None, Some(_), Some(package)) => Plan::for_package(package),
        (None, Some(_), None) => {
            let problem = "say what the crate is called: --package NAME, or a plan: --plan FILE";
            return Err(Error::Usage(problem.to_owned()));
        }
    };
    if let Some(package) = &arguments.package {
        plan.package.name.clone_from(package);
    }
    let checked = plan.package.check();
    checked.map_err(|(_, problem)| Error::Usage(problem))?;
    let selection = arguments.selectors.selection();
    if !selection.is_empty() {
        plan.select = selection;
    }
    Ok(plan)
}

/// Shown only when the work takes longer than a moment.
fn spinner() -> ProgressBar {
    let progress = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        progress.set_style(style);
    }
    progress.enable_steady_tick(Duration::from_millis(250));
    progress
}
