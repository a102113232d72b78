//! A time-stamp token.

#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| kelisim_fuzz::feed("token", file));
