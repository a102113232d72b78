//! The personal offices: pages for people, in three languages, that work without
//! script up to the signature itself.
//!
//! A page is a file with its template beside it. What goes wrong becomes a page in
//! one place ([`dressing`]); the words are those of [`crate::render::words`].

mod address;
mod administration;
mod answering;
mod application;
mod applications;
mod applying;
mod assets;
mod desk;
mod dressing;
mod dwellings;
mod filled;
mod home;
mod invitations;
mod live;
mod notices;
mod page;
mod registration;
mod registrations;
mod routes;
mod search;
mod sessions;
mod signatures;
mod signing;
mod start;
mod validating;
mod verifying;
mod visitor;

pub(super) use dressing::dress;
pub(super) use routes::routes;
