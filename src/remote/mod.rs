//! Other people's servers: one file for each kind, all with time limits and size caps.

pub mod official;
pub mod trust;
pub mod webhook;
