//! Refusals in the API's own form.

use std::fmt;

use serde_json::{Map, Value};

use crate::error::call::{Call, Head};
use crate::wire::message::Message;

/// A refusal in the API's own form.
#[non_exhaustive]
pub struct ApiError {
    /// The call.
    pub call: Call,
    /// The head of the response.
    pub head: Head,
    /// Why the server refused.
    pub errors: Vec<Message>,
    /// What else it remarked.
    pub messages: Vec<Message>,
    /// What stood in the place of the result, where it was not null.
    pub result: Option<Value>,
    /// All other members of the response.
    pub other: Map<String, Value>,
    /// The body, as it came.
    pub body: bytes::Bytes,
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("call", &self.call)
            .field("head", &self.head)
            .field("errors", &Printed(&self.errors))
            .field("messages", &Printed(&self.messages))
            .finish_non_exhaustive()
    }
}

/// Messages as text of bounded length, however many there are.
struct Printed<'a>(&'a [Message]);

impl fmt::Debug for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let few = self.0.iter().take(10).map(Message::to_string);
        f.debug_list().entries(few).finish()?;
        match self.0.len() {
            0..=10 => Ok(()),
            count => write!(f, " of {count}"),
        }
    }
}
