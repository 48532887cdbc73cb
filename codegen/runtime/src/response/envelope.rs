//! The envelope around a result, whose members are called as the protocol says.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::protocol::{EnvelopeKeys, PageInfoKeys, Protocol};
use crate::wire::message::Messages;
use crate::wire::page_info::PageInfo;
use crate::wire::tolerant::Place;

/// What is around the result.
pub(crate) struct Enveloped<T> {
    pub success: Option<bool>,
    pub errors: Messages,
    pub messages: Messages,
    pub result: Option<T>,
    pub result_info: Option<Box<PageInfo>>,
}

/// Reads an envelope in one pass, without a copy of anything but the result.
pub(crate) struct Read<T> {
    keys: EnvelopeKeys,
    page: &'static PageInfoKeys,
    result: PhantomData<T>,
}

impl<T> Read<T> {
    /// For an API without an envelope, `None`.
    pub fn new(protocol: &'static Protocol) -> Option<Self> {
        Some(Self::with(protocol.envelope?, protocol))
    }

    /// For an object with these members.
    pub fn with(keys: EnvelopeKeys, protocol: &'static Protocol) -> Self {
        Self {
            keys,
            page: &protocol.page_info,
            result: PhantomData,
        }
    }
}

/// A member of the envelope.
enum Member {
    Success,
    Errors,
    Messages,
    Result,
    ResultInfo,
    Other,
}

struct Name<'k>(&'k EnvelopeKeys);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Member;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Member, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Member, E> {
        let Self(keys) = self;
        Ok(match name {
            // A key that is empty names nothing, and so does an empty name.
            "" => Member::Other,
            name if name == keys.result => Member::Result,
            name if name == keys.success => Member::Success,
            name if name == keys.errors => Member::Errors,
            name if name == keys.messages => Member::Messages,
            name if name == keys.result_info => Member::ResultInfo,
            _ => Member::Other,
        })
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Read<T> {
    type Value = Enveloped<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Read<T> {
    type Value = Enveloped<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a result")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let keys = &self.keys;
        let (mut success, mut errors, mut messages) = (None, None, None);
        let (mut result, mut result_info) = (None, None);
        while let Some(member) = map.next_key_seed(Name(keys))? {
            match member {
                Member::Success => once(&mut success, keys.success, map.next_value()?)?,
                Member::Errors => once(&mut errors, keys.errors, map.next_value()?)?,
                Member::Messages => once(&mut messages, keys.messages, map.next_value()?)?,
                Member::Result => once(&mut result, keys.result, map.next_value()?)?,
                Member::ResultInfo => {
                    let info = map.next_value_seed(Info(self.page))?;
                    once(&mut result_info, keys.result_info, info)?;
                }
                Member::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Enveloped {
            success: success.flatten(),
            errors: errors.unwrap_or_default(),
            messages: messages.unwrap_or_default(),
            result: result.flatten(),
            result_info: result_info.flatten(),
        })
    }
}

fn once<T, E: Error>(place: &mut Option<T>, name: &'static str, value: T) -> Result<(), E> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::duplicate_field(name)),
    }
}

/// What is said about a page, or null.
struct Info(&'static PageInfoKeys);

impl<'de> DeserializeSeed<'de> for Info {
    type Value = Option<Box<PageInfo>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Info {
    type Value = Option<Box<PageInfo>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let mut info = Box::new(PageInfo::new(self.0));
        Place(&mut *info).deserialize(deserializer)?;
        Ok(Some(info))
    }
}
