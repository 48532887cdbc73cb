//! How values are written into a request, in the styles of OpenAPI 3.0.3.

pub(crate) mod cookie;
pub(crate) mod form;
pub(crate) mod header;
pub(crate) mod json;
pub(crate) mod path;
pub(crate) mod percent;
pub(crate) mod query;
pub(crate) mod value;
