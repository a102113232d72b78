//! Sets up what Kelisim needs on this machine and runs its jobs: see `cargo xtask --help`.

mod bench;
mod debian;
mod demo;
mod e2e;
mod failure;
mod frontend;
mod fuzz;
mod kept;
mod place;
mod postgres;
mod process;
mod screenshots;
mod stage;
mod test;
mod tools;

use std::{env, ffi::OsString, process::ExitCode};

use failure::Failure;
use process::Terminal;

const HELP: &str = "\
Sets up what Kelisim needs on this machine and runs one of its jobs.

Usage:
  cargo xtask demo [--once] [--tamper PART] ...
      Starts a private PostgreSQL (kept in var/demo-postgres), builds the service
      and plays a whole registration against it over HTTP. With --once it ends
      after the flow. Everything after `demo` goes to `kelisim demo`:
      `cargo xtask demo --help` lists it.
  cargo xtask test [ARGUMENTS]
      Formatting, lints, dependencies, the files of the browser side, the pure
      half alone, then all the tests against a private PostgreSQL made anew, and
      those with a browser. With ARGUMENTS, only
      `cargo test --workspace ARGUMENTS`: say `cargo xtask test -- floors`.
  cargo xtask e2e [NAMES]
      Sets up whole services with keys of their own (in var/stage) and drives a
      real browser through them; with NAMES, only the tests whose paths contain one.
  cargo xtask screenshots [NAMES]
      Does so to take pictures of every page, in each language, wide and narrow,
      into var/screenshots; with NAMES, only of pages whose names contain one.
  cargo xtask fuzz [INPUTS]
      Gives each reader of foreign bytes a million mutated inputs, or INPUTS, in
      release; fuzz/README.md tells more.
  cargo xtask bench verify
      Verifies the same signatures with Kelisim, with OpenSSL's libcrypto and
      with the bare signature checks, by turns in one process, and prints how
      they compare. Needs a C compiler; takes about two minutes.
  cargo xtask bench lists
      Reads a revocation list of a million entries with Kelisim and with OpenSSL,
      and prints time, memory and the time of one look beside their marks.
  cargo xtask bench evidence
      Has consents signed, stamped and their certificates asked about over HTTP,
      with cold and with warm caches, and prints what each costs; then `lists`.
  cargo xtask bench audit
      Fills an audit log with 100,000 records, seals it, and times
      `kelisim audit verify` beside its mark of 5 seconds.
  cargo xtask postgres
      Starts a private PostgreSQL (kept in var/postgres), prints its URL and
      holds it until Ctrl-C.

What is missing is installed with apt (as root), or unpacked from Debian's
packages into var/binaries (as an ordinary user). As root the PostgreSQL server
runs as `nobody`.

Environment:
  PG_BIN                       folder of the PostgreSQL server binaries to use
  KELISIM_TEST_DATABASE_URL    tests use this server instead of a private one;
                               the role must be allowed to create databases
";

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let job = arguments.next().unwrap_or_default();
    match run(&job.to_string_lossy(), arguments.collect()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            failure.exit_code()
        }
    }
}

fn run(job: &str, arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    match job {
        "demo" => demo::run(&Terminal::listen()?, &arguments),
        "test" => test::run(&Terminal::listen()?, &arguments),
        "e2e" => e2e::run(&Terminal::listen()?, &arguments),
        "screenshots" => screenshots::run(&Terminal::listen()?, &arguments),
        "fuzz" => fuzz::run(&Terminal::listen()?, &arguments),
        "bench" => bench::run(&Terminal::listen()?, &arguments),
        "postgres" => postgres::hold(&Terminal::listen()?),
        "" | "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        unknown => Err(Failure::UnknownJob(unknown.to_owned())),
    }
}
