//! Responses under names that are no HTTP status.

use std::collections::HashSet;

use serde_json::Value;

use super::Defect::UnusableStatus;
use super::malformed::members;
use super::repair::Findings;
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;

/// Puts a response under the status that is meant: `4XX` for `4xx`, `200` for
/// `200 OK`, and `default` for what names none.
pub(super) fn unusable(document: &Value, findings: &mut Findings) {
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        let Some(operation) = site
            .value
            .as_object()
            .filter(|_| site.kind == NodeKind::Operation)
        else {
            return;
        };
        let Some(responses) = members(operation, "responses") else {
            return;
        };
        let at = pointer::join(site.pointer, "responses");
        let mut taken: HashSet<String> = responses.keys().cloned().collect();
        let what = super::describe::describe(document, site.pointer);
        for status in responses.keys() {
            if is_status(status) || grammar::is_extension(NodeKind::Response, status) {
                continue;
            }
            let wanted = [meant_by(status), Some("default".to_owned())];
            let proper = wanted
                .into_iter()
                .flatten()
                .find(|wanted| !taken.contains(wanted));
            let at = pointer::join(&at, status);
            match proper {
                Some(proper) => {
                    taken.insert(proper.clone());
                    let reason = format!(
                        "{what} has a response under `{status}`, which is no HTTP status; `{proper}` is meant."
                    );
                    findings.rename(UnusableStatus, at, proper, reason);
                }
                None => {
                    let reason = format!(
                        "{what} has a response under `{status}`, which is no HTTP status, beside those that could be meant."
                    );
                    findings.remove(UnusableStatus, at, reason);
                }
            }
        }
    });
}

/// OpenAPI 3.0.3, "Responses Object": a code, a range such as `4XX`, `default`.
fn is_status(text: &str) -> bool {
    match text.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        [b'1'..=b'5', tens, ones] => tens.is_ascii_digit() && ones.is_ascii_digit(),
        _ => text == "default",
    }
}

fn meant_by(text: &str) -> Option<String> {
    let start: String = text.chars().take(3).collect();
    let meant = start.to_ascii_uppercase();
    is_status(&meant).then_some(meant)
}
