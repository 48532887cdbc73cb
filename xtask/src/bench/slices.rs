//! Parts of a document, to see whether time grows with the size alone.

use std::path::{Path, PathBuf};

use codegen::slice::{self, Selection};

use crate::input::{self, Error};

/// Of how many paths one is taken, the smallest part first.
const PARTS: [usize; 4] = [8, 4, 2, 1];

/// A part of a document.
#[derive(Debug, Clone)]
pub struct Part {
    /// What it is called: `1/8`.
    pub name: String,
    /// Where it is.
    pub file: PathBuf,
    /// How many operations it has.
    pub operations: usize,
}

/// Writes the parts of the document `spec` into `folder`. Each has every eighth, every
/// fourth, … path, so that all are of the same mixture.
///
/// # Errors
///
/// The document cannot be read or cut, or a part not be written.
pub fn parts(spec: &Path, folder: &Path) -> Result<Vec<Part>, Error> {
    let document = input::document(spec)?;
    let items = slice::path_items(document.value());
    let mut paths: Vec<&str> = Vec::new();
    for (path, ..) in slice::operations(&items) {
        if paths.last() != Some(&path) {
            paths.push(path);
        }
    }
    let mut parts: Vec<Part> = Vec::new();
    for part in PARTS {
        let mut selection = Selection::default();
        let chosen = paths.iter().step_by(part).map(|path| (*path).to_owned());
        selection.paths = chosen.collect();
        let sliced = codegen::slice_document(&document, &selection)?;
        let name = match part {
            1 => "all".to_owned(),
            part => format!("1/{part}"),
        };
        let file = folder.join(format!("part-{part}.json"));
        std::fs::write(&file, sliced.value().to_string())
            .map_err(|error| Error::file(&file, "cannot be written", error))?;
        let operations = operations(sliced.value());
        parts.push(Part {
            name,
            file,
            operations,
        });
    }
    // A tiny document has the same part several times.
    parts.dedup_by(|next, last| next.operations == last.operations);
    Ok(parts)
}

/// A document as a part of nothing.
///
/// # Errors
///
/// It cannot be read.
pub fn whole(file: &Path) -> Result<Part, Error> {
    let document = input::document(file)?;
    let name = file.file_name().unwrap_or(file.as_os_str());
    Ok(Part {
        name: name.to_string_lossy().into_owned(),
        file: file.to_owned(),
        operations: operations(document.value()),
    })
}

/// How many operations a document has.
pub fn operations(document: &serde_json::Value) -> usize {
    let items = slice::path_items(document);
    slice::operations(&items).count()
}
