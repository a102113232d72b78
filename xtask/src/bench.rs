//! `cargo xtask bench`: how fast we are, beside others or beside a mark.

use std::{
    env,
    ffi::OsString,
    path::Path,
    process::{Command, ExitCode},
};

use crate::{
    debian,
    failure::Failure,
    postgres::{Cluster, Purpose},
    process::Terminal,
    tools,
};

/// Belongs to no version of OpenSSL that has no CMS.
const HEADER: &str = "/usr/include/openssl/cms.h";

const BENCHES: &str = "\
cargo xtask bench verify     signatures, beside OpenSSL and beside bare signature checks
cargo xtask bench lists      a revocation list of a million entries, beside OpenSSL
cargo xtask bench evidence   a consent with its evidence, caches cold and warm; then `lists`
cargo xtask bench audit      the audit log of 100,000 records verified
";

/// Runs the bench that the arguments name; without any, says which there are.
///
/// # Errors
/// For an unknown bench, or when OpenSSL's headers cannot be had.
pub(crate) fn run(terminal: &Terminal, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    let what = arguments.first().map(|what| what.to_string_lossy());
    match what.as_deref() {
        Some("verify") => compare(terminal, "verify")?,
        Some("lists") => compare(terminal, "lists")?,
        Some("audit") => on_database(terminal, "audit")?,
        Some("evidence") => {
            on_database(terminal, "evidence")?;
            compare(terminal, "lists")?;
        }
        Some(other) => return Err(Failure::UnknownJob(format!("bench {other}"))),
        None => print!("{BENCHES}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The database is a private one, as fast as a test's.
fn on_database(terminal: &Terminal, what: &str) -> Result<(), Failure> {
    let cluster = Cluster::start(terminal, Purpose::Test)?;
    let mut bench: Command = tools::cargo();
    bench.args(["bench", "--bench", what]);
    bench.env("KELISIM_TEST_DATABASE_URL", cluster.url("postgres"));
    terminal.run(&mut bench)
}

/// The peer is a package outside the workspace, so that OpenSSL never comes
/// near what is delivered.
fn compare(terminal: &Terminal, what: &str) -> Result<(), Failure> {
    if !Path::new(HEADER).exists() {
        println!("the headers of OpenSSL are missing");
        debian::provide(terminal, "libssl-dev")?;
    }
    if !Path::new(HEADER).exists() {
        return Err(Failure::Missing {
            what: "the headers of OpenSSL",
            package: "libssl-dev",
        });
    }
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let mut bench: Command = tools::cargo();
    bench.args(["run", "--release"]);
    bench.args([
        "--manifest-path",
        "benches/openssl/Cargo.toml",
        "--target-dir",
    ]);
    terminal.run(bench.arg(target).args(["--", what]))
}
