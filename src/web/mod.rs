//! People and programs ask over HTTP; `flow` answers.
//!
//! A handler is a few lines: who asks (an extractor), what they send (parsed at
//! the door), one call of `flow`, one answer. Every error becomes problem+json
//! in one place.

pub mod api;
pub mod auth;
mod cached;
pub mod command;
pub mod form;
mod limits;
mod observe;
mod office;
mod openapi;
pub mod problem;
mod routes;
mod serve;
mod signature;

pub use limits::Limits;
pub use openapi::Api;
pub use routes::routes;
pub use serve::{Front, serve};
