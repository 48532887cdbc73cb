//! Security schemes.

/// A way to prove who calls: an OpenAPI security scheme. OAuth 2 and OpenID Connect
/// are [`bearer`](Self::bearer).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheme {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// The environment variables that hold it: one, or of `basic` two. Empty where
    /// there is none.
    pub(crate) variables: [&'static str; 2],
}

/// Where a credential is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `Authorization: Bearer …`
    Bearer,
    /// `Authorization: Basic …`
    Basic,
    Header(&'static str),
    Query(&'static str),
    Cookie(&'static str),
}

impl Scheme {
    /// A token in `Authorization: Bearer`. `name` is that of the document.
    pub const fn bearer(name: &'static str) -> Self {
        Self::new(name, Kind::Bearer)
    }

    /// A user and a password in `Authorization: Basic`.
    pub const fn basic(name: &'static str) -> Self {
        Self::new(name, Kind::Basic)
    }

    /// A key in the header `header`.
    pub const fn header(name: &'static str, header: &'static str) -> Self {
        Self::new(name, Kind::Header(header))
    }

    /// A key in the query parameter `parameter`.
    pub const fn query(name: &'static str, parameter: &'static str) -> Self {
        Self::new(name, Kind::Query(parameter))
    }

    /// A key in the cookie `cookie`.
    pub const fn cookie(name: &'static str, cookie: &'static str) -> Self {
        Self::new(name, Kind::Cookie(cookie))
    }

    const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            variables: ["", ""],
        }
    }

    /// The environment variable that holds it.
    #[must_use]
    pub const fn variable(mut self, name: &'static str) -> Self {
        self.variables = [name, ""];
        self
    }

    /// The environment variables that hold the user and the password.
    #[must_use]
    pub const fn variables(mut self, user: &'static str, password: &'static str) -> Self {
        self.variables = [user, password];
        self
    }

    /// Whether it goes into `Authorization`, which every HTTP client takes out
    /// before it follows a redirect to another host.
    pub(crate) fn is_authorization(&self) -> bool {
        match self.kind {
            Kind::Bearer | Kind::Basic => true,
            Kind::Header(name) => name.eq_ignore_ascii_case("authorization"),
            Kind::Query(_) | Kind::Cookie(_) => false,
        }
    }
}
