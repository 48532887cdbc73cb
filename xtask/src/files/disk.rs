//! Everything that changes the disk while a crate is written, step by step, so that
//! tests can end the writer before each step.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// How many files are waited for one by one. Of more, waiting for the whole file system is
/// faster.
#[cfg(target_os = "linux")]
const MOST_SYNCED_EACH: usize = 100;

/// A change that is about to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A folder, file or link is made.
    Make,
    /// Bytes are written into a file.
    Write,
    /// Something gets another name.
    Rename,
    /// Two folders exchange their names.
    Exchange,
    /// Something is removed.
    Remove,
}

/// Decides whether a step is taken.
pub type Gate<'g> = &'g dyn Fn(Step) -> io::Result<()>;

/// Makes changes; each is a step that the gate may refuse.
#[derive(Clone, Copy)]
pub struct Disk<'g> {
    gate: Gate<'g>,
    /// Whether to wait until what is written has reached the disk.
    is_synced: bool,
}

impl Disk<'static> {
    /// The disk as it is.
    pub const REAL: Self = Self {
        gate: &|_| Ok(()),
        is_synced: true,
    };
}

impl<'g> Disk<'g> {
    /// A disk that asks `gate` before each step.
    #[cfg(test)]
    pub const fn with_gate(gate: Gate<'g>) -> Self {
        let is_synced = false;
        Self { gate, is_synced }
    }

    pub fn make_folder(self, path: &Path) -> io::Result<()> {
        (self.gate)(Step::Make)?;
        fs::create_dir(path)
    }

    /// Makes `path` and the folders above it that are missing.
    pub fn make_folders(self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        if let Some(parent) = path.parent().filter(|parent| *parent != Path::new("")) {
            self.make_folders(parent)?;
        }
        match self.make_folder(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            result => result,
        }
    }

    /// Writes a file that is not there yet.
    pub fn write_new(self, path: &Path, text: &str) -> io::Result<()> {
        (self.gate)(Step::Make)?;
        let mut file = fs::File::create_new(path)?;
        // Ended here, the file is there and lacks its text.
        (self.gate)(Step::Write)?;
        file.write_all(text.as_bytes())
    }

    /// Waits until these files have reached the disk, so that they outlive a loss of
    /// power as well as the names that they are about to get.
    pub fn sync(self, files: &[PathBuf]) -> io::Result<()> {
        if !self.is_synced {
            return Ok(());
        }
        #[cfg(target_os = "linux")]
        if let [first, ..] = files
            && files.len() > MOST_SYNCED_EACH
        {
            return Ok(rustix::fs::syncfs(fs::File::open(first)?)?);
        }
        let mut files = files.iter();
        files.try_for_each(|file| fs::File::open(file)?.sync_all())
    }

    /// Gives a file a second name, in another folder.
    pub fn link(self, from: &Path, to: &Path) -> io::Result<()> {
        (self.gate)(Step::Make)?;
        fs::hard_link(from, to)
    }

    /// Makes a symbolic link.
    #[cfg(unix)]
    pub fn make_symlink(self, target: &Path, path: &Path) -> io::Result<()> {
        (self.gate)(Step::Make)?;
        std::os::unix::fs::symlink(target, path)
    }

    /// Gives `to` the permissions that `from` has.
    pub fn copy_permissions(self, from: &Path, to: &Path) -> io::Result<()> {
        (self.gate)(Step::Make)?;
        fs::set_permissions(to, fs::metadata(from)?.permissions())
    }

    /// Gives a file or folder another name; a file that had it is replaced.
    pub fn rename(self, from: &Path, to: &Path) -> io::Result<()> {
        (self.gate)(Step::Rename)?;
        fs::rename(from, to)
    }

    /// Exchanges what has these two names, in one moment.
    pub fn exchange(self, one: &Path, other: &Path) -> io::Result<()> {
        (self.gate)(Step::Exchange)?;
        exchange(one, other)
    }

    pub fn remove_file(self, path: &Path) -> io::Result<()> {
        (self.gate)(Step::Remove)?;
        fs::remove_file(path)
    }

    /// Removes a folder that is empty.
    pub fn remove_folder(self, path: &Path) -> io::Result<()> {
        (self.gate)(Step::Remove)?;
        fs::remove_dir(path)
    }

    /// Removes `path` and what is below it, links and not what they lead to.
    pub fn remove_all(self, path: &Path) -> io::Result<()> {
        if !fs::symlink_metadata(path)?.is_dir() {
            return self.remove_file(path);
        }
        for entry in fs::read_dir(path)? {
            self.remove_all(&entry?.path())?;
        }
        self.remove_folder(path)
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};

    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The number by which a file system knows what is at `path`, a link itself.
#[cfg(unix)]
pub fn identity(path: &Path) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;

    let data = fs::symlink_metadata(path)?;
    Ok((data.dev(), data.ino()))
}

#[cfg(not(unix))]
pub fn identity(_path: &Path) -> io::Result<(u64, u64)> {
    Err(io::ErrorKind::Unsupported.into())
}

/// How often a lock is tried for that another process may be about to give back.
const LOCK_TRIES: usize = 10;

/// Locks `folder` until the file that is given back is dropped; none on systems without
/// locks. `WouldBlock` if another run has it.
#[cfg(unix)]
pub fn lock(folder: &Path) -> io::Result<Option<fs::File>> {
    use rustix::fs::{FlockOperation, flock};
    use rustix::io::Errno;

    let file = fs::File::open(folder)?;
    for _ in 0..LOCK_TRIES {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(Some(file)),
            // Some network file systems have no locks.
            Err(Errno::NOTSUP | Errno::NOLCK) => return Ok(None),
            Err(Errno::WOULDBLOCK) => std::thread::sleep(std::time::Duration::from_millis(20)),
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}

#[cfg(not(unix))]
pub fn lock(_folder: &Path) -> io::Result<Option<fs::File>> {
    Ok(None)
}

/// Whether a folder can be put into another folder of the same file system, with all that
/// is in it; the error says why not.
pub fn is_movable(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let above = folder.parent().unwrap_or(folder);
        if identity(folder)?.0 != identity(above)?.0 {
            return Err(io::ErrorKind::CrossesDevices.into());
        }
        rustix::fs::access(folder, rustix::fs::Access::WRITE_OK)?;
    }
    let _ = folder;
    Ok(())
}
