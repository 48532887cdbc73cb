//! All stages in their order: a document and a plan become the files of a crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::clean::{self, Clean, Repair};
use crate::document::Document;
use crate::emit::{json, manifest, modules, program, readme, runtime};
use crate::error::Error;
use crate::normalize::{self, choices};
use crate::openapi::Unused;
use crate::openapi::all_of::Conflict;
use crate::plan::Plan;
use crate::{backend, names, polish, print, slice};

/// A crate that has not been written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedCrate {
    /// Texts by their path in the crate, such as `src/lib.rs`.
    pub files: BTreeMap<String, String>,
}

/// What was done to make a crate.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// How many operations the crate has. One that takes bodies of several media
    /// types has a method for each, and counts once.
    pub operations: usize,
    /// How many types of its own the crate has.
    pub types: usize,
    /// How many lines of Rust were generated; the runtime is not counted.
    pub lines: usize,
    /// What was wrong in the document and has been repaired.
    pub repairs: Vec<Repair>,
    /// Where parts of an `allOf` said different things: the later part won.
    pub conflicts: Vec<Conflict>,
    /// What the document says and the client makes no use of.
    pub unused: Vec<Unused>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operations,
            types,
            lines,
            repairs,
            conflicts,
            unused,
        } = self;
        write!(f, "operations {operations}, types {types}, lines {lines}")?;
        if !conflicts.is_empty() {
            write!(f, ", parts overruled {}", conflicts.len())?;
        }
        if !unused.is_empty() {
            write!(f, ", not used {}", unused.len())?;
        }
        if repairs.is_empty() {
            return Ok(());
        }
        let counts: Vec<String> = clean::count(repairs)
            .into_iter()
            .map(|(defect, count)| format!("{defect} {count}"))
            .collect();
        write!(f, ", repairs {} ({})", repairs.len(), counts.join(", "))
    }
}

/// Cuts the operations of `selection`, and all that they refer to, out of
/// `document`.
///
/// # Errors
///
/// As [`slice::slice`], with file, line and JSON pointer.
pub fn slice_document(
    document: &Document,
    selection: &slice::Selection,
) -> Result<slice::Slice, Error> {
    slice::slice(document, selection).map_err(|error| Error::slice(document, error))
}

/// Cuts the operations of `selection` out of `document`, and repairs what is
/// wrong in them.
///
/// # Errors
///
/// As [`slice_document`] and [`clean::clean`], with file, line and JSON pointer.
pub fn clean_document(document: &Document, selection: &slice::Selection) -> Result<Clean, Error> {
    let sliced = slice_document(document, selection)?;
    clean::clean(sliced).map_err(|error| Error::clean(document, error))
}

/// Turns `document` into the files of a client crate, as `plan` wants them.
///
/// The same document and plan give the same bytes. Nothing is read from disk,
/// and nothing written.
///
/// # Errors
///
/// A defect of the document that needs its author, with its file, line and JSON
/// pointer; an entry of the plan that matches nothing, with its line.
pub fn generate(document: &Document, plan: &Plan) -> Result<(GeneratedCrate, Report), Error> {
    let sliced = slice_document(document, &plan.select).map_err(|error| error.in_plan(plan))?;
    clean::refuse(&sliced, &plan.allowed()).map_err(|error| Error::clean(document, error))?;
    let cleaned = clean::clean(sliced).map_err(|error| Error::clean(document, error))?;
    if cleaned.operations() == 0 {
        let file = document.file().to_owned();
        return Err(Error::NoOperations { file });
    }
    choices::check(document, &cleaned, plan)?;
    let normalized =
        normalize::normalize(&cleaned, plan).map_err(|error| Error::normalize(document, error))?;
    let api = normalized.api();
    let rendered = normalized.rendered();
    let tree = backend::generate(&rendered.document, rendered.ours.iter().map(String::as_str))?;
    let types = polish::types(api, &tree)?;
    let package = plan.package.name.replace('-', "_");
    let header = header(document, plan);

    let mut files = BTreeMap::new();
    let mut report = Report {
        operations: api
            .operations
            .iter()
            .map(|operation| &operation.id)
            .collect::<BTreeSet<_>>()
            .len(),
        types: types.len(),
        lines: 0,
        repairs: cleaned.repairs().to_vec(),
        conflicts: normalized.conflicts().to_vec(),
        unused: normalized.unused().to_vec(),
    };
    for (path, tokens) in modules::split(api, &types, &package) {
        let text = print::print(&path, &header, tokens)?;
        report.lines += text.lines().count();
        files.insert(path, text);
    }
    for (name, text) in runtime::files(api, plan) {
        files.insert(format!("src/runtime/{name}"), format!("{header}{text}"));
    }
    let chosen = plan.example.as_ref().and_then(|program| {
        let mut operations = api.operations.iter();
        Some((
            program,
            operations.find(|operation| operation.id == program.operation)?,
        ))
    });
    if let Some((choice, operation)) = chosen {
        let text = program::program(choice, operation, api, &package);
        let name = names::value_name(&choice.name);
        files.insert(format!("examples/{name}.rs"), format!("{header}{text}"));
    }
    let comment = header.replace("// ", "# ");
    let manifest = manifest::manifest(&plan.package, api, chosen.is_some())?;
    files.insert("Cargo.toml".to_owned(), format!("{comment}{manifest}"));
    files.insert("README.md".to_owned(), readme::readme(api, plan, &package));
    files.insert("operations.json".to_owned(), json::operations(api)?);
    Ok((GeneratedCrate { files }, report))
}

/// The lines above every file: how to make it anew, and from what it was made.
fn header(document: &Document, plan: &Plan) -> String {
    let mut hash = Sha256::new();
    hash.update(document.text());
    hash.update([0]);
    hash.update(&plan.text);
    let digest: String = hash
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // Where the file lies differs from machine to machine.
    let file = document
        .file()
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default();
    format!(
        "// @generated by `cargo xtask generate` from {file} (sha256 {digest}).\n\
         // Changes made by hand are lost: change the document or its plan instead.\n\n"
    )
}
