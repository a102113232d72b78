//! A revocation list and the certificate it is asked about.

#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| kelisim_fuzz::feed("crl", file));
