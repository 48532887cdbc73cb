//! Brings a folder in line with the files of a crate, or says how they differ.
//!
//! What was generated is known by the list of it that the crate holds ([`list`]), never by
//! what stands in a file. The folder is the old crate or the new one at every moment: it
//! is exchanged for a new one ([`swap`]) or, where that does not go, changed by a journal
//! that the next run goes on with ([`in_place`]).

mod disk;
mod in_place;
mod list;
mod look;
mod swap;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::input::Error;
use disk::Disk;
use list::List;
use look::Found;

/// How many files are named that would be overwritten.
const MOST_NAMED: usize = 3;

/// How a folder differs from what it should hold.
#[derive(Debug, Default)]
pub struct Changes {
    /// Files with other content, or none: (path, content now, content wanted).
    pub written: Vec<(String, Option<String>, String)>,
    /// Files that are no longer produced: (path, content now).
    pub deleted: Vec<(String, String)>,
    /// Files that are no longer produced, and were edited by hand: they stay.
    pub kept: Vec<PathBuf>,
    /// How many files the crate has, with the list of them.
    pub files: usize,
    /// The paths of all of them.
    generated: BTreeSet<String>,
}

impl Changes {
    /// Compares the folder `root` with `wanted`. Files that were not generated
    /// do not count, and are not read.
    pub fn between(root: &Path, wanted: &BTreeMap<String, String>) -> Result<Self, Error> {
        look::check_root(root)?;
        let mut wanted = wanted.clone();
        wanted.insert(list::NAME.to_owned(), List::of(&wanted).text());
        for path in wanted.keys() {
            look::check_path(root, path)?;
        }
        let listed = match look::at(root, list::NAME)? {
            Found::File(bytes) => List::parse(&String::from_utf8_lossy(&bytes)),
            _ => List::default(),
        };
        let mut changes = Self {
            files: wanted.len(),
            generated: wanted.keys().cloned().collect(),
            ..Self::default()
        };
        let mut foreign = Vec::new();
        for (path, text) in wanted {
            let now = match look::at(root, &path)? {
                Found::Nothing => None,
                Found::File(bytes) if bytes == text.as_bytes() => continue,
                Found::File(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
                Found::Huge => Some(String::new()),
                Found::Other(path, problem) => {
                    return Err(Error::Usage(format!("{}: {problem}", path.display())));
                }
            };
            if now.is_some() && path != list::NAME && !listed.has(&path) {
                foreign.push(path.clone());
            }
            changes.written.push((path, now, text));
        }
        if !foreign.is_empty() {
            return Err(would_overwrite(root, &foreign));
        }
        for path in listed
            .paths()
            .filter(|path| !changes.generated.contains(*path))
        {
            match look::at(root, path)? {
                Found::File(bytes) if listed.is_unedited(path, &bytes) => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    changes.deleted.push((path.to_owned(), text));
                }
                Found::File(_) | Found::Huge => changes.kept.push(root.join(path)),
                Found::Nothing | Found::Other(..) => {}
            }
        }
        Ok(changes)
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.deleted.is_empty()
    }

    /// Writes and deletes until `root` holds what it should. Ended at any moment, or
    /// failing, it leaves the files as they were or as they should be.
    pub fn apply(&self, root: &Path) -> Result<(), Error> {
        self.apply_to(root, Disk::REAL)
    }

    fn apply_to(&self, root: &Path, disk: Disk<'_>) -> Result<(), Error> {
        if self.is_empty() {
            return Ok(());
        }
        let root = &resolved(root, disk)?;
        // One file is renamed in one moment, too. And a shell that is in the folder
        // would find itself nowhere if it were exchanged.
        let is_one = self.written.len() + self.deleted.len() == 1;
        let is_exchanged = !is_one && !is_our_own(root) && swap::write(root, self, disk)?;
        if is_exchanged {
            return Ok(());
        }
        in_place::write(root, self, disk)
    }

    /// The differences, as `diff -u` shows them, without those of the list of the files,
    /// which follow from the others.
    pub fn diff(&self) -> String {
        let is_shown = |path: &str| path != list::NAME || self.written.len() == 1;
        let written = self
            .written
            .iter()
            .filter(|(path, ..)| is_shown(path))
            .map(|(path, now, wanted)| unified(path, now.as_deref().unwrap_or_default(), wanted));
        let deleted = self
            .deleted
            .iter()
            .map(|(path, now)| unified(path, now, ""));
        written.chain(deleted).collect()
    }
}

/// Brings to its end what an interrupted run of `generate` left in `root` or beside it.
pub fn recover(root: &Path) -> Result<(), Error> {
    recover_on(root, Disk::REAL)
}

fn recover_on(root: &Path, disk: Disk<'_>) -> Result<(), Error> {
    look::check_root(root)?;
    if root.is_dir() {
        in_place::recover(root, disk)?;
    }
    match full_path(root) {
        Some(root) => swap::recover(&root, disk),
        None => Ok(()),
    }
}

/// Whether the next run has something to bring to its end in `root`.
pub fn is_interrupted(root: &Path) -> bool {
    let is_beside = || full_path(root).is_some_and(|root| swap::is_interrupted(&root));
    in_place::is_interrupted(root) || is_beside()
}

/// The one path of `root`, whose parent is made.
fn resolved(root: &Path, disk: Disk<'_>) -> Result<PathBuf, Error> {
    if let Some(parent) = root.parent().filter(|parent| *parent != Path::new("")) {
        let made = disk.make_folders(parent);
        made.map_err(|error| Error::file(parent, "cannot be made", error))?;
    }
    full_path(root).ok_or_else(|| {
        let problem = "this is no name of a folder; choose another";
        Error::Usage(format!("{}: {problem}", root.display()))
    })
}

/// The one path of a folder that may not be there yet, in one that is.
pub fn full_path(root: &Path) -> Option<PathBuf> {
    if let Ok(root) = root.canonicalize() {
        return Some(root);
    }
    let parent = match root.parent()? {
        parent if parent == Path::new("") => Path::new("."),
        parent => parent,
    };
    Some(parent.canonicalize().ok()?.join(root.file_name()?))
}

/// Whether this process runs in `root` or in a folder below it.
fn is_our_own(root: &Path) -> bool {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    here.is_ok_and(|here| here.starts_with(root))
}

/// The error of finding another run at work.
fn is_busy(folder: &Path) -> Error {
    Error::Usage(format!(
        "{}: another run of generate is writing this crate; try again when it is done",
        folder.display()
    ))
}

fn would_overwrite(root: &Path, foreign: &[String]) -> Error {
    let (named, more) = foreign.split_at(foreign.len().min(MOST_NAMED));
    let named = match (named, more.len()) {
        ([one], 0) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (named, more) => format!("{} and {more} more files", named.join(", ")),
    };
    let them = if foreign.len() == 1 { "it" } else { "them" };
    Error::Usage(format!(
        "{}: generate has not written {named}, and would overwrite {them}; \
         choose another folder for the crate, or move {them} away",
        root.display()
    ))
}

fn unified(path: &str, now: &str, wanted: &str) -> String {
    TextDiff::from_lines(now, wanted)
        .unified_diff()
        .header(
            &format!("{path} (checked in)"),
            &format!("{path} (generated)"),
        )
        .to_string()
}
