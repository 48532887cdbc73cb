//! Whole numbers, which servers also write as `1.0`.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor,
};

/// Reads whole numbers, alone or within [`Option`], [`Vec`], [`Box`] and maps, also
/// where they are written like `1.0` or `1e3`. To be named in
/// `#[serde(deserialize_with = "…")]`; an optional field needs `default` with it.
///
/// # Errors
///
/// A value of another type, one with a fraction, and one beyond the type's range.
pub fn integer<'de, T: Integral, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

/// What [`integer`] reads.
pub trait Integral: Sized {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// See [`integer`].
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// A value that [`integer`] reads, as a type of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Integers<T>(pub T);

impl<'de, T: Integral> Deserialize<'de> for Integers<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// Reads a value within another.
struct Within<T>(PhantomData<T>);

impl<'de, T: Integral> DeserializeSeed<'de> for Within<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

macro_rules! integral {
    ($($type:ident $method:ident,)*) => {$(
        impl Integral for $type {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Read;

                impl Visitor<'_> for Read {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(stringify!($type))
                    }

                    fn visit_i64<E: Error>(self, value: i64) -> Result<$type, E> {
                        let number = Unexpected::Signed(value);
                        $type::try_from(value).map_err(|_| E::invalid_value(number, &self))
                    }

                    fn visit_u64<E: Error>(self, value: u64) -> Result<$type, E> {
                        let number = Unexpected::Unsigned(value);
                        $type::try_from(value).map_err(|_| E::invalid_value(number, &self))
                    }

                    fn visit_f64<E: Error>(self, value: f64) -> Result<$type, E> {
                        // All floating-point numbers that are whole lie in this range,
                        // or beyond every type of integer here.
                        let is_whole = value.fract() == 0.0 && value.abs() < 2_f64.powi(64);
                        let whole = is_whole.then_some(value as i128);
                        let whole = whole.and_then(|whole| $type::try_from(whole).ok());
                        whole.ok_or_else(|| match is_whole {
                            true => E::invalid_value(Unexpected::Float(value), &self),
                            false => E::invalid_type(Unexpected::Float(value), &self),
                        })
                    }
                }

                deserializer.$method(Read)
            }
        }
    )*};
}

integral! {
    i8 deserialize_i8,
    i16 deserialize_i16,
    i32 deserialize_i32,
    i64 deserialize_i64,
    u8 deserialize_u8,
    u16 deserialize_u16,
    u32 deserialize_u32,
    u64 deserialize_u64,
}

impl<T: Integral> Integral for Box<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self::new)
    }
}

impl<T: Integral> Integral for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<T>(PhantomData<T>);

        impl<'de, T: Integral> Visitor<'de> for Read<T> {
            type Value = Option<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("option")
            }

            fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_some<D: Deserializer<'de>>(self, it: D) -> Result<Self::Value, D::Error> {
                T::read(it).map(Some)
            }
        }

        deserializer.deserialize_option(Read(PhantomData))
    }
}

impl<T: Integral> Integral for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<T>(PhantomData<T>);

        impl<'de, T: Integral> Visitor<'de> for Read<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element_seed(Within(PhantomData))? {
                    list.push(item);
                }
                Ok(list)
            }
        }

        deserializer.deserialize_seq(Read(PhantomData))
    }
}

/// Reads a map of any kind.
struct Entries<K, V, M>(PhantomData<(K, V, M)>);

impl<'de, K, V, M> Visitor<'de> for Entries<K, V, M>
where
    K: Deserialize<'de>,
    V: Integral,
    M: Default + Extend<(K, V)>,
{
    type Value = M;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<M, A::Error> {
        let mut map = M::default();
        while let Some(name) = entries.next_key()? {
            let value = entries.next_value_seed(Within(PhantomData))?;
            map.extend(std::iter::once((name, value)));
        }
        Ok(map)
    }
}

impl<K, V> Integral for BTreeMap<K, V>
where
    K: for<'de> Deserialize<'de> + Ord,
    V: Integral,
{
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

impl<K, V> Integral for HashMap<K, V>
where
    K: for<'de> Deserialize<'de> + Eq + Hash,
    V: Integral,
{
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Thing {
        #[serde(deserialize_with = "integer")]
        id: u64,
        #[serde(default, deserialize_with = "integer")]
        count: Option<i64>,
        #[serde(default, deserialize_with = "integer")]
        sizes: Vec<i32>,
        #[serde(default, deserialize_with = "integer")]
        by_name: BTreeMap<String, Option<Vec<i8>>>,
        #[serde(
            default,
            deserialize_with = "crate::values::nullable::nullable_integer"
        )]
        change: Option<Option<i64>>,
    }

    fn read(text: &str) -> Result<Thing, serde_json::Error> {
        let read = serde_json::from_str(text);
        // A union reads the same from a value.
        let again = serde_json::from_value(serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(read.as_ref().ok(), again.as_ref().ok(), "{text}");
        read
    }

    #[test]
    fn a_whole_number_is_read_however_it_is_written() {
        let thing = read(
            r#"{"id":1.0,"count":-2.0,"sizes":[1,2.0,1e3],"by_name":{"a":[1.0],"b":null},"change":3.0}"#,
        );
        let expected = Thing {
            id: 1,
            count: Some(-2),
            sizes: vec![1, 2, 1000],
            by_name: BTreeMap::from([("a".to_owned(), Some(vec![1])), ("b".to_owned(), None)]),
            change: Some(Some(3)),
        };
        assert_eq!(thing.unwrap(), expected);
        let thing = read(r#"{"id":18446744073709551615,"count":null,"change":null}"#).unwrap();
        assert_eq!(
            (thing.id, thing.count, thing.change),
            (u64::MAX, None, Some(None))
        );
        let thing = read(r#"{"id":-0.0}"#).unwrap();
        assert_eq!((thing.id, thing.count, thing.change), (0, None, None));
    }

    #[test]
    fn what_is_no_whole_number_of_the_type_is_an_error_as_ever() {
        for (text, expected) in [
            (
                r#"{"id":1.5}"#,
                "invalid type: floating point `1.5`, expected u64",
            ),
            (r#"{"id":-1}"#, "invalid value: integer `-1`, expected u64"),
            (
                r#"{"id":-1.0}"#,
                "invalid value: floating point `-1.0`, expected u64",
            ),
            (
                r#"{"id":1e30}"#,
                "invalid type: floating point `1e+30`, expected u64",
            ),
            (r#"{"id":"1"}"#, "invalid type: string \"1\", expected u64"),
            (
                r#"{"id":1,"sizes":[3000000000.0]}"#,
                "invalid value: floating point `3000000000.0`, expected i32",
            ),
            (
                r#"{"id":18446744073709551616.0}"#,
                "invalid type: floating point",
            ),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_list_of_whole_numbers_is_read_on_its_own() {
        let list = serde_json::from_value(json!([1.0, 2]));
        assert_eq!(list.ok(), Some(Integers(vec![1_u8, 2])));
    }
}
