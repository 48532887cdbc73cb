//! The parts of the envelope that are not the result. They are read without any
//! promise about them: what has an unexpected type is kept in `other`.

use std::fmt::{self, Write};
use std::sync::OnceLock;

use serde::de::{MapAccess, SeqAccess};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::text::OneLine;
use crate::wire::tolerant::{self, Members, Place, Tolerant, fill, put};

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

impl Members for Message {
    fn known(&self, name: &str) -> Option<&'static str> {
        Some(match name {
            "code" => "code",
            "message" => "message",
            "documentation_url" => "documentation_url",
            "source" => "source",
            "error_chain" => "error_chain",
            _ => return None,
        })
    }

    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        members: &mut A,
    ) -> Result<Option<Value>, A::Error> {
        match name {
            "code" => put::<i64, _, _>(members, &mut self.code),
            "message" => put::<String, _, _>(members, &mut self.message),
            "documentation_url" => put::<String, _, _>(members, &mut self.documentation_url),
            "source" => put::<MessageSource, _, _>(members, &mut self.source),
            _ => {
                members.next_value_seed(Place(&mut self.error_chain))?;
                Ok(None)
            }
        }
    }

    fn other(&mut self) -> &mut Map<String, Value> {
        &mut self.other
    }
}

impl Members for MessageSource {
    fn known(&self, name: &str) -> Option<&'static str> {
        Some(match name {
            "pointer" => "pointer",
            _ => return None,
        })
    }

    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        _pointer: &str,
        members: &mut A,
    ) -> Result<Option<Value>, A::Error> {
        put::<String, _, _>(members, &mut self.pointer)
    }

    fn other(&mut self) -> &mut Map<String, Value> {
        &mut self.other
    }
}

impl Tolerant for Message {
    fn object<'de, A: MapAccess<'de>>(&mut self, members: A) -> Result<(), A::Error> {
        fill(self, members)
    }

    fn text(&mut self, text: String) {
        self.message = text;
    }

    fn value(&mut self, value: Value) {
        if !value.is_null() {
            self.other.insert("message".to_owned(), value);
        }
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tolerant::read(deserializer)
    }
}

impl From<Value> for Message {
    fn from(value: Value) -> Self {
        // Whatever a value holds is read.
        Self::deserialize(value).unwrap_or_default()
    }
}

/// A list of messages, or a single one in its place.
impl Tolerant for Vec<Message> {
    fn object<'de, A: MapAccess<'de>>(&mut self, members: A) -> Result<(), A::Error> {
        let mut message = Message::default();
        fill(&mut message, members)?;
        *self = vec![message];
        Ok(())
    }

    fn list<'de, A: SeqAccess<'de>>(&mut self, mut items: A) -> Result<(), A::Error> {
        self.clear();
        let mut message = Message::default();
        while items.next_element_seed(Place(&mut message))?.is_some() {
            self.push(std::mem::take(&mut message));
        }
        Ok(())
    }

    fn value(&mut self, value: Value) {
        *self = match value {
            Value::Null => Vec::new(),
            one => vec![one.into()],
        };
    }
}

/// Reads a list of messages, or what stands in its place.
pub(crate) fn messages<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Message>, D::Error> {
    tolerant::read(deserializer)
}

/// Messages that are read when somebody asks for them: few do.
#[derive(Clone, Default)]
pub(crate) struct Messages {
    /// What the server wrote, if that is more than an empty list.
    written: Option<Box<RawValue>>,
    read: OnceLock<Vec<Message>>,
}

impl Messages {
    pub fn read(&self) -> &[Message] {
        self.read.get_or_init(|| {
            let Some(written) = &self.written else {
                return Vec::new();
            };
            let deserializer = &mut serde_json::Deserializer::from_str(written.get());
            messages(deserializer).unwrap_or_else(|_| {
                // It is nested too deeply, or has half a character: kept as written.
                let message = Message {
                    message: written.get().to_owned(),
                    ..Message::default()
                };
                vec![message]
            })
        })
    }
}

impl<'de> Deserialize<'de> for Messages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = <&RawValue>::deserialize(deserializer)?;
        let is_empty = matches!(written.get(), "[]" | "null");
        Ok(Self {
            written: (!is_empty).then(|| written.to_owned()),
            read: OnceLock::new(),
        })
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.read()).finish()
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
        for code in [json!(1e300), json!("nan"), json!(1.5), json!(u64::MAX)] {
            let message = Message::from(json!({ "code": code }));
            assert_eq!((message.code, &message.other["code"]), (0, &code));
        }
        let large = Message::from(json!({ "code": "9007199254740993" }));
        assert_eq!(large.code, 9_007_199_254_740_993);
        let odd = Message::from(json!({ "code": [1], "message": 2, "source": "s" }));
        assert_eq!(odd.other.len(), 3);
        assert_eq!(messages(json!({ "code": 1 })).unwrap().len(), 1);
        assert_eq!(messages(json!(null)).unwrap().len(), 0);
    }

    #[test]
    fn a_message_is_printed_on_one_line_and_bounded() {
        let message = Message::from(json!({ "code": 1, "message": "a\nb".repeat(5000) }));
        let text = message.to_string();
        assert!(!text.contains('\n') && text.len() < 600, "{text}");
        assert!(text.ends_with("… (code 1)"), "{text}");
    }

    #[test]
    fn messages_are_read_when_somebody_asks() {
        let read = |written: &str| serde_json::from_str::<Messages>(written).unwrap();
        for nothing in ["[]", "null", "[ ]"] {
            assert_eq!(read(nothing).read(), []);
        }
        let one = read(r#"[{"code": 7, "message": "so"}]"#);
        assert_eq!((one.read()[0].code, one.clone().read().len()), (7, 1));
        assert!(format!("{one:?}").contains("so"));
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(read(&deep).read()[0].message, deep);
    }
}
