//! Why no crate is generated.

use crate::document::{Document, Location};
use crate::plan::Plan;
use crate::{clean, document, normalize, plan, protocol, render, slice};

/// Why no crate is generated. What has a place in the document names it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no document.
    #[error(transparent)]
    Document(#[from] document::Error),
    /// The plan cannot be used, or does not fit the document.
    #[error(transparent)]
    Plan(#[from] plan::Error),
    /// No protocol can be made of document, plan and preset.
    #[error(transparent)]
    Protocol(#[from] protocol::Error),
    /// A selector matches nothing.
    #[error("{file}: {problem}")]
    Selection {
        /// The document's file.
        file: String,
        /// What matches nothing, and what is near it.
        #[source]
        problem: slice::Error,
    },
    /// A reference of the document leads nowhere.
    #[error("{at}: {problem}")]
    Reference {
        /// Where the reference is.
        at: Box<Location>,
        /// What is wrong with it.
        #[source]
        problem: slice::Error,
    },
    /// The document has a defect that its author must put right.
    #[error("{at}: {problem}")]
    Defect {
        /// Where it is.
        at: Box<Location>,
        /// What it is.
        #[source]
        problem: clean::Problem,
    },
    /// A schema cannot be brought into a type of Rust.
    #[error("{at}: {problem}")]
    Schema {
        /// Where it is.
        at: Box<Location>,
        /// What is in the way.
        #[source]
        problem: normalize::Problem,
    },
    /// The document has no operations.
    #[error("{file}: the document has no operations, so there is nothing to generate; add paths")]
    NoOperations {
        /// The document's file.
        file: String,
    },
    /// A defect of codegen itself, whatever the document.
    #[error(
        "codegen made something that is not Rust, which is a defect of its own; please report it with the document: {0}"
    )]
    Internal(String),
}

impl Error {
    pub(crate) fn slice(document: &Document, problem: slice::Error) -> Self {
        match problem.pointer() {
            Some(pointer) => Self::Reference {
                at: Box::new(document.locate(pointer)),
                problem,
            },
            None => Self::Selection {
                file: document.file().to_owned(),
                problem,
            },
        }
    }

    /// A selector that stands in the plan is an error of the plan's.
    pub(crate) fn in_plan(self, plan: &Plan) -> Self {
        let Self::Selection { file, problem } = self else {
            return self;
        };
        let kind = match &problem {
            slice::Error::Unmatched { kind, .. } if plan.selects_by_itself() => *kind,
            _ => return Self::Selection { file, problem },
        };
        let key = match kind {
            "path" => "paths",
            "tag" => "tags",
            _ => "operations",
        };
        let line = plan.line_of("select", key);
        Self::Selection {
            file: format!("{}:{line}", plan.file),
            problem,
        }
    }

    pub(crate) fn clean(document: &Document, error: clean::Error) -> Self {
        Self::Defect {
            at: Box::new(document.locate(&error.pointer)),
            problem: error.problem,
        }
    }

    /// `error` is about `cleaned`, in which things may lie elsewhere than in `document`.
    pub(crate) fn normalize(
        document: &Document,
        cleaned: &clean::Clean,
        error: normalize::Error,
    ) -> Self {
        Self::Schema {
            at: Box::new(document.locate(&cleaned.origin_of(&error.pointer))),
            problem: error.problem,
        }
    }
}

impl From<render::Error> for Error {
    fn from(error: render::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.to_string())
    }
}
