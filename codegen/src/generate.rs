//! All stages in their order: a document and a plan become the files of a crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::clean::{self, Clean, Repair, Warning};
use crate::document::Document;
use crate::error::Error;
use crate::names::{self, Facts};
use crate::normalize::{self, choices};
use crate::openapi::Unused;
use crate::openapi::all_of::Conflict;
use crate::plan::Plan;
use crate::protocol::{self, Declared, Note};
use crate::surface::{Source, Surface};
use crate::{openapi, render, slice};

/// A crate that has not been written yet.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratedCrate {
    /// Texts by their path in the crate, such as `src/lib.rs`.
    pub files: BTreeMap<String, String>,
    /// Its public interface, which `surface.json` among the files is, too.
    pub surface: Surface,
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
    /// The preset that was used.
    pub preset: Option<String>,
    /// What was wrong in the document and has been repaired.
    pub repairs: Vec<Repair>,
    /// What the document says that OpenAPI does not know.
    pub warnings: Vec<Warning>,
    /// Where parts of an `allOf` said different things: the later part won.
    pub conflicts: Vec<Conflict>,
    /// What the document declares and the client does not follow.
    pub notes: Vec<Note>,
    /// What the document says and the client makes no use of.
    pub unused: Vec<Unused>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operations,
            types,
            lines,
            preset,
            repairs,
            conflicts,
            notes,
            warnings,
            unused,
        } = self;
        write!(f, "operations {operations}, types {types}, lines {lines}")?;
        if let Some(preset) = preset {
            write!(f, ", preset {preset}")?;
        }
        if !notes.is_empty() {
            write!(f, ", notes {}", notes.len())?;
        }
        if !conflicts.is_empty() {
            write!(f, ", parts overruled {}", conflicts.len())?;
        }
        if !warnings.is_empty() {
            write!(f, ", warnings {}", warnings.len())?;
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
    let cleaned = clean::clean(sliced).map_err(|error| Error::clean(document, error))?;
    Ok(cleaned.located(document))
}

/// What the operations of `selection` in `document` say that OpenAPI does not know:
/// also where [`generate`] fails, since a misspelt word is often the reason. Nothing
/// where they cannot be cut out of it.
pub fn document_warnings(document: &Document, selection: &slice::Selection) -> Vec<Warning> {
    slice::slice(document, selection)
        .map(|sliced| clean::warnings(document, &sliced))
        .unwrap_or_default()
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
    let warnings = clean::warnings(document, &sliced);
    clean::refuse(&sliced, &plan.allowed()).map_err(|error| Error::clean(document, error))?;
    let cleaned = clean::clean(sliced).map_err(|error| Error::clean(document, error))?;
    let cleaned = cleaned.located(document);
    clean::deny(&cleaned, &plan.denied()).map_err(|error| Error::clean(document, error))?;
    if cleaned.operations() == 0 {
        let file = document.file().to_owned();
        return Err(Error::NoOperations { file });
    }
    choices::check(document, &cleaned, plan)?;
    let description = openapi::describe(&cleaned);
    let (protocol, notes) = protocol::resolve(&Declared::of(&description), plan)?;
    let normalized = normalize::normalize(&cleaned, &description, plan, &protocol)
        .map_err(|error| Error::normalize(document, &cleaned, error))?;
    choices::check_envelope(document, &description, plan)?;
    let surface = names::claim(
        normalized.api(),
        &Facts {
            plan,
            protocol,
            source: source(document, plan),
        },
    );
    let files = render::render(&surface, &plan.package.runtime)?;
    let operations: BTreeSet<&str> = surface
        .calls
        .iter()
        .map(|it| it.operation.as_str())
        .collect();
    let lines = files
        .iter()
        .filter(|(path, _)| path.starts_with("src/"))
        .map(|(_, text)| text.lines().count());
    let report = Report {
        operations: operations.len(),
        types: surface.types.len(),
        lines: lines.sum(),
        preset: surface.protocol.preset.clone(),
        repairs: cleaned.repairs().to_vec(),
        conflicts: normalized.conflicts().to_vec(),
        notes,
        warnings,
        unused: normalized.unused().to_vec(),
    };
    Ok((GeneratedCrate { files, surface }, report))
}

/// What the crate is made from: the name of the document's file, and a hash of it and
/// of the plan.
fn source(document: &Document, plan: &Plan) -> Source {
    let mut hash = Sha256::new();
    hash.update(document.text());
    hash.update([0]);
    hash.update(&plan.text);
    let digest = hash.finalize();
    // Where the file lies differs from machine to machine.
    let file = document.file().rsplit(['/', '\\']).next();
    Source {
        generator: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
        file: render::text::visible_line(file.unwrap_or_default()),
        sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
