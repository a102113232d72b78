//! The command `openssl`: an independent judge of what we make, and an independent signer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};

/// A folder of a test's own, removed when the test ends.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("it-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), content).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs `openssl` in a folder, whatever the outcome.
pub(crate) fn run(folder: &Folder, arguments: &str) -> Output {
    let mut command = Command::new("openssl");
    command
        .current_dir(folder.path())
        .args(arguments.split_whitespace());
    command.output().expect("openssl is installed")
}

/// Runs `openssl` in a folder and demands success; answers what it printed.
#[track_caller]
pub(crate) fn openssl(folder: &Folder, arguments: &str) -> Vec<u8> {
    let output = run(folder, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments}: {errors}");
    output.stdout
}

/// The option that makes `openssl` judge as of `moment`.
pub(crate) fn as_of(moment: DateTime<Utc>) -> String {
    format!("-attime {}", moment.timestamp())
}
