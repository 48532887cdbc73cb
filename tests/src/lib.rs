//! Nothing but a place for `tests/`, which use the emitted client as a caller
//! would, and for the code of the workspace's README, which is compiled here.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
