//! Notarised powers of attorney.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable,
    SelectableHelper,
};
use diesel_async::RunQueryDsl;

use crate::domain::Holder;
use crate::domain::register::{PowerNumber, PowerOfAttorney};
use crate::eds::{Bin, Iin};
use crate::store::schema::powers_of_attorney::{self, dsl};
use crate::store::{Connection, Error, bin, iin, word};

#[derive(Queryable, Selectable)]
#[diesel(table_name = powers_of_attorney)]
struct Row {
    number: String,
    principal_iin: Option<String>,
    principal_bin: Option<String>,
    delegate_iin: String,
    notary: String,
    scope: Vec<String>,
    valid_from: NaiveDate,
    valid_until: NaiveDate,
    revoked_on: Option<NaiveDate>,
}

/// The power of attorney of this number.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no power of attorney.
pub async fn find(
    connection: &mut Connection,
    number: &PowerNumber,
) -> Result<Option<PowerOfAttorney>, Error> {
    let row: Option<Row> = powers_of_attorney::table
        .find(number.as_str())
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
}

/// Everything that somebody was given power for, by number.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no power of attorney.
pub async fn of_delegate(
    connection: &mut Connection,
    delegate: &Iin,
) -> Result<Vec<PowerOfAttorney>, Error> {
    let rows: Vec<Row> = powers_of_attorney::table
        .filter(dsl::delegate_iin.eq(delegate.as_str()))
        .order(dsl::number)
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Every power of attorney that one of these gave, by number.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no power of attorney.
pub async fn for_principals(
    connection: &mut Connection,
    principals: &BTreeSet<Holder>,
) -> Result<Vec<PowerOfAttorney>, Error> {
    let people = principals.iter().filter_map(Holder::person);
    let people: Vec<_> = people.map(Iin::as_str).collect();
    let organisations = principals.iter().filter_map(Holder::organisation);
    let organisations: Vec<_> = organisations.map(Bin::as_str).collect();
    let rows: Vec<Row> = powers_of_attorney::table
        .filter(
            dsl::principal_iin
                .eq_any(people)
                .or(dsl::principal_bin.eq_any(organisations)),
        )
        .order(dsl::number)
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Writes a power of attorney, over what was known of it before.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn put(connection: &mut Connection, power: &PowerOfAttorney) -> Result<(), Error> {
    let scope: Vec<&str> = power.scope.iter().map(Into::into).collect();
    let what = (
        dsl::principal_iin.eq(power.principal.person().map(Iin::as_str)),
        dsl::principal_bin.eq(power.principal.organisation().map(Bin::as_str)),
        dsl::delegate_iin.eq(power.delegate.as_str()),
        dsl::notary.eq(&power.notary),
        dsl::scope.eq(&scope),
        dsl::valid_from.eq(power.valid.start()),
        dsl::valid_until.eq(power.valid.end()),
        dsl::revoked_on.eq(power.revoked_on),
    );
    diesel::insert_into(powers_of_attorney::table)
        .values((dsl::number.eq(power.number.as_str()), what))
        .on_conflict(dsl::number)
        .do_update()
        .set(what)
        .execute(connection)
        .await?;
    Ok(())
}

impl Row {
    fn read(self) -> Result<PowerOfAttorney, Error> {
        let principal = match (self.principal_iin, self.principal_bin) {
            (Some(person), None) => Holder::Person(iin(&person)?),
            (None, Some(organisation)) => Holder::Organisation(bin(&organisation)?),
            (Some(_), Some(_)) | (None, None) => return Err(Error::Corrupt("principal")),
        };
        let scope = self.scope.iter().map(|scope| word(scope, "scope"));
        Ok(PowerOfAttorney {
            number: PowerNumber::parse(&self.number).map_err(|_| Error::Corrupt("number"))?,
            principal,
            delegate: iin(&self.delegate_iin)?,
            notary: self.notary,
            scope: scope.collect::<Result<_, _>>()?,
            valid: self.valid_from..=self.valid_until,
            revoked_on: self.revoked_on,
        })
    }
}
