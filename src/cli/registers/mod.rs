//! `kelisim registers import`: fills the embedded registers of people, of powers
//! of attorney and of leases of state housing.

mod file;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use diesel_async::AsyncConnection;
use secrecy::{ExposeSecret, SecretString};

use super::Error;
use crate::store::connect::Database;
use crate::store::registers::{leases, people, powers};
use crate::store::{self, Connection};

pub(super) use file::BadFile;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write people, powers of attorney and leases from a JSON file, over what was known of them.
    Import(Import),
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// {"people": [..], "powers": [..], "leases": [..]}, each of them optional.
    file: PathBuf,

    /// The database of the service
    #[arg(
        long,
        env = "KELISIM_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    database_url: SecretString,
}

/// How much was written.
pub(super) struct Written {
    people: usize,
    powers: usize,
    leases: usize,
}

impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (people, powers, leases) = (self.people, self.powers, self.leases);
        write!(
            f,
            "{people} people, {powers} powers of attorney, {leases} leases"
        )
    }
}

pub(super) fn run(command: &Command) -> Result<(), Error> {
    let Command::Import(import) = command;
    let database = Database::parse(import.database_url.expose_secret())?;
    let written = self::import(&import.file, &database)?;
    println!("{written} written");
    Ok(())
}

/// Migrates the database, writes all of a file or nothing, and says how much.
pub(super) fn import(file: &Path, database: &Database) -> Result<Written, Error> {
    let file = BufReader::new(File::open(file)?);
    let registers = file::read(file)?;
    super::serve::migrate(database)?;
    actix_web::rt::System::new().block_on(write(database, &registers))?;
    Ok(Written {
        people: registers.people.len(),
        powers: registers.powers.len(),
        leases: registers.leases.len(),
    })
}

async fn write(database: &Database, registers: &file::Registers) -> Result<(), store::Error> {
    let mut connection = database.connect().await?;
    let all = async |connection: &mut Connection| {
        for individual in &registers.people {
            people::put(connection, individual).await?;
        }
        for power in &registers.powers {
            powers::put(connection, power).await?;
        }
        for lease in &registers.leases {
            leases::put(connection, lease).await?;
        }
        Ok(())
    };
    connection.transaction(all).await
}
