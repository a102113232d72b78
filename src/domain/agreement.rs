//! On whose agreement a registration rests, as far as a certificate tells it: how
//! many, and never who.

use super::{Application, Party};

/// Who agreed to a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// All owners of the dwelling, so many, each with a signature; the applicant's
    /// own is that under the application.
    Owners(usize),
    /// Nobody had to: the applicant is the only owner.
    Sole,
    /// The tenant of state housing, in the owner's place.
    Tenant,
    /// So many who hold a right to the dwelling, as a service centre attests.
    Attested(usize),
}

impl Agreement {
    /// Who agreed to an application that led to a registration: everybody who was
    /// asked, or it would not have.
    pub fn of(application: &Application) -> Self {
        if application.applicant.is_operator() {
            let attested = application.attestation.as_ref();
            return Self::Attested(attested.map_or(0, |it| it.holders.len()));
        }
        let mut parties = application.consents.iter().map(|consent| &consent.party);
        let asked = parties.any(|party| matches!(party, Party::Owner(_)));
        let own = application.owners.contains(&application.applicant.holder());
        match (asked, own) {
            (true, _) => Self::Owners(application.owners.len()),
            (false, true) => Self::Sole,
            // Nobody but a tenant applies or consents where no owner does.
            (false, false) => Self::Tenant,
        }
    }
}
