//! Finds the programs the jobs need, and brings in those that are missing.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{debian, failure::Failure, place, process, process::Terminal};

/// The PostgreSQL server binaries.
pub(crate) struct Postgres {
    bin: PathBuf,
    libraries: Option<OsString>,
}

impl Postgres {
    /// A server binary by name, in an environment that nothing of ours leaks into:
    /// variables such as `PGDATA` or `PGOPTIONS` would steer it.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command
            .env_clear()
            .env("PATH", path())
            .env("TZ", "UTC")
            .env("LC_ALL", "C.UTF-8");
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command.current_dir("/");
        command
    }
}

/// Finds the PostgreSQL server binaries, installing or unpacking them when there are none.
///
/// # Errors
/// When `PG_BIN` is wrong, or they are missing and Debian's packages cannot be had.
pub(crate) fn postgres(terminal: &Terminal) -> Result<Postgres, Failure> {
    if let Some(bin) = env::var_os("PG_BIN").map(PathBuf::from) {
        return server_in(&bin).ok_or(Failure::NotPostgres(bin));
    }
    if let Some(found) = installed_postgres() {
        return Ok(found);
    }
    println!("PostgreSQL server binaries are missing");
    debian::provide(terminal, "postgresql")?;
    installed_postgres().ok_or(Failure::Missing {
        what: "PostgreSQL server binaries (initdb, postgres)",
        package: "postgresql",
    })
}

/// A program that jobs start by its name.
#[derive(Clone, Copy)]
pub(crate) enum Program {
    /// The independent signer of the tests.
    OpenSsl,
    /// Runs what is written in JavaScript.
    Node,
    /// Fetches its packages.
    Npm,
    /// The browser that tests drive.
    Chromium,
}

impl Program {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Program::OpenSsl => "openssl",
            Program::Node => "node",
            Program::Npm => "npm",
            Program::Chromium => "chromium",
        }
    }

    fn package(self) -> &'static str {
        match self {
            Program::Node => "nodejs",
            Program::OpenSsl | Program::Npm | Program::Chromium => self.name(),
        }
    }

    /// Where it is: on this machine, or else unpacked.
    pub(crate) fn find(self) -> Option<PathBuf> {
        let unpacked = || Some(debian::wrappers().join(self.name())).filter(|file| file.exists());
        in_path(self.name()).or_else(unpacked)
    }
}

/// The value of `PATH` under which these programs are found.
///
/// # Errors
/// When one is missing and Debian's package cannot be had.
pub(crate) fn path_with(terminal: &Terminal, programs: &[Program]) -> Result<OsString, Failure> {
    for program in programs {
        if program.find().is_none() {
            println!("{} is missing", program.name());
            debian::provide(terminal, program.package())?;
        }
        if program.find().is_none() {
            return Err(Failure::Missing {
                what: program.name(),
                package: program.package(),
            });
        }
    }
    // What the machine has itself comes first.
    let mut joined = path();
    joined.push(":");
    joined.push(debian::wrappers());
    Ok(joined)
}

/// Cargo itself, the one that started us, at the root of the project.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What cargo told this program about itself; build scripts of dependencies
    // would take it for a change and build everything again.
    for (name, _) in env::vars_os() {
        let about_us = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"];
        if about_us
            .iter()
            .any(|prefix| name.to_string_lossy().starts_with(prefix))
        {
            command.env_remove(name);
        }
    }
    command.current_dir(place::project());
    command
}

fn installed_postgres() -> Option<Postgres> {
    let told = process::output(Command::new("pg_config").arg("--bindir")).map(PathBuf::from);
    let in_path = in_path("initdb").and_then(|initdb| Some(initdb.parent()?.to_owned()));
    told.into_iter()
        .chain(versions(Path::new("/usr/lib/postgresql")))
        .chain(in_path)
        .chain(versions(&debian::tree().join("usr/lib/postgresql")))
        .find_map(|bin| server_in(&bin))
}

fn server_in(bin: &Path) -> Option<Postgres> {
    // Resolved, because the server looks for its files beside its real place.
    let bin = fs::canonicalize(bin.join("initdb"))
        .ok()?
        .parent()?
        .to_owned();
    if !bin.join("postgres").exists() {
        return None;
    }
    let libraries = bin.starts_with(debian::tree()).then(debian::libraries);
    Some(Postgres { bin, libraries })
}

/// The `bin` folders of all installed versions, newest first.
fn versions(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .collect();
    versions.sort_by(|one, other| other.cmp(one));
    versions
        .into_iter()
        .map(|(_, path)| path.join("bin"))
        .collect()
}

/// Where `PATH` has a program, links resolved.
pub(crate) fn in_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&path())
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .and_then(|file| fs::canonicalize(file).ok())
}

/// Where programs are looked for.
pub(crate) fn path() -> OsString {
    env::var_os("PATH").unwrap_or_else(|| OsStr::new("/usr/bin:/bin").to_owned())
}
