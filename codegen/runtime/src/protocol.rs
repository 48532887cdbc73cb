//! What a client says of its API: values that are known when it is compiled.

mod error_page;
mod keys;
mod operation;
mod paging;
mod scheme;

pub use error_page::{Codes, ErrorPage};
pub use keys::{EnvelopeKeys, PageInfoKeys};
pub use operation::{Envelope, Operation, Security};
pub use paging::Paging;
pub use scheme::Scheme;

pub(crate) use scheme::Kind;

/// Statuses of trouble that passes by itself.
const TRANSIENT: &[u16] = &[500, 502, 503, 504];

/// What differs from one API to another. An API that says nothing of a matter has
/// the default that is named there.
#[derive(Debug, Clone, Copy)]
pub struct Protocol {
    pub(crate) base_url: &'static str,
    pub(crate) servers: &'static [&'static str],
    pub(crate) user_agent: &'static str,
    pub(crate) base_url_variable: &'static str,
    pub(crate) schemes: &'static [Scheme],
    pub(crate) credentials: &'static [&'static [&'static str]],
    pub(crate) envelope: Option<EnvelopeKeys>,
    /// The header, and the word for it in errors.
    pub(crate) request_id: Option<(&'static str, &'static str)>,
    pub(crate) transient_statuses: &'static [u16],
    pub(crate) codes: Codes,
    pub(crate) error_page: ErrorPage,
    pub(crate) page_info: PageInfoKeys,
}

/// An API of which nothing is known.
pub(crate) static UNKNOWN: Protocol = Protocol::new("");

impl Protocol {
    /// An API below `base_url`, which is `""` where its document names no server
    /// that can be used: the caller then has to give one.
    pub const fn new(base_url: &'static str) -> Self {
        Self {
            base_url,
            servers: &[],
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
            base_url_variable: "",
            schemes: &[],
            credentials: &[],
            envelope: None,
            request_id: None,
            transient_statuses: TRANSIENT,
            codes: Codes::new(),
            error_page: ErrorPage::new(),
            page_info: PageInfoKeys::DEFAULT,
        }
    }

    /// How the client names itself to the server, unless the caller says otherwise.
    #[must_use]
    pub const fn user_agent(mut self, user_agent: &'static str) -> Self {
        self.user_agent = user_agent;
        self
    }

    /// The environment variable that may name another base URL.
    #[must_use]
    pub const fn base_url_variable(mut self, name: &'static str) -> Self {
        self.base_url_variable = name;
        self
    }

    /// The ways in which callers prove who they are; none by default.
    #[must_use]
    pub const fn schemes(mut self, schemes: &'static [Scheme]) -> Self {
        self.schemes = schemes;
        self
    }

    /// The servers besides the base URL that [operations](Operation::server) are called
    /// at. Credentials go to the base URL and to these, and nowhere else.
    #[must_use]
    pub const fn servers(mut self, urls: &'static [&'static str]) -> Self {
        self.servers = urls;
        self
    }

    /// The sets of schemes of which one has to be given as a whole. The first has
    /// precedence where the environment has several. An empty set says that a client
    /// may go without. By default each scheme is a set of its own.
    #[must_use]
    pub const fn credentials(mut self, alternatives: &'static [&'static [&'static str]]) -> Self {
        self.credentials = alternatives;
        self
    }

    /// The members of the envelope around results; without it there is none.
    #[must_use]
    pub const fn envelope(mut self, keys: EnvelopeKeys) -> Self {
        self.envelope = Some(keys);
        self
    }

    /// The response header with the server's identifier of the request, in lower
    /// case, and the word for it in errors, as in `[request 7f3]`.
    #[must_use]
    pub const fn request_id(mut self, header: &'static str, word: &'static str) -> Self {
        self.request_id = Some((header, word));
        self
    }

    /// The statuses of trouble that passes by itself; 500, 502, 503 and 504 by
    /// default.
    #[must_use]
    pub const fn transient_statuses(mut self, statuses: &'static [u16]) -> Self {
        self.transient_statuses = statuses;
        self
    }

    /// What the codes of its errors mean; nothing by default.
    #[must_use]
    pub const fn codes(mut self, codes: Codes) -> Self {
        self.codes = codes;
        self
    }

    /// What is known of errors that are not in the API's own form. By default
    /// problem details (RFC 9457) and the titles of HTML pages are read.
    #[must_use]
    pub const fn error_page(mut self, page: ErrorPage) -> Self {
        self.error_page = page;
        self
    }

    /// The members of what is said about a page; see [`PageInfoKeys::DEFAULT`].
    #[must_use]
    pub const fn page_info(mut self, keys: PageInfoKeys) -> Self {
        self.page_info = keys;
        self
    }

    pub(crate) fn scheme(&self, name: &str) -> Option<&'static Scheme> {
        self.schemes.iter().find(|scheme| scheme.name == name)
    }

    /// The sets of schemes of which one has to be given as a whole.
    pub(crate) fn sets(&'static self) -> Vec<&'static [&'static str]> {
        if self.credentials.is_empty() {
            let alone = |scheme: &'static Scheme| std::slice::from_ref(&scheme.name);
            return self.schemes.iter().map(alone).collect();
        }
        self.credentials.to_vec()
    }

    pub(crate) fn is_transient(&self, status: u16) -> bool {
        self.transient_statuses.contains(&status)
    }

    /// The header with the server's identifier of the request.
    pub(crate) fn request_id_header(&self) -> &'static str {
        self.request_id.map_or("", |(header, _)| header)
    }
}
