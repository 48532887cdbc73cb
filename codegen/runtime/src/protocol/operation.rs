//! Operations.

use reqwest::Method;

use crate::protocol::paging::Paging;

/// An operation of the API, as its document describes it.
#[derive(Debug, Clone)]
pub struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) server: Option<&'static str>,
    pub(crate) idempotent: Option<bool>,
    pub(crate) envelope: Envelope,
    pub(crate) security: Security,
    pub(crate) paging: Paging,
}

impl Operation {
    /// The operation `id`, with a path below the base URL whose arguments are in
    /// braces. A query in the path is sent, a fragment is not. Whether it may be
    /// repeated depends on the method, its result is the whole response, and it takes
    /// what credentials the client has.
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        Self {
            id,
            method,
            path,
            server: None,
            idempotent: None,
            envelope: Envelope::None,
            security: Security::Client,
            paging: Paging::new(),
        }
    }

    /// The URL that its path is below, in place of the base URL of the API. It is one
    /// of the [servers](crate::protocol::Protocol::servers) that the protocol names,
    /// or the call is refused. Where the caller has chosen a base URL, the path is
    /// below that one all the same.
    #[must_use]
    pub const fn server(mut self, url: &'static str) -> Self {
        self.server = Some(url);
        self
    }

    /// Whether it may be sent again when it is not known to have arrived.
    #[must_use]
    pub const fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = Some(idempotent);
        self
    }

    /// Where its result is.
    #[must_use]
    pub const fn envelope(mut self, envelope: Envelope) -> Self {
        self.envelope = envelope;
        self
    }

    /// The credentials that it takes.
    #[must_use]
    pub const fn security(mut self, security: Security) -> Self {
        self.security = security;
        self
    }

    /// How its list is turned.
    #[must_use]
    pub const fn paging(mut self, paging: Paging) -> Self {
        self.paging = paging;
        self
    }

    /// The document's operationId.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The HTTP method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The path below the base URL, with its arguments in braces.
    pub const fn path(&self) -> &'static str {
        self.path
    }
}

/// Where the result of a response is: in some APIs an envelope says beside the
/// result whether the call succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Envelope {
    /// It is the response.
    None,
    /// It is the member of the envelope that is meant for it.
    Member,
    /// It is all members of the envelope that are not the envelope's own.
    Flattened,
}

/// The credentials that an operation takes, by the names of schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Security {
    /// Those of the client.
    Client,
    /// None: it is called without.
    None,
    /// One of these sets, as a whole. Of several that the client has, the one that
    /// it was given last. An empty set says that it can be called without.
    AnyOf(&'static [&'static [&'static str]]),
}
