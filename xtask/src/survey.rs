//! `cargo xtask survey`: how many of many documents become a client that compiles.

mod batch;
mod collect;
mod compile;
pub mod document;
mod examples;
mod group;
mod measure;
mod page;
mod reason;
mod record;
mod run;
mod summary;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use crate::input::{self, Error};
use crate::table;
use record::{Limits, Outcome, Store};
use run::{Context, Generator, Tried};
use summary::Summary;

/// Less than this is not enough to run anything at all, in bytes.
const LEAST_MEMORY: f64 = 20e6;

/// How the command is used, below its options.
const EXAMPLES: &str = "\
Examples:
  docs/fetch-survey-data.sh /tmp/documents
      Fetch some thousand documents.
  cargo run --release --package xtask -- survey /tmp/documents
      Try them all; interrupted, the same command goes on where it was.
  cargo xtask survey /tmp/documents --check 100 --doc-tests 20 --examples 20
      Also compile a hundred of the crates, run the doc tests of twenty of them, and
      decode their examples.
  cargo xtask survey api.yaml other.yaml --timeout 10 --memory 1
      Try two documents, each for ten seconds and with a GiB at most.
  cargo xtask survey /tmp/documents --check 1000 --markdown docs/SURVEY.md
      Write the page.";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Documents, and folders with documents (JSON and YAML, at any depth).
    #[arg(required = true, value_name = "DIR|FILE")]
    documents: Vec<PathBuf>,
    /// Compile the crates of N documents, chosen by the hash of their names.
    #[arg(long, value_name = "N", default_value_t = 0)]
    check: usize,
    /// Run the doc tests of N crates. They are programs made of documents: do not run
    /// those of documents that you do not trust.
    #[arg(long, value_name = "N", default_value_t = 0)]
    doc_tests: usize,
    /// Decode the examples of N documents, as `coverage` does, and compare what is
    /// written back.
    #[arg(long, value_name = "N", default_value_t = 0)]
    examples: usize,
    /// Write what was found into this file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write what was found into this file, as a page in Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// How many documents are tried at a time [default: one per processor].
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// How many seconds of a processor a document may take; by the clock ten times that.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// How many GiB of memory a document may take.
    #[arg(long, value_name = "GIB", default_value_t = 4.0)]
    memory: f64,
    /// Where results are kept, a line each. A document whose text and generator are
    /// those of a line is not tried again. [default: results.jsonl in the folder of
    /// --work]
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Where crates are written meanwhile [default: target/survey].
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
}

/// Surveys the documents, and prints what was found. Fails if the generator crashes,
/// takes too much, or makes what does not compile.
///
/// # Errors
///
/// A file cannot be read or written, or a process not be started.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let candidates = collect::collect(&arguments.documents)?;
    let context = context(arguments)?;
    let tried = run::try_all(&context, &candidates)?;
    let mut summary = Summary::of(&tried, &context.generator.hash);
    let sample = sample(&tried);
    let first = |number: usize| sample.get(..number.min(sample.len())).unwrap_or_default();
    let (check, doc_tests) = (arguments.check, arguments.doc_tests);
    let chosen = first(check.max(doc_tests));
    let compiled = compile::compile(&context, chosen, check, doc_tests)?;
    summary.add_compiled(&compiled);
    let decoded = examples::decode(&context, first(arguments.examples))?;
    summary.add_examples(&decoded);
    if let Some(file) = &arguments.json {
        input::write_json(file, &summary)?;
    }
    if let Some(file) = &arguments.markdown {
        fs::write(file, page::markdown(&summary, &command()))
            .map_err(|error| Error::file(file, "cannot be written", error))?;
    }
    print!("{}", page::text(&summary, table::width()));
    Ok(match summary.is_good() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn context(arguments: &Arguments) -> Result<Context, Error> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| input::workspace().join("target"));
    let work = arguments.work.clone();
    let work = work.unwrap_or_else(|| target.join("survey"));
    fs::create_dir_all(&work).map_err(|error| Error::file(&work, "cannot be made", error))?;
    // The compiler names places by the real path.
    let work = work
        .canonicalize()
        .map_err(|error| Error::file(&work, "cannot be found", error))?;
    let memory = arguments.memory * f64::from(1 << 30);
    if memory.is_nan() || memory < LEAST_MEMORY || arguments.timeout == 0 {
        let problem = "--memory must be at least 0.02, and --timeout at least 1";
        return Err(Error::Usage(problem.to_owned()));
    }
    let limits = Limits {
        time: arguments.timeout,
        memory: memory as u64,
    };
    let generator = Generator::copy_into(&work)?;
    let results = arguments.resume.clone();
    let results = results.unwrap_or_else(|| work.join("results.jsonl"));
    let store = Store::open(&results, &generator.hash, limits)?;
    let processors = thread::available_parallelism().map_or(1, usize::from);
    Ok(Context {
        generator,
        limits,
        jobs: arguments.jobs.unwrap_or(processors).max(1),
        work,
        // The same as `coverage` has, with what all crates depend on.
        target: std::path::absolute(target.join("coverage/target"))
            .map_err(|error| Error::file(&target, "cannot be found", error))?,
        store: Mutex::new(store),
    })
}

/// The documents that have a crate, in an order that is by chance and the same
/// wherever the documents lie.
fn sample(tried: &[Tried]) -> Vec<&Tried> {
    let is_generated = |one: &&Tried| matches!(one.generation.outcome, Outcome::Generated(_));
    let mut sample: Vec<&Tried> = tried.iter().filter(is_generated).collect();
    sample.sort_by_cached_key(|one| collect::hash(one.candidate.name.as_bytes()));
    sample
}

/// The command that is running, as a person would type it.
fn command() -> String {
    let given: Vec<String> = std::env::args().skip(1).collect();
    format!("cargo xtask {}", given.join(" "))
}
