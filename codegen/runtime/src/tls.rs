//! Which TLS the client's own HTTP client has.
//!
//! With the feature `rustls` alone it is rustls with ring and the roots of the
//! operating system, which compiles in half the time of reqwest's own choice,
//! aws-lc. With the features `aws-lc-rs` or `native-tls`, reqwest chooses.

use reqwest::ClientBuilder;

use super::problem::ConfigError;

/// The settings of an HTTP client, for `https` or for plain `http` alone.
#[cfg(all(feature = "rustls", not(feature = "aws-lc-rs")))]
pub(super) fn settings(https: bool) -> Result<ClientBuilder, ConfigError> {
    use std::sync::Arc;

    use rustls::crypto::{CryptoProvider, ring};
    use rustls_platform_verifier::BuilderVerifierExt;

    // A provider that the program has chosen counts.
    let provider = match CryptoProvider::get_default() {
        Some(provider) => Arc::clone(provider),
        None => Arc::new(ring::default_provider()),
    };
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| match https {
            true => config.with_platform_verifier(),
            // Reading the system's roots takes milliseconds.
            false => Ok(config.with_root_certificates(rustls::RootCertStore::empty())),
        })
        .map_err(|error| ConfigError::Tls(Box::new(error)))?
        .with_no_client_auth();
    Ok(reqwest::Client::builder().tls_backend_preconfigured(config))
}

/// The settings of an HTTP client, with the TLS that reqwest chooses, if any.
#[cfg(not(all(feature = "rustls", not(feature = "aws-lc-rs"))))]
pub(super) fn settings(_https: bool) -> Result<ClientBuilder, ConfigError> {
    Ok(reqwest::Client::builder())
}
