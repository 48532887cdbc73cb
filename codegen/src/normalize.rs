//! The normalize stage: changes *valid* shapes of a document to suit Rust.

pub mod choices;
mod cycles;
pub mod direction;
pub mod envelope;
pub mod operations;
pub mod types;

use crate::clean::Clean;
use crate::limits::DEEPEST_UNNAMED;
use crate::model::Api;
use crate::openapi::all_of::Conflict;
use crate::openapi::{self, Description, Resolver, Unresolved, Unused};
use crate::plan::Plan;
use crate::protocol::Protocol;
use direction::Directions;

/// A document in the shapes of Rust. Only [`normalize`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Normalized {
    api: Api,
    conflicts: Vec<Conflict>,
    unused: Vec<Unused>,
}

impl Normalized {
    /// What the client consists of.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Where parts of an `allOf` said different things, and what was made of it.
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// What the document says and the client makes no use of.
    pub fn unused(&self) -> &[Unused] {
        &self.unused
    }
}

/// Why a document cannot be brought into the shapes of Rust.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Error {
    /// Where in the document, as a JSON pointer.
    pub pointer: String,
    /// What is in the way.
    #[source]
    pub problem: Problem,
}

/// What keeps a schema from becoming a type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It cannot be resolved.
    #[error(transparent)]
    Unresolved(#[from] Unresolved),
    /// Lists and unions without names lie in each other too deep.
    #[error(
        "lists, maps and alternatives lie in each other more than {DEEPEST_UNNAMED} deep here, which no type of Rust can follow; one of them should be an object with properties"
    )]
    TooDeep,
}

impl Error {
    fn new(pointer: &str, problem: impl Into<Problem>) -> Self {
        Self {
            pointer: pointer.to_owned(),
            problem: problem.into(),
        }
    }
}

type Result<T> = std::result::Result<T, Error>;

/// Brings a clean document, of which `description` is, into the shapes of Rust, under
/// the names of `plan`.
///
/// # Errors
///
/// Schemas that never arrive at a type.
pub fn normalize(
    clean: &Clean,
    description: &Description,
    plan: &Plan,
    protocol: &Protocol,
) -> Result<Normalized> {
    let resolver = Resolver::new(description);
    let directions = Directions::of(description);
    let mut types = types::Types::new(&resolver, &plan.types, directions);
    let operations = operations::read(plan, protocol, &resolver, &mut types)?;
    let mut unused = description.unused.clone();
    unused.extend(types.unused());
    let mut api = Api {
        title: description.title.clone(),
        base_url: base_url(description),
        operations,
        types: types.into_defs(),
        servers: description.servers.clone(),
        schemes: description.schemes.clone(),
        security: description.security.clone(),
    };
    direction::mark(&mut api);
    cycles::mark(&mut api.types);
    let conflicts = resolver.disagreements().into_iter();
    let conflicts = conflicts.map(|it| it.written_out(&resolver, clean.value()));
    let mut conflicts: Vec<Conflict> = conflicts.collect();
    conflicts.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    Ok(Normalized {
        api,
        conflicts,
        unused: unused.into_list(),
    })
}

/// The URL of the first server, its variables at their defaults.
fn base_url(description: &Description) -> String {
    let first = description.servers.first();
    first.map(openapi::Server::default_url).unwrap_or_default()
}
