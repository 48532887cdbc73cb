//! Lists the files of the runtime that codegen carries, for `render/vendored.rs`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Links to the runtime's files: cargo would keep a folder with a `Cargo.toml` out of
/// the package, so this one calls it `manifest.toml`.
const FOLDER: &str = "carried";

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join(FOLDER);
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed=runtime/src");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut list = "const FILES: &[(&str, &str)] = &[\n".to_owned();
    for file in files {
        let path = file.strip_prefix(&root).unwrap_or(&file);
        let name = path.to_string_lossy().replace('\\', "/");
        let name = name.replace("manifest.toml", "Cargo.toml");
        let _ = writeln!(
            list,
            "    ({name:?}, include_str!({:?})),",
            file.to_string_lossy()
        );
    }
    list.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("runtime_files.rs"), list)
}

/// The files below `folder`.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
