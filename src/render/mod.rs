//! Words and papers: domain values in, bytes for people to read or sign out.

pub mod callback;
pub mod document;
pub mod statement;
