//! A private PostgreSQL cluster on a Unix socket, which ends when we do.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use crate::{failure::Failure, kept::Kept, place, place::Home, process, process::Terminal, tools};

/// What a cluster is for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// Made anew for each run of the tests; loses everything in a crash, and is fast.
    Test,
    /// Kept between runs as a real one would be.
    Demo,
    /// Kept between runs, but fast.
    Development,
    /// Made anew for each run of the tests with a browser.
    Stage,
}

impl Purpose {
    fn folder(self) -> &'static str {
        match self {
            Purpose::Test => "test-postgres",
            Purpose::Demo => "demo-postgres",
            Purpose::Development => "postgres",
            Purpose::Stage => "stage-postgres",
        }
    }

    fn is_made_anew(self) -> bool {
        match self {
            Purpose::Test | Purpose::Stage => true,
            Purpose::Demo | Purpose::Development => false,
        }
    }

    fn settings(self) -> &'static [&'static str] {
        match self {
            Purpose::Demo => &[],
            Purpose::Test | Purpose::Development | Purpose::Stage => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "max_connections=1000",
            ],
        }
    }
}

/// A running server. It stops when this is dropped, and also when we are killed.
pub(crate) struct Cluster {
    binaries: tools::Postgres,
    server: Kept,
    socket: PathBuf,
    _lock: File,
}

impl Cluster {
    /// Makes the cluster if there is none and starts its server.
    ///
    /// # Errors
    /// When the binaries are missing, another job uses the cluster, or the server does not start.
    pub(crate) fn start(terminal: &Terminal, purpose: Purpose) -> Result<Self, Failure> {
        let binaries = tools::postgres(terminal)?;
        let home = Home::open(purpose.folder())?;
        let lock = lock(purpose)?;
        let cluster = home.path().join("data");
        stop_leftover(&cluster);
        if purpose.is_made_anew() && cluster.exists() {
            fs::remove_dir_all(&cluster).map_err(Failure::at(&cluster))?;
        }
        if !cluster.exists() {
            create(terminal, &binaries, &home, &cluster)?;
        }
        let socket = home.socket_folder()?;
        let log = home.path().join("log");
        let command = server(&binaries, &cluster, &socket, purpose);
        let mut server = Kept::start("PostgreSQL", &command, &log, |keeper| home.lower(keeper))?;
        server.await_ready(terminal, || is_ready(&cluster))?;
        Ok(Cluster {
            binaries,
            server,
            socket,
            _lock: lock,
        })
    }

    /// The address of one of its databases, for the superuser.
    pub(crate) fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres@{}/{database}",
            percent_encoded(&self.socket)
        )
    }

    /// Writes a program that makes a copy of this database under the name it is given.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write_copier(&self, file: &Path, database: &str) -> Result<(), Failure> {
        let mut copy = self.binaries.command("createdb");
        copy.args(["--port=5432", "--username=postgres", "--host"]);
        copy.arg(&self.socket).arg(format!("--template={database}"));
        process::write_script(file, &copy)
    }
}

/// `cargo xtask postgres`: holds a cluster until Ctrl-C.
///
/// # Errors
/// When the cluster cannot be started.
pub(crate) fn hold(terminal: &Terminal) -> Result<ExitCode, Failure> {
    let mut cluster = Cluster::start(terminal, Purpose::Development)?;
    println!("{}", cluster.url("postgres"));
    println!(
        "export KELISIM_TEST_DATABASE_URL='{}'",
        cluster.url("postgres")
    );
    println!("Ctrl-C stops it");
    while terminal.pause().is_ok() {
        if cluster.server.has_ended() {
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn lock(purpose: Purpose) -> Result<File, Failure> {
    let path = place::var().join(format!("{}.lock", purpose.folder()));
    let file = File::create(&path).map_err(Failure::at(&path))?;
    file.try_lock().map_err(|_| Failure::Busy(path))?;
    Ok(file)
}

/// Built aside and renamed, so that a cluster half made is never taken for one.
fn create(
    terminal: &Terminal,
    binaries: &tools::Postgres,
    home: &Home,
    cluster: &Path,
) -> Result<(), Failure> {
    let aside = home.path().join("data.new");
    match fs::remove_dir_all(&aside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(Failure::at(aside)(error)),
        Ok(()) | Err(_) => {}
    }
    let mut initdb = binaries.command("initdb");
    initdb.args([
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-D",
    ]);
    initdb.arg(&aside).stdout(Stdio::null());
    terminal.run(home.lower(&mut initdb))?;
    fs::rename(&aside, cluster).map_err(Failure::at(cluster))
}

fn server(binaries: &tools::Postgres, cluster: &Path, socket: &Path, purpose: Purpose) -> Command {
    let mut server = binaries.command("postgres");
    server
        .arg("-D")
        .arg(cluster)
        .arg("-k")
        .arg(socket)
        .args(["-p", "5432"]);
    server.args(["-c", "listen_addresses="]);
    for setting in purpose.settings() {
        server.args(["-c", setting]);
    }
    server
}

/// A server that outlived a killed run still holds the cluster; a leftover pid
/// file whose number meanwhile belongs to another process would keep ours from starting.
fn stop_leftover(cluster: &Path) {
    let Some(pid) = pid_lines(cluster).into_iter().next() else {
        return;
    };
    for signal in ["INT", "INT", "QUIT", "KILL"] {
        if !is_server(&pid, cluster) {
            break;
        }
        println!("stopping a server left over from an earlier run (process {pid})");
        process::signal(signal, &pid);
        let deadline = Instant::now() + Duration::from_secs(5);
        while is_server(&pid, cluster) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    let _removed_by_the_server = fs::remove_file(cluster.join("postmaster.pid"));
}

fn is_server(pid: &str, cluster: &Path) -> bool {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let line = String::from_utf8_lossy(&line).into_owned();
    line.contains("postgres") && line.split('\0').any(|word| Path::new(word) == cluster)
}

/// The eighth line of the pid file is the server's state.
fn is_ready(cluster: &Path) -> bool {
    pid_lines(cluster)
        .get(7)
        .is_some_and(|state| state.trim() == "ready")
}

fn pid_lines(cluster: &Path) -> Vec<String> {
    let file = fs::read_to_string(cluster.join("postmaster.pid")).unwrap_or_default();
    file.lines().map(str::to_owned).collect()
}

fn percent_encoded(path: &Path) -> String {
    let encode = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
            char::from(*byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .map(encode)
        .collect()
}
