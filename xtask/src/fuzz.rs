//! `cargo xtask fuzz`: mutated inputs for the readers of foreign bytes, in release.

use std::{ffi::OsString, process::ExitCode};

use crate::{failure::Failure, process::Terminal, tools};

/// How many inputs each target gets, for the test that breeds them.
const INPUTS: &str = "KELISIM_MUTATED_INPUTS";

/// Gives each target a million inputs, or as many as the first argument says.
///
/// # Errors
/// When the tests cannot be built, or at the first finding.
pub(crate) fn run(terminal: &Terminal, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    let million = OsString::from("1000000");
    let inputs = arguments.first().unwrap_or(&million);
    let mut test = tools::cargo();
    test.args(["test", "--release", "--package", "kelisim", "--lib"])
        .args(["--no-default-features", "--", "eds::mutated", "--nocapture"])
        .env(INPUTS, inputs);
    terminal.run(&mut test)?;
    Ok(ExitCode::SUCCESS)
}
