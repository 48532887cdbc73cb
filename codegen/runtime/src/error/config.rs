//! Why a client could not be made.

use std::error::Error as StdError;

use crate::text::{chain, one_line};

/// Why a client could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// No credentials were given, or found in the environment.
    #[error("no credentials: {0}")]
    NoCredentials(String),
    /// A token or key has characters that it cannot be sent with.
    #[error(
        "the credentials for `{0}` cannot be sent: they have control characters, perhaps a line break at their end"
    )]
    Credentials(String),
    /// The API has no security scheme of this name.
    #[error("there are no credentials called `{}`", one_line(.0, 100))]
    UnknownScheme(String),
    /// The base URL cannot be used.
    #[error("the base URL `{}` cannot be used: {why}", one_line(url, 200))]
    BaseUrl {
        /// What was given, without what may be secret in it.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// These credentials and an HTTP client of the caller's own: if that follows
    /// redirects, it takes the key along to any host.
    #[error(
        "a key that is not in the header `Authorization` is not given to a ready HTTP client, which may take it to another host when it follows a redirect: give the builder a `reqwest::ClientBuilder` by `http_builder`"
    )]
    Redirects,
    /// A ready HTTP client would send the credentials in plain text to a proxy that
    /// the environment names.
    #[error(
        "the environment variable {0} names a proxy, to which a ready HTTP client would send the credentials in plain text: make it with `no_proxy()`, or give the builder a `reqwest::ClientBuilder` by `http_builder`"
    )]
    Proxied(&'static str),
    /// A setting that a ready HTTP client cannot be given.
    #[error(
        "`{0}` cannot be set on a ready HTTP client: set it where that is made, or use `http_builder`"
    )]
    Ready(&'static str),
    /// The address of a proxy cannot be used.
    #[error("the proxy cannot be used: {}", chain(.0))]
    Proxy(#[source] reqwest::Error),
    /// A root certificate cannot be read.
    #[error("the root certificate cannot be read: {}", chain(.0.as_ref()))]
    Certificate(#[source] Box<dyn StdError + Send + Sync>),
    /// The HTTP client could not be made.
    #[error("the HTTP client cannot be made: {}", chain(.0))]
    Http(#[source] reqwest::Error),
    /// The threads that blocking calls need could not be started.
    #[error("blocking calls cannot be made: {0}")]
    Runtime(#[source] std::io::Error),
}
