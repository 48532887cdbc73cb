//! Fields that tell null from nothing.

use serde::{Deserialize, Deserializer};

use crate::values::integer::{Integral, integer};

/// Reads what is there, null included; what is absent never comes here.
///
/// # Errors
///
/// A value that is neither null nor a `T`.
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// The same for whole numbers, as [`integer`] reads them.
///
/// # Errors
///
/// A value that is neither null nor a whole number.
pub fn nullable_integer<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Integral,
    D: Deserializer<'de>,
{
    integer::<Option<T>, D>(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Change {
        #[serde(
            default,
            deserialize_with = "nullable",
            skip_serializing_if = "Option::is_none"
        )]
        comment: Option<Option<String>>,
    }

    #[test]
    fn null_and_nothing_are_written_as_they_were_read() {
        for text in ["{}", r#"{"comment":null}"#, r#"{"comment":"a"}"#] {
            let change: Change = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&change).unwrap(), text);
        }
    }
}
