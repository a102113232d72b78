//! An operator of a service centre says what was seen and checked; then there is
//! a document to sign.

use std::collections::BTreeSet;

use super::asking::Matter;
use super::see::signatory_of;
use super::{Error, House, Once, Reply, Session};
use crate::domain::attachment::{Attachment, AttachmentId, PaperKind};
use crate::domain::law::Relationship;
use crate::domain::register::PowerNumber;
use crate::domain::{
    Act, Appearance, Application, ApplicationId, Attestation, Delegate, Exemption, Guardians,
    Holder, Identified, IdentityPaper, Party, Purpose, Refused, Representative, Unattested,
    Vouched, Wards,
};
use crate::eds::{Digest, Iin};
use crate::store::{Connection, attachments};

/// What an operator says.
#[derive(Clone, Debug)]
pub struct Testimony {
    /// Whose identity documents were shown.
    pub residents: Vec<Presented>,
    /// Who agreed, and how.
    pub holders: Vec<(Holder, Claim)>,
}

/// A resident whose identity document was shown.
#[derive(Clone, Debug)]
pub struct Presented {
    /// Individual identification number.
    pub iin: Iin,
    /// What was shown.
    pub paper: IdentityPaper,
    /// Who speaks for the resident, and what they showed.
    pub representative: Option<(Iin, IdentityPaper)>,
    /// As what the resident belongs to the owner, by which attachment.
    pub exempt: Option<(Relationship, AttachmentId)>,
}

/// Those about whom an operator says something.
#[derive(Clone, Debug)]
pub struct Needed {
    /// Who holds a right to the dwelling today.
    pub holders: BTreeSet<Party>,
    /// Who cannot act alone, and who may act for them.
    pub wards: Wards,
}

/// How somebody is said to have agreed.
#[derive(Clone, Debug)]
pub enum Claim {
    /// In person, by this identity document.
    Present(IdentityPaper),
    /// On this paper.
    OnPaper(AttachmentId),
    /// Through the delegate of this power of attorney, who showed this identity
    /// document, on this paper.
    Represented(PowerNumber, IdentityPaper, AttachmentId),
    /// Through this legal representative, who showed this identity document.
    ThroughRepresentative(Iin, IdentityPaper),
}

impl House {
    /// Who holds a right to the dwelling today, and so must be attested to agree; and
    /// for whom somebody must speak.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the operator who drafted it, and
    /// the reason for which somebody cannot take part any more.
    pub async fn to_attest(&self, session: &Session, id: ApplicationId) -> Result<Needed, Error> {
        let mut connection = self.pool.take().await?;
        let application = self.own(&mut connection, session, id).await?;
        signatory_of(&application, session, Purpose::Application)?;
        if !application.applicant.is_operator() {
            return Err(Error::NotFound);
        }
        let matter = self.matter_of(&mut connection, &application).await?;
        Ok(Needed {
            holders: matter.holders,
            wards: matter.wards,
        })
    }

    /// Settles what is attached and attested, and makes the document that the
    /// operator is to sign.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the operator who drafted it;
    /// [`Error::Refused`] with what is missing, out of turn or time, or in a
    /// matter of the operator's own; [`Error::BothSides`] when who asks would consent
    /// in somebody's place; [`Error::NotAllowed`] when the organisation keeps no
    /// service centre any more.
    pub async fn attest(
        &self,
        session: &Session,
        once: &Once<'_>,
        id: ApplicationId,
        testimony: Testimony,
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        self.take_effect(&mut connection, session, once, async |connection| {
            let application = self.own_locked(connection, session, id).await?;
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
            let (how, paper) = self
                .appearance(connection, (&attached, matter), (holder, claim))
                .await?;
            on_one_side(matter, &how, holder)?;
            holders.push(Vouched {
                party: party(&matter.holders, holder),
                how,
                paper,
            });
        }
        let residents = testimony.residents.iter();
        let residents = residents.map(|presented| identified(presented, &attached, &matter.wards));
        let attestation = Attestation {
            residents: residents.collect::<Result<_, Error>>()?,
            holders,
            attachments: attached.iter().map(|attachment| attachment.what).collect(),
        };
        attestation
            .speaks_for(&matter.wards)
            .map_err(Refused::from)?;
        Ok(attestation)
    }

    async fn appearance(
        &self,
        connection: &mut Connection,
        (attached, matter): (&[Attachment], &Matter),
        (holder, claim): (&Holder, &Claim),
    ) -> Result<(Appearance, Option<IdentityPaper>), Error> {
        match claim {
            Claim::Present(shown) => Ok((Appearance::Present, Some(shown.clone()))),
            Claim::OnPaper(id) => {
                let sha256 = paper(attached, *id, PaperKind::PaperConsent)?;
                Ok((Appearance::OnPaper(sha256), None))
            }
            Claim::Represented(number, shown, id) => {
                let sha256 = paper(attached, *id, PaperKind::PowerOfAttorney)?;
                let iin = self.delegate(connection, number, holder).await?;
                let iin = iin.ok_or(Refused::Unattested(Unattested::Power))?;
                let power = number.clone();
                let how = Appearance::Represented(Delegate { iin, power }, sha256);
                Ok((how, Some(shown.clone())))
            }
            Claim::ThroughRepresentative(iin, shown) => {
                let guardians = holder
                    .person()
                    .and_then(|one| matter.wards.holders.get(one));
                let representative = representative(guardians, (iin, shown))?;
                Ok((Appearance::ThroughRepresentative(representative), None))
            }
        }
    }

    /// Whether all that was attested is true by the registers of today; where
    /// nothing is to be attested it is.
    ///
    /// # Errors
    /// [`Refused::OwnersChanged`] when others hold the rights, [`Error::BothSides`],
    /// and [`Unattested`] with the power of attorney or the representative who may act
    /// no more.
    pub(super) async fn still_attested(
        &self,
        connection: &mut Connection,
        application: &Application,
        matter: &Matter,
    ) -> Result<(), Error> {
        let Some(attestation) = &application.attestation else {
            return Ok(());
        };
        if attestation.parties() != matter.holders {
            return Err(Refused::OwnersChanged.into());
        }
        attestation
            .speaks_for(&matter.wards)
            .map_err(Refused::from)?;
        for vouched in &attestation.holders {
            let holder = vouched.party.signatory().holder();
            let holder = holder.ok_or(Error::NotFound)?;
            on_one_side(matter, &vouched.how, &holder)?;
            if let Appearance::Represented(delegate, _) = &vouched.how {
                let today = self.delegate(connection, &delegate.power, &holder).await?;
                if today.as_ref() != Some(&delegate.iin) {
                    return Err(Refused::Unattested(Unattested::Power).into());
                }
            }
        }
        Ok(())
    }
}

/// Nobody who asks consents in a holder's place.
fn on_one_side(matter: &Matter, how: &Appearance, holder: &Holder) -> Result<(), Error> {
    match how.in_place() {
        Some(who) if matter.askers.bar(who, holder) => Err(Error::BothSides),
        Some(_) | None => Ok(()),
    }
}

fn identified(
    presented: &Presented,
    attached: &[Attachment],
    wards: &Wards,
) -> Result<Identified, Error> {
    let spoken_for = presented.representative.as_ref();
    let guardians = wards.residents.get(&presented.iin);
    let spoken_for = spoken_for.map(|(iin, shown)| representative(guardians, (iin, shown)));
    let exempt = presented.exempt;
    let exempt = exempt.map(|(relationship, id)| exemption(attached, relationship, id));
    Ok(Identified {
        iin: presented.iin.clone(),
        paper: presented.paper.clone(),
        representative: spoken_for.transpose()?,
        exempt: exempt.transpose()?,
    })
}

/// Somebody who may act for a ward, by the name of the register.
fn representative(
    guardians: Option<&Guardians>,
    (iin, paper): (&Iin, &IdentityPaper),
) -> Result<Representative, Error> {
    let name = guardians.and_then(|guardians| guardians.get(iin));
    let name = name.ok_or(Refused::Unattested(Unattested::Representative))?;
    Ok(Representative {
        iin: iin.clone(),
        name: name.clone(),
        paper: paper.clone(),
    })
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
