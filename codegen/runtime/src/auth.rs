//! Credentials, and the headers that they become.

use std::fmt;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// Proof of who calls. Secrets are wiped when dropped and never printed.
#[derive(Clone)]
#[non_exhaustive]
pub enum Credentials {
    /// An API token, sent as `Authorization: Bearer`.
    Token(SecretString),
    /// An account's email and its global key.
    EmailAndKey {
        /// The email, which is no secret.
        email: String,
        /// The key.
        key: SecretString,
    },
    /// A user service key, for the origin CA endpoints.
    UserServiceKey(SecretString),
}

impl Credentials {
    /// The headers of a request, each marked as sensitive.
    ///
    /// # Errors
    ///
    /// A value that no header can carry, such as one with a line break.
    pub(super) fn headers(&self) -> Result<HeaderMap, InvalidHeaderValue> {
        let mut headers = HeaderMap::new();
        let mut insert = |name: HeaderName, value: &str| {
            let mut value = HeaderValue::from_str(value)?;
            value.set_sensitive(true);
            headers.insert(name, value);
            Ok(())
        };
        match self {
            Self::Token(token) => {
                insert(AUTHORIZATION, &format!("Bearer {}", token.expose_secret()))?;
            }
            Self::EmailAndKey { email, key } => {
                insert(HeaderName::from_static("x-auth-email"), email)?;
                insert(HeaderName::from_static("x-auth-key"), key.expose_secret())?;
            }
            Self::UserServiceKey(key) => {
                insert(
                    HeaderName::from_static("x-auth-user-service-key"),
                    key.expose_secret(),
                )?;
            }
        }
        Ok(headers)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "Token(…)",
            Self::EmailAndKey { .. } => "EmailAndKey(…)",
            Self::UserServiceKey(_) => "UserServiceKey(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_becomes_a_sensitive_bearer_header() {
        let headers = Credentials::Token("abc".into()).headers().unwrap();
        assert_eq!(headers[AUTHORIZATION], "Bearer abc");
        assert!(headers[AUTHORIZATION].is_sensitive());
    }

    #[test]
    fn no_credential_shows_its_secret() {
        let credentials = Credentials::EmailAndKey {
            email: "a@b.c".to_owned(),
            key: "s3cret".into(),
        };
        assert!(!format!("{credentials:?}").contains("s3cret"));
    }
}
