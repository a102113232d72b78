//! Whether a dwelling has room for more people, where a city limits it.

use super::{Error, House};
use crate::domain::{Application, Attestation, Dwelling, Resident, today};
use crate::store::{Connection, dwellings, registrations};

impl House {
    /// Whether these may be registered there today beside those who are. Only a
    /// service centre knows whom the limit does not count.
    ///
    /// # Errors
    /// [`Error::Crowded`] with the reason; nothing where no limit is configured.
    pub(super) async fn has_room(
        &self,
        connection: &mut Connection,
        dwelling: &Dwelling,
        (residents, attestation): (&[Resident], Option<&Attestation>),
    ) -> Result<(), Error> {
        let day = today(self.now());
        let Some(quota) = self.settings.quotas.at(&dwelling.rka, day) else {
            return Ok(());
        };
        let counted = residents.iter().filter(|resident| {
            let shown = attestation.and_then(|it| it.relationship(&resident.iin));
            !shown.is_some_and(|relationship| quota.exempts(relationship))
        });
        let added = u32::try_from(counted.count()).unwrap_or(u32::MAX);
        let people: Vec<_> = residents.iter().map(|resident| &resident.iin).collect();
        let present = registrations::present(connection, &dwelling.rka, &people, day).await?;
        Ok(quota.allows(dwelling.area, present, added, day)?)
    }

    /// The same for an application that everybody agreed to; nobody else is
    /// registered at the dwelling until the transaction ends.
    pub(super) async fn is_crowded(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<bool, Error> {
        let day = today(self.now());
        if self.settings.quotas.at(&application.rka, day).is_none() {
            return Ok(false);
        }
        dwellings::lock(connection, &application.rka).await?;
        let Some(dwelling) = dwellings::find(connection, &application.rka).await? else {
            return Ok(false);
        };
        let attestation = application.attestation.as_ref();
        let people = (application.residents.as_slice(), attestation);
        match self.has_room(connection, &dwelling, people).await {
            Ok(()) => Ok(false),
            Err(Error::Crowded(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }
}
