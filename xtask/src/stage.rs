//! What services on this machine need around them, for tests that drive a browser:
//! keys, responders, and databases with filled registers.

use std::{
    env, fs,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{
    failure::Failure,
    kept::Kept,
    place,
    postgres::{Cluster, Purpose},
    process::Terminal,
    tools,
};

/// The database with filled registers, of which every service gets a copy.
const FILLED: &str = "postgres";

/// Everything that is set up. What was started last stops first.
pub(crate) struct Stage {
    plan: Plan,
    new_database: PathBuf,
    _responder: Kept,
    cluster: Cluster,
}

impl Stage {
    /// Makes a development PKI, starts its responders, and fills the registers of a
    /// database, all by the service that was built.
    ///
    /// # Errors
    /// When something cannot be made or started.
    pub(crate) fn set(terminal: &Terminal) -> Result<Self, Failure> {
        let cluster = Cluster::start(terminal, Purpose::Stage)?;
        let plan = Plan::draw(cluster.url(FILLED))?;
        plan.prepare(terminal)?;
        let responder = plan.start_responder(terminal)?;
        plan.fill(terminal)?;
        let new_database = plan.folder.join("new-database");
        cluster.write_copier(&new_database, FILLED)?;
        Ok(Stage {
            plan,
            new_database,
            _responder: responder,
            cluster,
        })
    }

    /// Tells a program where everything is, so that it can start services of its own.
    pub(crate) fn tell<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .env("KELISIM_PROGRAM", &self.plan.program)
            .env("KELISIM_PKI", self.plan.pki(""))
            .env("KELISIM_AUDIT_KEY", self.plan.audit_key())
            .env("KELISIM_NEW_DATABASE", &self.new_database)
            .env("KELISIM_DATABASES", self.cluster.url(""))
    }
}

/// What stands where.
struct Plan {
    database: String,
    folder: PathBuf,
    program: PathBuf,
    responder: SocketAddr,
}

impl Plan {
    fn draw(database: String) -> Result<Self, Failure> {
        let folder = place::var().join("stage");
        fs::create_dir_all(&folder).map_err(Failure::at(&folder))?;
        let own = env::current_exe().map_err(Failure::at("xtask"))?;
        Ok(Plan {
            database,
            folder,
            // Cargo puts all programs of one build beside each other.
            program: own.with_file_name("kelisim"),
            responder: free().map_err(Failure::at("127.0.0.1"))?,
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
        let log = self.folder.join("responder.log");
        let mut responder = Kept::start("the responder", &serve, &log, |keeper| keeper)?;
        responder.await_ready(terminal, || TcpStream::connect(self.responder).is_ok())?;
        Ok(responder)
    }

    fn fill(&self, terminal: &Terminal) -> Result<(), Failure> {
        for register in ["dwellings", "registers"] {
            let mut import = self.kelisim(&[register, "import"]);
            terminal.run(import.arg(self.pki(&format!("{register}.json"))))?;
        }
        Ok(())
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
        self.folder.join("audit.key.pem")
    }
}

/// An address at which nobody listens.
fn free() -> std::io::Result<SocketAddr> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    TcpListener::bind(any)?.local_addr()
}
