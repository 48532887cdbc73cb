//! Whether a plan fits its document: each of its entries must name something.

use serde_json::Value;

use crate::clean::Clean;
use crate::document::Document;
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
