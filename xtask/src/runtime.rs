//! `--runtime`: where an emitted crate has its runtime from.

use std::path::{Component, Path, PathBuf};

use codegen::Runtime;

use crate::files;
use crate::input::{self, Error};

/// What a person can say for `--runtime`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The runtime's own files, in the crate.
    Vendored,
    /// The runtime of this workspace.
    Workspace,
    /// The runtime in this folder.
    Path(PathBuf),
    /// This version of it, from the registry.
    Version(String),
}

impl From<&str> for Choice {
    /// What is neither of the two words nor a version is a path; a path that looks like a
    /// version is written with `./`.
    fn from(text: &str) -> Self {
        match text {
            "vendored" => Self::Vendored,
            "workspace" => Self::Workspace,
            version if semver::VersionReq::parse(version).is_ok() => {
                Self::Version(version.to_owned())
            }
            path => Self::Path(path.into()),
        }
    }
}

impl Choice {
    /// The choice as codegen takes it, for a crate in `out`.
    pub fn for_crate(&self, out: &Path) -> Result<Runtime, Error> {
        let folder = match self {
            Self::Vendored => return Ok(Runtime::Vendored),
            Self::Version(version) => return Ok(Runtime::Version(version.clone())),
            Self::Workspace => input::workspace().join("codegen/runtime"),
            Self::Path(path) => path.clone(),
        };
        let wrong = |problem: &str| Error::Usage(format!("{}: {problem}", folder.display()));
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml"));
        if !manifest.is_ok_and(|text| text.contains("name = \"client-runtime\"")) {
            return Err(wrong(
                "this is no folder of the crate client-runtime; --runtime takes `vendored`, \
                 `workspace`, such a folder, or a version",
            ));
        }
        let path = folder
            .canonicalize()
            .ok()
            .zip(files::full_path(out))
            .and_then(|(folder, out)| relative(&out, &folder));
        match path {
            Some(path) => Ok(Runtime::Path(path)),
            None => Err(wrong(
                "no path leads here from the folder of the crate; choose `--runtime vendored`",
            )),
        }
    }
}

/// The way from the folder `from` to `to`, both from the root of the disk on, as manifests
/// write it.
fn relative(from: &Path, to: &Path) -> Option<String> {
    let (mut from, mut to) = (from.components().peekable(), to.components().peekable());
    if from.peek() != to.peek() {
        return None;
    }
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let up = from.map(|_| Some(".."));
    let down = to.map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    let parts: Option<Vec<&str>> = up.chain(down).collect();
    parts.map(|parts| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_versions_and_paths_are_told_apart() {
        for (text, choice) in [
            ("vendored", Choice::Vendored),
            ("workspace", Choice::Workspace),
            ("1.2", Choice::Version("1.2".to_owned())),
            ("=0.3.1", Choice::Version("=0.3.1".to_owned())),
            ("../runtime", Choice::Path("../runtime".into())),
            ("./1.2", Choice::Path("./1.2".into())),
        ] {
            assert_eq!(Choice::from(text), choice);
        }
    }

    #[test]
    fn a_path_is_written_as_seen_from_the_crate() {
        for (from, to, expected) in [
            ("/a/out", "/a/codegen/runtime", "../codegen/runtime"),
            ("/a/out", "/a/out/runtime", "runtime"),
            ("/a/b/c", "/x", "../../../x"),
        ] {
            let path = relative(Path::new(from), Path::new(to));
            assert_eq!(path.as_deref(), Some(expected));
        }
    }
}
