//! Whether somebody is registered elsewhere for the days that are asked for.

use super::Error;
use crate::domain::{Answer, Application, Kind, Party, Purpose, Term};
use crate::eds::Iin;
use crate::store::{Connection, registrations};

/// Whether somebody has no registration for these days, or one that gives way. Where
/// another adult lives is not for the applicant to learn: whoever joins is told when
/// they sign for themselves.
///
/// # Errors
/// [`Error::AlreadyRegistered`] when they have one.
pub(super) async fn is_free(
    connection: &mut Connection,
    resident: &Iin,
    term: &Term,
) -> Result<(), Error> {
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
