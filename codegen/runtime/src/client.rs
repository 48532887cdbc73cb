//! How clients are made.

pub(crate) mod base_url;
pub(crate) mod builder;
