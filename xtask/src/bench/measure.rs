//! Medians of several runs, taken in turns: a machine's speed drifts.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::ProgressBar;
use serde::Serialize;

use crate::bench::peers::Tool;
use crate::input::Error;
use crate::process::Run;

/// How long generating one crate may take.
const TIME: Duration = Duration::from_secs(900);

/// What running something took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Figures {
    /// How long it took.
    pub wall: Duration,
    /// How long it had a processor.
    pub cpu: Duration,
    /// The most memory that a process of it held, in bytes.
    pub memory: u64,
}

impl Figures {
    /// What `run` took.
    pub fn of(run: &Run) -> Self {
        Self {
            wall: run.wall,
            cpu: run.cpu,
            memory: run.memory,
        }
    }

    /// The median of each figure by itself.
    pub fn median(all: &[Self]) -> Self {
        Self {
            wall: middle(all.iter().map(|one| one.wall)),
            cpu: middle(all.iter().map(|one| one.cpu)),
            memory: middle(all.iter().map(|one| one.memory)),
        }
    }
}

fn middle<T: Ord + Copy + Default>(figures: impl Iterator<Item = T>) -> T {
    let mut figures: Vec<T> = figures.collect();
    figures.sort_unstable();
    let middle = figures.get(figures.len().saturating_sub(1) / 2);
    middle.copied().unwrap_or_default()
}

/// What a generator made of a document.
#[derive(Debug, Clone, Serialize)]
pub struct Generated {
    /// The generator's name.
    pub tool: String,
    /// Its version.
    pub version: String,
    /// What it took, and how many lines of Rust it wrote, or what became of it instead.
    pub outcome: Result<(Figures, usize), String>,
    /// Where the crate is.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// A generator with a document, and where its crate goes.
#[derive(Debug, Clone)]
pub struct Task<'t> {
    /// The generator.
    pub tool: &'t Tool,
    /// The document.
    pub spec: PathBuf,
    /// The folder of the crate, which is made anew.
    pub out: PathBuf,
}

/// Runs every task `runs` times, in turns; what fails once is not run again.
///
/// # Errors
///
/// A folder cannot be written, or a process not be started.
pub fn in_turns(
    tasks: &[Task<'_>],
    runs: usize,
    supervisor: &Path,
    progress: &ProgressBar,
) -> Result<Vec<Generated>, Error> {
    let mut figures: Vec<Result<Vec<Figures>, String>> = vec![Ok(Vec::new()); tasks.len()];
    for _ in 0..runs {
        for (task, figures) in tasks.iter().zip(&mut figures) {
            progress.set_message(format!("generating with {}", task.tool.name));
            if let Ok(all) = figures {
                let run = task.run(supervisor)?;
                match run.failure() {
                    None => all.push(Figures::of(&run)),
                    Some(failure) => *figures = Err(failure),
                }
            }
            progress.inc(1);
        }
    }
    tasks
        .iter()
        .zip(figures)
        .map(|(task, figures)| {
            let lines = lines(&task.out)?;
            let outcome = match figures {
                Ok(_) if lines == 0 => Err("writes nothing".to_owned()),
                Ok(all) => Ok((Figures::median(&all), lines)),
                Err(failure) => Err(failure),
            };
            Ok(Generated {
                tool: task.tool.name.clone(),
                version: task.tool.version.clone(),
                outcome,
                folder: task.out.clone(),
            })
        })
        .collect()
}

impl Task<'_> {
    fn run(&self, supervisor: &Path) -> Result<Run, Error> {
        let out = &self.out;
        match fs::remove_dir_all(out) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::file(out, "cannot be deleted", error));
            }
            _ => {}
        }
        fs::create_dir_all(out).map_err(|error| Error::file(out, "cannot be made", error))?;
        self.tool.job(&self.spec, out, TIME).run(supervisor)
    }
}

/// How many lines of Rust there are below a folder.
fn lines(folder: &Path) -> Result<usize, Error> {
    let unreadable = |error| Error::file(folder, "cannot be read", error);
    let mut count = 0;
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        if entry.file_type().map_err(unreadable)?.is_dir() {
            count += lines(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read(&path).map_err(unreadable)?;
            count += text.iter().filter(|byte| **byte == b'\n').count();
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_of_each_figure_by_itself() {
        let figures = |wall, memory| Figures {
            wall: Duration::from_secs(wall),
            cpu: Duration::ZERO,
            memory,
        };
        let all = [figures(3, 10), figures(1, 30), figures(2, 20)];
        assert_eq!(Figures::median(&all), figures(2, 20));
        assert_eq!(Figures::median(&[]), Figures::default());
    }

    #[test]
    fn lines_of_rust_are_counted_at_any_depth() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("src/a")).expect("a folder");
        for (path, text) in [
            ("src/lib.rs", "a\nb\n"),
            ("src/a/c.rs", "d\n"),
            ("README.md", "e\n"),
        ] {
            fs::write(folder.path().join(path), text).expect("a file");
        }
        assert_eq!(lines(folder.path()).ok(), Some(3));
    }
}
