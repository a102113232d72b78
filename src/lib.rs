//! Kelisim: consents to registration at a place of stay, signed, verified and provable.
//!
//! A consent counts if and only if the right person really gave it, for exactly
//! this document, with a certificate that was valid at that moment; and once
//! acknowledged, it is never lost, doubled or altered.

// The suites of conformance cases run through an example, which knows the crate by name.
#[cfg(test)]
extern crate self as kelisim;

#[cfg(feature = "service")]
pub mod cli;
#[cfg(feature = "service")]
pub mod config;
pub mod domain;
pub mod eds;
#[cfg(feature = "service")]
pub mod flow;
#[cfg(feature = "service")]
pub mod pki;
#[cfg(feature = "service")]
pub mod remote;
#[cfg(feature = "service")]
pub mod render;
#[cfg(feature = "service")]
pub mod store;
#[cfg(feature = "service")]
pub mod web;
#[cfg(feature = "service")]
pub mod worker;
