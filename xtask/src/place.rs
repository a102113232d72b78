//! Where things lie: the project, its `var/`, and a folder the PostgreSQL server can reach.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{failure::Failure, process};

/// The root of the project.
pub(crate) fn project() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = PathBuf::from(here);
    here.parent().map(Path::to_owned).unwrap_or(here)
}

/// What the jobs keep between runs; ignored by git.
pub(crate) fn var() -> PathBuf {
    project().join("var")
}

/// Whether we are root, who may install packages but not run PostgreSQL.
pub(crate) fn root() -> bool {
    user() == 0
}

/// Whom the PostgreSQL server runs as, where that is not ourselves.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    uid: u32,
    gid: u32,
}

impl Owner {
    /// PostgreSQL refuses to run as root: then it runs as `nobody`.
    pub(crate) fn of_server() -> Option<Self> {
        root().then(|| {
            nobody().unwrap_or(Owner {
                uid: 65534,
                gid: 65534,
            })
        })
    }
}

/// A folder for the server, and whom it belongs to.
pub(crate) struct Home {
    path: PathBuf,
    owner: Option<Owner>,
}

impl Home {
    /// `var/NAME`, or a folder outside the project when the server could not reach that.
    ///
    /// # Errors
    /// When the folder cannot be made, or belongs to someone else.
    pub(crate) fn open(name: &str) -> Result<Self, Failure> {
        let owner = Owner::of_server();
        fs::create_dir_all(var()).map_err(Failure::at(var()))?;
        let inside = var().join(name);
        if owner.is_none() || within_reach(&var()) {
            let home = Home {
                path: inside,
                owner,
            };
            home.folder(&home.path)?;
            return Ok(home);
        }
        let home = Home {
            path: Path::new("/var/tmp").join(own_name()).join(name),
            owner,
        };
        println!(
            "{} is closed to other users: using {}",
            var().display(),
            home.path.display()
        );
        if let Some(parent) = home.path.parent() {
            home.folder(parent)?;
        }
        home.folder(&home.path)?;
        Ok(home)
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A folder for the socket. The path of a Unix socket has at most 107 bytes.
    ///
    /// # Errors
    /// When it cannot be made, or belongs to someone else.
    pub(crate) fn socket_folder(&self) -> Result<PathBuf, Failure> {
        let mut folder = self.path.join("run");
        if folder.as_os_str().len() > 85 {
            let name = self.path.file_name().unwrap_or_default().to_string_lossy();
            folder = PathBuf::from(format!("/tmp/{}-{name}", own_name()));
        }
        self.folder(&folder)?;
        Ok(folder)
    }

    /// A command run as the server's user.
    pub(crate) fn lower<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        match self.owner {
            Some(owner) => command.uid(owner.uid).gid(owner.gid),
            None => command,
        }
    }

    /// Makes a folder for the server's user alone, or takes it over when it is his already.
    fn folder(&self, path: &Path) -> Result<(), Failure> {
        let uid = self.owner.map_or_else(user, |owner| owner.uid);
        if fs::symlink_metadata(path).is_err() {
            fs::DirBuilder::new()
                .mode(0o700)
                .create(path)
                .map_err(Failure::at(path))?;
            if let Some(owner) = self.owner {
                chown(path, Some(owner.uid), Some(owner.gid)).map_err(Failure::at(path))?;
            }
        }
        let found = fs::symlink_metadata(path).map_err(Failure::at(path))?;
        if found.is_dir() && found.uid() == uid {
            return Ok(());
        }
        Err(Failure::NotOurs(path.to_owned()))
    }
}

fn within_reach(folder: &Path) -> bool {
    folder.ancestors().all(|folder| {
        fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o001 != 0)
    })
}

/// Tells this copy of the project from another, and this user from another.
fn own_name() -> String {
    let mut hasher = DefaultHasher::new();
    project().hash(&mut hasher);
    format!("kelisim-{}-{:08x}", user(), hasher.finish() & 0xffff_ffff)
}

fn user() -> u32 {
    let id = process::output(Command::new("id").arg("-u"));
    id.and_then(|id| id.parse().ok()).unwrap_or_default()
}

fn nobody() -> Option<Owner> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let mut fields = users
        .lines()
        .find(|line| line.starts_with("nobody:"))?
        .split(':')
        .skip(2);
    Some(Owner {
        uid: fields.next()?.parse().ok()?,
        gid: fields.next()?.parse().ok()?,
    })
}
