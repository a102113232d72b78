//! `cargo xtask screenshots`: a whole service, and a picture of each of its pages.

use std::{ffi::OsString, fs, process::ExitCode};

use crate::{e2e, failure::Failure, place, process::Terminal};

/// Plays the flows and takes pictures of all pages, or of those whose names contain
/// one of the arguments.
///
/// # Errors
/// When something cannot be set up, or a page does not do what it should.
pub(crate) fn run(terminal: &Terminal, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    e2e::build(terminal)?;
    let folder = place::var().join("screenshots");
    fs::create_dir_all(&folder).map_err(Failure::at(&folder))?;
    let folder = [folder.into_os_string()];
    e2e::drive(terminal, "e2e/draw.mjs", &[&folder, arguments].concat())
}
