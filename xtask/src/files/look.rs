//! What is at a path of the crate before it is written: only files and folders are
//! opened, and nothing is reached through a link.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::input::Error;

/// Files above this size are none of generate's, and are not read.
const MOST_BYTES: u64 = 256 << 20;

/// How many bytes file systems take as the name of a file.
const LONGEST_NAME: usize = 255;

/// What is at a path.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A file with this content.
    File(Vec<u8>),
    /// A file that is too big to have been generated.
    Huge,
    /// Something else at the path or at a folder above it, and why it is in the way.
    Other(PathBuf, &'static str),
}

/// Looks at `path` below `root`.
pub fn at(root: &Path, path: &str) -> Result<Found, Error> {
    let mut here = root.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        here.push(part);
        let data = match fs::symlink_metadata(&here) {
            Ok(data) => data,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) => return Err(Error::file(&here, "cannot be read", error)),
        };
        let is_last = parts.peek().is_none();
        let problem = if data.is_symlink() {
            "this is a symbolic link, and generate does not write through one; remove the link"
        } else if is_last && !data.is_file() {
            "this is no file, and a file of the crate belongs here; move it away"
        } else if !is_last && !data.is_dir() {
            "this is no folder, and a folder of the crate belongs here; move it away"
        } else if is_last && data.len() > MOST_BYTES {
            return Ok(Found::Huge);
        } else {
            continue;
        };
        return Ok(Found::Other(here, problem));
    }
    match fs::read(&here) {
        Ok(bytes) => Ok(Found::File(bytes)),
        Err(error) => Err(Error::file(&here, "cannot be read", error)),
    }
}

/// Refuses a `root` that is no folder.
pub fn check_root(root: &Path) -> Result<(), Error> {
    let data = match fs::symlink_metadata(root) {
        Ok(data) => data,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::file(root, "cannot be read", error)),
    };
    let problem = if data.is_symlink() {
        let target = match root.canonicalize() {
            Ok(target) => format!(
                "name the folder that it leads to: --out {}",
                target.display()
            ),
            Err(_) => "it leads nowhere; remove it".to_owned(),
        };
        format!("this is a symbolic link, and generate does not write through one; {target}")
    } else if data.is_dir() {
        return Ok(());
    } else {
        "this is no folder; choose another name for that of the crate".to_owned()
    };
    Err(Error::Usage(format!("{}: {problem}", root.display())))
}

/// Refuses a path that no file system takes, or that leads out of the crate.
pub fn check_path(root: &Path, path: &str) -> Result<(), Error> {
    let longest = path.split('/').map(str::len).max().unwrap_or_default();
    let problem = if !super::list::is_inside(path) {
        "this is no path of a file in the crate; please report it as a fault of the generator"
            .to_owned()
    } else if longest > LONGEST_NAME {
        format!(
            "this name of a file is longer than file systems take ({longest} bytes, of \
             {LONGEST_NAME}); shorten in the document what it is made of, such as a tag"
        )
    } else {
        return Ok(());
    };
    Err(Error::Usage(format!(
        "{}: {problem}",
        root.join(path).display()
    )))
}
