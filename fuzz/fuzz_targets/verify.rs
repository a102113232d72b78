//! A whole verification: signature, document, certificates, revocation data.

#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| kelisim_fuzz::feed("verify", file));
