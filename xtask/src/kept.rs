//! A server of ours in the background, which ends when we do.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{failure::Failure, process, process::Terminal};

/// Holds the server: when our end of the pipe closes, however we end, the server is stopped.
const KEEPER: &str = r#"
exec 3<&0
"$@" </dev/null &
server=$!
{ cat <&3 >/dev/null; kill -INT $server; } 2>/dev/null &
wait $server
"#;

/// How long a server may take to come up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server. It stops when this is dropped, and also when we are killed.
pub(crate) struct Kept {
    what: &'static str,
    keeper: Child,
    log: PathBuf,
}

impl Kept {
    /// Starts a server, with the environment that `program` states and no other; what
    /// it prints goes to `log`. `lower` may give the command to another user.
    ///
    /// # Errors
    /// When it cannot be started, or the log not be written.
    pub(crate) fn start(
        what: &'static str,
        program: &Command,
        log: &Path,
        lower: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Result<Self, Failure> {
        let output = File::create(log).map_err(Failure::at(log))?;
        let errors = output.try_clone().map_err(Failure::at(log))?;
        println!("+ {}", process::line(program));
        let mut keeper = process::through_shell(KEEPER, program);
        keeper.stdin(Stdio::piped()).stdout(output).stderr(errors);
        let keeper = lower(&mut keeper).spawn().map_err(|error| Failure::Start {
            command: what.to_owned(),
            error,
        })?;
        Ok(Kept {
            what,
            keeper,
            log: log.to_owned(),
        })
    }

    /// Waits until it is ready.
    ///
    /// # Errors
    /// When it ends, or takes too long; the end of its log says why.
    pub(crate) fn await_ready(
        &mut self,
        terminal: &Terminal,
        is_ready: impl Fn() -> bool,
    ) -> Result<(), Failure> {
        let deadline = Instant::now() + PATIENCE;
        while !is_ready() {
            terminal.pause()?;
            if self.has_ended() || Instant::now() > deadline {
                return Err(Failure::Server {
                    what: self.what,
                    log: self.log.clone(),
                    end: end_of(&self.log),
                });
            }
        }
        Ok(())
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.keeper.try_wait(), Ok(None))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ended = self.keeper.wait();
    }
}

fn end_of(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let mut last: Vec<&str> = text.lines().rev().take(10).collect();
    last.reverse();
    last.join("\n")
}
