//! Whatever a server answers, it is decoded or becomes an error that explains it.

#![no_main]

use client_runtime::internals::property;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| property::check(input));
