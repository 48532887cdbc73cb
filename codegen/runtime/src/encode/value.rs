//! A value that becomes a parameter, a field of a form, or a part of one.

use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::encode::json;

/// A value as JSON. It is taken apart as far as a style needs it, so that members
/// keep their order and numbers their spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written(String);

/// What a value is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    Null,
    /// As text: strings without quotes, the rest as JSON has it.
    Scalar(String),
    List(Vec<Written>),
    Object(Vec<(String, Written)>),
}

impl Written {
    /// # Errors
    ///
    /// A value that JSON cannot say, such as a map whose keys are no strings.
    pub fn new(value: &(impl Serialize + ?Sized)) -> Result<Self, serde_json::Error> {
        // Nothing but text is ever written.
        let text = json::to_vec(value)?;
        Ok(Self(String::from_utf8_lossy(&text).into_owned()))
    }

    /// The value as JSON.
    pub fn json(&self) -> &str {
        &self.0
    }

    pub fn is_null(&self) -> bool {
        self.0 == "null"
    }

    /// Whether it is a list or an object.
    pub fn is_composite(&self) -> bool {
        self.0.starts_with(['{', '['])
    }

    /// The value as text: a string without quotes, the rest as JSON.
    pub fn text(&self) -> String {
        match self.0.starts_with('"') {
            true => serde_json::from_str(&self.0).unwrap_or_default(),
            false => self.0.clone(),
        }
    }

    pub fn shape(&self) -> Shape {
        let part = |raw: &RawValue| Self(raw.get().to_owned());
        // What was written as JSON is read again.
        match self.0.as_bytes().first() {
            Some(b'{') => {
                let Members(members) = serde_json::from_str(&self.0).unwrap_or_default();
                let members = members.into_iter();
                Shape::Object(members.map(|(name, raw)| (name, part(raw))).collect())
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(&self.0).unwrap_or_default();
                Shape::List(items.into_iter().map(part).collect())
            }
            Some(b'n') => Shape::Null,
            _ => Shape::Scalar(self.text()),
        }
    }
}

/// The members of an object, in their order.
#[derive(Default)]
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Thing {
        z: f64,
        a: Option<f32>,
        list: Vec<u128>,
    }

    #[test]
    fn members_keep_their_order_and_numbers_their_spelling() {
        let thing = Thing {
            z: 2.0,
            a: Some(0.1),
            list: vec![u128::MAX],
        };
        let written = Written::new(&thing).unwrap();
        let Shape::Object(members) = written.shape() else {
            panic!("{written:?}")
        };
        let members: Vec<_> = members
            .iter()
            .map(|(name, it)| (&**name, it.text()))
            .collect();
        let list = format!("[{}]", u128::MAX);
        let expected = [("z", "2"), ("a", "0.1"), ("list", &*list)];
        assert_eq!(members, expected.map(|(name, it)| (name, it.to_owned())));
    }

    #[test]
    fn a_string_is_text_and_not_what_it_looks_like() {
        for text in ["null", "{}", "[1]", "a\"b\n", "", "1.0"] {
            let written = Written::new(text).unwrap();
            assert_eq!(written.shape(), Shape::Scalar(text.to_owned()));
            assert!(!written.is_composite() && !written.is_null());
        }
    }
}
