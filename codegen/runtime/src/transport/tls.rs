//! Which TLS HTTP clients have.
//!
//! With the feature `rustls` alone it is rustls with ring and the roots of the
//! operating system, which compiles in half the time of reqwest's own choice, aws-lc.
//! reqwest then has no provider of cryptography of its own, and makes no client
//! until the process has one. With the features `aws-lc-rs` or `native-tls`, reqwest
//! chooses.

#[cfg(any(feature = "rustls", feature = "aws-lc-rs", feature = "native-tls"))]
use reqwest::Certificate;
use reqwest::ClientBuilder;

use crate::error::ConfigError;

/// Gives the process ring as its provider of cryptography, unless it has one. To be
/// called before anybody makes an HTTP client.
#[cfg(all(feature = "rustls", not(feature = "aws-lc-rs")))]
pub(crate) fn provide() {
    use rustls::crypto::{CryptoProvider, ring};

    if CryptoProvider::get_default().is_none() {
        // Whoever was first meanwhile has chosen.
        let _ = ring::default_provider().install_default();
    }
}

/// reqwest has its own.
#[cfg(not(all(feature = "rustls", not(feature = "aws-lc-rs"))))]
pub(crate) fn provide() {}

/// Trusts certificates besides the roots of the operating system; `pem` is one or
/// more in PEM, or one in DER.
#[cfg(any(feature = "rustls", feature = "aws-lc-rs", feature = "native-tls"))]
pub(crate) fn trust(settings: ClientBuilder, pem: &[u8]) -> Result<ClientBuilder, ConfigError> {
    let is_pem = pem.windows(10).any(|window| window == b"-----BEGIN");
    let certificates = match is_pem {
        true => Certificate::from_pem_bundle(pem),
        false => Certificate::from_der(pem).map(|one| vec![one]),
    };
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(settings.tls_certs_merge(certificates)),
        Ok(_) => Err(ConfigError::Certificate("there is none".into())),
        Err(error) => Err(ConfigError::Certificate(error.into())),
    }
}

/// There is no TLS.
#[cfg(not(any(feature = "rustls", feature = "aws-lc-rs", feature = "native-tls")))]
pub(crate) fn trust(_: ClientBuilder, _: &[u8]) -> Result<ClientBuilder, ConfigError> {
    let why = "this program has no TLS; choose one of the features `rustls`, `aws-lc-rs` and `native-tls`";
    Err(ConfigError::Certificate(why.into()))
}

/// Spares a client that never uses TLS the reading of the system's roots, which takes
/// milliseconds.
#[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
pub(crate) fn without_roots(settings: ClientBuilder) -> ClientBuilder {
    settings.tls_certs_only(std::iter::empty::<Certificate>())
}

/// Nothing is read.
#[cfg(not(any(feature = "rustls", feature = "aws-lc-rs")))]
pub(crate) fn without_roots(settings: ClientBuilder) -> ClientBuilder {
    settings
}
