//! The hand-written modules that every emitted client carries.
