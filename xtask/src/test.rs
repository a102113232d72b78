//! `cargo xtask test`: everything set up, all the tests.

use std::{
    env,
    ffi::OsString,
    process::{Command, ExitCode},
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

/// Runs the checks and all the tests; with arguments, only the tests they choose.
///
/// # Errors
/// At the first check or test that fails.
pub(crate) fn run(terminal: &Terminal, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    if arguments.is_empty() {
        check_text(terminal)?;
        check_dependencies(terminal)?;
        Frontend::ready(terminal)?.check(terminal)?;
        check_pure_half(terminal)?;
        build_all(terminal)?;
    }
    test_all(terminal, arguments)?;
    if arguments.is_empty() {
        return e2e::run(terminal, &[]);
    }
    Ok(ExitCode::SUCCESS)
}

fn check_text(terminal: &Terminal) -> Result<(), Failure> {
    if has("fmt") {
        terminal.run(tools::cargo().args(["fmt", "--all", "--check"]))?;
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

/// Without the service, the compiler itself proves that the verifier and the rules
/// touch no database, network or runtime. Their tests run with all the others.
fn check_pure_half(terminal: &Terminal) -> Result<(), Failure> {
    let pure = ["--package", "kelisim", "--no-default-features", "--lib"];
    terminal.run(tools::linting_cargo().arg("check").args(pure))
}

/// Lints everything as it is built: what others wrote is then compiled once, and not
/// a second time only to be looked at.
fn build_all(terminal: &Terminal) -> Result<(), Failure> {
    if tools::linter().is_none() {
        println!("skipped: there is no clippy beside cargo");
    }
    let all = ["build", "--workspace", "--all-targets"];
    terminal.run(tools::linting_cargo().args(all))
}

fn test_all(terminal: &Terminal, arguments: &[OsString]) -> Result<(), Failure> {
    // A few tests are chosen while something is being written.
    let mut test = match arguments {
        [] => tools::linting_cargo(),
        [_, ..] => tools::cargo(),
    };
    test.args(["test", "--workspace"])
        .env("PATH", tools::path_with(terminal, &[Program::OpenSsl])?);
    test.args(arguments);
    if env::var_os(DATABASE).is_some() {
        println!("tests use the server that {DATABASE} names");
        return terminal.run(&mut test);
    }
    let cluster = Cluster::start(terminal, Purpose::Test)?;
    terminal.run(test.env(DATABASE, cluster.url("postgres")))
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
