//! Takes the result out of the envelope around an answer.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The names of the envelope's properties, from the plan's `[envelope]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvelopeKeys {
    /// A boolean: whether the call succeeded.
    pub success: String,
    /// The messages that say why it did not.
    pub errors: String,
    /// Remarks beside the result.
    pub messages: String,
    /// What the caller asked for.
    pub result: String,
    /// Where a page stands in the whole list.
    pub result_info: String,
}

impl Default for EnvelopeKeys {
    /// Cloudflare's names.
    fn default() -> Self {
        Self {
            success: "success".to_owned(),
            errors: "errors".to_owned(),
            messages: "messages".to_owned(),
            result: "result".to_owned(),
            result_info: "result_info".to_owned(),
        }
    }
}

/// What an envelope holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Enveloped {
    /// The schema of the result; `None` where the document promises none.
    pub result: Option<Value>,
    /// Whether the answer says which page of a list it is.
    pub paged: bool,
}

/// Reads `schema`, the merged object schema of an answer, as an envelope.
///
/// Returns `None` where it is not one: an envelope has a property for success
/// and one for errors, under the names in `keys`.
pub fn unwrap(schema: &Map<String, Value>, keys: &EnvelopeKeys) -> Option<Enveloped> {
    let properties = schema.get("properties")?.as_object()?;
    if !properties.contains_key(&keys.success) || !properties.contains_key(&keys.errors) {
        return None;
    }
    Some(Enveloped {
        result: properties.get(&keys.result).cloned(),
        paged: properties.contains_key(&keys.result_info),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn unwrap_value(schema: Value) -> Option<Enveloped> {
        let schema = schema.as_object().expect("an object schema");
        unwrap(schema, &EnvelopeKeys::default())
    }

    #[test]
    fn the_result_of_an_envelope_is_taken_out() {
        let enveloped = unwrap_value(json!({
            "properties": {
                "success": { "type": "boolean" },
                "errors": { "type": "array" },
                "result": { "$ref": "#/components/schemas/Zone" }
            }
        }));
        assert_eq!(
            enveloped,
            Some(Enveloped {
                result: Some(json!({ "$ref": "#/components/schemas/Zone" })),
                paged: false,
            })
        );
    }

    #[test]
    fn an_envelope_with_page_information_is_paged_and_may_lack_a_result() {
        let enveloped = unwrap_value(json!({
            "properties": { "success": {}, "errors": {}, "result_info": {} }
        }));
        assert_eq!(
            enveloped,
            Some(Enveloped {
                result: None,
                paged: true,
            })
        );
    }

    #[test]
    fn an_object_that_only_has_a_result_is_no_envelope() {
        assert_eq!(
            unwrap_value(json!({ "properties": { "result": {}, "success": {} } })),
            None
        );
        assert_eq!(unwrap_value(json!({ "type": "string" })), None);
    }
}
