//! Crates in folders of their own, compiled with one target folder for all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the workspace")
}

/// Writes `files` below `folder`. Those that are there already keep their time, so that
/// cargo does not compile them again.
pub fn write(folder: &Path, files: &BTreeMap<String, String>) {
    for (path, text) in files {
        let path = folder.join(path);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == *text) {
            continue;
        }
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
}

/// Runs cargo on the crate in `folder`, where a warning is an error, and gives the target
/// folder.
pub fn cargo(folder: &Path, arguments: &[&str]) -> PathBuf {
    // The versions that this workspace locks, so that nothing is fetched anew.
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emitted");
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTFLAGS", "-D warnings")
        .current_dir(folder)
        .output()
        .expect("cargo");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    target
}
