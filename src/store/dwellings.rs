//! The embedded real-estate register: dwellings and who owns them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;

use super::schema::{dwelling_owners, dwellings};
use super::{Connection, Error, iin};
use crate::domain::{Address, Dwelling, Rka};

/// The dwelling at this address and everybody who owns it.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no dwelling.
pub async fn find(connection: &mut Connection, rka: &Rka) -> Result<Option<Dwelling>, Error> {
    let address: Option<serde_json::Value> = dwellings::table
        .find(rka.as_str())
        .select(dwellings::address)
        .first(connection)
        .await
        .optional()?;
    let Some(address) = address else {
        return Ok(None);
    };
    let owners: Vec<String> = dwelling_owners::table
        .filter(dwelling_owners::rka.eq(rka.as_str()))
        .select(dwelling_owners::owner_iin)
        .load(connection)
        .await?;
    Ok(Some(Dwelling {
        rka: rka.clone(),
        address: read_address(address)?,
        owners: owners
            .iter()
            .map(|owner| iin(owner))
            .collect::<Result<BTreeSet<_>, _>>()?,
    }))
}

/// Writes a dwelling, over what was known of it before.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn put(connection: &mut Connection, dwelling: &Dwelling) -> Result<(), Error> {
    let rka = dwelling.rka.as_str();
    let address = write_address(&dwelling.address);
    diesel::insert_into(dwellings::table)
        .values((dwellings::rka.eq(rka), dwellings::address.eq(&address)))
        .on_conflict(dwellings::rka)
        .do_update()
        .set(dwellings::address.eq(&address))
        .execute(connection)
        .await?;
    diesel::delete(dwelling_owners::table.filter(dwelling_owners::rka.eq(rka)))
        .execute(connection)
        .await?;
    let owners: Vec<_> = dwelling
        .owners
        .iter()
        .map(|owner| {
            (
                dwelling_owners::rka.eq(rka),
                dwelling_owners::owner_iin.eq(owner.as_str()),
            )
        })
        .collect();
    diesel::insert_into(dwelling_owners::table)
        .values(owners)
        .execute(connection)
        .await?;
    Ok(())
}

/// How an address is stored: an object with one member for each language.
pub(super) fn write_address(address: &Address) -> serde_json::Value {
    let members = BTreeMap::from([
        ("kk", &address.kk),
        ("ru", &address.ru),
        ("en", &address.en),
    ]);
    serde_json::json!(members)
}

/// Reads a stored address.
pub(super) fn read_address(value: serde_json::Value) -> Result<Address, Error> {
    serde_json::from_value(value).map_err(|_| Error::Corrupt("address"))
}
