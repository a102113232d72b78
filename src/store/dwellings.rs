//! The embedded real-estate register: dwellings and who owns them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl,
    Queryable, Selectable, SelectableHelper, TextExpressionMethods,
};
use diesel_async::RunQueryDsl;

use super::people::holder;
use super::schema::{dwelling_owners, dwellings};
use super::words::patterns;
use super::{Connection, Error, word};
use crate::domain::{Address, Dwelling, Holder, Rka};
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
    let rows = row.into_iter().collect();
    Ok(whole(connection, rows).await?.pop())
}

/// The dwellings that one of these owns, alone or with others, in the order of their
/// address codes: those with all these words in the address or its code, behind
/// `after`, at most `limit` of them.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no dwelling.
pub async fn owned(
    connection: &mut Connection,
    owners: &BTreeSet<Holder>,
    text: &str,
    (after, limit): (Option<&Rka>, i64),
) -> Result<Vec<Dwelling>, Error> {
    let people = owners.iter().filter_map(Holder::person);
    let people: Vec<_> = people.map(Iin::as_str).collect();
    let organisations = owners.iter().filter_map(Holder::organisation);
    let organisations: Vec<_> = organisations.map(Bin::as_str).collect();
    let own = dwelling_owners::table
        .filter(
            dwelling_owners::owner_iin
                .eq_any(people)
                .or(dwelling_owners::owner_bin.eq_any(organisations)),
        )
        .select(dwelling_owners::rka);
    let mut query = dwellings::table
        .filter(dwellings::rka.eq_any(own))
        .filter(dwellings::rka.gt(after.map_or("", Rka::as_str)))
        .order(dwellings::rka)
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    for pattern in patterns(text) {
        query = query.filter(dwellings::words.like(pattern));
    }
    let rows: Vec<Row> = query.load(connection).await?;
    whole(connection, rows).await
}

/// The addresses in whose code or words, in any language, all these words stand, in
/// the order of their codes; at most `limit` of them.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no address.
pub async fn addresses(
    connection: &mut Connection,
    text: &str,
    limit: i64,
) -> Result<Vec<(Rka, Address)>, Error> {
    let mut query = dwellings::table.into_boxed();
    for pattern in patterns(text) {
        query = query.filter(dwellings::words.like(pattern));
    }
    let rows: Vec<(String, serde_json::Value)> = query
        .order(dwellings::rka)
        .limit(limit)
        .select((dwellings::rka, dwellings::address))
        .load(connection)
        .await?;
    let rows = rows.into_iter();
    rows.map(|(rka, address)| Ok((code(&rka)?, read_address(address)?)))
        .collect()
}

/// The dwellings of these rows with their owners, in the same order.
async fn whole(connection: &mut Connection, rows: Vec<Row>) -> Result<Vec<Dwelling>, Error> {
    let codes: Vec<&str> = rows.iter().map(|row| row.rka.as_str()).collect();
    let owners: Vec<(String, Option<String>, Option<String>)> = dwelling_owners::table
        .filter(dwelling_owners::rka.eq_any(codes))
        .select((
            dwelling_owners::rka,
            dwelling_owners::owner_iin,
            dwelling_owners::owner_bin,
        ))
        .load(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let own = owners.iter().filter(|(rka, ..)| *rka == row.rka);
            let own = own.map(|(_, iin, bin)| holder(iin.as_deref(), bin.as_deref()));
            let own = own.collect::<Result<BTreeSet<_>, _>>()?;
            row.read(own)
        })
        .collect()
}

fn code(rka: &str) -> Result<Rka, Error> {
    Rka::parse(rka).map_err(|_| Error::Corrupt("rka"))
}

impl Row {
    fn read(self, owners: BTreeSet<Holder>) -> Result<Dwelling, Error> {
        Ok(Dwelling {
            rka: code(&self.rka)?,
            address: read_address(self.address)?,
            used_as: word(&self.used_as, "use")?,
            area: self.area_m2.and_then(|area| u32::try_from(area).ok()),
            owners,
        })
    }
}

/// Lets nobody else lock this dwelling until the end of the transaction.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn lock(connection: &mut Connection, rka: &Rka) -> Result<(), Error> {
    dwellings::table
        .find(rka.as_str())
        .select(dwellings::rka)
        .for_update()
        .load::<String>(connection)
        .await?;
    Ok(())
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
