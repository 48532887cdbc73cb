//! Looks for documents that codegen cannot stand:
//! `cargo run --release -p codegen --example mutations -- [SEED [STRUCTURAL [BYTES]]]`.
//!
//! Documents of the tests are changed at random, and each is generated from, on a
//! thread with a stack of two megabytes. Told are panics, what takes longer than
//! two seconds, and what is not clean after it was cleaned. An overflow of the
//! stack ends the program; with `MUTATIONS_TRACE`, the last line is the number of its
//! document. Documents that go wrong are kept in the folder `MUTATIONS_OUT`, those that
//! a crate comes of in `MUTATIONS_TAKEN`, for `cargo xtask survey`.
//! `cargo test` does the same with a few.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use codegen::slice::Selection;
use codegen::{Document, Plan, clean_document, generate};
use fastrand::Rng;
use serde_json::Value;

mod mutator;

const LONGEST: Duration = Duration::from_secs(2);

const STACK: usize = 2 << 20;

fn main() -> ExitCode {
    let mut arguments = std::env::args()
        .skip(1)
        .map(|argument| argument.parse::<u64>());
    let mut argument = |default| arguments.next().and_then(Result::ok).unwrap_or(default);
    let (seed, structural, bytes) = (argument(0), argument(20_000), argument(10_000));
    let texts = texts();
    let values: Vec<Value> = texts
        .iter()
        .filter_map(|(name, text)| Document::parse(name, text).ok())
        .map(|document| document.value().clone())
        .collect();
    let mut faults = 0_usize;
    let mut taken = 0_usize;
    for number in 0..structural + bytes {
        let mut rng = Rng::with_seed(seed.wrapping_add(number));
        let text = match number < structural {
            true => rng.choice(&values).map(|value| {
                mutator::structural(value, &mut rng.fork())
                    .to_string()
                    .into_bytes()
            }),
            false => rng
                .choice(&texts)
                .map(|(_, text)| mutator::bytes(text, &mut rng.fork())),
        };
        let text = text.unwrap_or_default();
        if number % 500 == 0 {
            eprintln!("{number}: {taken} taken, {faults} faults");
        }
        if std::env::var_os("MUTATIONS_TRACE").is_some() {
            eprintln!("{number}");
        }
        match outcome(&text) {
            Ok(true) => {
                taken += 1;
                keep("MUTATIONS_TAKEN", seed.wrapping_add(number), &text);
            }
            Ok(false) => {}
            Err(fault) => {
                faults += 1;
                println!("{} {fault}", seed.wrapping_add(number));
                keep("MUTATIONS_OUT", seed.wrapping_add(number), &text);
            }
        }
    }
    eprintln!(
        "{} documents: {taken} taken, {faults} faults",
        structural + bytes
    );
    match faults {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Writes a document into the folder that the environment variable `variable` names; JSON
/// is YAML, too.
fn keep(variable: &str, number: u64, text: &[u8]) {
    let Some(folder) = std::env::var_os(variable) else {
        return;
    };
    let file = PathBuf::from(folder).join(format!("{number}.yaml"));
    if let Err(error) = std::fs::write(&file, text) {
        eprintln!("{}: {error}", file.display());
    }
}

/// The documents of the tests.
fn texts() -> Vec<(String, Vec<u8>)> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut files: Vec<PathBuf> = [tests.clone(), tests.join("clean")]
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    files.sort();
    let named = files
        .into_iter()
        .filter_map(|file| Some((file.display().to_string(), std::fs::read(&file).ok()?)));
    named.collect()
}

/// Whether `text` was taken as a document, or what went wrong with it. On a busy machine
/// anything may take long once; a document has gone wrong when it does so twice.
fn outcome(text: &[u8]) -> Result<bool, String> {
    let (outcome, first) = timed(text);
    let shorter = if first > LONGEST {
        first.min(timed(text).1)
    } else {
        first
    };
    match outcome {
        Ok(_) if shorter > LONGEST => Err(format!("takes {:.1} s", shorter.as_secs_f64())),
        outcome => outcome,
    }
}

/// What becomes of `text`, and how long that takes by the clock.
fn timed(text: &[u8]) -> (Result<bool, String>, Duration) {
    let text = text.to_vec();
    let worker = std::thread::Builder::new().stack_size(STACK);
    let start = Instant::now();
    let worker = worker.spawn(move || {
        let Ok(document) = Document::parse("mutated", &text) else {
            return Ok(false);
        };
        if let Ok(once) = clean_document(&document, &Selection::default()) {
            let text = once.value().to_string();
            let again = Document::parse("cleaned", text.as_bytes())
                .map_err(|error| format!("cleaned, not taken: {error}"))?;
            let twice = clean_document(&again, &Selection::default())
                .map_err(|error| format!("cleaned, refused: {error}"))?;
            if let Some(repair) = twice.repairs().iter().find(|repair| !repair.is_note()) {
                return Err(format!("not clean after cleaning: {repair:?}"));
            }
        }
        // What cannot be generated from is refused with words.
        Ok(generate(&document, &Plan::for_package("mutated")).is_ok())
    });
    let outcome = match worker.map(std::thread::JoinHandle::join) {
        Err(error) => Err(format!("no thread: {error}")),
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
            Err(format!("panics: {}", text.unwrap_or_default()))
        }
    };
    (outcome, start.elapsed())
}
