//! Whether somebody is registered elsewhere for the days that are asked for.

use super::Error;
use crate::domain::{Answer, Application, Asked, Kind, Party, Purpose, Resident, Term};
use crate::eds::Iin;
use crate::store::{Connection, registrations};

/// Whether those for whom the applicant speaks are registered nowhere for these days.
/// Where another adult lives is not for the applicant to learn: whoever joins is told
/// when they sign for themselves.
///
/// # Errors
/// [`Error::AlreadyRegistered`] when one of them is.
pub(super) async fn are_free(
    connection: &mut Connection,
    (residents, asked): (&[Resident], &Asked),
    term: &Term,
) -> Result<(), Error> {
    let joins = |one: &&Resident| asked.parties.contains(&Party::Resident(one.iin.clone()));
    for resident in residents.iter().filter(|one| !joins(one)) {
        is_free(connection, &resident.iin, term).await?;
    }
    Ok(())
}

/// Whether somebody has no registration for these days, or one that gives way.
async fn is_free(connection: &mut Connection, resident: &Iin, term: &Term) -> Result<(), Error> {
    if term.kind() == Kind::Permanent {
        return Ok(());
    }
    match registrations::overlapping(connection, resident, term).await? {
        Some(_) => Err(Error::AlreadyRegistered),
        None => Ok(()),
    }
}

/// Whoever joins a family's application is registered nowhere for those days.
///
/// # Errors
/// [`Error::AlreadyRegistered`] when they are.
pub(super) async fn joins_freely(
    connection: &mut Connection,
    application: &Application,
    purpose: Purpose,
) -> Result<(), Error> {
    let asked = purpose.consent().and_then(|id| application.consent(id));
    match asked.map(|consent| (&consent.party, consent.answer)) {
        Some((Party::Resident(iin), Answer::Awaited)) => {
            is_free(connection, iin, &application.term).await
        }
        Some(_) | None => Ok(()),
    }
}
