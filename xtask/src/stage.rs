//! A whole service on this machine, with all that stands around it, for tests
//! that drive a browser.

use std::{
    env, fs,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use crate::{
    failure::Failure,
    kept::Kept,
    place,
    postgres::{Cluster, Purpose},
    process::Terminal,
    tools,
};

/// The service centre of the development PKI (`src/pki/people.rs`).
const SERVICE_CENTRE: &str = "200740099907";

/// A running service. What was started last stops first.
pub(crate) struct Stage {
    address: SocketAddr,
    folder: PathBuf,
    program: PathBuf,
    _service: Kept,
    _responder: Kept,
    _cluster: Cluster,
}

impl Stage {
    /// Builds the service, makes a development PKI and a database, fills the
    /// registers, and waits until all of it answers.
    ///
    /// # Errors
    /// When something cannot be built, made or started.
    pub(crate) fn set(terminal: &Terminal) -> Result<Self, Failure> {
        terminal.run(tools::cargo().args(["build", "--bin", "kelisim"]))?;
        let cluster = Cluster::start(terminal, Purpose::Stage)?;
        let plan = Plan::draw(cluster.url("postgres"))?;
        plan.prepare(terminal)?;
        let responder = plan.start_responder(terminal)?;
        plan.fill(terminal)?;
        let service = plan.start_service(terminal)?;
        Ok(Stage {
            address: plan.service,
            folder: plan.folder,
            program: plan.program,
            _service: service,
            _responder: responder,
            _cluster: cluster,
        })
    }

    /// Tells a program where everything is.
    pub(crate) fn tell<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .env("KELISIM_URL", format!("http://{}", self.address))
            .env("KELISIM_PKI", self.folder.join("pki"))
            .env("KELISIM_PROGRAM", &self.program)
    }
}

/// What stands where.
struct Plan {
    database: String,
    folder: PathBuf,
    program: PathBuf,
    responder: SocketAddr,
    service: SocketAddr,
}

impl Plan {
    fn draw(database: String) -> Result<Self, Failure> {
        let folder = place::var().join("stage");
        fs::create_dir_all(&folder).map_err(Failure::at(&folder))?;
        let own = env::current_exe().map_err(Failure::at("xtask"))?;
        // Both held before either is let go, so that they differ.
        let [responder, service] = free().map_err(Failure::at("127.0.0.1"))?;
        Ok(Plan {
            database,
            folder,
            // Cargo puts all programs of one build beside each other.
            program: own.with_file_name("kelisim"),
            responder,
            service,
        })
    }

    fn prepare(&self, terminal: &Terminal) -> Result<(), Failure> {
        let mut make = self.kelisim(&["pki", "init", "--force"]);
        make.arg("--out").arg(self.pki(""));
        make.args(["--responder", &format!("http://{}", self.responder)]);
        terminal.run(make.stdout(Stdio::null()))?;
        let mut seal = self.kelisim(&["audit", "key", "--name", "stage.example/audit"]);
        terminal.run(seal.arg(self.audit_key()).stdout(Stdio::null()))
    }

    fn start_responder(&self, terminal: &Terminal) -> Result<Kept, Failure> {
        let mut serve = self.kelisim(&["pki", "serve", "--dir"]);
        serve.arg(self.pki(""));
        serve.args(["--listen", &self.responder.to_string()]);
        self.start("the responder", &serve, terminal, || {
            TcpStream::connect(self.responder).is_ok()
        })
    }

    fn fill(&self, terminal: &Terminal) -> Result<(), Failure> {
        for register in ["dwellings", "registers"] {
            let mut import = self.kelisim(&[register, "import"]);
            terminal.run(import.arg(self.pki(&format!("{register}.json"))))?;
        }
        Ok(())
    }

    fn start_service(&self, terminal: &Terminal) -> Result<Kept, Failure> {
        let mut serve = self.kelisim(&["serve", "--requests-per-second", "0"]);
        serve.args(["--listen", &self.service.to_string()]);
        serve.arg("--trust").arg(self.pki("trust"));
        serve.arg("--evidence").arg(self.pki("evidence.toml"));
        serve.arg("--audit-key").arg(self.audit_key());
        serve.args(["--service-centre", SERVICE_CENTRE]);
        self.start("the service", &serve, terminal, || {
            answers(self.service, "/health/ready").unwrap_or(false)
        })
    }

    fn start(
        &self,
        what: &'static str,
        command: &Command,
        terminal: &Terminal,
        is_ready: impl Fn() -> bool,
    ) -> Result<Kept, Failure> {
        let name = what.trim_start_matches("the ");
        let log = self.folder.join(format!("{name}.log"));
        let mut server = Kept::start(what, command, &log, |keeper| keeper)?;
        server.await_ready(terminal, is_ready)?;
        Ok(server)
    }

    /// The program itself; what our own environment says to a service is not meant
    /// for this one.
    fn kelisim(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("KELISIM_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .env("PATH", tools::path())
            .env("KELISIM_DATABASE_URL", &self.database);
        command
    }

    fn pki(&self, file: &str) -> PathBuf {
        self.folder.join("pki").join(file)
    }

    fn audit_key(&self) -> PathBuf {
        self.folder.join(Path::new("audit.key.pem"))
    }
}

/// Two addresses at which nobody listens.
fn free() -> std::io::Result<[SocketAddr; 2]> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let (one, other) = (TcpListener::bind(any)?, TcpListener::bind(any)?);
    Ok([one.local_addr()?, other.local_addr()?])
}

/// Whether a service answers that all is well.
fn answers(address: SocketAddr, path: &str) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer.starts_with(b"HTTP/1.1 200 "))
}
