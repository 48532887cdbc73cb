//! The list of the files that `generate` wrote into a folder: what is in it may be
//! overwritten and deleted, what is not belongs to somebody else.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Component, Path};

use sha2::{Digest, Sha256};

/// The file in the crate that holds the list.
pub const NAME: &str = ".generated.sha256";

/// Paths in the crate, each with the SHA-256 of what was written there.
///
/// It is written as `sha256sum` writes it, so that `sha256sum -c` can check it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List(BTreeMap<String, String>);

impl List {
    /// The list of these files, texts by path.
    pub fn of(files: &BTreeMap<String, String>) -> Self {
        let hashed = files.iter();
        Self(
            hashed
                .map(|(path, text)| (path.clone(), hash(text.as_bytes())))
                .collect(),
        )
    }

    /// Reads a list. Lines that are none of a list are passed over, so that the marks
    /// which a merge leaves do not matter; and so are paths that lead out of the crate.
    pub fn parse(text: &str) -> Self {
        let entries = text.lines().filter_map(|line| {
            let (hash, path) = line.split_once("  ")?;
            let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            (is_hash && is_inside(path)).then(|| (path.to_owned(), hash.to_owned()))
        });
        Self(entries.collect())
    }

    /// Whether `generate` wrote a file at `path`.
    pub fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// Whether `bytes` are what `generate` wrote at `path`.
    pub fn is_unedited(&self, path: &str, bytes: &[u8]) -> bool {
        self.0
            .get(path)
            .is_some_and(|written| *written == hash(bytes))
    }

    /// The paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The text of the list.
    pub fn text(&self) -> String {
        self.0.iter().fold(String::new(), |mut text, (path, hash)| {
            // Writing into a string does not fail.
            let _ = writeln!(text, "{hash}  {path}");
            text
        })
    }
}

/// Whether `path` names something below the folder that it starts from, in one way
/// only: no `..`, no `.`, no root, no control characters.
pub fn is_inside(path: &str) -> bool {
    let parts = Path::new(path).components();
    let is_plain = parts
        .clone()
        .all(|part| matches!(part, Component::Normal(_)));
    let rebuilt: Vec<_> = parts
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    is_plain && !path.is_empty() && rebuilt.join("/") == path && !path.contains(char::is_control)
}

fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let files = ["Cargo.toml", "src/lib.rs"].map(|path| (path.to_owned(), path.to_owned()));
        let list = List::of(&BTreeMap::from(files));
        assert_eq!(List::parse(&list.text()), list);
        assert!(list.is_unedited("src/lib.rs", b"src/lib.rs"));
        assert!(!list.is_unedited("src/lib.rs", b"src/lib.rs "));
    }

    #[test]
    fn only_paths_below_the_crate_are_read() {
        let hash = hash(b"");
        for path in [
            "/etc/passwd",
            "..",
            "a/../../b",
            "./a",
            "a//b",
            "a/",
            "",
            "a\u{1b}b",
        ] {
            let list = List::parse(&format!("{hash}  {path}\n"));
            assert_eq!(list, List::default(), "{path}");
        }
        let list = List::parse(&format!("<<<<<<< ours\n{hash}  src/a b.rs\n=======\n"));
        assert_eq!(list.paths().collect::<Vec<_>>(), ["src/a b.rs"]);
    }
}
