//! The embedded real-estate register: dwellings and who owns them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    AsChangeset, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable,
    SelectableHelper,
};
use diesel_async::RunQueryDsl;

use super::people::holder;
use super::schema::{dwelling_owners, dwellings};
use super::{Connection, Error, word};
use crate::domain::{Address, Dwelling, Rka};
use crate::eds::{Bin, Iin};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = dwellings)]
#[diesel(treat_none_as_null = true)]
struct Row {
    rka: String,
    address: serde_json::Value,
    used_as: String,
    area_m2: Option<i32>,
}

/// The dwelling at this address and everybody who owns it.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no dwelling.
pub async fn find(connection: &mut Connection, rka: &Rka) -> Result<Option<Dwelling>, Error> {
    let row: Option<Row> = dwellings::table
        .find(rka.as_str())
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let owners: Vec<(Option<String>, Option<String>)> = dwelling_owners::table
        .filter(dwelling_owners::rka.eq(rka.as_str()))
        .select((dwelling_owners::owner_iin, dwelling_owners::owner_bin))
        .load(connection)
        .await?;
    let owners = owners.iter();
    let owners = owners.map(|(iin, bin)| holder(iin.as_deref(), bin.as_deref()));
    Ok(Some(Dwelling {
        rka: rka.clone(),
        address: read_address(row.address)?,
        used_as: word(&row.used_as, "use")?,
        area: row.area_m2.and_then(|area| u32::try_from(area).ok()),
        owners: owners.collect::<Result<BTreeSet<_>, _>>()?,
    }))
}

/// Writes a dwelling, over what was known of it before.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn put(connection: &mut Connection, dwelling: &Dwelling) -> Result<(), Error> {
    let rka = dwelling.rka.as_str();
    let used_as: &'static str = dwelling.used_as.into();
    let row = Row {
        rka: rka.to_owned(),
        address: write_address(&dwelling.address),
        used_as: used_as.to_owned(),
        area_m2: dwelling.area.and_then(|area| i32::try_from(area).ok()),
    };
    diesel::insert_into(dwellings::table)
        .values(&row)
        .on_conflict(dwellings::rka)
        .do_update()
        .set(&row)
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
                dwelling_owners::owner_iin.eq(owner.person().map(Iin::as_str)),
                dwelling_owners::owner_bin.eq(owner.organisation().map(Bin::as_str)),
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
