//! The browser side: its packages, its build, and the tests that drive a browser.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::Failure,
    place, process,
    process::Terminal,
    tools,
    tools::Program::{Node, Npm, OpenSsl},
};

/// What the build of the browser side writes into `assets/`.
const BUILT: [&str; 4] = ["kelisim.css", "kelisim.js", "keyfile.js", "licences.txt"];

/// The Node of Debian 12.
const OLDEST_NODE: u32 = 18;

/// The browser side with the packages that its lock names.
pub(crate) struct Frontend {
    path: OsString,
    folder: PathBuf,
}

impl Frontend {
    /// Finds Node and fetches the packages, unless these very ones are there.
    ///
    /// # Errors
    /// When Node cannot be had, or a package.
    pub(crate) fn ready(terminal: &Terminal) -> Result<Self, Failure> {
        let frontend = Frontend {
            path: tools::path_with(terminal, &[Node, Npm, OpenSsl])?,
            folder: place::project().join("frontend"),
        };
        let lock = frontend.folder.join("package-lock.json");
        let fetched = frontend.folder.join("node_modules/kelisim-lock.json");
        let wanted = read(&lock)?;
        if fs::read(&fetched).is_ok_and(|found| found == wanted) {
            return Ok(frontend);
        }
        frontend.check_age()?;
        terminal.run(frontend.command("npm").arg("ci"))?;
        fs::write(&fetched, wanted).map_err(Failure::at(&fetched))?;
        Ok(frontend)
    }

    /// Checks the types, builds anew, and demands that `assets/` holds just that.
    ///
    /// # Errors
    /// When the types are wrong, or [`Failure::Stale`] for a file that is not what
    /// its sources make.
    pub(crate) fn check(&self, terminal: &Terminal) -> Result<(), Failure> {
        terminal.run(self.command("npm").args(["run", "--silent", "check"]))?;
        let made = place::var().join("assets");
        terminal.run(self.script("build.mjs").arg(&made))?;
        let kept = place::project().join("assets");
        for name in BUILT {
            if read(&made.join(name))? != fs::read(kept.join(name)).unwrap_or_default() {
                return Err(Failure::Stale(kept.join(name)));
            }
        }
        Ok(())
    }

    /// A script of the folder, to be run there.
    pub(crate) fn script(&self, name: &str) -> Command {
        let mut command = self.command("node");
        command.arg(name);
        command
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("PATH", &self.path).current_dir(&self.folder);
        command
    }

    fn check_age(&self) -> Result<(), Failure> {
        let version = process::output(self.command("node").arg("--version")).unwrap_or_default();
        let major = version.trim_start_matches('v').split('.').next();
        let major: Option<u32> = major.and_then(|major| major.parse().ok());
        if major >= Some(OLDEST_NODE) {
            return Ok(());
        }
        Err(Failure::Missing {
            what: "Node 18 or later",
            package: "nodejs",
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(Failure::at(path))
}
