//! Words and papers: domain values in, bytes for people to read or sign out.

pub mod callback;
pub mod certificate;
pub mod document;
pub mod evidence;
pub mod ink;
pub mod mobile;
pub mod notice;
pub mod paper;
pub mod pending;
pub mod qr;
pub mod statement;
pub mod table;
pub mod time;
pub mod verdict;
pub mod words;

#[cfg(test)]
mod testing;
