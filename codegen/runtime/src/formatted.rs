//! Text in a format that Rust has a type for.

/// Declares a type that keeps a text as it was written, and gives the value that
/// it stands for where it is in its format. So an answer decodes whatever a server
/// makes of the format, and is written back unchanged.
macro_rules! formatted {
    ($name:ident, $value:ty, $doc:literal) => {
        #[doc = $doc]
        #[derive(
            Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text as it was written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The value, if the text is in its format.
            #[must_use]
            pub fn value(&self) -> Option<$value> {
                self.0.parse().ok()
            }
        }

        impl From<$value> for $name {
            fn from(value: $value) -> Self {
                Self(value.to_string())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use formatted;

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use serde::{Deserialize, Serialize};

    formatted!(Ipv4, Ipv4Addr, "An address.");

    #[test]
    fn a_text_is_kept_whether_it_is_in_its_format_or_not() {
        for (text, value) in [("192.0.2.1", Some(Ipv4Addr::new(192, 0, 2, 1))), ("", None)] {
            let json = serde_json::to_string(text).unwrap();
            let read: Ipv4 = serde_json::from_str(&json).unwrap();
            assert_eq!(read.value(), value);
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
        assert_eq!(Ipv4::from(Ipv4Addr::LOCALHOST).as_str(), "127.0.0.1");
    }
}
