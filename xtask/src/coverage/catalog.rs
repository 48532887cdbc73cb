//! What an emitted crate says of itself: its `operations.json`.

use std::collections::BTreeMap;

use codegen::examples::Part;
use serde::Deserialize;

/// An entry of `operations.json`, as far as coverage needs it. An operation that
/// takes bodies of several media types has one for each.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    /// The operation's id.
    pub id: String,
    /// The client's method.
    pub function: String,
    /// The builder that it returns, as seen from the crate's root.
    pub builder: String,
    /// The Rust type of the body, or the media type of what is sent as it is.
    body: Option<String>,
    /// The result, where it is the same for every status.
    #[serde(flatten)]
    result: Held,
    /// The results by status, where they differ.
    #[serde(default)]
    results: BTreeMap<String, Held>,
}

/// What a response holds.
#[derive(Debug, Clone, Deserialize)]
pub struct Held {
    /// The Rust type.
    result: String,
    /// Where it is in the response.
    pub envelope: Place,
}

/// Where in a response its result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// The response is the result.
    Absent,
    /// In the member of the envelope that is for it.
    Around,
    /// It is all that is not the envelope's own.
    Among,
}

impl Entry {
    /// The type that carries `part`, as seen from the crate's root, and where in
    /// it; none where the crate passes the part on as it is.
    pub fn carrier(&self, part: &Part) -> Option<(&str, Place)> {
        let (ty, place) = match part {
            Part::Body { .. } => (self.body.as_deref()?, Place::Absent),
            Part::Response { status, .. } => {
                let by_status = self.results.get(status);
                // A status that is not listed holds the same as one before it.
                let held = by_status.or(self.results.values().next());
                let held = held.unwrap_or(&self.result);
                (held.result.as_str(), held.envelope)
            }
        };
        is_decoded(ty).then_some((ty, place))
    }

    /// Every type that the operation decodes or encodes.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        let only = self.results.is_empty().then_some(&self.result);
        let results = self.results.values().chain(only);
        let results = results.map(|held| &held.result);
        let types = self.body.iter().chain(results).map(String::as_str);
        types.filter(|ty| is_decoded(ty))
    }
}

/// Whether a type stands for JSON: bytes, streams and media types do not.
fn is_decoded(ty: &str) -> bool {
    let mut words = ty.split(|c: char| !c.is_alphanumeric() && c != '_');
    !ty.contains('/') && !words.any(|word| matches!(word, "Bytes" | "bytes" | "Download"))
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
            "id": "a", "function": "a", "builder": "operations::A", "body": "application/zip",
            "result": "operations::AAnswer", "envelope": "absent", "results": {
                "200": { "result": "types::A", "envelope": "around" },
                "202": { "result": "types::B", "envelope": "among" }
            }
        }]"#;
        let entry = &read(text).expect("entries")[0];
        let body = Part::Body {
            media_type: "application/json".to_owned(),
        };
        assert_eq!(entry.carrier(&body), None);
        assert_eq!(
            entry.carrier(&response("200")),
            Some(("types::A", Place::Around))
        );
        assert_eq!(
            entry.carrier(&response("201")),
            Some(("types::A", Place::Around))
        );
        assert_eq!(
            entry.carrier(&response("202")),
            Some(("types::B", Place::Among))
        );
        assert_eq!(entry.types().collect::<Vec<_>>(), ["types::A", "types::B"]);
    }

    #[test]
    fn bytes_are_not_decoded() {
        let text = r#"[{ "id": "a", "function": "a", "builder": "operations::A", "body": null,
            "result": "bytes::Bytes", "envelope": "absent" }]"#;
        let entry = &read(text).expect("entries")[0];
        assert_eq!(entry.carrier(&response("200")), None);
        assert_eq!(entry.types().count(), 0);
    }
}
