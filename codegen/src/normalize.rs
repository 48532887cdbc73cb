//! The normalize stage: changes *valid* shapes of a document to suit Rust.

pub mod all_of;
pub mod direction;
pub mod envelope;
pub mod operations;
pub mod render;
pub mod schema;
pub mod types;

use schema::Unresolved;

/// Why a document cannot be brought into the shapes of Rust.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} (at `{pointer}`)")]
pub struct Error {
    /// Where in the document, as a JSON pointer.
    pub pointer: String,
    /// What is in the way.
    #[source]
    pub problem: Unresolved,
}

impl Error {
    fn unresolved(pointer: &str, problem: Unresolved) -> Self {
        Self {
            pointer: pointer.to_owned(),
            problem,
        }
    }
}

type Result<T> = std::result::Result<T, Error>;
