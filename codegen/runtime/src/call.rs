//! Calls: requests while they are put together, and the ways to send them.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
#[cfg(feature = "download")]
pub(crate) mod download;
#[cfg(feature = "upload")]
pub(crate) mod form_data;
pub(crate) mod pages;
mod parts;
pub(crate) mod raw_response;
pub(crate) mod request;
#[cfg(feature = "upload")]
pub(crate) mod upload;
#[cfg(feature = "download")]
pub(crate) mod values;
