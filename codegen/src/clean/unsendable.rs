//! Names that cannot be sent as they stand.

use serde_json::Value;

use super::Defect::{UnusableParameterName, UnusablePath};
use super::describe::describe;
use super::malformed::capital;
use super::repair::{Findings, show};
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;

/// Percent-encodes the control characters of a path, and those that turn the
/// direction of text. Names in braces are never sent, and stay.
pub(super) fn paths(document: &Value, findings: &mut Findings) {
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, _) in paths.into_iter().flatten() {
        if grammar::is_extension(NodeKind::PathItem, path) || !path.contains(is_unprintable) {
            continue;
        }
        let encoded = encoded(path);
        if encoded == *path || paths.is_some_and(|paths| paths.contains_key(&encoded)) {
            continue;
        }
        let reason = format!(
            "The path {} has characters that cannot be seen, and that no URL has; \
             percent-encoded, it can be sent.",
            show(&Value::from(path.as_str()))
        );
        findings.rename(UnusablePath, pointer::join("/paths", path), encoded, reason);
    }
}

fn encoded(path: &str) -> String {
    let mut encoded = String::new();
    let mut is_within = false;
    for character in path.chars() {
        match character {
            '{' => is_within = true,
            '}' => is_within = false,
            _ => {}
        }
        if is_unprintable(character) && !is_within {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        } else {
            encoded.push(character);
        }
    }
    encoded
}

/// Controls, and what turns the direction of the text around it.
fn is_unprintable(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Leaves out headers and cookies whose names HTTP does not have (RFC 9110,
/// section 5.1; RFC 6265, section 4.1.1).
pub(super) fn parameter_names(document: &Value, findings: &mut Findings) {
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        let text = |member: &str| site.value.get(member).and_then(Value::as_str);
        let (NodeKind::Parameter, Some(place @ ("header" | "cookie")), Some(name)) =
            (site.kind, text("in"), text("name"))
        else {
            return;
        };
        if !is_token(name) {
            let reason = format!(
                "{} is a {place} called {}, which is no name that HTTP has; it is left out.",
                capital(&describe(document, site.pointer)),
                show(&Value::from(name))
            );
            findings.remove(UnusableParameterName, site.pointer.to_owned(), reason);
        }
    });
}

/// Whether `text` is a token (RFC 9110, section 5.6.2).
pub(super) fn is_token(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(is_plain)
}
