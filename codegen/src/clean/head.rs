//! What every document has besides its paths and components.

use serde_json::{Value, json};

use super::Defect::{IncompleteInfo, MissingPaths};
use super::repair::{Findings, show};

/// What an API is called that has no title.
const NO_TITLE: &str = "API";

/// The version of an API that does not say which it is.
const NO_VERSION: &str = "unknown";

/// Puts texts for the title and the version where there are none, and writes a
/// number or flag there as text.
pub(super) fn info(document: &Value, findings: &mut Findings) {
    let Some(info) = document.get("info").filter(|info| info.is_object()) else {
        let reason = format!(
            "The document has no `info`, so the API is called `{NO_TITLE}`, of version `{NO_VERSION}`."
        );
        let info = json!({ "title": NO_TITLE, "version": NO_VERSION });
        findings.set(IncompleteInfo, "/info".to_owned(), info, reason);
        return;
    };
    for (member, missing) in [("title", NO_TITLE), ("version", NO_VERSION)] {
        let found = info.get(member);
        let (text, reason) = match found {
            Some(Value::String(_)) => continue,
            Some(value @ (Value::Number(_) | Value::Bool(_))) => {
                let reason = format!(
                    "The `{member}` of the API is {}, but must be a text.",
                    show(value)
                );
                (value.to_string(), reason)
            }
            _ => {
                let reason = format!(
                    "The `info` of the API has no `{member}`; `{missing}` takes its place."
                );
                (missing.to_owned(), reason)
            }
        };
        findings.set(
            IncompleteInfo,
            format!("/info/{member}"),
            json!(text),
            reason,
        );
    }
}

/// Puts an empty object where there are no paths.
pub(super) fn paths(document: &Value, findings: &mut Findings) {
    if !document.get("paths").is_some_and(Value::is_object) {
        let reason = "The document has no `paths`, so the API has no operations.".to_owned();
        findings.set(MissingPaths, "/paths".to_owned(), json!({}), reason);
    }
}
