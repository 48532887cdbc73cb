//! `cargo xtask bench`: what generating and compiling a large client takes, beside
//! other generators.

mod check;
mod measure;
mod page;
mod peers;
mod slices;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::input::{self, Error};
use crate::table;
use measure::Task;
use page::Figured;
use peers::{OURS, Tool};

/// How the command is used, below its options.
const EXAMPLES: &str = "\
Examples:
  cargo run --release --package xtask -- bench --spec cloudflare.json
      Generate all of a document with every generator that is installed.
  cargo run --release --package xtask -- bench --spec api.json --runs 9 --peers ''
      Measure ours alone, more often.
  … bench --spec cloudflare.json --check ours,ploidy
      Also measure `cargo check` of two of the crates. Large crates need minutes and
      gigabytes for that: have nothing else running.
  … bench --spec cloudflare.json --large microsoft.com/graph-beta.json
      Also see how time grows from a large document to a much larger one.
  … bench --spec cloudflare.json --markdown docs/BENCH.md
      Write the page.";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The document [default: the fragment of the checked-in client].
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Another document, larger, for how time grows with the size; may be given several
    /// times.
    #[arg(long, value_name = "FILE")]
    large: Vec<PathBuf>,
    /// How often everything is run; the medians are shown.
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: usize,
    /// Which other generators are run, if they are installed; none with ''.
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        default_value = "cargo-progenitor,ploidy,oas3-gen,openapi-to-rust,openapi-generator-cli"
    )]
    peers: Vec<String>,
    /// A folder with programs of other generators, besides those on the path; may be
    /// given several times.
    #[arg(long, value_name = "DIR")]
    programs: Vec<PathBuf>,
    /// Whose crates `cargo check` is measured on: `ours`, or names of other generators.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    check: Vec<String>,
    /// Write the figures into this file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the figures into this file, as a page in Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Where crates are written and compiled [default: a folder that is deleted].
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
}

/// Measures, and prints the figures.
///
/// # Errors
///
/// A file cannot be read or written, or a process not be started. That a generator
/// fails is a figure, too.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let supervisor = std::env::current_exe()
        .map_err(|error| Error::file(Path::new("this program"), "cannot be found", error))?;
    let fragment = input::workspace().join("openapi/client-certificates.yaml");
    let spec = arguments.spec.clone().unwrap_or_else(|| fragment.clone());
    let document = input::document(&spec)?;
    let temporary = tempfile::tempdir();
    let temporary = temporary
        .map_err(|error| Error::file(&std::env::temp_dir(), "cannot be written", error))?;
    let work = arguments.work.as_deref().unwrap_or(temporary.path());
    fs::create_dir_all(work).map_err(|error| Error::file(work, "cannot be made", error))?;
    let work =
        std::path::absolute(work).map_err(|error| Error::file(work, "cannot be found", error))?;
    let runs = arguments.runs.max(1);
    let mut figured = Figured {
        date: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
        document: file_name(&spec),
        operations: slices::operations(document.value()),
        runs,
        is_debug: cfg!(debug_assertions),
        ..Figured::default()
    };
    drop(document);

    let ours = Tool::ours(&supervisor);
    let (others, missing) = peers::installed(&arguments.programs, &supervisor)?;
    let is_wanted = |name: &str| arguments.peers.iter().any(|wanted| wanted == name);
    figured.missing = missing
        .iter()
        .filter(|peer| is_wanted(peer.name))
        .map(|peer| (peer.name, peer.install))
        .collect();
    let others = others.iter().filter(|tool| is_wanted(&tool.name));
    let tools: Vec<&Tool> = std::iter::once(&ours).chain(others).collect();
    refuse_unknown(arguments, &tools)?;

    let task = |tool, spec: &Path, out: &str| Task {
        tool,
        spec: std::path::absolute(spec).unwrap_or_else(|_| spec.to_owned()),
        out: work.join(out),
    };
    let whole: Vec<Task<'_>> = tools
        .iter()
        .map(|tool| task(tool, &spec, &tool.name))
        .collect();
    let of_fragment = [task(&ours, &fragment, "fragment")];
    let mut parts = slices::parts(&spec, &work)?;
    for large in &arguments.large {
        parts.push(slices::whole(large)?);
    }
    let of_parts: Vec<Task<'_>> = parts
        .iter()
        .map(|part| task(&ours, &part.file, "part"))
        .collect();
    let progress = progress((whole.len() + 1 + of_parts.len()) * runs);
    figured.whole = measure::in_turns(&whole, runs, &supervisor, &progress)?;
    figured.fragment = measure::in_turns(&of_fragment, runs, &supervisor, &progress)?;
    let measured = measure::in_turns(&of_parts, runs, &supervisor, &progress)?;
    let named = parts.into_iter().zip(measured);
    figured.parts = named
        .map(|(part, generated)| (part.name, part.operations, generated))
        .collect();
    for (tool, generated) in tools.iter().zip(&figured.whole) {
        if arguments.check.contains(&tool.name) {
            progress.set_message(format!("checking the crate of {}", tool.name));
            let checked = check::check(tool, generated, &supervisor)?;
            figured.checked.push(checked);
        }
    }
    progress.finish_and_clear();

    if let Some(file) = &arguments.json {
        input::write_json(file, &figured)?;
    }
    if let Some(file) = &arguments.markdown {
        fs::write(file, figured.markdown(&command()))
            .map_err(|error| Error::file(file, "cannot be written", error))?;
    }
    print!("{}", figured.text(table::width()));
    let is_ours_whole = figured
        .whole
        .iter()
        .any(|one| one.tool == OURS && one.outcome.is_ok());
    Ok(match is_ours_whole {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// A name that is no generator's, or of none that is installed, is a mistake that is
/// better known before an hour of measuring.
fn refuse_unknown(arguments: &Arguments, tools: &[&Tool]) -> Result<(), Error> {
    let known = |name: &str| peers::PEERS.iter().find(|peer| peer.name == name);
    let peers = arguments.peers.iter().filter(|name| !name.is_empty());
    for name in peers.chain(&arguments.check).filter(|name| *name != OURS) {
        if known(name).is_none() {
            let names = peers::PEERS.map(|peer| peer.name).join("`, `");
            return Err(Error::Usage(format!(
                "`{name}` is no generator that is known here; these are: `{OURS}`, `{names}`"
            )));
        }
    }
    for name in &arguments.check {
        if !tools.iter().any(|tool| tool.name == *name) {
            let install = known(name).map_or("", |peer| peer.install);
            return Err(Error::Usage(format!(
                "--check {name}: it is not installed, or not among --peers; install it with: \
                 {install}"
            )));
        }
    }
    Ok(())
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// The command that is running, as a person would type it.
fn command() -> String {
    let given: Vec<String> = std::env::args().skip(1).collect();
    format!("cargo run --release --package xtask -- {}", given.join(" "))
}

fn progress(length: usize) -> ProgressBar {
    let progress = ProgressBar::new(length as u64);
    let template = "{msg:<40} {bar:30} {pos}/{len} ({elapsed})";
    if let Ok(style) = ProgressStyle::with_template(template) {
        progress.set_style(style);
    }
    progress.enable_steady_tick(Duration::from_millis(250));
    progress
}
