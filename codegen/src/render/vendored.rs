//! The runtime as an emitted crate carries it: the crate `client-runtime`, file for file.

use super::{Error, File};
use crate::plan::Runtime;

/// The name of the runtime's crate.
pub const NAME: &str = "client-runtime";

/// The folder of an emitted crate that it is in.
pub const FOLDER: &str = "runtime";

// `FILES`: each file's path in the runtime's folder, and its text. The build script lists
// them, since cargo keeps a crate within a crate out of what it packages.
include!(concat!(env!("OUT_DIR"), "/runtime_files.rs"));

/// The files of the runtime's crate, as an emitted crate carries them: each file's path
/// in the crate's folder, and its text.
pub fn runtime_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().copied()
}

/// The files of the runtime, where the crate carries it.
pub fn files(runtime: &Runtime) -> Result<Vec<File>, Error> {
    if *runtime != Runtime::Vendored {
        return Ok(Vec::new());
    }
    let files = FILES.iter().map(|(path, text)| File {
        path: format!("{FOLDER}/{path}"),
        text: (*text).to_owned(),
    });
    Ok(files.collect())
}

/// The runtime's version.
pub fn version() -> Result<String, Error> {
    let manifest = FILES.iter().find(|(path, _)| *path == "Cargo.toml");
    let manifest = manifest.map_or("", |(_, text)| *text);
    let manifest: toml_edit::DocumentMut = manifest.parse()?;
    let version = manifest.get("package").and_then(|it| it.get("version"));
    let version = version.and_then(toml_edit::Item::as_str);
    Ok(version.unwrap_or("0.1.0").to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The files below `folder`, by their paths in `root`.
    fn below(root: &Path, folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                below(root, &path, found);
            } else {
                let path = path.strip_prefix(root).expect("a path below");
                found.insert(path.to_str().expect("UTF-8").replace('\\', "/"));
            }
        }
    }

    #[test]
    fn the_sources_of_the_runtime_are_carried_file_for_file() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime");
        let mut found = BTreeSet::new();
        below(&root, &root.join("src"), &mut found);
        for name in ["Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md"] {
            if root.join(name).exists() {
                found.insert(name.to_owned());
            }
        }
        let carried: BTreeSet<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(carried, found);
        for (path, text) in FILES {
            let on_disk = std::fs::read_to_string(root.join(path)).expect("a file");
            assert_eq!(*text, on_disk, "{path}");
        }
    }

    #[test]
    fn what_cargo_packages_has_the_files_too() {
        // `carried` links to them, which is followed when codegen is packaged.
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("carried");
        for (path, text) in FILES {
            let path = root.join(path.replace("Cargo.toml", "manifest.toml"));
            assert_eq!(std::fs::read_to_string(path).expect("a file"), *text);
        }
    }
}
