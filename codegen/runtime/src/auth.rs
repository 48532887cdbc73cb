//! Credentials, and the headers that they become.

use std::fmt;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue};
use secrecy::zeroize::Zeroizing;
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
    /// The headers of a request, each marked as sensitive. Clones share one
    /// buffer, which is wiped with the last of them.
    ///
    /// # Errors
    ///
    /// A value that no header can carry, such as one with a line break.
    pub(super) fn headers(&self) -> Result<HeaderMap, InvalidHeaderValue> {
        let mut headers = HeaderMap::new();
        match self {
            Self::Token(token) => {
                headers.insert(AUTHORIZATION, value("Bearer ", token.expose_secret())?);
            }
            Self::EmailAndKey { email, key } => {
                headers.insert(HeaderName::from_static("x-auth-email"), value("", email)?);
                let key = value("", key.expose_secret())?;
                headers.insert(HeaderName::from_static("x-auth-key"), key);
            }
            Self::UserServiceKey(key) => {
                let key = value("", key.expose_secret())?;
                headers.insert(HeaderName::from_static("x-auth-user-service-key"), key);
            }
        }
        Ok(headers)
    }

    /// Whether an HTTP client that follows a redirect to another host takes the
    /// credentials out by itself. Every client knows `Authorization`, and none
    /// knows Cloudflare's own headers.
    pub(super) fn is_dropped_on_redirect(&self) -> bool {
        matches!(self, Self::Token(_))
    }
}

fn value(scheme: &str, secret: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    // Of the final size at once: a buffer that grows leaves copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(scheme.len() + secret.len()));
    text.extend_from_slice(scheme.as_bytes());
    text.extend_from_slice(secret.as_bytes());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text))?;
    value.set_sensitive(true);
    Ok(value)
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
    fn a_value_that_no_header_can_carry_is_refused() {
        for secret in ["a\nb", "a\rb", "a\0b"] {
            assert!(Credentials::Token(secret.into()).headers().is_err());
        }
    }

    #[test]
    fn no_credential_shows_its_secret() {
        let credentials = Credentials::EmailAndKey {
            email: "a@b.c".to_owned(),
            key: "s3cret".into(),
        };
        assert!(!format!("{credentials:?}").contains("s3cret"));
        assert!(!format!("{:?}", credentials.headers()).contains("s3cret"));
    }
}
