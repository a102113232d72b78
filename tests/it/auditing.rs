//! The audit log: every decision is in it, and nothing in it can be changed
//! without being found.

mod kept;
mod log;
mod rewriting;
mod sealing;
mod shipping;
mod showing;
mod tampering;
