//! Whether a plan fits its document: each of its entries must name something.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::clean::Clean;
use crate::document::Document;
use crate::openapi::{Description, Resolver};
use crate::plan::{Error, Plan};
use crate::slice;

/// Checks the operations and the schemas that `plan` speaks of. They must be in
/// the document, as it was or under the operationIds that it has once it is
/// `cleaned`; that a selection leaves them out is no error.
///
/// # Errors
///
/// The first entry that names nothing in `document`, with its line and what is
/// near it.
pub fn check(document: &Document, cleaned: &Clean, plan: &Plan) -> Result<(), Error> {
    let members = |pointer: &str| document.value().pointer(pointer).and_then(Value::as_object);
    let ids = || {
        let given = cleaned.value().get("paths").and_then(Value::as_object);
        let paths = members("/paths").into_iter().chain(given);
        let operations = paths.flat_map(slice::operations);
        operations.filter_map(|(_, _, operation)| operation.get("operationId")?.as_str())
    };
    let methods = plan.methods.keys();
    let methods = methods.map(|id| ("methods", id.as_str(), id.as_str()));
    let example = plan.example.iter();
    let example = example.map(|program| ("example", "operation", program.operation.as_str()));
    for (table, key, id) in methods.chain(example) {
        if !ids().any(|known| known == id) {
            return Err(plan.matches_nothing(table, key, id, "operationId", ids()));
        }
    }
    let schemas = || {
        let schemas = members("/components/schemas").into_iter().flatten();
        schemas.map(|(name, _)| name.as_str())
    };
    for name in plan.types.keys() {
        if !schemas().any(|known| known == name) {
            return Err(plan.matches_nothing("types", name, name, "schema", schemas()));
        }
    }
    Ok(())
}

/// Checks the envelope that `plan` describes: each of its keys must be a member of some
/// JSON response of the document, of which `description` is. Of a document from which
/// operations are selected, any property that the whole of it has will do.
///
/// # Errors
///
/// The first key that no response has, with its line and what is near it.
pub fn check_envelope(
    document: &Document,
    description: &Description,
    plan: &Plan,
) -> Result<(), Error> {
    let Some(envelope) = &plan.envelope else {
        return Ok(());
    };
    let members = response_members(description);
    let mut selected_from = None;
    for (key, name) in [
        ("success", &envelope.success),
        ("errors", &envelope.errors),
        ("messages", &envelope.messages),
        ("result", &envelope.result),
        ("result_info", &envelope.result_info),
    ] {
        // What the plan does not say has a default, which an API need not have.
        if members.contains(name) || !plan.says("envelope", key) {
            continue;
        }
        if !plan.select.is_empty() {
            let all = selected_from.get_or_insert_with(|| all_properties(document.value()));
            if all.contains(name.as_str()) {
                continue;
            }
        }
        let known = members.iter().map(String::as_str);
        return Err(plan.matches_nothing("envelope", key, name, "member of a response", known));
    }
    Ok(())
}

/// The names of the properties that the JSON of responses has, those of failures too,
/// and those of their alternatives.
fn response_members(description: &Description) -> BTreeSet<String> {
    let resolver = Resolver::new(description);
    let responses = description.operations.iter().flat_map(|it| &it.responses);
    let content = responses.flat_map(|(_, response)| &response.content);
    let mut open: Vec<_> = content.filter_map(|media| media.schema).collect();
    let mut seen = BTreeSet::new();
    let mut members = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        // What cannot be resolved is told when its type is read.
        let Ok(definition) = resolver.resolve(id) else {
            continue;
        };
        members.extend(definition.properties().map(|(name, _)| name.clone()));
        open.extend(definition.all_alternatives());
    }
    members
}

/// The names of all properties that schemas of `document` have.
fn all_properties(document: &Value) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let properties = members.get("properties").and_then(Value::as_object);
                names.extend(
                    properties
                        .into_iter()
                        .flatten()
                        .map(|(name, _)| name.as_str()),
                );
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    names
}
