//! What an emitted crate says of itself: its `operations.json`.

use std::collections::BTreeMap;

use codegen::examples::Part;
use serde::Deserialize;

/// An entry of `operations.json`, as far as coverage needs it.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    /// The operation's id.
    pub id: String,
    /// The client's method.
    pub function: String,
    /// The builder that it returns, as seen from the crate's root.
    pub builder: String,
    /// The Rust type of the body, or the media type of what is sent as it is.
    #[serde(default)]
    body: Option<String>,
    /// The Rust type of the result.
    #[serde(default)]
    result: Option<String>,
    /// The Rust types of the results, where they differ by status.
    #[serde(default)]
    results: BTreeMap<String, String>,
    /// Whether answers come in the envelope, where the crate says so.
    #[serde(default)]
    pub enveloped: Option<bool>,
}

impl Entry {
    /// The type that carries `part`, as seen from the crate's root; none where
    /// the crate passes it on as bytes, or has nothing for it.
    pub fn type_of(&self, part: &Part) -> Option<&str> {
        let ty = match part {
            Part::Body { .. } => self.body.as_ref(),
            Part::Response { status, .. } => self.results.get(status).or(self.result.as_ref()),
        };
        ty.map(String::as_str).filter(|ty| is_decoded(ty))
    }

    /// Every type that the operation decodes or encodes.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        let results = self.results.values().chain(&self.result);
        let types = self.body.iter().chain(results).map(String::as_str);
        types.filter(|ty| is_decoded(ty))
    }
}

/// Whether a type stands for JSON: bytes and media types do not.
fn is_decoded(ty: &str) -> bool {
    let words = || ty.split(|c: char| !c.is_alphanumeric() && c != '_');
    !ty.contains('/') && !words().any(|word| word == "Bytes" || word == "bytes")
}

/// Reads the text of an `operations.json`.
pub fn read(text: &str) -> Result<Vec<Entry>, serde_json::Error> {
    serde_json::from_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: &str) -> Part {
        Part::Response {
            status: status.to_owned(),
            media_type: "application/json".to_owned(),
        }
    }

    #[test]
    fn a_type_is_found_by_part_and_status() {
        let text = r#"[{
            "id": "a", "method": "GET", "path": "/", "function": "a", "builder": "operations::A",
            "body": "application/zip", "result": "types::A", "results": { "202": "types::B" }
        }]"#;
        let entries = read(text).expect("entries");
        let body = Part::Body {
            media_type: "application/json".to_owned(),
        };
        assert_eq!(entries[0].type_of(&body), None);
        assert_eq!(entries[0].type_of(&response("200")), Some("types::A"));
        assert_eq!(entries[0].type_of(&response("202")), Some("types::B"));
    }

    #[test]
    fn bytes_are_not_decoded() {
        let text = r#"[{ "id": "a", "function": "a", "builder": "operations::A",
            "result": "bytes::Bytes" }]"#;
        let entries = read(text).expect("entries");
        assert_eq!(entries[0].type_of(&response("200")), None);
    }
}
