//! `cargo xtask test`: everything set up, all the tests.

use std::{
    env,
    ffi::OsString,
    num::NonZero,
    process::{Command, ExitCode},
    thread,
};

use crate::{
    e2e,
    failure::Failure,
    frontend::Frontend,
    postgres::{Cluster, Purpose},
    process,
    process::Terminal,
    tools,
    tools::Program,
};

const DATABASE: &str = "KELISIM_TEST_DATABASE_URL";

/// How many tests run at once, for the harness of the standard library.
const AT_ONCE: &str = "RUST_TEST_THREADS";

/// Runs the checks and all the tests; with arguments, only the tests they choose.
///
/// # Errors
/// At the first check or test that fails.
pub(crate) fn run(terminal: &Terminal, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    if arguments.is_empty() {
        check_text(terminal)?;
        check_dependencies(terminal)?;
        Frontend::ready(terminal)?.check(terminal)?;
    }
    test_all(terminal, arguments)?;
    if arguments.is_empty() {
        // With the service that the other tests were given: built alone it would share
        // less with them, and take minutes.
        return e2e::test(terminal, &[]);
    }
    Ok(ExitCode::SUCCESS)
}

fn check_text(terminal: &Terminal) -> Result<(), Failure> {
    if has("fmt") {
        terminal.run(tools::cargo().args(["fmt", "--all", "--check"]))?;
    }
    if has("clippy") {
        // Without the service, the compiler itself proves that the verifier and the
        // rules touch no database, network or runtime. Their tests run with all others.
        let pure = [
            "clippy",
            "--package",
            "kelisim",
            "--no-default-features",
            "--lib",
        ];
        let mut lint = tools::cargo();
        terminal.run(lint.args(pure).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

fn check_dependencies(terminal: &Terminal) -> Result<(), Failure> {
    if !has("deny") {
        return Ok(());
    }
    terminal.run(tools::cargo().args(["deny", "check", "bans", "licenses", "sources"]))?;
    let fetched = process::output(tools::cargo().args(["deny", "fetch", "db"])).is_some();
    if !fetched {
        println!("skipped: the database of advisories is out of reach");
        return Ok(());
    }
    terminal.run(tools::cargo().args(["deny", "check", "advisories"]))
}

fn test_all(terminal: &Terminal, arguments: &[OsString]) -> Result<(), Failure> {
    let mut test = match arguments.is_empty() && has("clippy") {
        true => linted(terminal)?,
        false => tools::cargo(),
    };
    test.args(["test", "--workspace"])
        .env("PATH", tools::path_with(terminal, &[Program::OpenSsl])?);
    test.args(arguments);
    if env::var_os(AT_ONCE).is_none() {
        test.env(AT_ONCE, at_once().to_string());
    }
    if env::var_os(DATABASE).is_some() {
        println!("tests use the server that {DATABASE} names");
        return terminal.run(&mut test);
    }
    let cluster = Cluster::start(terminal, Purpose::Test)?;
    terminal.run(test.env(DATABASE, cluster.url("postgres")))
}

/// Builds and lints everything, and gives cargo with that compiler: what the tests
/// need is then built already. `cargo clippy` would read every dependency once more
/// (decision 0019).
fn linted(terminal: &Terminal) -> Result<Command, Failure> {
    let with_lints = || {
        let mut cargo = tools::cargo();
        cargo
            .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
            .env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
        cargo
    };
    terminal.run(with_lints().args(["build", "--workspace", "--all-targets"]))?;
    Ok(with_lints())
}

/// Two for each processor: many a test waits until somebody else gives up.
fn at_once() -> usize {
    thread::available_parallelism().map_or(2, NonZero::get) * 2
}

/// Whether cargo has this subcommand here; says so when it is skipped.
fn has(subcommand: &str) -> bool {
    let mut version: Command = tools::cargo();
    let found = process::output(version.args([subcommand, "--version"])).is_some();
    if !found {
        println!("skipped: cargo {subcommand} is not installed");
    }
    found
}
