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

/// Where programs of the unpacked tree are started from, so that they find their own
/// libraries and settings.
pub(crate) fn wrappers() -> PathBuf {
    var().join("bin")
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
        wrappers(),
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
    wrap(terminal)?;
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

/// Programs whose packages were unpacked, and how the shell starts them.
fn wrap(terminal: &Terminal) -> Result<(), Failure> {
    let tree = tree();
    let (shown, libraries) = (tree.display(), libraries());
    let libraries = format!("LD_LIBRARY_PATH='{}'", libraries.display());
    let node = "usr/share/nodejs";
    if tree.join("usr/bin/node").exists() {
        redirect(terminal)?;
    }
    let redirect = format!(
        "LD_PRELOAD='{}' KELISIM_TREE='{shown}' NODE_PATH='{shown}/{node}'",
        redirection().display(),
    );
    let wrapped = [
        (
            "usr/bin/openssl",
            format!("{libraries} OPENSSL_CONF='{shown}/etc/ssl/openssl.cnf' exec"),
        ),
        ("usr/bin/node", format!("{libraries} {redirect} exec")),
        (
            "usr/share/nodejs/npm/bin/npm-cli.js",
            "exec node".to_owned(),
        ),
        (
            "usr/lib/chromium/chromium",
            format!("{libraries} FONTCONFIG_FILE='{shown}/etc/fonts/fonts.conf' exec"),
        ),
    ];
    for (program, start) in wrapped {
        let file = tree.join(program);
        let name = Path::new(program).file_stem().unwrap_or_default();
        let name = name.to_string_lossy().replace("-cli", "");
        if file.exists() {
            let script = format!("#!/bin/sh\n{start} '{}' \"$@\"\n", file.display());
            write_program(&wrappers().join(name), &script)?;
        }
    }
    Ok(())
}

/// Makes the library that leads Debian's Node into the tree.
fn redirect(terminal: &Terminal) -> Result<(), Failure> {
    let source = var().join("redirect.c");
    fs::write(&source, include_str!("redirect.c")).map_err(Failure::at(&source))?;
    let mut compile = Command::new("cc");
    compile.args(["-shared", "-fPIC", "-O1", "-o"]);
    terminal.run(compile.arg(redirection()).arg(source).arg("-ldl"))
}

fn redirection() -> PathBuf {
    var().join("redirect.so")
}

fn write_program(file: &Path, script: &str) -> Result<(), Failure> {
    fs::write(file, script).map_err(Failure::at(file))?;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).map_err(Failure::at(file))
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
