//! Running other programs: shown before they start, interrupted when we are.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::failure::Failure;

const GLANCE: Duration = Duration::from_millis(50);

/// The person at the terminal, who may want us to end.
pub(crate) struct Terminal {
    interrupt: Arc<AtomicBool>,
}

impl Terminal {
    /// From now on Ctrl-C, SIGTERM and a closed terminal are heard here and no longer kill us.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let interrupt = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&interrupt))
                .map_err(Failure::Signals)?;
        }
        Ok(Terminal { interrupt })
    }

    /// Sleeps a moment; fails when the person wants us to end.
    pub(crate) fn pause(&self) -> Result<(), Failure> {
        thread::sleep(GLANCE);
        if self.interrupt.swap(false, Ordering::Relaxed) {
            return Err(Failure::Interrupted);
        }
        Ok(())
    }

    /// Runs a command and demands that it succeeds.
    pub(crate) fn run(&self, command: &mut Command) -> Result<(), Failure> {
        println!("+ {}", line(command));
        self.run_quietly(command)
    }

    /// The same without a word about it.
    pub(crate) fn run_quietly(&self, command: &mut Command) -> Result<(), Failure> {
        let (status, interrupted) = self.watch(command)?;
        if interrupted {
            return Err(Failure::Interrupted);
        }
        if status.success() {
            return Ok(());
        }
        Err(Failure::Command {
            command: line(command),
            code: status.code(),
        })
    }

    /// Runs a command that is expected to end by Ctrl-C, and gives what it said at the end.
    pub(crate) fn accompany(&self, command: &mut Command) -> Result<ExitStatus, Failure> {
        println!("+ {}", line(command));
        Ok(self.watch(command)?.0)
    }

    /// A process group of its own, so that a Ctrl-C at the keyboard reaches the
    /// command once, through us, just as a `kill` aimed at us does.
    fn watch(&self, command: &mut Command) -> Result<(ExitStatus, bool), Failure> {
        let shown = line(command);
        let cannot = |error| Failure::Start {
            command: shown.clone(),
            error,
        };
        let mut child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(cannot)?;
        let mut interrupted = false;
        loop {
            if let Some(status) = child.try_wait().map_err(cannot)? {
                return Ok((status, interrupted));
            }
            if self.pause().is_err() {
                interrupted = true;
                interrupt_group(&child);
            }
        }
    }
}

/// What a command prints, or `None` when it cannot run or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The shell's own `kill`: a minimal machine has no other.
pub(crate) fn signal(name: &str, target: &str) {
    let _gone_already = Command::new("sh")
        .args(["-c", r#"kill -s "$1" -- "$2""#, "kill", name, target])
        .stderr(Stdio::null())
        .status();
}

/// The same program with the same arguments and environment, as `"$@"` of a shell script.
pub(crate) fn through_shell(script: &str, program: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", script, "sh"])
        .arg(program.get_program())
        .args(program.get_args());
    shell.env_clear().envs(
        program
            .get_envs()
            .filter_map(|(key, value)| Some((key, value?))),
    );
    shell
        .current_dir(program.get_current_dir().unwrap_or(Path::new("/")))
        .process_group(0);
    shell
}

/// Writes a program that runs a command, with what it is given behind the arguments.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write_script(file: &Path, command: &Command) -> Result<(), Failure> {
    let environment = command.get_envs().filter_map(|(name, value)| {
        let name = name.to_string_lossy();
        Some(format!("{name}={}", quoted(value?)))
    });
    let words = [command.get_program()]
        .into_iter()
        .chain(command.get_args());
    let words: Vec<String> = environment.chain(words.map(quoted)).collect();
    let script = format!("#!/bin/sh\nexec env {} \"$@\"\n", words.join(" "));
    fs::write(file, script)
        .and_then(|()| fs::set_permissions(file, fs::Permissions::from_mode(0o755)))
        .map_err(Failure::at(file))
}

/// A word that the shell takes as it is.
fn quoted(word: &OsStr) -> String {
    format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"))
}

fn interrupt_group(child: &Child) {
    signal("INT", &format!("-{}", child.id()));
}

/// A command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let words = [command.get_program()]
        .into_iter()
        .chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
