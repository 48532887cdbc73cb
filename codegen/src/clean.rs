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
mod statuses;
mod tree;
mod types;
mod values;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub use defect::Defect;
pub use refuse::{REFUSABLE, refuse};
pub use repair::Repair;

use crate::pointer;
use crate::slice::{self, Slice, operations};
use repair::Findings;

/// How often all passes are run at most. Each run only finds what the runs
/// before it laid bare, so two or three are enough for any document met so far.
const MOST_RUNS: usize = 12;

/// A function that finds the defects of one kind.
type Pass = fn(&Value, &mut Findings);

/// The passes, in their order: first what later ones rely on, that the document
/// has the shape of one and schemas have types; last what changes names and
/// takes items out of lists, so that the pointers of the others stay right.
const PASSES: [Pass; 30] = [
    malformed::repair,
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
];

/// A slice without the defects that this stage knows. Only [`clean`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Clean {
    value: Value,
    repairs: Vec<Repair>,
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
    let mut value = slice.into_value();
    if let Some(paths) = value.get("paths").and_then(Value::as_object) {
        refuse_what_is_no_object(paths)?;
    }
    let mut repairs: Vec<Repair> = Vec::new();
    for run in 0..MOST_RUNS {
        let mut is_quiet = true;
        for pass in PASSES {
            let mut findings = Findings::default();
            pass(&value, &mut findings);
            for repair in findings.apply(&mut value) {
                is_quiet &= repair.is_note();
                // What is noted is found by every run.
                if run == 0 || !repair.is_note() {
                    repairs.push(repair);
                }
            }
        }
        if is_quiet {
            break;
        }
    }
    // What only a removed part referred to is no longer of this slice.
    slice::drop_unused_components(&mut value);
    Ok(Clean { value, repairs })
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
