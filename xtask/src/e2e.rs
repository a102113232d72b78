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
    build(terminal)?;
    test(terminal, arguments)
}

/// The same with a service that is built already.
///
/// # Errors
/// As [`run`].
pub(crate) fn test(terminal: &Terminal, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    drive(terminal, "e2e/run.mjs", arguments)
}

/// Builds the service that the browser is driven through.
///
/// # Errors
/// When it cannot be built.
pub(crate) fn build(terminal: &Terminal) -> Result<(), Failure> {
    terminal.run(tools::cargo().args(["build", "--bin", "kelisim"]))
}

/// Sets up everything and runs a script that drives the browser.
///
/// # Errors
/// When something cannot be set up, or the script fails.
pub(crate) fn drive(
    terminal: &Terminal,
    script: &str,
    arguments: &[OsString],
) -> Result<ExitCode, Failure> {
    let frontend = Frontend::ready(terminal)?;
    tools::path_with(terminal, &[Chromium])?;
    let stage = Stage::set(terminal)?;
    let mut driver: Command = frontend.script(script);
    stage.tell(driver.args(arguments));
    if let Some(chromium) = Chromium.find() {
        driver.env("KELISIM_CHROMIUM", chromium);
    }
    terminal.run(&mut driver)?;
    Ok(ExitCode::SUCCESS)
}
