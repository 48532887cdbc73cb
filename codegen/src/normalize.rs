//! The normalize stage: changes *valid* shapes of a document to suit Rust.

pub mod all_of;
pub mod choices;
pub mod direction;
pub mod envelope;
pub mod operations;
pub mod schema;
pub mod types;

use serde_json::Value;

use crate::clean::Clean;
use crate::model::Api;
use crate::plan::Plan;
use all_of::Conflict;
use direction::Components;
use schema::Unresolved;

/// A document in the shapes of Rust. Only [`normalize`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Normalized {
    api: Api,
    conflicts: Vec<Conflict>,
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
}

/// Why a document cannot be brought into the shapes of Rust.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
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

/// Brings a clean document into the shapes of Rust, under the names of `plan`.
///
/// # Errors
///
/// Schemas that never arrive at a type.
pub fn normalize(clean: &Clean, plan: &Plan) -> Result<Normalized> {
    let document = clean.value();
    let components = Components::of(document);
    let mut types = types::Types::new(document, &plan.types, components);
    let operations = operations::read(document, plan, &mut types)?;
    let conflicts = types.take_conflicts();
    let mut api = Api {
        title: text(document, "/info/title").to_owned(),
        base_url: base_url(document),
        operations,
        types: types.into_defs(),
    };
    direction::mark(&mut api);
    Ok(Normalized { api, conflicts })
}

/// The URL of the first server, its variables at their defaults (OpenAPI 3.0.3,
/// "Server Variable Object").
pub(crate) fn base_url(document: &Value) -> String {
    let mut url = text(document, "/servers/0/url")
        .trim_end_matches('/')
        .to_owned();
    let variables = document
        .pointer("/servers/0/variables")
        .and_then(Value::as_object);
    for (name, variable) in variables.into_iter().flatten() {
        let default = variable.get("default").and_then(Value::as_str);
        url = url.replace(&format!("{{{name}}}"), default.unwrap_or_default());
    }
    url
}

fn text<'d>(document: &'d Value, pointer: &str) -> &'d str {
    document
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_variables_of_a_server_stand_at_their_defaults() {
        let document = json!({ "servers": [{
            "url": "https://{region}.example.com/v1/",
            "variables": { "region": { "default": "eu" } }
        }] });
        assert_eq!(base_url(&document), "https://eu.example.com/v1");
    }
}
