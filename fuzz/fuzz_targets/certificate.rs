//! A certificate with its path.

#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| kelisim_fuzz::feed("certificate", file));
