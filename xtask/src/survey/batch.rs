//! Crates of several documents in one workspace, which share what they depend on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::input::{self, Error};
use crate::process::{Job, Run};
use crate::survey::collect;
use crate::survey::record::Outcome;
use crate::survey::run::{self, Context, Tried};

/// How many crates there are in a batch at most.
const MOST_CRATES: usize = 16;

/// How many lines the crates of a batch have together, unless it is one crate.
const MOST_LINES: usize = 150_000;

/// How long cargo may take for a batch.
const TIME: Duration = Duration::from_secs(3600);

/// How much memory a process of the compiler may take.
const MEMORY: u64 = 8 << 30;

/// A crate of a batch.
#[derive(Debug, Clone)]
pub struct Member<'t> {
    /// The document that it is of.
    pub tried: &'t Tried,
    /// What it is called: crates of one name would pass for each other where they
    /// are compiled into the same folder.
    pub package: String,
    /// Where it is.
    pub folder: PathBuf,
}

/// Crates that are compiled together.
#[derive(Debug)]
pub struct Batch<'t> {
    /// The folder of the workspace.
    pub folder: PathBuf,
    /// What cargo compiles into.
    pub target: PathBuf,
    /// Its crates.
    pub members: Vec<Member<'t>>,
}

/// Puts documents together that are not too much to be compiled at a time.
pub fn split<'t>(chosen: &[&'t Tried]) -> Vec<Vec<&'t Tried>> {
    let mut batches: Vec<Vec<&Tried>> = Vec::new();
    let mut lines = 0;
    for tried in chosen {
        let own = match &tried.generation.outcome {
            Outcome::Generated(size) => size.lines,
            _ => 0,
        };
        lines += own;
        match batches.last_mut() {
            Some(batch) if batch.len() < MOST_CRATES && lines <= MOST_LINES => batch.push(tried),
            _ => {
                lines = own;
                batches.push(vec![tried]);
            }
        }
    }
    batches
}

impl<'t> Batch<'t> {
    /// Generates the crates of `chosen` into a workspace in `folder`, which is empty.
    ///
    /// # Errors
    ///
    /// A file cannot be written, or a document gives no crate although it did before.
    pub fn write(context: &Context, folder: &Path, chosen: &[&'t Tried]) -> Result<Self, Error> {
        let mut members = Vec::new();
        let runtime = context.generator.runtime(&context.work)?;
        for tried in chosen {
            let hash = collect::hash(tried.candidate.name.as_bytes());
            let package = format!("doc-{hash}");
            let crate_folder = folder.join(&package);
            let job = context
                .generation(&tried.candidate.path, 2)
                .arguments(["--package", &package, "--out"])
                .arguments([&crate_folder])
                .arguments(["--runtime".as_ref(), runtime.as_path()]);
            let run = job.run(&context.generator.path)?;
            let outcome = run::outcome(&run);
            if !matches!(outcome, Outcome::Generated(_)) {
                let path = tried.candidate.path.display();
                return Err(Error::Usage(format!(
                    "{path}: no crate any more, although there was one just now: {outcome:?}; \
                     was the document changed?"
                )));
            }
            members.push(Member {
                tried,
                package,
                folder: crate_folder,
            });
        }
        let batch = Self {
            folder: folder.to_owned(),
            target: context.target.clone(),
            members,
        };
        batch.write_workspace()?;
        Ok(batch)
    }

    /// The batch with one of its crates alone.
    ///
    /// # Errors
    ///
    /// The manifest of the workspace cannot be written.
    pub fn alone(&self, member: &Member<'t>) -> Result<Self, Error> {
        let batch = Self {
            folder: self.folder.clone(),
            target: self.target.clone(),
            members: vec![member.clone()],
        };
        batch.write_workspace()?;
        Ok(batch)
    }

    /// Writes the manifest of the workspace anew, with all of its crates.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn write_workspace(&self) -> Result<(), Error> {
        let names = self
            .members
            .iter()
            .map(|one| format!("\"{}\"", one.package));
        let names: Vec<String> = names.collect();
        // Debug information is of no use here, and takes memory.
        let text = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n\
             [profile.dev]\ndebug = false\nincremental = false\n",
            names.join(", ")
        );
        let manifest = self.folder.join("Cargo.toml");
        fs::write(&manifest, text)
            .map_err(|error| Error::file(&manifest, "cannot be written", error))?;
        // The versions that this workspace locks, so that nothing is fetched.
        let lock = input::workspace().join("Cargo.lock");
        fs::copy(&lock, self.folder.join("Cargo.lock"))
            .map_err(|error| Error::file(&lock, "cannot be copied", error))?;
        Ok(())
    }

    /// Where cargo's output goes.
    pub fn output(&self) -> PathBuf {
        self.folder.join("output")
    }

    /// Runs cargo in the workspace, without the network.
    ///
    /// # Errors
    ///
    /// It cannot be run.
    pub fn cargo(
        &self,
        context: &Context,
        arguments: &[&str],
        features: &[String],
    ) -> Result<Run, Error> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut job = Job::new(cargo, TIME)
            .arguments(arguments)
            .arguments(["--offline"])
            .folder(&self.folder)
            .variable("CARGO_TARGET_DIR", &self.target)
            .without_variable("RUSTFLAGS")
            .memory(MEMORY)
            .output(&self.output());
        if !features.is_empty() {
            job = job.arguments(["--features", &features.join(",")]);
        }
        job.run(&context.generator.path)
    }

    /// Deletes what was compiled of the crates, but not of what they depend on.
    ///
    /// # Errors
    ///
    /// A file cannot be deleted.
    pub fn delete_output(self) -> Result<(), Error> {
        let names: Vec<[String; 2]> = self
            .members
            .iter()
            .map(|one| [one.package.clone(), one.package.replace('-', "_")])
            .collect();
        for folder in ["deps", ".fingerprint", "incremental", "build"] {
            let folder = self.target.join("debug").join(folder);
            let Ok(entries) = fs::read_dir(&folder) else {
                continue;
            };
            for entry in entries.filter_map(Result::ok) {
                let name = entry.file_name().to_string_lossy().into_owned();
                if names
                    .iter()
                    .flatten()
                    .any(|one| name.contains(one.as_str()))
                {
                    remove(&entry.path())?;
                }
            }
        }
        Ok(())
    }
}

impl Member<'_> {
    /// The features with which all of the crate is compiled.
    pub fn features(&self) -> Vec<String> {
        let manifest = fs::read_to_string(self.folder.join("Cargo.toml")).unwrap_or_default();
        let has_full = manifest.lines().any(|line| line.starts_with("full = "));
        let full = has_full.then(|| format!("{}/full", self.package));
        full.into_iter().collect()
    }
}

/// Deletes a file or a folder, if it is there.
fn remove(path: &Path) -> Result<(), Error> {
    let removed = match path.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file(path, "cannot be deleted", error))
        }
        _ => Ok(()),
    }
}

/// What the crates of a batch gave, by their packages.
pub type ByPackage<T> = BTreeMap<String, T>;
