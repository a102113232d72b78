//! Debian's packages: installed as root, otherwise unpacked into the project.

use std::{
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{failure::Failure, place, process, process::Terminal, tools};

const NO_MAIN_CLUSTER: &str =
    "# Kelisim runs a private cluster of its own.\ncreate_main_cluster = false\n";

/// Brings in a package with all it needs, if this machine has apt; else does nothing.
pub(crate) fn provide(terminal: &Terminal, package: &'static str) -> Result<(), Failure> {
    if tools::in_path("apt-get").is_none() {
        return Ok(());
    }
    if place::root() {
        install(terminal, package)
    } else {
        unpack(terminal, package)
    }
}

/// Where packages are unpacked for an ordinary user.
pub(crate) fn tree() -> PathBuf {
    var().join("tree")
}

/// The value of `LD_LIBRARY_PATH` for programs of the unpacked tree.
pub(crate) fn libraries() -> OsString {
    let folders = ["usr/lib", "lib"].map(|folder| tree().join(folder));
    let folders = folders.iter().flat_map(|folder| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.path())
            .filter(|path| path.to_string_lossy().contains("linux-gnu"))
    });
    let folders: Vec<_> = folders.map(PathBuf::into_os_string).collect();
    folders.join(&OsString::from(":"))
}

/// A program of the unpacked tree that finds its own libraries and settings.
pub(crate) fn wrapper(program: &str) -> PathBuf {
    var().join("bin").join(program)
}

fn install(terminal: &Terminal, package: &'static str) -> Result<(), Failure> {
    // Debian's package would otherwise make a cluster and start it on port 5432.
    let settings = Path::new("/etc/postgresql-common/createcluster.d");
    if package == "postgresql" && tools::in_path("pg_createcluster").is_none() {
        fs::create_dir_all(settings).map_err(Failure::at(settings))?;
        let file = settings.join("kelisim.conf");
        fs::write(&file, NO_MAIN_CLUSTER).map_err(Failure::at(file))?;
    }
    terminal.run(&mut apt("apt-get", &["update", "--quiet"]))?;
    terminal.run(&mut apt(
        "apt-get",
        &[
            "install",
            "--quiet",
            "--yes",
            "--no-install-recommends",
            package,
        ],
    ))
}

/// An ordinary user may keep package lists of his own, download, and unpack.
fn unpack(terminal: &Terminal, package: &'static str) -> Result<(), Failure> {
    let apt_state = var().join("apt");
    let archives = apt_state.join("downloads");
    let folders = [
        tree(),
        archives.clone(),
        apt_state.join("lists/partial"),
        var().join("bin"),
    ];
    for folder in folders {
        fs::create_dir_all(&folder).map_err(Failure::at(folder))?;
    }
    terminal.run(private_apt(&["update", "--quiet"]).current_dir(&archives))?;
    let mut download = private_apt(&["download", "--quiet"]);
    terminal.run(download.args(missing(package)?).current_dir(&archives))?;
    for archive in fs::read_dir(&archives)
        .map_err(Failure::at(&archives))?
        .flatten()
    {
        terminal.run_quietly(apt("dpkg", &["-x"]).arg(archive.path()).arg(tree()))?;
    }
    wrap_openssl()?;
    fs::remove_dir_all(&apt_state).map_err(Failure::at(apt_state))
}

/// The package and what it needs, as far as this machine lacks it, by apt's rehearsal.
fn missing(package: &'static str) -> Result<Vec<String>, Failure> {
    let rehearsal = ["install", "--simulate", "--no-install-recommends", package];
    let rehearsal = process::output(&mut private_apt(&rehearsal)).ok_or(Failure::Missing {
        what: "an installable package",
        package,
    })?;
    let names = rehearsal
        .lines()
        .filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next());
    Ok(names.map(str::to_owned).collect())
}

fn wrap_openssl() -> Result<(), Failure> {
    let program = tree().join("usr/bin/openssl");
    if !program.exists() {
        return Ok(());
    }
    let wrapper = wrapper("openssl");
    let script = format!(
        "#!/bin/sh\nLD_LIBRARY_PATH='{}' OPENSSL_CONF='{}' exec '{}' \"$@\"\n",
        libraries().display(),
        tree().join("etc/ssl/openssl.cnf").display(),
        program.display(),
    );
    fs::write(&wrapper, script).map_err(Failure::at(&wrapper))?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).map_err(Failure::at(wrapper))
}

fn private_apt(arguments: &[&str]) -> Command {
    let mut command = apt("apt-get", arguments);
    for (setting, value) in [
        ("Dir::State", var().join("apt")),
        ("Dir::State::status", "/var/lib/dpkg/status".into()),
        ("Dir::Cache", var().join("apt")),
        ("Debug::NoLocking", "true".into()),
    ] {
        command
            .arg("-o")
            .arg(format!("{setting}={}", value.display()));
    }
    command
}

fn apt(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("LC_ALL", "C");
    command
}

fn var() -> PathBuf {
    place::var().join("binaries")
}
