//! The one integration test binary; its modules are named after what people do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod dependencies;
mod development_pki;
mod floors;
mod material;
mod openssl;
