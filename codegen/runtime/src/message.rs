//! The parts of the envelope that are not the result.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// An error, or a remark, that the server sent about a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// Number of the message. 0 where the server sent none.
    #[serde(default)]
    pub code: i64,
    /// What happened.
    #[serde(default, deserialize_with = "null_as_default")]
    pub message: String,
    /// Where it is explained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documentation_url: Option<String>,
    /// What in the request caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<MessageSource>,
    /// The messages behind this one, the outermost first.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub error_chain: Vec<Message>,
    /// Everything else that the server said.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What in a request caused a [`Message`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageSource {
    /// A JSON pointer into the request's body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Everything else that the server said.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl std::fmt::Display for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (code {})", self.message, self.code)?;
        for cause in &self.error_chain {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

/// Where a page stands in the whole list. Numbers that the server did not send
/// are `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PageInfo {
    /// Number of this page, from 1.
    pub page: Option<f64>,
    /// Items per page.
    pub per_page: Option<f64>,
    /// Items on this page.
    pub count: Option<f64>,
    /// Items on all pages.
    pub total_count: Option<f64>,
    /// Number of pages.
    pub total_pages: Option<f64>,
    /// Everything else that the server said, such as cursors.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Reads `null` as the type's default, as servers mean it in lists of messages.
pub(super) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
