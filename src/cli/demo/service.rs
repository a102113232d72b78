//! The service as a process of its own, which ends when we do.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;

use super::Failure;
use super::party::client;
use super::portal::Portal;
use crate::pki::{self, Character};

/// What the service is told.
pub(super) struct Setting<'a> {
    pub(super) database: &'a SecretString,
    pub(super) trust: &'a Path,
    pub(super) evidence: &'a Path,
    pub(super) portal: &'a Portal,
    pub(super) audit_key: &'a Path,
    pub(super) copies: &'a Path,
    pub(super) listen: SocketAddr,
    pub(super) log: &'a Path,
}

/// A running `kelisim serve`.
pub(super) struct Service {
    keeper: Mutex<Child>,
    url: String,
    log: PathBuf,
}

/// Holds the service: when our end of the pipe closes, however we end, it is
/// told to stop.
const KEEPER: &str = r#"
exec 3<&0
"$@" </dev/null &
service=$!
{ cat <&3 >/dev/null; kill -TERM $service; } 2>/dev/null &
wait $service
"#;

/// How long the service may take to come up.
const PATIENCE: Duration = Duration::from_secs(60);

impl Service {
    /// Starts it in the background.
    ///
    /// # Errors
    /// [`Failure::System`] or [`Failure::File`].
    pub(super) fn start(setting: &Setting<'_>) -> Result<Self, Failure> {
        let file = |error| Failure::File(setting.log.to_owned(), error);
        let log = File::create(setting.log).map_err(file)?;
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "sh"]);
        keeper.arg(std::env::current_exe().map_err(Failure::System)?);
        tell(&mut keeper, setting);
        // A group of its own: Ctrl-C at the terminal reaches it through us alone.
        keeper.process_group(0).stdin(Stdio::piped());
        keeper.stdout(Stdio::null()).stderr(log);
        let keeper = keeper.spawn().map_err(Failure::System)?;
        Ok(Self {
            keeper: Mutex::new(keeper),
            url: format!("http://{}", setting.listen),
            log: setting.log.to_owned(),
        })
    }

    /// Where it is reached.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Where its log is.
    pub(super) fn log(&self) -> &Path {
        &self.log
    }

    /// Waits until it says that it is ready, and says how long that took.
    ///
    /// # Errors
    /// [`Failure::Ended`] or [`Failure::NotReady`].
    pub(super) async fn await_ready(&self) -> Result<Duration, Failure> {
        let (begun, client) = (Instant::now(), client()?);
        while begun.elapsed() < PATIENCE {
            if self.ended().is_some() {
                return Err(self.end());
            }
            let answer = client.get(format!("{}/health/ready", self.url)).send();
            if self.listens() && answer.await.is_ok_and(|answer| answer.status() == 200) {
                return Ok(begun.elapsed());
            }
            sleep(GLANCE).await;
        }
        Err(Failure::NotReady(self.log.clone()))
    }

    /// Waits until somebody wants it to stop.
    ///
    /// # Errors
    /// [`Failure::Ended`] when it stops by itself.
    pub(super) async fn await_end(&self) -> Result<(), Failure> {
        let mut terminate = signal(SignalKind::terminate()).map_err(Failure::System)?;
        loop {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => return Ok(()),
                _ = terminate.recv() => return Ok(()),
                () = sleep(GLANCE) => {}
            }
            if self.ended().is_some() {
                return Err(self.end());
            }
        }
    }

    /// Whether it says so itself: another program may have taken the address
    /// meanwhile, and would answer in its place.
    fn listens(&self) -> bool {
        fs::read_to_string(&self.log).is_ok_and(|log| log.contains("listening"))
    }

    fn ended(&self) -> Option<ExitStatus> {
        self.keeper.lock().ok()?.try_wait().ok()?
    }

    fn end(&self) -> Failure {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let mut last: Vec<&str> = text.lines().rev().take(10).collect();
        last.reverse();
        Failure::Ended {
            log: self.log.clone(),
            end: last.join("\n"),
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Ok(keeper) = self.keeper.get_mut() {
            drop(keeper.stdin.take());
            let _ended = keeper.wait();
        }
    }
}

/// Secrets go through the environment, where other users do not see them; what
/// our own environment says to a service is not meant for this one.
fn tell(command: &mut Command, setting: &Setting<'_>) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("KELISIM_") {
            command.env_remove(name);
        }
    }
    command.arg("serve").arg("--trust").arg(setting.trust);
    command.arg("--evidence").arg(setting.evidence);
    command.args(["--listen", &setting.listen.to_string()]);
    command.arg("--key-files-in-browser");
    for Character { slug, identity, .. } in pki::characters() {
        match (slug, identity.organisation) {
            ("operator", Some(centre)) => command.args(["--service-centre", &centre.bin]),
            ("operator-2", _) => command.args(["--administrator", &identity.iin]),
            _ => &mut *command,
        };
    }
    command.args(["--portal-url", setting.portal.url()]);
    command.arg("--audit-key").arg(setting.audit_key);
    command.arg("--audit-ship");
    command.arg(format!("file:{}", setting.copies.display()));
    command.env("KELISIM_DATABASE_URL", setting.database.expose_secret());
    let secret = setting.portal.secret().expose_secret();
    command.env("KELISIM_PORTAL_SECRET", secret);
}

/// How often we look whether something has happened.
const GLANCE: Duration = Duration::from_millis(50);
