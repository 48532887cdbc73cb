//! The types of what servers say beside results.

pub use crate::wire::message::{Message, MessageSource};
pub use crate::wire::page_info::PageInfo;
