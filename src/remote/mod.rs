//! Other people's servers: one file for each kind, all with time limits and size caps.

mod cache;
pub mod http;
pub mod lists;
pub mod ocsp;
pub mod official;
pub mod server;
pub mod shipment;
pub mod sources;
#[cfg(test)]
mod testing;
pub mod timestamp;
pub mod trust;
pub mod webhook;
