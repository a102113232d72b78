//! An operator of a service centre says what was seen and checked; then there is
//! a document to sign.

use std::collections::BTreeSet;

use super::asking::Matter;
use super::see::{own, own_locked, signatory_of};
use super::{Error, House, Once, Reply, Session};
use crate::domain::attachment::{Attachment, AttachmentId, PaperKind};
use crate::domain::law::Relationship;
use crate::domain::register::{PowerNumber, Scope};
use crate::domain::{
    Act, Appearance, Application, ApplicationId, Attestation, Delegate, Exemption, Holder,
    Identified, Party, Purpose, Refused, Unattested, Vouched, today,
};
use crate::eds::{Digest, Iin};
use crate::store::registers::powers;
use crate::store::{Connection, attachments};

/// What an operator says.
#[derive(Clone, Debug)]
pub struct Testimony {
    /// Whose identity documents were shown, and for whom an exemption is claimed
    /// by which attachment.
    pub residents: Vec<(Identified, Option<(Relationship, AttachmentId)>)>,
    /// Who agreed, and how.
    pub holders: Vec<(Holder, Claim)>,
}

/// How somebody is said to have agreed.
#[derive(Clone, Debug)]
pub enum Claim {
    /// In person.
    Present,
    /// On this paper.
    OnPaper(AttachmentId),
    /// Through the delegate of this power of attorney, on this paper.
    Represented(PowerNumber, AttachmentId),
}

impl House {
    /// Who holds a right to the dwelling today, and so must be attested to agree.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the operator who drafted it, and
    /// the reason for which somebody cannot take part any more.
    pub async fn to_attest(
        &self,
        session: &Session,
        id: ApplicationId,
    ) -> Result<BTreeSet<Party>, Error> {
        let mut connection = self.pool.take().await?;
        let application = own(&mut connection, session, id).await?;
        signatory_of(&application, session, Purpose::Application)?;
        Ok(self.matter_of(&mut connection, &application).await?.holders)
    }

    /// Settles what is attached and attested, and makes the document that the
    /// operator is to sign.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the operator who drafted it;
    /// [`Error::Refused`] with what is missing, out of turn or time, or in a
    /// matter of the operator's own.
    pub async fn attest(
        &self,
        session: &Session,
        once: &Once<'_>,
        id: ApplicationId,
        testimony: Testimony,
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        self.take_effect(&mut connection, session, once, async |connection| {
            let application = own_locked(connection, session, id).await?;
            signatory_of(&application, session, Purpose::Application)?;
            let matter = self.matter_of(connection, &application).await?;
            if !application.asks(&matter.asked) {
                return Err(Refused::OwnersChanged.into());
            }
            let attestation = self.attestation(connection, &application, &matter, &testimony);
            let attestation = attestation.await?;
            let people = (application.residents.as_slice(), Some(&attestation));
            self.has_room(connection, &matter.dwelling, people).await?;
            let act = Act::Attest(Box::new(attestation), &matter.holders);
            let (actor, rules) = (session.actor(), &self.settings.rules);
            let step = application.after(&actor, act, rules, self.now())?;
            // First, so that the record of the step tells of the document too.
            self.issue_application(connection, &step.application)
                .await?;
            let application = self.record(connection, &application, step).await?;
            self.seen(connection, application).await
        })
        .await
    }

    async fn attestation(
        &self,
        connection: &mut Connection,
        application: &Application,
        matter: &Matter,
        testimony: &Testimony,
    ) -> Result<Attestation, Error> {
        let attached = attachments::of(connection, application.id).await?;
        let mut holders = Vec::new();
        for (holder, claim) in &testimony.holders {
            let how = self.appearance(connection, &attached, (holder, claim));
            holders.push(Vouched {
                party: party(&matter.holders, holder),
                how: how.await?,
            });
        }
        let residents = testimony.residents.iter().map(|(identified, claimed)| {
            let exempt = claimed.map(|(relationship, id)| exemption(&attached, relationship, id));
            Ok(Identified {
                exempt: exempt.transpose()?,
                ..identified.clone()
            })
        });
        Ok(Attestation {
            residents: residents.collect::<Result<_, Error>>()?,
            holders,
            attachments: attached.iter().map(|attachment| attachment.what).collect(),
        })
    }

    async fn appearance(
        &self,
        connection: &mut Connection,
        attached: &[Attachment],
        (holder, claim): (&Holder, &Claim),
    ) -> Result<Appearance, Error> {
        match claim {
            Claim::Present => Ok(Appearance::Present),
            Claim::OnPaper(id) => {
                let sha256 = paper(attached, *id, PaperKind::PaperConsent)?;
                Ok(Appearance::OnPaper(sha256))
            }
            Claim::Represented(number, id) => {
                let sha256 = paper(attached, *id, PaperKind::PowerOfAttorney)?;
                let iin = self.delegate(connection, number, holder).await?;
                let iin = iin.ok_or(Refused::Unattested(Unattested::Power))?;
                let power = number.clone();
                Ok(Appearance::Represented(Delegate { iin, power }, sha256))
            }
        }
    }

    /// Whom the register lets consent in the holder's place today.
    async fn delegate(
        &self,
        connection: &mut Connection,
        number: &PowerNumber,
        holder: &Holder,
    ) -> Result<Option<Iin>, Error> {
        let power = powers::find(connection, number).await?;
        let day = today(self.now());
        let power = power.filter(|power| {
            power.principal == *holder && power.permits(Scope::Register, day).is_ok()
        });
        Ok(power.map(|power| power.delegate))
    }

    /// Whether all that was attested is true by the registers of today; where
    /// nothing is to be attested it is.
    pub(super) async fn still_attested(
        &self,
        connection: &mut Connection,
        application: &Application,
        holders: &BTreeSet<Party>,
    ) -> Result<bool, Error> {
        let Some(attestation) = &application.attestation else {
            return Ok(true);
        };
        if attestation.parties() != *holders {
            return Ok(false);
        }
        for vouched in &attestation.holders {
            if let Appearance::Represented(delegate, _) = &vouched.how {
                let holder = vouched.party.signatory().holder();
                let holder = holder.ok_or(Error::NotFound)?;
                let today = self.delegate(connection, &delegate.power, &holder).await?;
                if today.as_ref() != Some(&delegate.iin) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// As what somebody holds a right; whoever holds none is told so later.
fn party(holders: &BTreeSet<Party>, who: &Holder) -> Party {
    let mut all = holders.iter();
    let found = all.find(|party| party.signatory().holder().as_ref() == Some(who));
    found.cloned().unwrap_or_else(|| Party::Owner(who.clone()))
}

fn exemption(
    attached: &[Attachment],
    relationship: Relationship,
    id: AttachmentId,
) -> Result<Exemption, Error> {
    let found = attached.iter().find(|attachment| attachment.id == id);
    let found = found.ok_or(Refused::Unattested(Unattested::Attachment))?;
    Ok(Exemption {
        relationship,
        sha256: found.what.sha256,
    })
}

fn paper(attached: &[Attachment], id: AttachmentId, kind: PaperKind) -> Result<Digest, Error> {
    let mut all = attached.iter();
    let found = all.find(|attachment| attachment.id == id && attachment.what.kind == kind);
    let found = found.ok_or(Refused::Unattested(Unattested::Attachment))?;
    Ok(found.what.sha256)
}
