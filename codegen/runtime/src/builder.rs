//! How a client is made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::redirect::Policy;
use secrecy::SecretString;

use super::auth::Credentials;
use super::client::{Client, Inner};
use super::config::{
    BASE_URL, BASE_URL_VARIABLE, EMAIL_VARIABLE, KEY_VARIABLE, TOKEN_VARIABLE, USER_AGENT,
    USER_SERVICE_KEY_VARIABLE,
};
use super::error::Error;
use super::hook::Hook;
use super::limiter::Limiter;
use super::options::{CallOptions, Limits};
use super::problem::ConfigError;
use super::tls;

/// Choices about a [`Client`].
#[derive(Default)]
#[must_use]
pub struct ClientBuilder {
    credentials: Option<Credentials>,
    base_url: Option<String>,
    user_agent: Option<String>,
    http: Http,
    connect_timeout: Option<Duration>,
    limits: Limits,
    rate_limit: Option<(u32, Duration)>,
    hooks: Vec<Arc<dyn Hook>>,
    always: CallOptions,
    plain_http: bool,
}

/// What requests are sent with.
#[derive(Default)]
enum Http {
    #[default]
    Own,
    Settings(Box<reqwest::ClientBuilder>),
    Ready(reqwest::Client),
}

impl ClientBuilder {
    /// Authenticates with an API token.
    pub fn token(self, token: impl Into<SecretString>) -> Self {
        self.credentials(Credentials::Token(token.into()))
    }

    /// Authenticates with an account's email and its global key.
    pub fn email_and_key(self, email: impl Into<String>, key: impl Into<SecretString>) -> Self {
        self.credentials(Credentials::EmailAndKey {
            email: email.into(),
            key: key.into(),
        })
    }

    /// Authenticates with a user service key.
    pub fn user_service_key(self, key: impl Into<SecretString>) -> Self {
        self.credentials(Credentials::UserServiceKey(key.into()))
    }

    /// Authenticates with these credentials.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Takes the credentials, and the base URL if there is one, from the
    /// environment: a token in `CLOUDFLARE_API_TOKEN`, or else
    /// `CLOUDFLARE_EMAIL` and `CLOUDFLARE_API_KEY`, or else a user service key in
    /// `CLOUDFLARE_API_USER_SERVICE_KEY`; `CLOUDFLARE_BASE_URL`.
    ///
    /// # Errors
    ///
    /// [`Error::Config`], which names the variables, if there are no
    /// credentials.
    pub fn read_env(self) -> Result<Self, Error> {
        self.read(|name| std::env::var(name).ok())
    }

    fn read(mut self, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let read = |name| variable(name).filter(|value| !value.is_empty());
        if let Some(url) = read(BASE_URL_VARIABLE) {
            self = self.base_url(url);
        }
        let key = || Some((read(EMAIL_VARIABLE)?, read(KEY_VARIABLE)?));
        if let Some(token) = read(TOKEN_VARIABLE) {
            Ok(self.token(token))
        } else if let Some((email, key)) = key() {
            Ok(self.email_and_key(email, key))
        } else if let Some(key) = read(USER_SERVICE_KEY_VARIABLE) {
            Ok(self.user_service_key(key))
        } else {
            let problem = format!(
                "set the environment variable {TOKEN_VARIABLE}, both {EMAIL_VARIABLE} and {KEY_VARIABLE}, or {USER_SERVICE_KEY_VARIABLE}"
            );
            Err(ConfigError::NoCredentials(problem).into())
        }
    }

    /// Sends requests below this URL instead of the API's own.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// How long it may take to connect, TLS included; 10 s if nothing is said.
    /// Without effect on [`http_client`](Self::http_client).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// How long one attempt may take, from connecting to the end of the body; 30
    /// s if nothing is said. If one is chosen, here or for a call, it wins over a
    /// timeout that the HTTP client has; else the shorter of both counts.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self.limits.is_timeout_chosen = true;
        self
    }

    /// How long all attempts of a call, and the waits between them, may take;
    /// 60 s if nothing is said. A wait that would exceed it is not begun: the
    /// call then ends at once with what the last attempt came to.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.limits.total_timeout = timeout;
        self
    }

    /// How often a failed attempt is repeated; 3 times if nothing is said, 0 for
    /// never.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.limits.max_retries = retries;
        self
    }

    /// The longest wait before the first retry, which doubles with each further
    /// one, and the longest before any: 500 ms and 8 s if nothing is said. The
    /// wait is a random part of it, unless the server wishes another.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.limits.first_wait = first;
        self.limits.longest_wait = longest;
        self
    }

    /// The largest body that an answer may have, in bytes after decompression;
    /// 64 MiB if nothing is said. A larger one is an error.
    pub fn max_body(mut self, bytes: u64) -> Self {
        self.limits.max_body = bytes;
        self
    }

    /// Sends no more than `requests` in any span of `window`, by this client and
    /// its clones together; the rest waits for its turn. Cloudflare takes 1,200
    /// per 5 minutes. There is no limit if nothing is said.
    ///
    /// With a limit, a 429 that names a wait also holds the other calls back.
    pub fn rate_limit(mut self, requests: u32, window: Duration) -> Self {
        self.rate_limit = Some((requests, window));
        self
    }

    /// Runs `hook` before and after each attempt. Of several, the first given is
    /// the outermost.
    pub fn hook(mut self, hook: impl Hook + 'static) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// Sends a header with every call, unless the call has one of that name.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.always = self.always.header(name, value);
        self
    }

    /// Sends a query parameter with every call.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.always = self.always.query(name, value);
        self
    }

    /// Names the program to the server, in place of this crate's name.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Sends with an HTTP client made from these settings, such as proxies, root
    /// certificates or DNS. Redirects are not followed, whatever they say. Their
    /// TLS backend counts: without one, as `reqwest` is without default features,
    /// `reqwest` refuses to make a client, which it does by a panic.
    pub fn http_builder(mut self, settings: reqwest::ClientBuilder) -> Self {
        self.http = Http::Settings(Box::new(settings));
        self
    }

    /// Sends with a ready HTTP client, whose redirect policy, user agent and
    /// connect timeout then count, and its timeout as said at
    /// [`timeout`](Self::timeout). It is for tokens only, since it may take other
    /// credentials to another host; see [`http_builder`](Self::http_builder).
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Http::Ready(http);
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
        let is_dropped_on_redirect = credentials.is_dropped_on_redirect();
        let credentials = credentials
            .headers()
            .map_err(|_| ConfigError::Credentials)?;
        let base_url = self.base_url.as_deref().unwrap_or(BASE_URL);
        let base_url = check_base_url(base_url, self.plain_http)?;
        let settings = match self.http {
            Http::Ready(_) if !is_dropped_on_redirect => return Err(ConfigError::Redirects.into()),
            Http::Ready(http) => Err(http),
            Http::Settings(settings) => Ok(*settings),
            Http::Own => Ok(own(&base_url)?.user_agent(USER_AGENT)),
        };
        let http = match settings {
            Err(http) => http,
            Ok(mut settings) => {
                if let Some(user_agent) = self.user_agent {
                    settings = settings.user_agent(user_agent);
                }
                settings
                    .redirect(Policy::none())
                    .connect_timeout(self.connect_timeout.unwrap_or(Duration::from_secs(10)))
                    .build()
                    .map_err(ConfigError::Http)?
            }
        };
        Ok(Client::made(Inner {
            http,
            base_url,
            credentials,
            limits: self.limits,
            limiter: self
                .rate_limit
                .map(|(requests, window)| Limiter::new(requests, window)),
            hooks: self.hooks,
            always: self.always,
        }))
    }
}

/// The settings of an HTTP client for `base_url`.
fn own(base_url: &Url) -> Result<reqwest::ClientBuilder, ConfigError> {
    let https = base_url.scheme() == "https";
    let settings = tls::settings(https)?;
    Ok(match https {
        true => settings,
        // A proxy from the environment would see the credentials in plain text.
        false => settings.no_proxy(),
    })
}

fn check_base_url(text: &str, plain_http: bool) -> Result<Url, ConfigError> {
    let parsed = Url::parse(text);
    let refuse = |why: &str| ConfigError::BaseUrl {
        // A user, a password or a query may be secret.
        url: parsed.as_ref().map_or_else(
            |_| "…".to_owned(),
            |url| format!("{}://{}", url.scheme(), url.host_str().unwrap_or("…")),
        ),
        why: why.to_owned(),
    };
    let url = match &parsed {
        Ok(url) => url,
        Err(error) => return Err(refuse(&error.to_string())),
    };
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
    let user = !url.username().is_empty() || url.password().is_some();
    if user || url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it has a query, a fragment or a user"));
    }
    Ok(url.clone())
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("limits", &self.limits)
            .field("rate_limit", &self.rate_limit)
            .finish_non_exhaustive()
    }
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
            "http://localhost.a.b",
            "http://127.0.0.1.a.b",
            "ftp://a.b",
            "x",
            "https://a.b?c=d",
            "https://u@a.b",
            "https://:p@a.b",
        ] {
            assert!(check_base_url(url, false).is_err(), "{url}");
        }
        assert!(check_base_url("http://a.b", true).is_ok());
    }

    #[test]
    fn a_refused_base_url_is_named_without_its_secrets() {
        for url in [
            "https://u:s3cret@a.b",
            "https://a.b/?key=s3cret",
            "http://s3cret@",
        ] {
            let error = check_base_url(url, false).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn a_client_without_credentials_says_what_to_give() {
        let error = Client::builder().build().unwrap_err();
        assert!(error.to_string().contains("token"), "{error}");
    }

    #[test]
    fn an_empty_environment_is_an_error_that_names_the_variables() {
        let error = Client::builder().read(|_| None).unwrap_err().to_string();
        for name in [
            TOKEN_VARIABLE,
            EMAIL_VARIABLE,
            KEY_VARIABLE,
            USER_SERVICE_KEY_VARIABLE,
        ] {
            assert!(error.contains(name), "{error}");
        }
        let half = |name: &str| (name == EMAIL_VARIABLE).then(|| "a@b.c".to_owned());
        assert!(Client::builder().read(half).is_err());
    }

    #[test]
    fn the_environment_gives_credentials_and_a_base_url() {
        let full = |name: &str| match name {
            BASE_URL_VARIABLE => Some("http://localhost/x".to_owned()),
            _ => Some("value".to_owned()),
        };
        let builder = Client::builder().read(full).unwrap();
        assert!(matches!(builder.credentials, Some(Credentials::Token(_))));
        assert_eq!(builder.base_url.as_deref(), Some("http://localhost/x"));
        let key = |name: &str| (name != TOKEN_VARIABLE).then(|| "value".to_owned());
        let builder = Client::builder().read(key).unwrap();
        assert!(matches!(
            builder.credentials,
            Some(Credentials::EmailAndKey { .. })
        ));
        let service = |name: &str| (name == USER_SERVICE_KEY_VARIABLE).then(|| "value".to_owned());
        let builder = Client::builder().read(service).unwrap();
        assert!(matches!(
            builder.credentials,
            Some(Credentials::UserServiceKey(_))
        ));
    }

    #[test]
    fn no_debug_output_shows_a_secret() {
        let builder = Client::builder().token("s3cret");
        assert!(!format!("{builder:?}").contains("s3cret"));
        let client = builder.build().unwrap();
        assert!(!format!("{client:?}").contains("s3cret"));
    }
}
