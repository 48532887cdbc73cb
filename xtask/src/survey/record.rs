//! What a survey found of each document, kept in a file so that it goes on where it
//! was interrupted.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::input::Error;
use crate::survey::document::Size;

/// What was found of a document in one of the steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What the document is called.
    pub document: String,
    /// The hash of the document's bytes.
    pub hash: String,
    /// The hash of the program that tried it.
    pub generator: String,
    /// The limits under which it was tried.
    pub limits: Limits,
    /// What was found.
    pub finding: Finding,
}

/// How much time and memory a document may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limits {
    /// In seconds.
    pub time: u64,
    /// In bytes.
    pub memory: u64,
}

/// The steps of a survey, each with what it found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The crate was generated, or not.
    Generation(Generation),
    /// The crate was compiled.
    Compilation(Compilation),
    /// The doc tests of the crate were run.
    DocTests(DocTests),
    /// The examples of the document were decoded.
    Examples(Examples),
}

/// A step of a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// See [`Finding::Generation`].
    Generation,
    /// See [`Finding::Compilation`].
    Compilation,
    /// See [`Finding::DocTests`].
    DocTests,
    /// See [`Finding::Examples`].
    Examples,
}

impl Finding {
    /// The step that found this.
    pub fn step(&self) -> Step {
        match self {
            Self::Generation(_) => Step::Generation,
            Self::Compilation(_) => Step::Compilation,
            Self::DocTests(_) => Step::DocTests,
            Self::Examples(_) => Step::Examples,
        }
    }
}

/// How the generator did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Generation {
    /// The version that the document says it is of.
    pub version: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it took.
    pub wall: Duration,
    /// How long it had a processor.
    pub cpu: Duration,
    /// The most memory that it held, in bytes.
    pub memory: u64,
}

/// What came of generating a crate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A crate.
    Generated(Size),
    /// An error of the generator's.
    Refused(String),
    /// The generator ended in another way.
    Crashed(String),
    /// It took too long.
    TimedOut,
    /// It wanted too much memory.
    OutOfMemory,
}

/// What the compiler said of a crate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compilation {
    /// Each error by its reason: how often, and one of them.
    pub errors: BTreeMap<String, Said>,
    /// Each warning likewise.
    pub warnings: BTreeMap<String, Said>,
}

/// How often something was said, and where it was first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// How often.
    pub count: usize,
    /// The first, with its file and line.
    pub first: String,
}

/// How the doc tests of a crate did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocTests {
    /// How many passed.
    pub passed: usize,
    /// How many did not.
    pub failed: usize,
    /// Why the first did not, or why none could be run.
    pub problem: Option<String>,
}

/// How the examples of a document did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examples {
    /// How many there are.
    pub given: usize,
    /// How many were decoded.
    pub decoded: usize,
    /// How many were encoded again as they were.
    pub round_tripped: usize,
    /// How many fall short by the document's own fault.
    pub explained: usize,
    /// Why none could be tried.
    pub problem: Option<String>,
}

/// By what a record is found again.
type Key = (Step, String, String);

/// The records of a file, to which new ones are added.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    file: File,
    generator: String,
    limits: Limits,
    known: HashMap<Key, Finding>,
}

impl Store {
    /// Opens the file `path`, which need not exist. Records of other versions of the
    /// generator stay in it and do not count.
    ///
    /// # Errors
    ///
    /// The file cannot be read or written.
    pub fn open(path: &Path, generator: &str, limits: Limits) -> Result<Self, Error> {
        let text = match fs::read(path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::file(path, "cannot be read", error)),
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .map_err(|error| Error::file(folder, "cannot be made", error))?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|error| Error::file(path, "cannot be written", error))?;
        let mut store = Self {
            path: path.to_owned(),
            file,
            generator: generator.to_owned(),
            limits,
            known: HashMap::new(),
        };
        if !text.is_empty() && !text.ends_with('\n') {
            // A line that was not finished is read as none, and ends here.
            store.write("\n")?;
        }
        for record in text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
        {
            store.remember(record);
        }
        Ok(store)
    }

    /// What was found of a document before, under the same limits if they mattered.
    pub fn known(&self, step: Step, document: &str, hash: &str) -> Option<&Finding> {
        let key = (step, document.to_owned(), hash.to_owned());
        self.known.get(&key)
    }

    /// Adds what was found of a document.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn add(&mut self, document: &str, hash: &str, finding: Finding) -> Result<(), Error> {
        let record = Record {
            document: document.to_owned(),
            hash: hash.to_owned(),
            generator: self.generator.clone(),
            limits: self.limits,
            finding,
        };
        let line = serde_json::to_string(&record).map_err(codegen::Error::from)?;
        self.write(&format!("{line}\n"))?;
        self.remember(record);
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        let written = self.file.write_all(text.as_bytes());
        written.map_err(|error| Error::file(&self.path, "cannot be written", error))
    }

    fn remember(&mut self, record: Record) {
        let is_limited = match &record.finding {
            Finding::Generation(generation) => matches!(
                generation.outcome,
                Outcome::TimedOut | Outcome::OutOfMemory | Outcome::Crashed(_)
            ),
            Finding::Compilation(_) | Finding::DocTests(_) | Finding::Examples(_) => false,
        };
        if record.generator != self.generator || (is_limited && record.limits != self.limits) {
            return;
        }
        let key = (record.finding.step(), record.document, record.hash);
        self.known.insert(key, record.finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        time: 60,
        memory: 1 << 30,
    };

    fn generation(outcome: Outcome) -> Finding {
        Finding::Generation(Generation {
            version: None,
            outcome,
            wall: Duration::ZERO,
            cpu: Duration::ZERO,
            memory: 0,
        })
    }

    #[test]
    fn what_was_found_is_known_to_the_same_generator_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("below/results.jsonl");
        let found = generation(Outcome::Refused("no".to_owned()));
        let mut store = Store::open(&path, "one", LIMITS).expect("a store");
        store.add("a", "1", found.clone()).expect("a line");
        let one = Store::open(&path, "one", LIMITS).expect("a store");
        assert_eq!(one.known(Step::Generation, "a", "1"), Some(&found));
        assert_eq!(one.known(Step::Generation, "a", "2"), None);
        assert_eq!(one.known(Step::Compilation, "a", "1"), None);
        let two = Store::open(&path, "two", LIMITS).expect("a store");
        assert_eq!(two.known(Step::Generation, "a", "1"), None);
    }

    #[test]
    fn what_took_too_long_is_tried_again_under_other_limits() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("results.jsonl");
        let mut store = Store::open(&path, "one", LIMITS).expect("a store");
        let found = generation(Outcome::TimedOut);
        store.add("a", "1", found.clone()).expect("a line");
        let same = Store::open(&path, "one", LIMITS).expect("a store");
        assert_eq!(same.known(Step::Generation, "a", "1"), Some(&found));
        let longer = Limits { time: 90, ..LIMITS };
        let longer = Store::open(&path, "one", longer).expect("a store");
        assert_eq!(longer.known(Step::Generation, "a", "1"), None);
    }

    #[test]
    fn a_line_that_was_cut_off_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("results.jsonl");
        let mut store = Store::open(&path, "one", LIMITS).expect("a store");
        let found = generation(Outcome::TimedOut);
        store.add("a", "1", found.clone()).expect("a line");
        let text = fs::read_to_string(&path).expect("text");
        fs::write(&path, format!("{text}{}", &text[..20])).expect("a cut line");
        let mut store = Store::open(&path, "one", LIMITS).expect("a store");
        store.add("b", "1", found.clone()).expect("a line");
        let store = Store::open(&path, "one", LIMITS).expect("a store");
        assert_eq!(store.known(Step::Generation, "a", "1"), Some(&found));
        assert_eq!(store.known(Step::Generation, "b", "1"), Some(&found));
    }
}
