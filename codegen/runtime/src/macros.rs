//! What emitted code writes by macro.

/// Writes the setters that every client's builder has, each of which hands on to the
/// [`CoreBuilder`](crate::internal::CoreBuilder) in the field `core`.
#[doc(hidden)]
#[macro_export]
macro_rules! builder_settings {
    () => {
        /// Sends requests below this URL instead of the API's own.
        pub fn base_url(mut self, url: impl ::std::convert::Into<::std::string::String>) -> Self {
            self.core = self.core.base_url(url);
            self
        }

        /// How long it may take to connect, TLS included; 10 s if nothing is said.
        /// Without effect on [`http_client`](Self::http_client).
        pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.core = self.core.connect_timeout(timeout);
            self
        }

        /// How long one attempt may take, from connecting to the end of the body; 30
        /// s if nothing is said. If one is chosen, here or for a call, it wins over a
        /// timeout that the HTTP client has; else the shorter of both counts.
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.core = self.core.timeout(timeout);
            self
        }

        /// How long all attempts of a call, and the waits between them, may take;
        /// 60 s if nothing is said. A wait that would exceed it is not begun: the
        /// call then ends at once with what the last attempt came to.
        pub fn total_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.core = self.core.total_timeout(timeout);
            self
        }

        /// How often a failed attempt is repeated; 3 times if nothing is said, 0 for
        /// never.
        pub fn max_retries(mut self, retries: u32) -> Self {
            self.core = self.core.max_retries(retries);
            self
        }

        /// The longest wait before the first retry, which doubles with each further
        /// one, and the longest before any: 500 ms and 8 s if nothing is said. The
        /// wait is a random part of it, unless the server asks for another.
        pub fn backoff(
            mut self,
            first: ::std::time::Duration,
            longest: ::std::time::Duration,
        ) -> Self {
            self.core = self.core.backoff(first, longest);
            self
        }

        /// The largest body that a response may have, in bytes after decompression;
        /// 64 MiB if nothing is said. A larger one is an error.
        pub fn max_body(mut self, bytes: u64) -> Self {
            self.core = self.core.max_body(bytes);
            self
        }

        /// Sends no more than `requests` in any span of `window`, by this client and
        /// its clones together; the rest waits for its turn. There is no limit if
        /// nothing is said.
        ///
        /// With a limit, a 429 that names a wait also holds the other calls back, for
        /// an hour at most.
        pub fn rate_limit(mut self, requests: u32, window: ::std::time::Duration) -> Self {
            self.core = self.core.rate_limit(requests, window);
            self
        }

        /// Keeps to a rate limit that other clients may share.
        pub fn rate_limiter(mut self, limiter: $crate::RateLimiter) -> Self {
            self.core = self.core.rate_limiter(limiter);
            self
        }

        /// Runs `hook` before and after each attempt. Of several, the first given is
        /// the outermost.
        pub fn hook(mut self, hook: impl $crate::Hook + 'static) -> Self {
            self.core = self.core.hook(hook);
            self
        }

        /// Sends a header with every call, unless the call has one of that name.
        pub fn header(
            mut self,
            name: impl ::std::convert::Into<::std::string::String>,
            value: impl ::std::convert::Into<::std::string::String>,
        ) -> Self {
            self.core = self.core.header(name, value);
            self
        }

        /// Sends a query parameter with every call.
        pub fn query(
            mut self,
            name: impl ::std::convert::Into<::std::string::String>,
            value: impl ::std::convert::Into<::std::string::String>,
        ) -> Self {
            self.core = self.core.query(name, value);
            self
        }

        /// Names the program to the server, in place of this crate's name.
        pub fn user_agent(
            mut self,
            user_agent: impl ::std::convert::Into<::std::string::String>,
        ) -> Self {
            self.core = self.core.user_agent(user_agent);
            self
        }

        /// Sends through the proxy at this URL, which may have a user and a password,
        /// instead of those that the environment names.
        pub fn proxy(mut self, url: impl ::std::convert::Into<::std::string::String>) -> Self {
            self.core = self.core.proxy(url);
            self
        }

        /// Trusts a certificate besides the roots of the operating system: one or more
        /// in PEM, or one in DER.
        pub fn root_certificate(
            mut self,
            certificate: impl ::std::convert::Into<::std::vec::Vec<u8>>,
        ) -> Self {
            self.core = self.core.root_certificate(certificate);
            self
        }

        /// Sends with an HTTP client made from these settings, for what this builder
        /// does not know, such as DNS. Redirects are not followed, whatever they say,
        /// and over plain `http` no proxy of theirs is used, which would see the
        /// credentials: see [`proxy`](Self::proxy).
        pub fn http_builder(mut self, settings: $crate::reqwest::ClientBuilder) -> Self {
            self.core = self.core.http_builder(settings);
            self
        }

        /// Sends with a ready HTTP client, whose redirect policy, user agent and
        /// connect timeout then count, and its timeout as said at
        /// [`timeout`](Self::timeout). It is for credentials in `Authorization` only,
        /// since it may take others to another host; see
        /// [`http_builder`](Self::http_builder).
        ///
        /// With the feature `rustls` alone, `reqwest` makes a client only once a
        /// program has chosen who does its cryptography. A builder does that, if
        /// nobody did; so begin with it, as in
        /// `Client::builder().http_client(reqwest::Client::new())`.
        pub fn http_client(mut self, http: $crate::reqwest::Client) -> Self {
            self.core = self.core.http_client(http);
            self
        }

        /// Sends credentials over unencrypted HTTP to hosts other than this machine.
        pub fn allow_plain_http(mut self) -> Self {
            self.core = self.core.allow_plain_http();
            self
        }
    };
}
