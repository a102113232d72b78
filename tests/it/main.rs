//! The one integration test binary; its modules are named after what people do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod administering;
mod answering;
mod asking_others;
mod asking_wrongly;
mod attachments;
mod auditing;
mod callbacks;
mod certificates;
mod command_line;
mod connecting;
mod crowding;
mod demonstration;
mod dependencies;
mod development_pki;
mod entering;
mod evidence;
mod export;
mod floors;
mod forgery;
mod importing;
mod inbox;
mod killing;
mod laws;
mod lists;
mod looking;
mod material;
mod migrating;
mod misplacing;
mod mobile;
mod national;
mod office;
mod openssl;
mod overstepping;
mod pages;
mod passing;
mod permissions;
mod refusals;
mod registers;
mod repeating;
mod revoking;
mod sequences;
mod service;
mod service_centre;
mod sessions;
mod signing;
mod silence;
mod state_register;
mod timing;
mod together;
mod translations;
mod validating;
mod verdicts;
mod waiting;
mod ways;
