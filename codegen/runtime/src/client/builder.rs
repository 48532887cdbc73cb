//! How a client is made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Proxy, Url};
use secrecy::SecretString;

use crate::client::base_url;
use crate::error::{ConfigError, Error};
use crate::protocol::{Kind, Protocol, Scheme};
use crate::transport::core::{Core, Inner};
use crate::transport::credentials::{Credentials, Given, Unsendable, all_of, either};
use crate::transport::hook::Hook;
use crate::transport::limiter::RateLimiter;
use crate::transport::options::{CallOptions, Limits};
use crate::transport::servers::Servers;
use crate::transport::tls;

/// Choices about a [`Core`]. The builder of a client has one in its field `core`, and
/// its setters by [`builder_settings!`](crate::builder_settings).
#[must_use]
pub struct CoreBuilder {
    protocol: &'static Protocol,
    credentials: Vec<(String, Given)>,
    base_url: Option<String>,
    user_agent: Option<String>,
    http: Http,
    proxy: Option<String>,
    root_certificates: Vec<Vec<u8>>,
    connect_timeout: Option<Duration>,
    limits: Limits,
    rate_limiter: Option<RateLimiter>,
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

impl CoreBuilder {
    /// Choices about a client of this API. With the feature `rustls`, this gives the
    /// process a provider of cryptography, unless it has one: the argument of
    /// [`http_client`](Self::http_client) needs it.
    pub fn new(protocol: &'static Protocol) -> Self {
        tls::provide();
        Self {
            protocol,
            credentials: Vec::new(),
            base_url: None,
            user_agent: None,
            http: Http::Own,
            proxy: None,
            root_certificates: Vec::new(),
            connect_timeout: None,
            limits: Limits::default(),
            rate_limiter: None,
            hooks: Vec::new(),
            always: CallOptions::default(),
            plain_http: false,
        }
    }

    /// Gives the secret for a scheme.
    pub fn credential(
        mut self,
        scheme: impl Into<String>,
        secret: impl Into<SecretString>,
    ) -> Self {
        let given = Given::Secret(secret.into());
        self.credentials.push((scheme.into(), given));
        self
    }

    /// Gives the user and the password for a scheme.
    pub fn basic(
        mut self,
        scheme: impl Into<String>,
        user: impl Into<String>,
        password: impl Into<SecretString>,
    ) -> Self {
        let given = Given::Pair(user.into(), password.into());
        self.credentials.push((scheme.into(), given));
        self
    }

    /// Takes the credentials, and the base URL if there is one, from the environment
    /// variables that the protocol names. Blanks around a value do not count.
    ///
    /// # Errors
    ///
    /// [`Error::Config`], which names the variables, if no set of credentials is
    /// there as a whole.
    pub fn read_env(self) -> Result<Self, Error> {
        self.read(|name| std::env::var(name).ok())
    }

    fn read(mut self, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let read = |name: &str| {
            let value = variable(name).filter(|_| !name.is_empty())?;
            let value = value.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        if let Some(url) = read(self.protocol.base_url_variable) {
            self = self.base_url(url);
        }
        let mut found = Vec::new();
        // The one that is given last counts, and that is to be the first here.
        for names in sets(self.protocol).iter().rev() {
            let schemes = names.iter().map(|name| self.protocol.scheme(name));
            let whole = schemes.map(|scheme| given(scheme?, &read)).collect();
            let whole: Option<Vec<_>> = whole;
            found.extend(whole.unwrap_or_default());
        }
        if found.is_empty() && !is_optional(self.protocol) {
            return Err(ConfigError::NoCredentials(variables(self.protocol)).into());
        }
        self.credentials.extend(found);
        Ok(self)
    }

    /// See [`builder_settings!`](crate::builder_settings), as for all that follow.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// How long it may take to connect.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// How long one attempt may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self.limits.is_timeout_chosen = true;
        self
    }

    /// How long a call may take.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.limits.retry.total_timeout = timeout;
        self
    }

    /// How often a failed attempt is repeated.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.limits.retry.max_retries = retries;
        self
    }

    /// The longest waits.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.limits.retry.first_wait = first;
        self.limits.retry.longest_wait = longest;
        self
    }

    /// The largest body.
    pub fn max_body(mut self, bytes: u64) -> Self {
        self.limits.max_body = bytes;
        self
    }

    /// A rate limit.
    pub fn rate_limit(self, requests: u32, window: Duration) -> Self {
        self.rate_limiter(RateLimiter::new(requests, window))
    }

    /// A rate limit that may be shared.
    pub fn rate_limiter(mut self, limiter: RateLimiter) -> Self {
        self.rate_limiter = Some(limiter);
        self
    }

    /// Code around each attempt.
    pub fn hook(mut self, hook: impl Hook + 'static) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// A header of every call.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.always = self.always.header(name, value);
        self
    }

    /// A query parameter of every call.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.always = self.always.query(name, value);
        self
    }

    /// The name of the program.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// A proxy.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// A root certificate.
    pub fn root_certificate(mut self, certificate: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(certificate.into());
        self
    }

    /// The settings of an HTTP client.
    pub fn http_builder(mut self, settings: reqwest::ClientBuilder) -> Self {
        self.http = Http::Settings(Box::new(settings));
        self
    }

    /// A ready HTTP client.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Http::Ready(http);
        self
    }

    /// Plain HTTP.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] without credentials, with credentials that cannot be sent, or
    /// with a base URL that is not an `https` one (or `http` to loopback).
    pub fn build(mut self) -> Result<Core, Error> {
        let credentials = self.checked_credentials()?;
        let base_url = self.base_url.as_deref().unwrap_or(self.protocol.base_url);
        if self.base_url.is_none() && base_url.is_empty() {
            let why = "the API's document names none; give the builder one by `base_url`";
            let url = String::new();
            let why = why.to_owned();
            return Err(ConfigError::BaseUrl { url, why }.into());
        }
        let base_url = base_url::check(base_url, self.plain_http)?;
        let servers = Servers {
            others: self.other_servers(&base_url)?,
            base_url,
        };
        let base_url = &servers.base_url;
        let http = match std::mem::take(&mut self.http) {
            Http::Ready(http) => {
                self.check_ready(&http, base_url, &credentials)?;
                http
            }
            Http::Settings(settings) => self.made(*settings, base_url)?,
            Http::Own => {
                let settings = reqwest::Client::builder().user_agent(self.protocol.user_agent);
                let settings = if servers.are_plain() && self.proxy.is_none() {
                    tls::without_roots(settings)
                } else {
                    settings
                };
                self.made(settings, base_url)?
            }
        };
        Ok(Core::made(Inner {
            http,
            servers,
            protocol: self.protocol,
            credentials,
            limits: self.limits,
            limiter: self.rate_limiter,
            hooks: self.hooks,
            always: self.always,
        }))
    }

    /// The servers that the protocol names besides its base URL; none where the caller
    /// has chosen a base URL.
    fn other_servers(
        &self,
        base_url: &Url,
    ) -> Result<Option<Vec<(&'static str, Url)>>, ConfigError> {
        if self.base_url.is_some() {
            return Ok(None);
        }
        // A proxy from the environment would see the credentials in plain text, and is
        // off only where the base URL is plain, too.
        let is_secure = base_url.scheme() == "https" && !self.plain_http;
        let servers = self.protocol.servers.iter().map(|server| {
            let url = base_url::check(server, self.plain_http)?;
            if is_secure && url.scheme() == "http" {
                return Err(ConfigError::BaseUrl {
                    url: (*server).to_owned(),
                    why: "it is http beside a base URL that is https".to_owned(),
                });
            }
            Ok((*server, url))
        });
        servers.collect::<Result<_, _>>().map(Some)
    }

    fn checked_credentials(&mut self) -> Result<Credentials, ConfigError> {
        let mut given = Vec::new();
        for (name, secret) in std::mem::take(&mut self.credentials) {
            match self.protocol.scheme(&name) {
                Some(scheme) => given.push((scheme, secret)),
                None => return Err(ConfigError::UnknownScheme(name)),
            }
        }
        let credentials = Credentials::new(given, self.protocol);
        let credentials =
            credentials.map_err(|Unsendable(name)| ConfigError::Credentials(name.to_owned()))?;
        if !credentials.are_enough() && !is_optional(self.protocol) {
            let sets = sets(self.protocol);
            let sets = sets.iter().map(|names| all_of(names, "`", "`"));
            let why = format!("give the builder {}", either(sets));
            return Err(ConfigError::NoCredentials(why));
        }
        Ok(credentials)
    }

    /// Checks what cannot be changed of a ready HTTP client.
    fn check_ready(
        &self,
        http: &reqwest::Client,
        base_url: &Url,
        credentials: &Credentials,
    ) -> Result<(), ConfigError> {
        if !credentials.are_dropped_on_redirect() {
            return Err(ConfigError::Redirects);
        }
        if self.proxy.is_some() {
            return Err(ConfigError::Ready("proxy"));
        }
        if !self.root_certificates.is_empty() {
            return Err(ConfigError::Ready("root_certificate"));
        }
        let is_plain = base_url.scheme() == "http" && !self.plain_http;
        // There is no other way to see whether it looks for proxies.
        if is_plain && format!("{http:?}").contains("proxies") {
            let variable = base_url::proxy_variable(base_url, |name| std::env::var(name).ok());
            if let Some(variable) = variable {
                return Err(ConfigError::Proxied(variable));
            }
        }
        Ok(())
    }

    /// The HTTP client of these settings.
    fn made(
        &self,
        mut settings: reqwest::ClientBuilder,
        base_url: &Url,
    ) -> Result<reqwest::Client, ConfigError> {
        if let Some(user_agent) = &self.user_agent {
            settings = settings.user_agent(user_agent);
        }
        for certificate in &self.root_certificates {
            settings = tls::trust(settings, certificate)?;
        }
        // A proxy from the environment would see the credentials in plain text.
        if base_url.scheme() == "http" {
            settings = settings.no_proxy();
        }
        if let Some(url) = &self.proxy {
            settings = settings.proxy(Proxy::all(url).map_err(ConfigError::Proxy)?);
        }
        settings
            .redirect(Policy::none())
            .connect_timeout(self.connect_timeout.unwrap_or(Duration::from_secs(10)))
            .build()
            .map_err(ConfigError::Http)
    }
}

/// The sets of schemes of which one has to be given.
fn sets(protocol: &'static Protocol) -> Vec<&'static [&'static str]> {
    let sets = protocol.sets().into_iter();
    sets.filter(|names| !names.is_empty()).collect()
}

/// Whether a client may go without credentials.
fn is_optional(protocol: &Protocol) -> bool {
    protocol.schemes.is_empty() || protocol.credentials.iter().any(|names| names.is_empty())
}

/// What the environment gives for a scheme.
fn given(
    scheme: &'static Scheme,
    read: &impl Fn(&str) -> Option<String>,
) -> Option<(String, Given)> {
    let [first, second] = scheme.variables;
    let given = match scheme.kind {
        Kind::Basic => Given::Pair(read(first)?, read(second)?.into()),
        _ => Given::Secret(read(first)?.into()),
    };
    Some((scheme.name.to_owned(), given))
}

/// Which environment variables to set.
fn variables(protocol: &'static Protocol) -> String {
    let sets = sets(protocol).into_iter().map(|names| {
        let schemes = names.iter().filter_map(|name| protocol.scheme(name));
        let names = schemes.flat_map(|scheme| scheme.variables);
        let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
        all_of(&names, "", "")
    });
    format!("set the environment variable {}", either(sets))
}

impl fmt::Debug for CoreBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.credentials.iter().map(|(name, _)| name).collect();
        f.debug_struct("CoreBuilder")
            .field("credentials", &names)
            .field("limits", &self.limits)
            .field("rate_limiter", &self.rate_limiter)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::UNKNOWN;

    static PROTOCOL: Protocol = Protocol::new("https://a.b")
        .base_url_variable("A_BASE_URL")
        .schemes(&[
            Scheme::bearer("token").variable("A_TOKEN"),
            Scheme::header("email", "X-Email").variable("A_EMAIL"),
            Scheme::header("key", "X-Key").variable("A_KEY"),
            Scheme::basic("login").variables("A_USER", "A_PASSWORD"),
        ])
        .credentials(&[&["token"], &["email", "key"], &["login"]]);

    fn read(variable: impl Fn(&str) -> Option<&'static str>) -> Result<CoreBuilder, Error> {
        let variable = |name: &str| variable(name).map(str::to_owned);
        CoreBuilder::new(&PROTOCOL).read(variable)
    }

    fn names(builder: &CoreBuilder) -> Vec<&str> {
        let names = builder.credentials.iter().map(|(name, _)| name.as_str());
        names.collect()
    }

    #[test]
    fn a_client_without_credentials_says_what_to_give() {
        let error = CoreBuilder::new(&PROTOCOL).build().unwrap_err();
        let expected =
            "no credentials: give the builder `token`, both `email` and `key`, or `login`";
        assert_eq!(error.to_string(), expected);
        let half = CoreBuilder::new(&PROTOCOL).credential("email", "a@b.c");
        assert_eq!(half.build().unwrap_err().to_string(), expected);
    }

    #[test]
    fn a_client_of_an_api_that_asks_for_none_needs_no_credentials() {
        static NONE: Protocol = Protocol::new("https://a.b");
        static OPTIONAL: Protocol = Protocol::new("https://a.b")
            .schemes(&[Scheme::bearer("token").variable("A_TOKEN")])
            .credentials(&[&["token"], &[]]);
        for protocol in [&NONE, &OPTIONAL] {
            assert!(CoreBuilder::new(protocol).build().is_ok());
            assert!(CoreBuilder::new(protocol).read(|_| None).is_ok());
        }
    }

    #[test]
    fn an_empty_environment_is_an_error_that_names_the_variables() {
        let error = read(|_| None).unwrap_err().to_string();
        let expected = "no credentials: set the environment variable A_TOKEN, both A_EMAIL and A_KEY, or both A_USER and A_PASSWORD";
        assert_eq!(error, expected);
        let half = |name: &str| (name == "A_EMAIL").then_some("a@b.c");
        assert_eq!(read(half).unwrap_err().to_string(), expected);
        assert!(read(|_| Some(" ")).is_err());
    }

    #[test]
    fn the_environment_gives_credentials_and_a_base_url_without_blanks() {
        let builder = read(|name| match name {
            "A_BASE_URL" => Some(" http://localhost/x "),
            _ => Some(" value\n"),
        });
        let builder = builder.unwrap();
        assert_eq!(names(&builder), ["login", "email", "key", "token"]);
        assert_eq!(builder.base_url.as_deref(), Some("http://localhost/x"));
        assert!(builder.build().is_ok());
        let key = read(|name| (name != "A_TOKEN" && name != "A_BASE_URL").then_some("value"));
        assert_eq!(names(&key.unwrap()), ["login", "email", "key"]);
    }

    #[test]
    fn an_unknown_scheme_is_an_error() {
        let builder = CoreBuilder::new(&PROTOCOL).credential("tokn", "x");
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains("`tokn`"), "{error}");
    }

    #[test]
    fn an_api_without_a_server_needs_a_base_url() {
        let error = CoreBuilder::new(&UNKNOWN).build().unwrap_err().to_string();
        assert!(
            error.contains("give the builder one by `base_url`"),
            "{error}"
        );
        assert!(
            CoreBuilder::new(&UNKNOWN)
                .base_url("https://a.b")
                .build()
                .is_ok()
        );
    }

    #[test]
    fn a_ready_http_client_takes_no_proxy_and_no_certificate() {
        let builder = || {
            let builder = CoreBuilder::new(&PROTOCOL).credential("token", "x");
            builder.http_client(reqwest::Client::new())
        };
        assert!(builder().build().is_ok());
        for builder in [
            builder().proxy("http://a.b"),
            builder().root_certificate("x"),
        ] {
            let error = builder.build().unwrap_err().to_string();
            assert!(error.contains("ready HTTP client"), "{error}");
        }
    }

    #[test]
    fn a_proxy_or_certificate_that_is_none_is_an_error() {
        let builder = || CoreBuilder::new(&PROTOCOL).credential("token", "x");
        let proxy = builder().proxy("http://u:s3cret@[").build().unwrap_err();
        assert!(proxy.to_string().contains("proxy"), "{proxy}");
        assert!(!format!("{proxy} {proxy:#?}").contains("s3cret"));
        let certificate = builder().root_certificate("x").build().unwrap_err();
        assert!(
            certificate.to_string().contains("certificate"),
            "{certificate}"
        );
    }

    #[test]
    fn no_debug_output_shows_a_secret() {
        let builder = CoreBuilder::new(&PROTOCOL).credential("token", "s3cret");
        let builder = builder.proxy("http://u:s3cret@a.b");
        assert!(!format!("{builder:?}").contains("s3cret"));
        assert!(!format!("{:?}", builder.build().unwrap()).contains("s3cret"));
    }
}
