//! Reading of what may be of any type, without a `Value` between, and without
//! moving it once it is read.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A place that takes in JSON of any type.
pub(crate) trait Tolerant {
    /// Takes in an object.
    fn object<'de, A: MapAccess<'de>>(&mut self, members: A) -> Result<(), A::Error> {
        self.value(Value::deserialize(MapAccessDeserializer::new(members))?);
        Ok(())
    }

    /// Takes in a list.
    fn list<'de, A: SeqAccess<'de>>(&mut self, items: A) -> Result<(), A::Error> {
        self.value(Value::deserialize(SeqAccessDeserializer::new(items))?);
        Ok(())
    }

    /// Takes in text.
    fn text(&mut self, text: String) {
        self.value(Value::String(text));
    }

    /// Takes in a whole number.
    fn integer(&mut self, number: i64) {
        self.value(number.into());
    }

    /// Takes in what none of the others is for.
    fn value(&mut self, value: Value);
}

/// Reads into a new `T`.
pub(crate) fn read<'de, T: Tolerant + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut place = T::default();
    Place(&mut place).deserialize(deserializer)?;
    Ok(place)
}

/// Reads into a place.
pub(crate) struct Place<'p, T>(pub &'p mut T);

impl<'de, T: Tolerant> DeserializeSeed<'de> for Place<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Tolerant> Visitor<'de> for Place<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        self.0.object(members)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        self.0.list(items)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.value(Value::Null);
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.0.value(value.into());
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.0.integer(value);
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.0.integer(value),
            Err(_) => self.0.value(value.into()),
        }
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.0.value(value.into());
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.0.text(value.to_owned());
        Ok(())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<(), E> {
        self.0.text(value);
        Ok(())
    }
}

/// What has members of known names, and room for others.
pub(crate) trait Members: Default {
    /// `name` as it is written here, if it is known.
    fn known(&self, name: &str) -> Option<&'static str>;

    /// Takes in the value of the known member `name`, and gives it back if it is
    /// of an unexpected type.
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        members: &mut A,
    ) -> Result<Option<Value>, A::Error>;

    /// The room for others.
    fn other(&mut self) -> &mut Map<String, Value>;
}

/// Takes in all members of an object.
pub(crate) fn fill<'de, T: Members, A: MapAccess<'de>>(
    place: &mut T,
    mut members: A,
) -> Result<(), A::Error> {
    while let Some(name) = members.next_key_seed(Name(&*place))? {
        let left = match &name {
            Cow::Borrowed(known) => place.take(known, &mut members)?,
            Cow::Owned(_) => Some(members.next_value()?),
        };
        if let Some(left) = left {
            place.other().insert(name.into_owned(), left);
        }
    }
    Ok(())
}

/// Puts the next value into `place`, and gives back what does not fit; null is
/// nothing.
pub(crate) fn put<'de, T, P: From<T>, A: MapAccess<'de>>(
    members: &mut A,
    place: &mut P,
) -> Result<Option<Value>, A::Error>
where
    for<'p> Slot<'p, T, P>: Tolerant,
{
    let mut slot = Slot::new(place);
    members.next_value_seed(Place(&mut slot))?;
    Ok(slot.left)
}

/// A place for a `T`.
pub(crate) struct Slot<'p, T, P> {
    place: &'p mut P,
    /// What did not fit.
    left: Option<Value>,
    takes: PhantomData<T>,
}

impl<'p, T, P: From<T>> Slot<'p, T, P> {
    pub fn new(place: &'p mut P) -> Self {
        Self {
            place,
            left: None,
            takes: PhantomData,
        }
    }

    fn set(&mut self, value: T) {
        *self.place = value.into();
    }

    fn leave(&mut self, value: Value) {
        if !value.is_null() {
            self.left = Some(value);
        }
    }
}

impl<T: Members, P: From<T>> Tolerant for Slot<'_, T, P> {
    fn object<'de, A: MapAccess<'de>>(&mut self, members: A) -> Result<(), A::Error> {
        let mut read = T::default();
        fill(&mut read, members)?;
        self.set(read);
        Ok(())
    }

    fn value(&mut self, value: Value) {
        self.leave(value);
    }
}

impl<P: From<String>> Tolerant for Slot<'_, String, P> {
    fn text(&mut self, text: String) {
        self.set(text);
    }

    fn value(&mut self, value: Value) {
        self.leave(value);
    }
}

impl<P: From<i64>> Tolerant for Slot<'_, i64, P> {
    fn integer(&mut self, number: i64) {
        self.set(number);
    }

    fn value(&mut self, value: Value) {
        let written = || value.as_str()?.trim().parse().ok();
        let whole = || {
            let number = decimal(&value).filter(|number| number.fract() == 0.0)?;
            (number.abs() < LARGEST).then_some(number as i64)
        };
        match written().or_else(whole) {
            Some(number) => self.set(number),
            None => self.leave(value),
        }
    }
}

impl<P: From<f64>> Tolerant for Slot<'_, f64, P> {
    fn value(&mut self, value: Value) {
        match decimal(&value) {
            Some(number) => self.set(number),
            None => self.leave(value),
        }
    }
}

/// Below this, each whole number is a decimal of its own.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// A number, also if it is written as text.
fn decimal(value: &Value) -> Option<f64> {
    let written = || value.as_str()?.trim().parse().ok();
    value
        .as_f64()
        .or_else(written)
        .filter(|number| number.is_finite())
}

/// The name of a member of `T`, without a copy if it is known.
struct Name<'p, T>(&'p T);

impl<'de, T: Members> DeserializeSeed<'de> for Name<'_, T> {
    type Value = Cow<'static, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: Members> Visitor<'_> for Name<'_, T> {
    type Value = Cow<'static, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(match self.0.known(name) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(name.to_owned()),
        })
    }
}
