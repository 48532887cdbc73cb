//! Writes a crate file by file, where its folder cannot be exchanged.
//!
//! The new files are written into `.generate/new` in the crate, and a journal says what
//! is to become of them. From the moment the journal has its name the new crate is
//! decided on: each file is renamed into its place, and a run that finds the journal goes
//! on with it. Before that moment nothing has changed.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::{self, Disk};
use super::look::{self, Found};
use super::{Changes, list};
use crate::input::Error;

/// The folder in the crate, and what it may hold.
const FOLDER: &str = ".generate";
const JOURNAL: &str = "journal.json";
const UNFINISHED: &str = "journal.json.new";
const NEW: &str = "new";

/// What is to be done, in this order.
#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    /// The paths that the files in `new` belong to, which are called by their numbers.
    written: Vec<String>,
    /// The paths of the files that go.
    deleted: Vec<String>,
}

/// Brings to its end what an interrupted run left in `root`.
pub fn recover(root: &Path, disk: Disk<'_>) -> Result<(), Error> {
    let folder = root.join(FOLDER);
    if !fs::symlink_metadata(&folder).is_ok_and(|data| data.is_dir()) {
        return Ok(());
    }
    let _lock = lock(&folder)?;
    let failed = |error| Error::file(&folder, "cannot be read", error);
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if ![JOURNAL, UNFINISHED, NEW].iter().any(|ours| name == *ours) {
            return Err(Error::Usage(format!(
                "{}: generate needs this name for a folder of its own, and there is {} in it; \
                 move it away",
                folder.display(),
                name.to_string_lossy()
            )));
        }
    }
    let journal = fs::read(folder.join(JOURNAL)).ok();
    match journal.and_then(|text| serde_json::from_slice(&text).ok()) {
        Some(journal) => roll(root, &folder, &journal, disk),
        None => remove(&folder, disk),
    }
}

/// Whether an interrupted run left something in `root`.
pub fn is_interrupted(root: &Path) -> bool {
    root.join(FOLDER).join(JOURNAL).is_file()
}

/// Makes `changes` in `root`.
pub fn write(root: &Path, changes: &Changes, disk: Disk<'_>) -> Result<(), Error> {
    let made = disk.make_folders(root);
    made.map_err(|error| Error::file(root, "cannot be made", error))?;
    let folder = root.join(FOLDER);
    match disk.make_folder(&folder) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(super::is_busy(&folder));
        }
        Err(error) => return Err(Error::file(&folder, "cannot be made", error)),
    }
    let _lock = lock(&folder)?;
    match prepare(root, &folder, changes, disk) {
        Ok(journal) => roll(root, &folder, &journal, disk),
        Err(error) => {
            // What cannot be removed now is removed by the next run.
            let _ = remove(&folder, disk);
            Err(error)
        }
    }
}

fn lock(folder: &Path) -> Result<Option<fs::File>, Error> {
    disk::lock(folder).map_err(|error| match error.kind() {
        ErrorKind::WouldBlock => super::is_busy(folder),
        _ => Error::file(folder, "cannot be locked", error),
    })
}

fn remove(folder: &Path, disk: Disk<'_>) -> Result<(), Error> {
    disk.remove_all(folder)
        .map_err(|error| Error::file(folder, "cannot be deleted", error))
}

/// Writes all that is new, and last the journal.
fn prepare(
    root: &Path,
    folder: &Path,
    changes: &Changes,
    disk: Disk<'_>,
) -> Result<Journal, Error> {
    let journal = Journal {
        written: changes
            .written
            .iter()
            .map(|(path, ..)| path.clone())
            .collect(),
        deleted: changes
            .deleted
            .iter()
            .map(|(path, _)| path.clone())
            .collect(),
    };
    let new = folder.join(NEW);
    let made = disk.make_folder(&new);
    made.map_err(|error| Error::file(&new, "cannot be made", error))?;
    let mut written = Vec::new();
    for (number, (path, now, text)) in changes.written.iter().enumerate() {
        let (place, staged) = (root.join(path), new.join(number.to_string()));
        let write = || -> io::Result<()> {
            disk.write_new(&staged, text)?;
            if now.is_some() {
                disk.copy_permissions(&place, &staged)?;
            }
            disk.make_folders(place.parent().unwrap_or(root))
        };
        write().map_err(|error| Error::file(&place, "cannot be written", error))?;
        written.push(staged);
    }
    let text = serde_json::to_string(&journal)?;
    let (unfinished, path) = (folder.join(UNFINISHED), folder.join(JOURNAL));
    disk.write_new(&unfinished, &text)
        .and_then(|()| {
            written.push(unfinished.clone());
            disk.sync(&written)?;
            disk.rename(&unfinished, &path)
        })
        .map_err(|error| Error::file(&path, "cannot be written", error))?;
    Ok(journal)
}

/// Does what the journal says, and has not been done yet.
fn roll(root: &Path, folder: &Path, journal: &Journal, disk: Disk<'_>) -> Result<(), Error> {
    let is_reached = |path: &str| -> Result<bool, Error> {
        Ok(list::is_inside(path) && !matches!(look::at(root, path)?, Found::Other(..)))
    };
    for (number, path) in journal.written.iter().enumerate() {
        let (place, staged) = (root.join(path), folder.join(NEW).join(number.to_string()));
        if staged.exists() && is_reached(path)? {
            let parent: PathBuf = place.parent().unwrap_or(root).to_owned();
            disk.make_folders(&parent)
                .and_then(|()| disk.rename(&staged, &place))
                .map_err(|error| Error::file(&place, "cannot be written", error))?;
        }
    }
    for path in &journal.deleted {
        let place = root.join(path);
        if place.exists() && is_reached(path)? {
            disk.remove_file(&place)
                .map_err(|error| Error::file(&place, "cannot be deleted", error))?;
        }
        // A folder is gone with the last file that was in it.
        for parent in Path::new(path).ancestors().skip(1) {
            let parent = root.join(parent);
            let is_empty =
                || fs::read_dir(&parent).is_ok_and(|mut entries| entries.next().is_none());
            if parent != root && is_empty() {
                disk.remove_folder(&parent)
                    .map_err(|error| Error::file(&parent, "cannot be deleted", error))?;
            }
        }
    }
    remove(folder, disk)
}
