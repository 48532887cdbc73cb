//! What errors mean, and how those look that do not come from the API itself.

/// What the codes of an API's errors mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Codes {
    pub(crate) authentication: &'static [i64],
    pub(crate) rate_limited: &'static [i64],
    pub(crate) not_found: &'static [i64],
}

impl Codes {
    /// Codes that mean nothing in particular.
    pub const fn new() -> Self {
        Self {
            authentication: &[],
            rate_limited: &[],
            not_found: &[],
        }
    }

    /// The credentials are missing, wrong, or not enough.
    #[must_use]
    pub const fn authentication(mut self, codes: &'static [i64]) -> Self {
        self.authentication = codes;
        self
    }

    /// There were too many requests.
    #[must_use]
    pub const fn rate_limited(mut self, codes: &'static [i64]) -> Self {
        self.rate_limited = codes;
        self
    }

    /// What was asked for does not exist.
    #[must_use]
    pub const fn not_found(mut self, codes: &'static [i64]) -> Self {
        self.not_found = codes;
        self
    }
}

/// What is known of errors that are not in the API's own form, such as those of a
/// gateway before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ErrorPage {
    pub(crate) code_member: &'static str,
    pub(crate) retry_after_member: &'static str,
    pub(crate) code_in_text: bool,
}

impl ErrorPage {
    /// Problem details and titles of pages, and nothing else.
    pub const fn new() -> Self {
        Self {
            code_member: "",
            retry_after_member: "",
            code_in_text: false,
        }
    }

    /// The member of a JSON error that holds its code.
    #[must_use]
    pub const fn code_member(mut self, name: &'static str) -> Self {
        self.code_member = name;
        self
    }

    /// The member of a JSON error that says after how many seconds to try again.
    #[must_use]
    pub const fn retry_after_member(mut self, name: &'static str) -> Self {
        self.retry_after_member = name;
        self
    }

    /// Takes the number of three to five digits that follows the word "error", or
    /// "error code", in a page for its code.
    #[must_use]
    pub const fn code_in_text(mut self) -> Self {
        self.code_in_text = true;
        self
    }
}
