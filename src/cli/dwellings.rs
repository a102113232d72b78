//! `kelisim dwellings import`: fills the embedded real-estate register.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use diesel_async::AsyncConnection;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::Error;
use crate::domain::{Address, Dwelling, Holder, Rka, Use};
use crate::eds::{Bin, Iin};
use crate::store::connect::Database;
use crate::store::{self, Connection, dwellings};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write dwellings and their owners from a JSON file, over what was known of them.
    Import(Import),
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// A list of {"rka", "address": {"kk", "ru", "en"}, "used_as": "home" or "lodging",
    /// "area": square metres, "owners": [{"iin"} or {"bin"}]}; use and area may be absent.
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

/// A file of dwellings cannot be used. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum BadFile {
    /// It is no JSON of that form.
    #[error("the file is no list of dwellings")]
    Form(#[source] serde_json::Error),
    /// A code in it is none.
    #[error("dwelling {0}: not an address registration code, or an owner's number is not one")]
    Dwelling(usize),
    /// A dwelling in it belongs to nobody.
    #[error("dwelling {0} has no owner")]
    Ownerless(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rka: String,
    address: Address,
    #[serde(default = "home")]
    used_as: Use,
    #[serde(default)]
    area: Option<u32>,
    owners: Vec<Owner>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Owner {
    iin: Option<String>,
    bin: Option<String>,
}

pub(super) fn run(command: &Command) -> Result<(), Error> {
    let Command::Import(import) = command;
    let database = Database::parse(import.database_url.expose_secret())?;
    let written = self::import(&import.file, &database)?;
    println!("{written} dwellings written");
    Ok(())
}

/// Migrates the database, writes the dwellings of a file, and says how many.
pub(super) fn import(file: &Path, database: &Database) -> Result<usize, Error> {
    let file = BufReader::new(File::open(file)?);
    let entries: Vec<Entry> = serde_json::from_reader(file).map_err(BadFile::Form)?;
    let dwellings = entries
        .into_iter()
        .enumerate()
        .map(|(place, entry)| entry.read(place))
        .collect::<Result<Vec<_>, _>>()?;
    super::serve::migrate(database)?;
    actix_web::rt::System::new().block_on(write(database, &dwellings))?;
    Ok(dwellings.len())
}

/// All or nothing: nobody finds a dwelling without its owners meanwhile.
async fn write(database: &Database, all: &[Dwelling]) -> Result<(), store::Error> {
    let mut connection = database.connect().await?;
    let put = async |connection: &mut Connection| {
        for dwelling in all {
            dwellings::put(connection, dwelling).await?;
        }
        Ok(())
    };
    connection.transaction(put).await
}

impl Entry {
    fn read(self, place: usize) -> Result<Dwelling, BadFile> {
        let unusable = BadFile::Dwelling(place + 1);
        let owners = self.owners.iter().map(Owner::read);
        let Some(owners) = owners.collect::<Option<BTreeSet<_>>>() else {
            return Err(unusable);
        };
        if owners.is_empty() {
            return Err(BadFile::Ownerless(place + 1));
        }
        Ok(Dwelling {
            rka: Rka::parse(&self.rka).map_err(|_| unusable)?,
            address: self.address,
            used_as: self.used_as,
            area: self.area,
            owners,
        })
    }
}

impl Owner {
    /// A person by one number, or an organisation by the other.
    fn read(&self) -> Option<Holder> {
        match (&self.iin, &self.bin) {
            (Some(iin), None) => Iin::parse(iin).ok().map(Holder::from),
            (None, Some(bin)) => Bin::parse(bin).ok().map(Holder::from),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}

fn home() -> Use {
    Use::Home
}
