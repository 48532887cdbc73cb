//! What only the code of a client uses. It may change with any version.

pub use bytes;
pub use reqwest::Method;
pub use serde;
pub use serde_json;

pub use crate::call::raw_response::RawResponse;
pub use crate::client::builder::CoreBuilder;
pub use crate::encode::form::Encoding;
pub use crate::encode::json::to_vec as to_json;
pub use crate::encode::path::PathStyle;
pub use crate::encode::query::QueryStyle;
pub use crate::protocol::{Envelope, Operation, Paging, Security};
pub use crate::transport::core::Core;
pub use crate::values::choice::{Alternative, Choice, Tag};
pub use crate::values::integer::{Integers, integer};
pub use crate::values::nullable::{nullable, nullable_integer};
pub use crate::values::open_enum;
