//! The clean stage: what a document got wrong, refused or repaired.
//!
//! This stage refuses what no repair can settle without guessing at names that
//! callers would see.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::pointer;
use crate::slice::{Slice, operations};

/// A slice without the defects that this stage knows. Only [`clean`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Clean {
    value: Value,
}

impl Clean {
    /// The slice as a document of its own.
    pub fn value(&self) -> &Value {
        &self.value
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

/// Checks `slice`.
///
/// # Errors
///
/// The first of: a path item or operation that is no object, an operationId
/// given twice, a path argument that is not declared.
pub fn clean(slice: Slice) -> Result<Clean, Error> {
    let value = slice.into_value();
    if let Some(paths) = value.get("paths").and_then(Value::as_object) {
        refuse_what_is_no_object(paths)?;
        refuse_duplicate_ids(paths)?;
        refuse_undeclared_arguments(&value, paths)?;
    }
    Ok(Clean { value })
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

fn refuse_duplicate_ids(paths: &Map<String, Value>) -> Result<(), Error> {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for (path, method, operation) in operations(paths) {
        let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
            continue;
        };
        let pointer = pointer::join(&pointer::join("/paths", path), method);
        if let Some(first) = seen.get(id) {
            return Err(Error {
                pointer: pointer::join(&pointer, "operationId"),
                problem: Problem::DuplicateOperationId {
                    id: id.to_owned(),
                    first: first.clone(),
                },
            });
        }
        seen.insert(id, pointer);
    }
    Ok(())
}

fn refuse_undeclared_arguments(document: &Value, paths: &Map<String, Value>) -> Result<(), Error> {
    for (path, method, operation) in operations(paths) {
        let item = paths.get(path).and_then(|item| item.get("parameters"));
        let declared: Vec<&str> = [item, operation.get("parameters")]
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
            .filter_map(|parameter| {
                let reference = parameter.get("$ref").and_then(Value::as_str);
                let parameter = reference.map_or(Some(parameter), |reference| {
                    document.pointer(reference.strip_prefix('#')?)
                })?;
                let is_path = parameter.get("in").and_then(Value::as_str) == Some("path");
                is_path.then(|| parameter.get("name")?.as_str())?
            })
            .collect();
        for name in arguments(path) {
            if !declared.contains(&name) {
                return Err(Error {
                    pointer: pointer::join(&pointer::join("/paths", path), method),
                    problem: Problem::UndeclaredPathParameter {
                        name: name.to_owned(),
                    },
                });
            }
        }
    }
    Ok(())
}

/// The names in the braces of a path template.
fn arguments(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Document;
    use crate::slice::{Selection, slice};

    fn cleaned(paths: Value) -> Result<Clean, Error> {
        let text = json!({
            "openapi": "3.0.3",
            "info": { "title": "Shop", "version": "1" },
            "paths": paths
        })
        .to_string();
        let document = Document::parse("shop.json", text.as_bytes()).expect("a document");
        clean(slice(&document, &Selection::default()).expect("a slice"))
    }

    #[test]
    fn an_operation_id_given_twice_is_refused_at_the_second() {
        let error = cleaned(json!({
            "/a": { "get": { "operationId": "x" } },
            "/b": { "get": { "operationId": "x" } }
        }))
        .expect_err("a duplicate");
        assert_eq!(error.pointer, "/paths/~1b/get/operationId");
    }

    #[test]
    fn an_argument_that_no_parameter_declares_is_refused() {
        let error = cleaned(json!({ "/a/{id}": {
            "parameters": [{ "name": "id", "in": "query" }],
            "get": { "operationId": "x" }
        } }))
        .expect_err("an undeclared argument");
        assert!(error.to_string().contains("`{id}`"), "{error}");
    }

    #[test]
    fn arguments_may_be_declared_beside_the_operation_or_in_it() {
        let declared = json!([{ "name": "id", "in": "path" }]);
        let item = json!({ "/a/{id}": { "parameters": declared, "get": {} } });
        let operation = json!({ "/a/{id}": { "get": { "parameters": declared } } });
        assert!(cleaned(item).is_ok());
        assert!(cleaned(operation).is_ok());
    }

    #[test]
    fn a_path_item_that_is_text_is_refused() {
        let error = cleaned(json!({ "/a": "para" })).expect_err("no object");
        assert_eq!(error.pointer, "/paths/~1a");
    }
}
