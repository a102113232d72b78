//! `cargo xtask e2e`: a whole service, and a browser that is driven through it.

use std::{
    ffi::OsString,
    process::{Command, ExitCode},
};

use crate::{
    failure::Failure, frontend::Frontend, process::Terminal, stage::Stage, tools,
    tools::Program::Chromium,
};

/// Drives the browser through all the tests, or those whose paths contain one of
/// the arguments.
///
/// # Errors
/// When something cannot be set up, or a test fails.
pub(crate) fn run(terminal: &Terminal, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    let frontend = Frontend::ready(terminal)?;
    tools::path_with(terminal, &[Chromium])?;
    let stage = Stage::set(terminal)?;
    let mut tests: Command = frontend.script("e2e/run.mjs");
    stage.tell(tests.args(arguments));
    if let Some(chromium) = Chromium.find() {
        tests.env("KELISIM_CHROMIUM", chromium);
    }
    terminal.run(&mut tests)?;
    Ok(ExitCode::SUCCESS)
}
