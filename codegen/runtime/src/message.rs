//! The parts of the envelope that are not the result. They are read without any
//! promise about them: what has an unexpected type is kept in `other`.

use std::fmt::{self, Write};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::line::OneLine;

/// How many characters of a message are printed.
const PRINTED: usize = 500;

/// An error, or a remark, that the server sent about a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Message {
    /// Number of the message. 0 where the server sent none.
    pub code: i64,
    /// What happened.
    pub message: String,
    /// Where it is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation_url: Option<String>,
    /// What in the request caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<MessageSource>,
    /// The messages behind this one, the outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub error_chain: Vec<Message>,
    /// Everything else that the server said.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What in a request caused a [`Message`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MessageSource {
    /// A JSON pointer into the request's body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Everything else that the server said.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl From<Value> for Message {
    fn from(value: Value) -> Self {
        let mut other = match value {
            Value::Object(members) => members,
            Value::String(message) => {
                return Self {
                    message,
                    ..Self::default()
                };
            }
            value => Map::from_iter([("message".to_owned(), value)]),
        };
        Self {
            code: take(&mut other, "code", integer).unwrap_or_default(),
            message: take(&mut other, "message", text).unwrap_or_default(),
            documentation_url: take(&mut other, "documentation_url", text),
            source: take(&mut other, "source", |value| {
                let mut other = value.as_object()?.clone();
                let pointer = take(&mut other, "pointer", text);
                Some(MessageSource { pointer, other })
            }),
            error_chain: take(&mut other, "error_chain", |value| match value {
                Value::Null => None,
                value => Some(list(value.clone())),
            })
            .unwrap_or_default(),
            other,
        }
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = OneLine::new(f, PRINTED);
        line.write_str(&self.message)?;
        if self.code != 0 || self.message.is_empty() {
            write!(f, " (code {})", self.code)?;
        }
        for cause in &self.error_chain {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

/// Where a page stands in the whole list. Numbers that the server did not send
/// are `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
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

impl PageInfo {
    /// The cursor of the page behind this one, in lists that are turned by
    /// cursor: `cursor`, or `cursors.after`. `None` on their last page.
    #[must_use]
    pub fn next_cursor(&self) -> Option<&str> {
        let after = || self.other.get("cursors")?.get("after");
        let cursor = self.other.get("cursor").or_else(after)?;
        cursor.as_str().filter(|cursor| !cursor.is_empty())
    }
}

impl<'de> Deserialize<'de> for PageInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Value::Object(mut other) = Value::deserialize(deserializer)? else {
            return Ok(Self::default());
        };
        Ok(Self {
            page: take(&mut other, "page", number),
            per_page: take(&mut other, "per_page", number),
            count: take(&mut other, "count", number),
            total_count: take(&mut other, "total_count", number),
            total_pages: take(&mut other, "total_pages", number),
            other,
        })
    }
}

/// Reads a list of messages, or what stands in its place.
pub(super) fn messages<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Message>, D::Error> {
    Value::deserialize(deserializer).map(list)
}

fn list(value: Value) -> Vec<Message> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.into_iter().map(Message::from).collect(),
        one => vec![one.into()],
    }
}

/// Takes out the member `name`, if `read` finds in it what it looks for, or if
/// it is null.
fn take<T>(
    members: &mut Map<String, Value>,
    name: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Option<T> {
    let value = members.get(name)?;
    let found = read(value);
    if found.is_some() || value.is_null() {
        members.remove(name);
    }
    found
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn integer(value: &Value) -> Option<i64> {
    let number = || number(value).filter(|number| number.fract() == 0.0);
    value
        .as_i64()
        .or_else(|| number().map(|number| number as i64))
}

fn number(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_of_a_message_is_lost() {
        let sent = json!({
            "code": 6003, "message": "Invalid request headers", "new": [1],
            "documentation_url": "https://a.b", "source": { "pointer": "/csr", "x": 1 },
            "error_chain": [{ "code": 6103, "message": "Invalid format for X-Auth-Key header" }],
        });
        let message = Message::from(sent.clone());
        assert_eq!(message.error_chain[0].code, 6103);
        assert_eq!(
            message.source.as_ref().unwrap().pointer.as_deref(),
            Some("/csr")
        );
        assert_eq!(serde_json::to_value(&message).unwrap(), sent);
    }

    #[test]
    fn a_message_of_any_shape_is_read() {
        for (sent, code, text) in [
            (json!("no"), 0, "no"),
            (json!({ "code": "971", "message": "slow" }), 971, "slow"),
            (json!({ "code": 971.0, "message": null }), 971, ""),
            (json!({ "code": null, "error_chain": null }), 0, ""),
        ] {
            let message = Message::from(sent.clone());
            assert_eq!(
                (message.code, message.message.as_str()),
                (code, text),
                "{sent}"
            );
            assert_eq!(message.other, Map::new(), "{sent}");
        }
        let odd = Message::from(json!({ "code": [1], "message": 2, "source": "s" }));
        assert_eq!(odd.other.len(), 3);
        assert_eq!(list(json!({ "code": 1 })).len(), 1);
        assert_eq!(list(json!(null)).len(), 0);
    }

    #[test]
    fn a_message_is_printed_on_one_line_and_bounded() {
        let message = Message::from(json!({ "code": 1, "message": "a\nb".repeat(5000) }));
        let text = message.to_string();
        assert!(!text.contains('\n') && text.len() < 600, "{text}");
        assert!(text.ends_with("… (code 1)"), "{text}");
    }

    #[test]
    fn page_info_of_any_shape_is_read() {
        let info: PageInfo =
            serde_json::from_value(json!({ "page": "2", "count": null, "total_count": [] }))
                .unwrap();
        assert_eq!(
            (info.page, info.count, info.total_count),
            (Some(2.0), None, None)
        );
        assert_eq!(info.other.len(), 1);
        assert_eq!(
            serde_json::from_value::<PageInfo>(json!([])).unwrap(),
            PageInfo::default()
        );
    }

    #[test]
    fn a_cursor_is_found_where_cloudflare_puts_it() {
        for (sent, cursor) in [
            (json!({ "cursor": "a" }), Some("a")),
            (
                json!({ "cursors": { "after": "b", "before": "" } }),
                Some("b"),
            ),
            (json!({ "cursor": "" }), None),
            (json!({ "cursors": {} }), None),
            (json!({ "cursor": 1 }), None),
        ] {
            let info: PageInfo = serde_json::from_value(sent).unwrap();
            assert_eq!(info.next_cursor(), cursor);
        }
    }
}
