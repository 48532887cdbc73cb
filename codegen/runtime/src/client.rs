//! The client, and how it is made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, Url};
use secrecy::SecretString;

use super::auth::Credentials;
use super::config::{
    BASE_URL, BASE_URL_VARIABLE, EMAIL_VARIABLE, KEY_VARIABLE, TOKEN_VARIABLE, USER_AGENT,
};
use super::error::{ConfigError, Error};
use super::request::Request;

/// Calls the API. A clone shares the connections of its original, and costs
/// next to nothing.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    base_url: Url,
    credentials: HeaderMap,
    timeout: Duration,
    total_timeout: Duration,
    max_retries: u32,
    max_body: u64,
}

impl Client {
    /// A client that authenticates with an API token.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the token cannot be sent as a header.
    pub fn new(token: impl Into<String>) -> Result<Self, Error> {
        Self::builder().token(token).build()
    }

    /// A client that takes its credentials from the environment: a token in
    /// `CLOUDFLARE_API_TOKEN`, or else `CLOUDFLARE_EMAIL` and
    /// `CLOUDFLARE_API_KEY`. `CLOUDFLARE_BASE_URL` is optional.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if none is set, or one cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let mut builder = Self::builder();
        if let Some(url) = read(BASE_URL_VARIABLE) {
            builder = builder.base_url(url);
        }
        match (
            read(TOKEN_VARIABLE),
            read(EMAIL_VARIABLE),
            read(KEY_VARIABLE),
        ) {
            (Some(token), ..) => builder.token(token),
            (None, Some(email), Some(key)) => builder.email_and_key(email, key),
            _ => {
                let problem =
                    format!("set {TOKEN_VARIABLE}, or both {EMAIL_VARIABLE} and {KEY_VARIABLE}");
                return Err(ConfigError::NoCredentials(problem).into());
            }
        }
        .build()
    }

    /// A client with choices.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A request to an endpoint that this client has no method for, with the
    /// same authentication, retries and errors. `path` is below the base URL.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        Request::custom(self, method, path.into())
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.inner.http
    }

    pub(super) fn base_url(&self) -> &Url {
        &self.inner.base_url
    }

    pub(super) fn credentials(&self) -> &HeaderMap {
        &self.inner.credentials
    }

    pub(super) fn timeout(&self) -> Duration {
        self.inner.timeout
    }

    pub(super) fn total_timeout(&self) -> Duration {
        self.inner.total_timeout
    }

    pub(super) fn max_retries(&self) -> u32 {
        self.inner.max_retries
    }

    pub(super) fn max_body(&self) -> u64 {
        self.inner.max_body
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.inner.base_url.as_str())
            .finish_non_exhaustive()
    }
}

/// Choices about a [`Client`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ClientBuilder {
    credentials: Option<Credentials>,
    base_url: Option<String>,
    user_agent: Option<String>,
    http: Option<reqwest::Client>,
    timeout: Option<Duration>,
    total_timeout: Option<Duration>,
    max_retries: Option<u32>,
    max_body: Option<u64>,
    plain_http: bool,
}

impl ClientBuilder {
    /// Authenticates with an API token.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::Token(SecretString::from(token.into())));
        self
    }

    /// Authenticates with an account's email and its global key.
    pub fn email_and_key(mut self, email: impl Into<String>, key: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::EmailAndKey {
            email: email.into(),
            key: SecretString::from(key.into()),
        });
        self
    }

    /// Authenticates with a user service key.
    pub fn user_service_key(mut self, key: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::UserServiceKey(SecretString::from(key.into())));
        self
    }

    /// Sends requests below this URL instead of the API's own.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// How long one attempt may take; 30 s if nothing is said.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long all attempts of a call, and the waits between them, may take;
    /// 60 s if nothing is said.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = Some(timeout);
        self
    }

    /// How often a failed attempt is repeated; 3 times if nothing is said.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// The largest body that an answer may have, in bytes; 64 MiB if nothing is
    /// said.
    pub fn max_body(mut self, bytes: u64) -> Self {
        self.max_body = Some(bytes);
        self
    }

    /// Names the program to the server, in place of this crate's name.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Sends with an HTTP client of one's own, whose redirect policy and user
    /// agent then count.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Sends credentials over unencrypted HTTP to hosts other than this machine.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] without credentials, with credentials that no header
    /// can carry, or with a base URL that is no `https` one (or `http` to
    /// loopback).
    pub fn build(self) -> Result<Client, Error> {
        let credentials = self.credentials.ok_or_else(|| {
            ConfigError::NoCredentials("give the builder a token, or an email and key".to_owned())
        })?;
        let credentials = credentials
            .headers()
            .map_err(|_| ConfigError::Credentials)?;
        let base_url = self.base_url.as_deref().unwrap_or(BASE_URL);
        let base_url = check_base_url(base_url, self.plain_http)?;
        let http = match self.http {
            Some(http) => http,
            None => reqwest::Client::builder()
                .user_agent(self.user_agent.as_deref().unwrap_or(USER_AGENT))
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(Duration::from_secs(10))
                .build()
                .map_err(ConfigError::Http)?,
        };
        Ok(Client {
            inner: Arc::new(Inner {
                http,
                base_url,
                credentials,
                timeout: self.timeout.unwrap_or(Duration::from_secs(30)),
                total_timeout: self.total_timeout.unwrap_or(Duration::from_secs(60)),
                max_retries: self.max_retries.unwrap_or(3),
                max_body: self.max_body.unwrap_or(64 * 1024 * 1024),
            }),
        })
    }
}

fn check_base_url(text: &str, plain_http: bool) -> Result<Url, ConfigError> {
    let refuse = |why: &str| ConfigError::BaseUrl {
        url: text.to_owned(),
        why: why.to_owned(),
    };
    let url = Url::parse(text).map_err(|error| refuse(&error.to_string()))?;
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    let loopback = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if loopback || plain_http => {}
        "http" => {
            return Err(refuse(
                "credentials would go over the network in plain text",
            ));
        }
        _ => return Err(refuse("it is neither https nor http")),
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(refuse("it has a query, a fragment or a user"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for url in [
            "http://localhost:1/x",
            "http://127.0.0.1",
            "http://[::1]:8080",
            "https://a.b",
        ] {
            assert!(check_base_url(url, false).is_ok(), "{url}");
        }
        for url in [
            "http://a.b",
            "ftp://a.b",
            "x",
            "https://a.b?c=d",
            "https://u@a.b",
        ] {
            assert!(check_base_url(url, false).is_err(), "{url}");
        }
        assert!(check_base_url("http://a.b", true).is_ok());
    }

    #[test]
    fn a_client_without_credentials_says_what_to_give() {
        let error = Client::builder().build().unwrap_err();
        assert!(error.to_string().contains("token"), "{error}");
    }

    #[test]
    fn no_debug_output_shows_a_secret() {
        let builder = Client::builder().token("s3cret");
        assert!(!format!("{builder:?}").contains("s3cret"));
        let client = builder.build().unwrap();
        assert!(!format!("{client:?}").contains("s3cret"));
    }
}
