//! An XML document with a signature.

#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| kelisim_fuzz::feed("xml", file));
