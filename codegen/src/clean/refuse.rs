//! What a person's plan must allow before it is repaired, since the repair has
//! to guess and the guess ends up in public names.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::parameters::{arguments, is_elsewhere, is_given, key};
use super::{Defect, Error, Problem};
use crate::pointer;
use crate::slice::{Slice, operations};

/// The kinds of defect that a plan refuses unless it allows them.
pub const REFUSABLE: [Defect; 2] = [
    Defect::DuplicateOperationId,
    Defect::UndeclaredPathParameter,
];

/// Refuses what is not among the `allowed` kinds of [`REFUSABLE`].
///
/// # Errors
///
/// The first operationId that is given twice, or path argument that is not
/// declared, with its place.
pub fn refuse(slice: &Slice, allowed: &[Defect]) -> Result<(), Error> {
    let document = slice.value();
    let Some(paths) = document.get("paths").and_then(Value::as_object) else {
        return Ok(());
    };
    if !allowed.contains(&Defect::DuplicateOperationId) {
        refuse_duplicate_ids(paths)?;
    }
    if !allowed.contains(&Defect::UndeclaredPathParameter) {
        refuse_undeclared_arguments(document, paths)?;
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
        let parameters = [item, operation.get("parameters")];
        let parameters = parameters.into_iter().flatten().filter_map(Value::as_array);
        let parameters: Vec<&Value> = parameters.flatten().collect();
        // One that is declared in another file is as good as declared.
        if parameters
            .iter()
            .any(|parameter| is_elsewhere(document, parameter))
        {
            continue;
        }
        let declared = parameters.into_iter();
        let declared: HashSet<&str> = declared
            .filter_map(|parameter| key(document, parameter))
            .filter(|parameter| is_given(path, parameter))
            .map(|(_, name)| name)
            .collect();
        for name in arguments(path) {
            if !declared.contains(name) {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Document;
    use crate::slice::{Selection, slice};

    fn refused(paths: Value, allowed: &[Defect]) -> Result<(), Error> {
        let text = json!({
            "openapi": "3.0.3",
            "info": { "title": "Shop", "version": "1" },
            "paths": paths
        })
        .to_string();
        let document = Document::parse("shop.json", text.as_bytes()).expect("a document");
        refuse(
            &slice(&document, &Selection::default()).expect("a slice"),
            allowed,
        )
    }

    #[test]
    fn an_operation_id_given_twice_is_refused_at_the_second() {
        let paths = json!({
            "/a": { "get": { "operationId": "x" } },
            "/b": { "get": { "operationId": "x" } }
        });
        let error = refused(paths.clone(), &[]).expect_err("a duplicate");
        assert_eq!(error.pointer, "/paths/~1b/get/operationId");
        assert_eq!(refused(paths, &[Defect::DuplicateOperationId]), Ok(()));
    }

    #[test]
    fn an_argument_that_no_parameter_declares_is_refused() {
        let paths = json!({ "/a/{id}": {
            "parameters": [{ "name": "id", "in": "query" }],
            "get": { "operationId": "x" }
        } });
        let error = refused(paths.clone(), &[]).expect_err("an undeclared argument");
        assert!(error.to_string().contains("`{id}`"), "{error}");
        assert_eq!(refused(paths, &[Defect::UndeclaredPathParameter]), Ok(()));
    }

    #[test]
    fn arguments_may_be_declared_beside_the_operation_or_in_it() {
        let declared = json!([{ "name": "id", "in": "path" }]);
        let item = json!({ "/a/{id}": { "parameters": declared, "get": {} } });
        let operation = json!({ "/a/{id}": { "get": { "parameters": declared } } });
        assert_eq!(refused(item, &[]), Ok(()));
        assert_eq!(refused(operation, &[]), Ok(()));
    }
}
