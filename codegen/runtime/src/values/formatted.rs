//! Text in a format that Rust has a type for.

/// Declares a type that keeps a text as it was written, and gives the value that
/// it stands for where it is in its format. So a response decodes whatever a server
/// makes of the format, and is written back unchanged.
#[doc(hidden)]
#[macro_export]
macro_rules! formatted {
    ($name:ident, $value:ty, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(::std::string::String);

        impl $name {
            /// The text as it was written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The value, if the text is in its format.
            #[must_use]
            pub fn value(&self) -> ::std::option::Option<$value> {
                self.0.parse().ok()
            }
        }

        impl ::std::convert::From<$value> for $name {
            fn from(value: $value) -> Self {
                Self(::std::string::ToString::to_string(&value))
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self(text)
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(::std::string::String::from(text))
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::internal::serde::Serialize for $name {
            fn serialize<S: $crate::internal::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> $crate::internal::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::internal::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let text =
                    <::std::string::String as $crate::internal::serde::Deserialize>::deserialize(
                        deserializer,
                    );
                ::std::result::Result::map(text, Self)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    crate::formatted!(Ipv4, Ipv4Addr, "An address.");

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
