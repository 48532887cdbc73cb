//! Whether a plan fits its document: each of its entries must name something.

use crate::clean::Clean;
use crate::model::Api;
use crate::plan::{Error, Plan};

/// Checks the operations and the schemas that `plan` speaks of.
///
/// # Errors
///
/// The first entry that names nothing in `document`, with its line and what is
/// near it.
pub fn check(document: &Clean, api: &Api, plan: &Plan) -> Result<(), Error> {
    let ids = || api.operations.iter().map(|operation| operation.id.as_str());
    let methods = plan
        .methods
        .keys()
        .map(|id| ("methods", id.as_str(), id.as_str()));
    let example = plan.example.iter();
    let example = example.map(|program| ("example", "operation", program.operation.as_str()));
    for (table, key, id) in methods.chain(example) {
        if !ids().any(|known| known == id) {
            return Err(plan.matches_nothing(table, key, id, "operationId", ids()));
        }
    }
    let schemas = document.value().pointer("/components/schemas");
    let schemas = || {
        let members = schemas.and_then(serde_json::Value::as_object);
        members.into_iter().flatten().map(|(name, _)| name.as_str())
    };
    for name in plan.types.keys() {
        if !schemas().any(|known| known == name) {
            return Err(plan.matches_nothing("types", name, name, "schema", schemas()));
        }
    }
    Ok(())
}
