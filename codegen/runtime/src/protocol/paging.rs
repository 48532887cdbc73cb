//! How lists are turned.

/// How the pages of a list are asked for. Only parameters that are named here are
/// ever added to a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Paging {
    pub(crate) page: &'static str,
    pub(crate) cursor: &'static str,
    pub(crate) offset: &'static str,
    pub(crate) items: &'static str,
    pub(crate) next_cursor: &'static str,
    pub(crate) total: &'static str,
    pub(crate) link: bool,
}

impl Paging {
    /// A list that has one page.
    pub const fn new() -> Self {
        Self {
            page: "",
            cursor: "",
            offset: "",
            items: "",
            next_cursor: "",
            total: "",
            link: false,
        }
    }

    /// The query parameter for the number of a page, from 1.
    #[must_use]
    pub const fn page(mut self, parameter: &'static str) -> Self {
        self.page = parameter;
        self
    }

    /// The query parameter for a cursor. The next one is where
    /// [`PageInfoKeys`](crate::protocol::PageInfoKeys) says, or at
    /// [`next_cursor`](Self::next_cursor).
    #[must_use]
    pub const fn cursor(mut self, parameter: &'static str) -> Self {
        self.cursor = parameter;
        self
    }

    /// The query parameter for the number of items before the page.
    #[must_use]
    pub const fn offset(mut self, parameter: &'static str) -> Self {
        self.offset = parameter;
        self
    }

    /// The member of a response without an envelope that holds the items. By default
    /// the response is the list.
    #[must_use]
    pub const fn items(mut self, member: &'static str) -> Self {
        self.items = member;
        self
    }

    /// The member beside the items that holds the next cursor.
    #[must_use]
    pub const fn next_cursor(mut self, member: &'static str) -> Self {
        self.next_cursor = member;
        self
    }

    /// The member beside the items that holds the number of items on all pages.
    #[must_use]
    pub const fn total(mut self, member: &'static str) -> Self {
        self.total = member;
        self
    }

    /// The next page is where the header `Link` says (RFC 8288, `rel="next"`).
    #[must_use]
    pub const fn link(mut self) -> Self {
        self.link = true;
        self
    }
}
