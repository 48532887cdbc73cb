//! The names of members that have a meaning in every response.

/// The members of the envelope around results. A name that is empty stands for a
/// member that the envelope does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnvelopeKeys {
    /// Whether the call succeeded: true or false.
    pub success: &'static str,
    /// Why it did not.
    pub errors: &'static str,
    /// What else the server remarks.
    pub messages: &'static str,
    /// The result.
    pub result: &'static str,
    /// Where a page stands in the whole list.
    pub result_info: &'static str,
}

/// The members of what is said about a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageInfoKeys {
    /// Number of the page, from 1.
    pub page: &'static str,
    /// Items per page.
    pub per_page: &'static str,
    /// Items on this page.
    pub count: &'static str,
    /// Items on all pages.
    pub total_count: &'static str,
    /// Number of pages.
    pub total_pages: &'static str,
    /// The cursor of the next page.
    pub cursor: &'static str,
    /// An object with cursors, and the name of the next page's in it.
    pub cursors: (&'static str, &'static str),
}

impl PageInfoKeys {
    /// `page`, `per_page`, `count`, `total_count`, `total_pages`, `cursor`, and
    /// `after` within `cursors`.
    pub const DEFAULT: Self = Self {
        page: "page",
        per_page: "per_page",
        count: "count",
        total_count: "total_count",
        total_pages: "total_pages",
        cursor: "cursor",
        cursors: ("cursors", "after"),
    };
}

impl Default for PageInfoKeys {
    fn default() -> Self {
        Self::DEFAULT
    }
}
