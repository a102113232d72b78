//! Leases of state housing.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;

use super::numbers;
use crate::domain::Rka;
use crate::domain::register::Lease;
use crate::store::schema::{lease_named, leases};
use crate::store::{Connection, Error, bin, iin};

/// The lease of the dwelling at this address, if the state lets it.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no lease.
pub async fn find(connection: &mut Connection, rka: &Rka) -> Result<Option<Lease>, Error> {
    let row: Option<(String, String)> = leases::table
        .find(rka.as_str())
        .select((leases::landlord_bin, leases::tenant_iin))
        .first(connection)
        .await
        .optional()?;
    let Some((landlord, tenant)) = row else {
        return Ok(None);
    };
    let named: Vec<String> = lease_named::table
        .filter(lease_named::rka.eq(rka.as_str()))
        .select(lease_named::iin)
        .load(connection)
        .await?;
    Ok(Some(Lease {
        rka: rka.clone(),
        landlord: bin(&landlord)?,
        tenant: iin(&tenant)?,
        named: numbers(&named)?,
    }))
}

/// Writes a lease, over what was known of it before.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn put(connection: &mut Connection, lease: &Lease) -> Result<(), Error> {
    let rka = lease.rka.as_str();
    let what = (
        leases::landlord_bin.eq(lease.landlord.as_str()),
        leases::tenant_iin.eq(lease.tenant.as_str()),
    );
    diesel::insert_into(leases::table)
        .values((leases::rka.eq(rka), what))
        .on_conflict(leases::rka)
        .do_update()
        .set(what)
        .execute(connection)
        .await?;
    diesel::delete(lease_named::table.filter(lease_named::rka.eq(rka)))
        .execute(connection)
        .await?;
    let named = lease.named.iter();
    let named = named.map(|person| {
        (
            lease_named::rka.eq(rka),
            lease_named::iin.eq(person.as_str()),
        )
    });
    diesel::insert_into(lease_named::table)
        .values(named.collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}
