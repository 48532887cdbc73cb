//! Writes a crate by exchanging its folder for a new one, in one moment.
//!
//! The new folder is made beside the old one, in `.NAME.generate/new`: what is generated
//! anew is written, every other file gets a second name there (a hard link), so that
//! nothing is copied. After the exchange the old folder has the name of the new one, and
//! is taken away: what was generated is removed, what has its second name in the new
//! folder is removed, and what else there is moves over. So whatever moment the writer is
//! ended in, the folder of the crate is the old one or the new one; what is left beside it
//! is dealt with by the next run.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Changes;
use super::disk::{self, Disk};
use crate::input::Error;

/// How many entries a folder that holds nothing generated may have for its files to get
/// second names. A bigger one (`target`, say) moves over right after the exchange.
const MOST_LINKED: usize = 10_000;

/// What the folder beside the crate may hold.
const JOURNAL: &str = "journal.json";
const UNFINISHED: &str = "journal.json.new";
const NEW: &str = "new";

/// What has to be known to go on after an interruption.
#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    /// What the file system calls the new folder. If it has the crate's name, the
    /// exchange has been made.
    new: (u64, u64),
    /// The generated files of the old folder that the new one has not: paths in it.
    replaced: BTreeSet<String>,
}

/// The folder beside the crate, locked.
struct Staging {
    folder: PathBuf,
    _lock: Option<fs::File>,
}

impl Staging {
    fn path(root: &Path) -> Option<PathBuf> {
        let mut name = std::ffi::OsString::from(".");
        name.push(root.file_name()?);
        name.push(".generate");
        Some(root.with_file_name(name))
    }

    fn lock(folder: PathBuf) -> Result<Self, Error> {
        match disk::lock(&folder) {
            Ok(lock) => Ok(Self {
                folder,
                _lock: lock,
            }),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Err(super::is_busy(&folder)),
            Err(error) => Err(Error::file(&folder, "cannot be locked", error)),
        }
    }

    /// The new folder before the exchange, the old one after it.
    fn other(&self) -> PathBuf {
        self.folder.join(NEW)
    }

    fn journal(&self) -> Option<Journal> {
        let text = fs::read(self.folder.join(JOURNAL)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Refuses to touch a folder that no run of `generate` made.
    fn check(&self) -> Result<(), Error> {
        let error = |error| Error::file(&self.folder, "cannot be read", error);
        for entry in fs::read_dir(&self.folder).map_err(error)? {
            let name = entry.map_err(error)?.file_name();
            if ![JOURNAL, UNFINISHED, NEW].iter().any(|ours| name == *ours) {
                return Err(Error::Usage(format!(
                    "{}: generate needs this name for a folder of its own, and there is {} in it; \
                     move it away",
                    self.folder.display(),
                    name.to_string_lossy()
                )));
            }
        }
        Ok(())
    }

    fn remove(&self, disk: Disk<'_>) -> Result<(), Error> {
        disk.remove_all(&self.folder)
            .map_err(|error| Error::file(&self.folder, "cannot be deleted", error))
    }
}

/// Brings to its end what an interrupted run left beside `root`.
pub fn recover(root: &Path, disk: Disk<'_>) -> Result<(), Error> {
    let Some(folder) = Staging::path(root) else {
        return Ok(());
    };
    match fs::symlink_metadata(&folder) {
        Ok(data) if data.is_dir() => {}
        Ok(_) => {
            return Err(Error::Usage(format!(
                "{}: generate needs this name for a folder of its own; move it away",
                folder.display()
            )));
        }
        Err(_) => return Ok(()),
    }
    let staging = Staging::lock(folder)?;
    staging.check()?;
    let Some(journal) = staging.journal() else {
        return staging.remove(disk);
    };
    let now = disk::identity(root).ok();
    let staged = disk::identity(&staging.other()).ok();
    if now == Some(journal.new) {
        finish(&staging, root, &journal, disk)
    } else if staged.is_none() || staged == Some(journal.new) {
        staging.remove(disk)
    } else {
        Err(Error::Usage(format!(
            "{}: an interrupted run of generate left this folder, and what it belongs to has been \
             moved since; take from it what is yours, then delete it",
            staging.folder.display()
        )))
    }
}

/// Whether an interrupted run left something beside `root`.
pub fn is_interrupted(root: &Path) -> bool {
    Staging::path(root).is_some_and(|folder| folder.is_dir())
}

/// Makes `changes` in `root`; false if this way is closed here, and nothing was changed.
pub fn write(root: &Path, changes: &Changes, disk: Disk<'_>) -> Result<bool, Error> {
    let Some(folder) = Staging::path(root) else {
        return Ok(false);
    };
    match disk.make_folder(&folder) {
        Ok(()) => {}
        Err(error) if is_closed(&error) => return Ok(false),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(super::is_busy(&folder));
        }
        Err(error) => return Err(Error::file(&folder, "cannot be made", error)),
    }
    let staging = Staging::lock(folder)?;
    match stage_and_exchange(&staging, root, changes, disk) {
        Ok(journal) => {
            finish(&staging, root, &journal, disk)?;
            Ok(true)
        }
        Err(error) => {
            // What cannot be removed now is removed by the next run.
            let _ = staging.remove(disk);
            match &error {
                Error::File { doing, source, .. } if *doing == LINK && is_closed(source) => {
                    Ok(false)
                }
                _ => Err(error),
            }
        }
    }
}

/// Why a file gets no second name, or a folder is not exchanged.
const LINK: &str = "cannot get another name";

/// Whether an error says that a disk, or a person's rights, have no such way.
fn is_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::CrossesDevices
            | ErrorKind::ResourceBusy
            | ErrorKind::Unsupported
            | ErrorKind::InvalidInput
            | ErrorKind::TooManyLinks
    )
}

fn stage_and_exchange(
    staging: &Staging,
    root: &Path,
    changes: &Changes,
    disk: Disk<'_>,
) -> Result<Journal, Error> {
    let new = staging.other();
    let failed = |path: &Path, doing| {
        let path = path.to_owned();
        move |error| Error::file(&path, doing, error)
    };
    disk.make_folder(&new)
        .map_err(failed(&new, "cannot be made"))?;
    let replaced = changes.written.iter().map(|(path, ..)| path);
    let replaced = replaced.chain(changes.deleted.iter().map(|(path, _)| path));
    let journal = Journal {
        new: disk::identity(&new).map_err(failed(&new, LINK))?,
        replaced: replaced.cloned().collect(),
    };
    let mut written = Vec::new();
    for (path, now, text) in &changes.written {
        let (from, to) = (root.join(path), new.join(path));
        let folder = to.parent().unwrap_or(&new);
        disk.make_folders(folder)
            .map_err(failed(folder, "cannot be made"))?;
        disk.write_new(&to, text)
            .map_err(failed(&from, "cannot be written"))?;
        if now.is_some() {
            let same = disk.copy_permissions(&from, &to);
            same.map_err(failed(&from, "cannot be written"))?;
        }
        written.push(to);
    }
    let text = serde_json::to_string(&journal)?;
    let unfinished = staging.folder.join(UNFINISHED);
    let path = staging.folder.join(JOURNAL);
    disk.write_new(&unfinished, &text)
        .and_then(|()| {
            written.push(unfinished.clone());
            disk.sync(&written)?;
            disk.rename(&unfinished, &path)
        })
        .map_err(failed(&path, "cannot be written"))?;
    if !root.is_dir() {
        let renamed = disk.rename(&new, root);
        renamed.map_err(failed(root, "cannot be written"))?;
        return Ok(journal);
    }
    let mirror = Mirror {
        folders: folders(changes.generated.iter().chain(&journal.replaced)),
        replaced: &journal.replaced,
        disk,
    };
    mirror.folder(root, &new, Path::new(""))?;
    disk.exchange(&new, root).map_err(failed(root, LINK))?;
    Ok(journal)
}

/// The folders that hold any of `paths`, at any depth.
fn folders<'p>(paths: impl Iterator<Item = &'p String>) -> BTreeSet<PathBuf> {
    let parents = paths.flat_map(|path| Path::new(path).ancestors().skip(1));
    parents.map(Path::to_owned).collect()
}

/// Gives what stays as it is a second name in the new folder.
struct Mirror<'m> {
    /// The folders that hold generated files.
    folders: BTreeSet<PathBuf>,
    replaced: &'m BTreeSet<String>,
    disk: Disk<'m>,
}

impl Mirror<'_> {
    /// A folder that holds generated files: what is not replaced in it.
    fn folder(&self, from: &Path, to: &Path, relative: &Path) -> Result<(), Error> {
        let failed = |error| Error::file(from, "cannot be read", error);
        for entry in fs::read_dir(from).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            let relative = relative.join(entry.file_name());
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            if !kind.is_dir() {
                let name = relative.to_str();
                if !name.is_some_and(|name| self.replaced.contains(name)) {
                    self.second_name(&from, &to)
                        .map_err(|error| Error::file(&from, LINK, error))?;
                }
                continue;
            }
            let failed = |error| Error::file(&from, LINK, error);
            disk::is_movable(&from).map_err(failed)?;
            if self.folders.contains(&relative) {
                self.disk.make_folders(&to).map_err(failed)?;
                self.folder(&from, &to, &relative)?;
                self.disk.copy_permissions(&from, &to).map_err(failed)?;
                // It is gone with the last file that was in it.
                if fs::read_dir(&to).map_err(failed)?.next().is_none() {
                    self.disk.remove_folder(&to).map_err(failed)?;
                }
            } else if has_at_most(&from, &mut { MOST_LINKED }) {
                let linked = self.whole(&from, &to);
                // Where that does not go, the folder moves over after the exchange.
                if linked.is_err() && to.exists() {
                    self.disk.remove_all(&to).map_err(failed)?;
                }
            }
        }
        self.disk
            .copy_permissions(from, to)
            .map_err(|error| Error::file(from, LINK, error))
    }

    /// A folder that holds nothing generated.
    fn whole(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.make_folder(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            if entry.file_type()?.is_dir() {
                self.whole(&from, &to)?;
            } else {
                self.second_name(&from, &to)?;
            }
        }
        self.disk.copy_permissions(from, to)
    }

    fn second_name(&self, from: &Path, to: &Path) -> io::Result<()> {
        #[cfg(unix)]
        if from.is_symlink() {
            return self.disk.make_symlink(&fs::read_link(from)?, to);
        }
        self.disk.link(from, to)
    }
}

/// Whether there are no more than `left` entries below `folder`, all of which can be read.
fn has_at_most(folder: &Path, left: &mut usize) -> bool {
    let Ok(mut entries) = fs::read_dir(folder) else {
        return false;
    };
    entries.all(|entry| {
        let Some(rest) = left.checked_sub(1) else {
            return false;
        };
        *left = rest;
        let Ok(entry) = entry else { return false };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => has_at_most(&entry.path(), left),
            Ok(_) => true,
            Err(_) => false,
        }
    })
}

/// Takes the old folder away.
fn finish(staging: &Staging, root: &Path, journal: &Journal, disk: Disk<'_>) -> Result<(), Error> {
    let old = staging.other();
    if old.exists() {
        let merge = Merge {
            folders: folders(journal.replaced.iter()),
            journal,
            disk,
        };
        let merged = merge.folder(&old, root, Path::new(""));
        merged.map_err(|error| Error::file(&old, "cannot be taken away", error))?;
    }
    staging.remove(disk)
}

/// Takes a folder apart whose successor is in its place.
struct Merge<'m> {
    /// The folders that hold replaced files.
    folders: BTreeSet<PathBuf>,
    journal: &'m Journal,
    disk: Disk<'m>,
}

impl Merge<'_> {
    fn folder(&self, old: &Path, new: &Path, relative: &Path) -> io::Result<()> {
        for entry in fs::read_dir(old)? {
            let entry = entry?;
            let relative = relative.join(entry.file_name());
            let (old, new) = (entry.path(), new.join(entry.file_name()));
            if !entry.file_type()?.is_dir() {
                let name = relative.to_str();
                let is_replaced = name.is_some_and(|name| self.journal.replaced.contains(name));
                if is_replaced || has_successor(&old, &new) {
                    self.disk.remove_file(&old)?;
                } else {
                    // Made, or saved anew, while the new folder was being made.
                    if let Some(folder) = new.parent() {
                        self.disk.make_folders(folder)?;
                    }
                    self.disk.rename(&old, &new)?;
                }
            } else if self.folders.contains(&relative) || new.is_dir() {
                self.folder(&old, &new, &relative)?;
            } else {
                self.disk.rename(&old, &new)?;
            }
        }
        self.disk.remove_folder(old)
    }
}

/// Whether what is at `new` is `old` under a second name, or has come after it.
fn has_successor(old: &Path, new: &Path) -> bool {
    let time = |path| {
        fs::symlink_metadata(path)
            .and_then(|data| data.modified())
            .ok()
    };
    let is_same =
        disk::identity(new).is_ok_and(|new| disk::identity(old).is_ok_and(|old| old == new));
    let is_same_link =
        || fs::read_link(new).is_ok_and(|new| fs::read_link(old).is_ok_and(|old| old == new));
    is_same || is_same_link() || time(new).is_some_and(|new| time(old).is_none_or(|old| new >= old))
}
