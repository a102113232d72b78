//! The answer of a responder.

#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| kelisim_fuzz::feed("ocsp", file));
