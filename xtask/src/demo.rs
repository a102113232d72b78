//! `cargo xtask demo`: everything set up, one registration played from end to end.

use std::{ffi::OsString, process::ExitCode};

use crate::{
    failure::Failure,
    place,
    postgres::{Cluster, Purpose},
    process::Terminal,
    tools,
};

/// Builds the service, starts its cluster, and hands over to `kelisim demo`.
///
/// # Errors
/// When something cannot be built or started. How the demo itself ended is the exit code.
pub(crate) fn run(terminal: &Terminal, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    terminal.run(tools::cargo().args(["build", "--bin", "kelisim"]))?;
    let cluster = Cluster::start(terminal, Purpose::Demo)?;
    let mut demo = tools::cargo();
    demo.args(["run", "--quiet", "--bin", "kelisim", "--", "demo"]);
    demo.args(["--database-url", &cluster.url("postgres")]);
    demo.arg("--dir")
        .arg(place::var().join("demo"))
        .args(arguments);
    let ended = terminal.accompany(&mut demo)?;
    let code = ended.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
