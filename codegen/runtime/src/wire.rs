//! What servers say beside results: messages, pages, limits, waits. It is read
//! without any promise about it.

pub(crate) mod error_page;
#[cfg(feature = "download")]
pub(crate) mod frames;
pub(crate) mod message;
pub(crate) mod page_info;
pub(crate) mod rate_limit;
pub(crate) mod retry_after;
pub(crate) mod tolerant;
