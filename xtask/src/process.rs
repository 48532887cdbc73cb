//! Runs another program within limits of time and memory, and says what it took.
//!
//! Between the two stands a small supervisor, this same program: the resources of
//! children are only told of all of them together, and the supervisor has one. It
//! also ends the program when whoever wanted it is gone.

mod supervise;

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::input::Error;

pub use supervise::supervise;

/// The hidden command of the supervisor.
pub const SUPERVISE: &str = "supervise";

/// What is run, and within which limits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    program: PathBuf,
    arguments: Vec<OsString>,
    folder: Option<PathBuf>,
    environment: Vec<(OsString, Option<OsString>)>,
    time: Duration,
    processor_seconds: Option<u64>,
    memory: Option<u64>,
    output: Option<PathBuf>,
}

impl Job {
    /// `program`, which may take as long as `time`.
    pub fn new(program: impl Into<PathBuf>, time: Duration) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            folder: None,
            environment: Vec::new(),
            time,
            processor_seconds: None,
            memory: None,
            output: None,
        }
    }

    /// Adds arguments.
    pub fn arguments<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        let arguments = arguments.into_iter().map(|one| one.as_ref().to_owned());
        self.arguments.extend(arguments);
        self
    }

    /// Runs it in `folder`.
    pub fn folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Sets a variable of its environment.
    pub fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let value = Some(value.as_ref().to_owned());
        self.environment.push((name.into(), value));
        self
    }

    /// Takes a variable out of its environment.
    pub fn without_variable(mut self, name: &str) -> Self {
        self.environment.push((name.into(), None));
        self
    }

    /// Lets each process have a processor for so many seconds, and no more: on a busy
    /// machine the clock says little.
    pub fn processor_seconds(mut self, seconds: u64) -> Self {
        self.processor_seconds = Some(seconds);
        self
    }

    /// Lets each process have so many bytes of data, and no more.
    pub fn memory(mut self, bytes: u64) -> Self {
        self.memory = Some(bytes);
        self
    }

    /// Writes what it prints into `file`, rather than keep the beginning of it.
    pub fn output(mut self, file: &Path) -> Self {
        self.output = Some(file.to_owned());
        self
    }

    /// Runs it to its end.
    ///
    /// `supervisor` is this program, or a copy of it.
    ///
    /// # Errors
    ///
    /// The supervisor cannot be run. That the program cannot is [`Ending::NotStarted`].
    pub fn run(&self, supervisor: &Path) -> Result<Run, Error> {
        let cannot_run = |error| Error::file(supervisor, "cannot be run", error);
        let mut child = Command::new(supervisor)
            .arg(SUPERVISE)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(cannot_run)?;
        // Held open until the end: the supervisor takes its end for ours.
        let mut stdin = child.stdin.take();
        let mut job = serde_json::to_vec(self).map_err(codegen::Error::from)?;
        job.push(b'\n');
        if let Some(stdin) = &mut stdin {
            stdin.write_all(&job).map_err(cannot_run)?;
        }
        let mut said = Vec::new();
        if let Some(mut stdout) = child.stdout.take() {
            stdout.read_to_end(&mut said).map_err(cannot_run)?;
        }
        child.wait().map_err(cannot_run)?;
        drop(stdin);
        serde_json::from_slice(&said).map_err(|error| {
            let error = std::io::Error::new(std::io::ErrorKind::InvalidData, error);
            cannot_run(error)
        })
    }
}

/// What running a program gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// How it ended.
    pub ending: Ending,
    /// How long that took.
    pub wall: Duration,
    /// The time that it and its children had a processor.
    pub cpu: Duration,
    /// The most memory that it, or one of its children, held at a time, in bytes.
    pub memory: u64,
    /// The beginning of what it printed; empty if that went into a file.
    pub stdout: String,
    /// The end of what it said beside that.
    pub stderr: String,
}

impl Run {
    /// Whether it ended by itself, and well.
    pub fn is_success(&self) -> bool {
        self.ending == Ending::Exited(0)
    }

    /// Whether it ended because it got no more memory.
    pub fn is_out_of_memory(&self) -> bool {
        let is_told = self.stderr.contains("memory allocation of")
            || self.stderr.contains("OutOfMemoryError");
        // Nobody here sends SIGKILL but for the time, so it was the system.
        self.ending == Ending::Signalled(KILLED) || (!self.is_success() && is_told)
    }

    /// Why it did not end well, in a line.
    pub fn failure(&self) -> Option<String> {
        let said = self.stderr.lines().map(str::trim);
        let mut said = said.filter(|line| !line.is_empty());
        match &self.ending {
            _ if self.is_out_of_memory() => Some("runs out of memory".to_owned()),
            Ending::Exited(0) => None,
            Ending::TimedOut => Some(format!(
                "takes too long ({} s, {} s of a processor)",
                self.wall.as_secs(),
                self.cpu.as_secs()
            )),
            Ending::NotStarted(problem) => Some(format!("cannot be run: {problem}")),
            Ending::Signalled(_) if self.stderr.contains("overflowed its stack") => {
                Some("overflows its stack".to_owned())
            }
            Ending::Signalled(signal) => Some(format!("ends by signal {signal}")),
            Ending::Exited(code) => {
                let (last, mut said) = (said.next_back(), self.stderr.lines());
                if let Some(panic) = panic(&self.stderr) {
                    return Some(panic);
                }
                let is_error = |line: &&str| {
                    let starts = ["error", "Error", "Exception in thread"];
                    starts.iter().any(|start| line.starts_with(start))
                };
                let told = said.find(is_error).or(last).unwrap_or_default();
                Some(format!("ends with {code}: {told}"))
            }
        }
    }
}

/// Where a program panicked and why, by what it said.
fn panic(said: &str) -> Option<String> {
    let mut lines = said.lines();
    let (_, place) = lines.find_map(|line| line.split_once("panicked at "))?;
    // Where the registry lies on this machine is of no use to anybody.
    let in_package = place
        .split_once("/registry/src/")
        .and_then(|(_, place)| place.split_once('/'));
    let place = in_package.map_or(place, |(_, place)| place);
    let message = lines.next().unwrap_or_default().trim();
    Some(format!("panics at {place} {message}"))
}

/// The signal by which the system ends what takes too much.
const KILLED: i32 = 9;

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
    /// It took too long, and was ended.
    TimedOut,
    /// It could not be run at all.
    NotStarted(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(ending: Ending, stderr: &str) -> Run {
        Run {
            ending,
            wall: Duration::from_secs(60),
            cpu: Duration::ZERO,
            memory: 0,
            stdout: String::new(),
            stderr: stderr.to_owned(),
        }
    }

    #[test]
    fn a_failure_says_what_happened_in_a_line() {
        let panicked = "\nthread 'main' (7) panicked at src/a.rs:1:2:\nno name\nnote: run with\n";
        for (ending, stderr, expected) in [
            (Ending::Exited(0), "warning", None),
            (
                Ending::TimedOut,
                "",
                Some("takes too long (60 s, 0 s of a processor)"),
            ),
            (Ending::Signalled(9), "", Some("runs out of memory")),
            (
                Ending::Signalled(6),
                "memory allocation of 8 bytes failed",
                Some("runs out of memory"),
            ),
            (
                Ending::Signalled(6),
                "thread 'main' has overflowed its stack",
                Some("overflows its stack"),
            ),
            (Ending::Signalled(11), "", Some("ends by signal 11")),
            (
                Ending::Exited(101),
                panicked,
                Some("panics at src/a.rs:1:2: no name"),
            ),
            (
                Ending::Exited(101),
                "thread 'main' panicked at /a/registry/src/index-1/b-1.0.0/src/c.rs:1:2:\nno name",
                Some("panics at b-1.0.0/src/c.rs:1:2: no name"),
            ),
            (
                Ending::Exited(1),
                "Exception in thread \"main\" a.B: c\n\tat d\n",
                Some("ends with 1: Exception in thread \"main\" a.B: c"),
            ),
            (
                Ending::Exited(1),
                "a\nerror: b\n\n",
                Some("ends with 1: error: b"),
            ),
        ] {
            assert_eq!(run(ending, stderr).failure().as_deref(), expected);
        }
    }
}
