//! Tries every document, several at a time.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::input::Error;
use crate::process::{Ending, Job, Run};
use crate::survey::collect::{self, Candidate};
use crate::survey::document::{SURVEY_DOCUMENT, Verdict};
use crate::survey::record::{Finding, Generation, Limits, Outcome, Step, Store};

/// The generator that is surveyed: a copy of this program, which stays as it is when
/// somebody builds the next one meanwhile.
#[derive(Debug)]
pub struct Generator {
    /// Where the copy is.
    pub path: PathBuf,
    /// What tells it from other versions.
    pub hash: String,
}

impl Generator {
    /// Copies this program into `folder`, unless a survey before has.
    ///
    /// # Errors
    ///
    /// It cannot be read or written.
    pub fn copy_into(folder: &Path) -> Result<Self, Error> {
        let unreadable = |error| Error::file(Path::new("this program"), "cannot be read", error);
        let bytes = std::env::current_exe()
            .and_then(fs::read)
            .map_err(unreadable)?;
        let hash = collect::hash(&bytes);
        let path = folder.join(format!("generator-{hash}"));
        if !path.exists() {
            write_program(&path, folder, &bytes)
                .map_err(|error| Error::file(&path, "cannot be written", error))?;
        }
        Ok(Self { path, hash })
    }

    /// The folder in `folder` with the runtime of this generator, which all crates of a
    /// survey share, so that it is compiled once: a workspace cannot have a copy of it
    /// for each of its crates.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn runtime(&self, folder: &Path) -> Result<PathBuf, Error> {
        let path = folder.join(format!("runtime-{}", self.hash));
        if !path.exists() {
            write_runtime(&path, folder)
                .map_err(|error| Error::file(&path, "cannot be written", error))?;
        }
        Ok(path)
    }
}

/// Writes the runtime so that it is there as a whole or not at all.
fn write_runtime(path: &Path, folder: &Path) -> io::Result<()> {
    let new = tempfile::tempdir_in(folder)?;
    for (file, text) in codegen::runtime_files() {
        let file = new.path().join(file);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, text)?;
    }
    fs::rename(new.keep(), path)
}

/// Writes a program that is there as a whole or not at all, and that nobody has open
/// for writing any more, so that it can be run.
fn write_program(path: &Path, folder: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    let file = file.into_temp_path();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o700))?;
    Ok(file.persist(path)?)
}

/// What all steps of a survey share.
#[derive(Debug)]
pub struct Context {
    /// What is surveyed.
    pub generator: Generator,
    /// What a document may take.
    pub limits: Limits,
    /// How many documents are tried at a time.
    pub jobs: usize,
    /// Where crates are written; the real path.
    pub work: PathBuf,
    /// What cargo compiles into.
    pub target: PathBuf,
    /// What has been found.
    pub store: Mutex<Store>,
}

impl Context {
    /// The records, whoever had them before.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The job of generating the crate of the document `path`, `times` as long as the
    /// limit is. By the clock it may take ten times that: the machine may be busy.
    pub fn generation(&self, path: &Path, times: u64) -> Job {
        let seconds = self.limits.time * times;
        Job::new(&self.generator.path, Duration::from_secs(seconds * 10))
            .processor_seconds(seconds)
            .memory(self.limits.memory)
            .arguments([SURVEY_DOCUMENT.as_ref(), path])
    }
}

/// A document that has been tried.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The document.
    pub candidate: Candidate,
    /// The hash of its bytes.
    pub hash: String,
    /// How the generator did.
    pub generation: Generation,
}

/// Tries the `candidates`, as far as they have not been tried before.
///
/// # Errors
///
/// A document cannot be read, a process not be started, a record not be written.
pub fn try_all(context: &Context, candidates: &[Candidate]) -> Result<Vec<Tried>, Error> {
    let progress = progress(candidates.len(), "generating");
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Tried)>, Error> {
        let mut tried = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(candidate) = candidates.get(index) else {
                return Ok(tried);
            };
            let one = try_one(context, candidate).inspect_err(|_| {
                // The others end after what they have in hand.
                next.store(candidates.len(), Ordering::Relaxed);
            });
            tried.push((index, one?));
            progress.inc(1);
        }
    };
    let results: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..context.jobs).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join()).collect()
    });
    progress.finish_and_clear();
    let mut tried = Vec::new();
    for result in results {
        match result {
            Ok(some) => tried.extend(some?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    tried.sort_by_key(|(index, _)| *index);
    Ok(tried.into_iter().map(|(_, tried)| tried).collect())
}

fn try_one(context: &Context, candidate: &Candidate) -> Result<Tried, Error> {
    let path = &candidate.path;
    let bytes = fs::read(path).map_err(|error| Error::file(path, "cannot be read", error))?;
    let hash = collect::hash(&bytes);
    let tried = |generation| Tried {
        candidate: candidate.clone(),
        hash: hash.clone(),
        generation,
    };
    let store = context.store();
    if let Some(Finding::Generation(known)) = store.known(Step::Generation, &candidate.name, &hash)
    {
        return Ok(tried(known.clone()));
    }
    drop(store);
    let version = collect::version(&bytes);
    drop(bytes);
    let run = context.generation(path, 1).run(&context.generator.path)?;
    let generation = Generation {
        version,
        outcome: named(outcome(&run), candidate),
        wall: run.wall,
        cpu: run.cpu,
        memory: run.memory,
    };
    let finding = Finding::Generation(generation.clone());
    context.store().add(&candidate.name, &hash, finding)?;
    Ok(tried(generation))
}

/// Puts the name of a document in place of its path at the front of a message: a record
/// holds wherever the document lies.
fn named(outcome: Outcome, candidate: &Candidate) -> Outcome {
    let Outcome::Refused(message) = outcome else {
        return outcome;
    };
    let path = candidate.path.display().to_string();
    Outcome::Refused(match message.strip_prefix(&path) {
        Some(rest) => format!("{}{rest}", candidate.name),
        None => message,
    })
}

/// What came of a process that generates one document.
pub fn outcome(run: &Run) -> Outcome {
    match (run.failure(), &run.ending) {
        (Some(_), Ending::TimedOut) => Outcome::TimedOut,
        (Some(_), _) if run.is_out_of_memory() => Outcome::OutOfMemory,
        (Some(failure), _) => Outcome::Crashed(failure),
        (None, _) => match serde_json::from_str(&run.stdout) {
            Ok(Verdict::Generated(size)) => Outcome::Generated(size),
            Ok(Verdict::Refused(message)) => Outcome::Refused(message),
            Err(error) => Outcome::Crashed(format!("its verdict cannot be read: {error}")),
        },
    }
}

/// A bar with the count of what is done; nothing where the output is no terminal.
pub fn progress(length: usize, doing: &str) -> ProgressBar {
    let progress = ProgressBar::new(length as u64);
    let template = "{msg:<12} {bar:30} {pos}/{len} ({elapsed}, left {eta})";
    if let Ok(style) = ProgressStyle::with_template(template) {
        progress.set_style(style);
    }
    progress.set_message(doing.to_owned());
    progress.enable_steady_tick(Duration::from_millis(250));
    progress
}
