//! The clean stage: what a document got wrong is repaired, and each repair is
//! recorded with its place, its reason, and what was there before and after.
//!
//! A repair takes nothing away that the described API offers. It changes what is
//! *wrong*; valid shapes that do not suit Rust are the next stage's business.
//!
#![doc = include_str!("clean/DEFECTS.md")]

mod contradictions;
mod defect;
mod describe;
mod enums;
mod formats;
mod head;
mod items;
mod keywords;
mod malformed;
mod media_types;
mod nullable;
mod operation_ids;
mod parameters;
mod recursion;
mod references;
mod refuse;
mod repair;
mod required;
mod schemas;
mod statuses;
mod types;
mod unsendable;
mod values;
mod warnings;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub use defect::Defect;
pub use refuse::{REFUSABLE, refuse};
pub use repair::Repair;
pub use warnings::{Warning, WarningKind, warnings};

use crate::document::Document;
use crate::limits::MOST_RUNS;
use crate::pointer;
use crate::slice::{self, Slice, operations};
use repair::{Findings, Moves};

/// A function that finds the defects of one kind.
type Pass = fn(&Value, &mut Findings);

/// The passes, in their order: first what later ones rely on, that the document
/// has the shape of one and schemas have types; last what changes names and
/// takes items out of lists, so that the pointers of the others stay right.
const PASSES: [Pass; 37] = [
    head::info,
    head::paths,
    references::misplaced,
    references::foreign,
    references::encoded,
    malformed::repair,
    unsendable::parameter_names,
    references::repair,
    types::unknown,
    required::as_flag,
    types::missing,
    keywords::of_another_type,
    items::missing,
    formats::unknown,
    enums::null,
    nullable::without_type,
    enums::of_another_type,
    enums::that_do_not_fit,
    values::defaults,
    values::examples,
    required::names_no_property,
    contradictions::success,
    contradictions::parts,
    recursion::endless,
    media_types::without_schema,
    media_types::unusable,
    statuses::unusable,
    operation_ids::missing,
    operation_ids::unusable,
    operation_ids::duplicate,
    parameters::undeclared,
    parameters::optional,
    parameters::unused,
    parameters::declared_twice,
    parameters::path_and_query,
    parameters::named_twice,
    unsendable::paths,
];

/// A slice without the defects that this stage knows. Only [`clean`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Clean {
    value: Value,
    repairs: Vec<Repair>,
    /// What each round of repairs moved, the first first.
    moves: Vec<Moves>,
}

impl Clean {
    /// The slice as a document of its own.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What was repaired or noted, in the order in which it was done.
    pub fn repairs(&self) -> &[Repair] {
        &self.repairs
    }

    /// The pointer that what is at `pointer` of the clean document has in the
    /// document as it was.
    pub fn origin_of(&self, pointer: &str) -> String {
        origin(&self.moves, pointer)
    }

    /// The same, in which each repair has its line in `document`, of which this
    /// is a part.
    pub(crate) fn located(mut self, document: &Document) -> Self {
        for repair in &mut self.repairs {
            repair.line = Some(document.line_of(&repair.pointer));
        }
        self
    }

    /// How many operations it has.
    pub fn operations(&self) -> usize {
        let paths = self.value.get("paths").and_then(Value::as_object);
        paths.map_or(0, |paths| operations(paths).count())
    }
}

/// A defect that only the document's author can put right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Error {
    /// Where in the document.
    pub pointer: String,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Two operations have one operationId.
    #[error(
        "the operationId `{id}` is also that of `{first}`; each operation needs one of its own"
    )]
    DuplicateOperationId {
        /// The operationId.
        id: String,
        /// The pointer of the operation that had it first.
        first: String,
    },
    /// A path has an argument that no parameter describes.
    #[error(
        "the path names `{{{name}}}`, which no parameter of the operation declares; declare it `in: path`"
    )]
    UndeclaredPathParameter {
        /// The name in the braces.
        name: String,
    },
    /// The plan refuses a repair.
    #[error(
        "{reason} The plan denies the repair `{defect}`: correct the document here, or take `{defect}` out of `[clean] deny`"
    )]
    Denied {
        /// The kind of defect.
        defect: Defect,
        /// What is wrong, in a sentence.
        reason: String,
    },
    /// A path item or an operation is no object.
    #[error("an object is expected here; the file may be cut off, or indented wrongly")]
    NotAnObject,
}

/// Repairs every defect of `slice` that this stage knows; see [`Defect`].
///
/// What comes out is found clean: a second time only notes are left.
///
/// # Errors
///
/// A path item or operation that is no object, since there is no operation then.
pub fn clean(slice: Slice) -> Result<Clean, Error> {
    let (mut value, merged) = slice.into_parts();
    if let Some(paths) = value.get("paths").and_then(Value::as_object) {
        refuse_what_is_no_object(paths)?;
    }
    let mut repairs: Vec<Repair> = merged.into_iter().map(merge_key).collect();
    let mut moves: Vec<Moves> = Vec::new();
    // How often the document has been changed, and as of which change each pass
    // has found nothing more: until the next, it need not look again.
    let mut changes = 0_usize;
    let mut quiet_as_of = [None; PASSES.len()];
    for run in 0..MOST_RUNS {
        for (pass, quiet_as_of) in PASSES.iter().zip(&mut quiet_as_of) {
            if *quiet_as_of == Some(changes) {
                continue;
            }
            let mut findings = Findings::default();
            pass(&value, &mut findings);
            let (found, moved) = findings.apply(&mut value);
            match found.iter().all(Repair::is_note) {
                true => *quiet_as_of = Some(changes),
                false => changes += 1,
            }
            for mut repair in found {
                // What is noted is found by every run.
                if run == 0 || !repair.is_note() {
                    repair.pointer = origin(&moves, &repair.pointer);
                    repairs.push(repair);
                }
            }
            if !moved.is_empty() {
                references::redirect(&mut value, &moved);
                moves.push(moved);
            }
        }
        if quiet_as_of.iter().all(|quiet| *quiet == Some(changes)) {
            break;
        }
    }
    // What only a removed part referred to is no longer of this slice.
    slice::drop_unused_components(&mut value);
    Ok(Clean {
        value,
        repairs,
        moves,
    })
}

/// The record of a merge key, which has been repaired by reading it.
fn merge_key((pointer, names): (String, Vec<String>)) -> Repair {
    let reason = format!(
        "A merge key `<<`, which is not part of YAML 1.2, stands for {}; they are written out.",
        repair::show_names(names.iter().map(String::as_str))
    );
    Repair {
        defect: Defect::MergeKey,
        pointer,
        line: None,
        before: None,
        after: Some(Value::from(names)),
        reason,
    }
}

/// The pointer that `pointer` was before all of `moves`.
fn origin(moves: &[Moves], pointer: &str) -> String {
    let moves = moves.iter().rev();
    moves.fold(pointer.to_owned(), |pointer, moves| moves.origin(&pointer))
}

/// Refuses the repairs of the `denied` kinds.
///
/// # Errors
///
/// The first repair of such a kind, with its place.
pub fn deny(clean: &Clean, denied: &[Defect]) -> Result<(), Error> {
    let mut repairs = clean.repairs().iter();
    match repairs.find(|repair| denied.contains(&repair.defect)) {
        None => Ok(()),
        Some(repair) => Err(Error {
            pointer: repair.pointer.clone(),
            problem: Problem::Denied {
                defect: repair.defect,
                reason: repair.reason.clone(),
            },
        }),
    }
}

/// How many repairs of each kind there are, in the order of [`Defect::ALL`].
pub fn count(repairs: &[Repair]) -> BTreeMap<Defect, usize> {
    let mut counts = BTreeMap::new();
    for repair in repairs {
        *counts.entry(repair.defect).or_insert(0) += 1;
    }
    counts
}

fn refuse_what_is_no_object(paths: &Map<String, Value>) -> Result<(), Error> {
    for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
        let pointer = pointer::join("/paths", path);
        let problem = Problem::NotAnObject;
        let Some(item) = item.as_object() else {
            return Err(Error { pointer, problem });
        };
        for method in crate::slice::METHODS {
            if item
                .get(method)
                .is_some_and(|operation| !operation.is_object())
            {
                let pointer = pointer::join(&pointer, method);
                return Err(Error { pointer, problem });
            }
        }
    }
    Ok(())
}
