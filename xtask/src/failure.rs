//! Why a job could not be done.

use std::{fmt, io, path::PathBuf, process::ExitCode};

/// Why a job could not be done; shown to the person in one line where possible.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no such job.
    UnknownJob(String),
    /// A program is missing and cannot be installed here.
    Missing {
        what: &'static str,
        package: &'static str,
    },
    /// `PG_BIN` names a folder without the server binaries.
    NotPostgres(PathBuf),
    /// A command could not be started.
    Start { command: String, error: io::Error },
    /// A command ended with a failure.
    Command { command: String, code: Option<i32> },
    /// A file or folder could not be read or written.
    File { path: PathBuf, error: io::Error },
    /// A folder that other users can write holds something that is not ours.
    NotOurs(PathBuf),
    /// Another job uses the same cluster now.
    Busy(PathBuf),
    /// A server did not come up; the end of its log says why.
    Server {
        what: &'static str,
        log: PathBuf,
        end: String,
    },
    /// What is committed is not what its sources make.
    Stale(PathBuf),
    /// Signals cannot be heard.
    Signals(io::Error),
    /// Ctrl-C, or a request to end.
    Interrupted,
}

impl Failure {
    /// What the shell is told.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Interrupted => ExitCode::from(130),
            Failure::UnknownJob(_) => ExitCode::from(2),
            Failure::Missing { .. }
            | Failure::NotPostgres(_)
            | Failure::Start { .. }
            | Failure::Command { .. }
            | Failure::File { .. }
            | Failure::NotOurs(_)
            | Failure::Busy(_)
            | Failure::Server { .. }
            | Failure::Stale(_)
            | Failure::Signals(_) => ExitCode::FAILURE,
        }
    }

    /// Names the path in a file error: `.map_err(Failure::at(path))`.
    pub(crate) fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Failure {
        let path = path.into();
        move |error| Failure::File { path, error }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::UnknownJob(job) => {
                write!(f, "no job is called `{job}`; see `cargo xtask --help`")
            }
            Failure::Missing { what, package } => {
                write!(
                    f,
                    "{what} not found: install Debian's package `{package}` or its like"
                )
            }
            Failure::NotPostgres(folder) => {
                write!(
                    f,
                    "no `initdb` and `postgres` in {}, given by PG_BIN",
                    folder.display()
                )
            }
            Failure::Start { command, error } => write!(f, "cannot start `{command}`: {error}"),
            Failure::Command {
                command,
                code: Some(code),
            } => {
                write!(f, "`{command}` failed with exit code {code}")
            }
            Failure::Command {
                command,
                code: None,
            } => write!(f, "`{command}` was killed"),
            Failure::File { path, error } => write!(f, "{}: {error}", path.display()),
            Failure::NotOurs(path) => {
                write!(f, "{} belongs to another user: remove it", path.display())
            }
            Failure::Busy(path) => {
                write!(
                    f,
                    "another `cargo xtask` uses {}: let it end first",
                    path.display()
                )
            }
            Failure::Server { what, log, end } => {
                write!(
                    f,
                    "{what} did not start; {} ends with\n{end}",
                    log.display()
                )
            }
            Failure::Stale(file) => write!(
                f,
                "{} is not what frontend/ makes: `npm run build` there, and commit it",
                file.display()
            ),
            Failure::Signals(error) => write!(f, "cannot listen to signals: {error}"),
            Failure::Interrupted => write!(f, "interrupted"),
        }
    }
}
