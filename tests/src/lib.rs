//! Nothing but a place for `tests/`, which use the emitted client as a caller would.
