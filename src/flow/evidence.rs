//! The evidence package of a registration: what anybody can check for years,
//! without us and without the network.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::proof::on_a_thread;
use super::{Error, House, Session};
use crate::domain::evidence::{
    Ended, Evidence, Exhibit, Given, history, policy_for, scanned, without_papers,
};
use crate::domain::paper::{Confirmation, Paper};
use crate::domain::{
    Application, ConsentId, Document, Ending, Party, Purpose, Registration, RegistrationId,
    Standing,
};
use crate::eds::asic::Package;
use crate::eds::{self, Content, Digest, DigestName, Iin, Moment, Policy, Trust};
use crate::store::audit::records;
use crate::store::documents::Edition;
use crate::store::packages::{self, Phase};
use crate::store::signatures::{self, Stored};
use crate::store::{Connection, attachments, documents};

/// By what signatures are raised that were stored without all of their evidence.
#[derive(Clone, Debug)]
pub struct Means {
    /// Whose certificates and lists are put beside them.
    pub trust: Arc<Trust>,
    /// The rules by which signatures are judged here.
    pub policy: Policy,
    /// Now.
    pub now: chrono::DateTime<chrono::Utc>,
}

impl House {
    /// The package that proves a registration: with its time-stamps or, where
    /// nobody has stamped it yet and nobody does now, without. What was scanned at
    /// a service centre is in it for those who may see it
    /// ([`Application::shows_papers_to`]); for others only its digests are.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it concerns the person: the residents, the
    /// applicant, those who consented, the owners of today;
    /// [`Error::Unprovable`] when a limit is passed.
    pub async fn evidence(&self, session: &Session, id: RegistrationId) -> Result<Package, Error> {
        let (application, registration) = self.registration(session, id).await?;
        let package = self.whole(&application, &registration).await?;
        Ok(match application.shows_papers_to(&session.actor()) {
            true => package,
            false => without_papers(&package),
        })
    }

    /// The same for others to read: without what was scanned.
    ///
    /// # Errors
    /// [`Error::Unprovable`] when a limit is passed.
    pub(super) async fn evidence_to_show(
        &self,
        (application, registration): (&Application, &Registration),
    ) -> Result<Package, Error> {
        let package = self.whole(application, registration).await?;
        Ok(without_papers(&package))
    }

    async fn whole(
        &self,
        application: &Application,
        registration: &Registration,
    ) -> Result<Package, Error> {
        let stored = {
            let mut connection = self.pool.take().await?;
            packages::find(&mut connection, registration.id, phase(registration)).await?
        };
        if let Some(packed) = stored {
            return Ok(Package::read(&packed.octets)?);
        }
        match self.first_package(registration.id).await {
            Err(Error::NoStamp(_) | Error::BadStamp(_)) => {
                let mut connection = self.pool.take().await?;
                assemble(&mut connection, registration, application, self.means()).await
            }
            packed => packed,
        }
    }
}

/// The package that proves the registration with this identifier, for whoever
/// holds the database: the one that is kept with its stamps, or else a new one,
/// with all that was scanned.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn of(
    connection: &mut Connection,
    id: RegistrationId,
    means: Means,
) -> Result<Package, Error> {
    let (package, _) = with_phase(connection, id, means).await?;
    Ok(package)
}

/// The same, with how much it tells.
pub(super) async fn with_phase(
    connection: &mut Connection,
    id: RegistrationId,
    means: Means,
) -> Result<(Package, Phase), Error> {
    let (application, registration) = super::see::registration(connection, id).await?;
    let phase = phase(&registration);
    let package = match packages::find(connection, id, phase).await? {
        Some(packed) => Package::read(&packed.octets)?,
        None => assemble(connection, &registration, &application, means).await?,
    };
    Ok((package, phase))
}

/// How much a package of this registration tells today.
fn phase(registration: &Registration) -> Phase {
    match registration.standing {
        Standing::Active => Phase::Made,
        Standing::Ended(..) => Phase::Ended,
    }
}

/// The package with one more time-stamp over all of it, if one is due in
/// `ahead`; `stamp` brings the token over the octets it is given, with the
/// evidence of its authority in it (see [`eds::augment`]).
///
/// # Errors
/// Those of `stamp`; [`Error::Unprovable`] when the package is broken or the
/// token is over something else.
pub async fn renewed(
    package: &Package,
    (means, digest): (&Means, DigestName),
    ahead: chrono::TimeDelta,
    stamp: impl AsyncFnOnce(Vec<u8>) -> Result<Vec<u8>, Error>,
) -> Result<Option<Package>, Error> {
    let seals = package.seals(&means.trust, &means.policy, means.now)?;
    if !seals.are_due(&means.policy, means.now, ahead) {
        return Ok(None);
    }
    let manifest = package.to_stamp(digest);
    let token = stamp(manifest.clone()).await?;
    Ok(Some(package.stamped(&manifest, &token)?))
}

async fn assemble(
    connection: &mut Connection,
    registration: &Registration,
    application: &Application,
    means: Means,
) -> Result<Package, Error> {
    let signed = signatures::of(connection, application.id).await?;
    let mut gathered = Gathered {
        connection,
        application,
        signed,
        means,
    };
    let applied = gathered.exhibit(Purpose::Application).await?;
    let mut consents = Vec::new();
    for consent in &application.consents {
        consents.push(Given {
            consent: consent.id,
            party: consent.party.clone(),
            exhibit: gathered.exhibit(Purpose::Consent(consent.id)).await?,
        });
    }
    let recorded = records::of(gathered.connection, application.id).await?;
    let papers = attachments::octets_of(gathered.connection, application.id).await?;
    // The same paper attached twice is one file.
    let papers: BTreeMap<_, _> = papers
        .into_iter()
        .map(|(media_type, octets)| scanned(media_type, octets))
        .collect();
    let mut records = vec![history(&recorded)];
    records.extend(papers);
    let evidence = Evidence {
        registration: registration.id,
        registered_at: registration.registered_at,
        application: application.id,
        resident: registration.resident.clone(),
        applied,
        consents,
        ended: gathered.end_of(registration).await?,
        policy: gathered.means.policy.to_toml(),
        records,
    };
    Ok(evidence.pack()?)
}

/// What is known about the signatures of an application.
struct Gathered<'a> {
    connection: &'a mut Connection,
    application: &'a Application,
    signed: Vec<Stored>,
    means: Means,
}

impl Gathered<'_> {
    /// The document that was signed for this purpose, with its signature.
    async fn exhibit(&mut self, purpose: Purpose) -> Result<Exhibit, Error> {
        let edition = Edition::from(self.application);
        let issued = documents::of(self.connection, edition, purpose).await?;
        // What was demanded before and came to nothing does not count.
        let signed = issued.into_iter().filter_map(|document| {
            let stored = self.stored(&document)?;
            Some((document, stored))
        });
        let last = signed.max_by_key(|(_, stored)| stored.received_at);
        let (document, stored) = last.ok_or(Error::NotFound)?;
        self.exhibited(document, stored).await
    }

    async fn exhibited(&self, document: Document, stored: Stored) -> Result<Exhibit, Error> {
        let report = serde_json::to_vec_pretty(&stored.report).unwrap_or_default();
        Ok(Exhibit {
            signer: document.signatory.clone().ok_or(Error::NotFound)?,
            signature: raised(&document, stored, &self.means).await?,
            document: document.bytes,
            report,
        })
    }

    fn stored(&self, document: &Document) -> Option<Stored> {
        let mut all = self.signed.iter();
        all.find(|stored| stored.document == document.id).cloned()
    }

    /// What ended the registration, once it has.
    async fn end_of(&mut self, registration: &Registration) -> Result<Option<Ended>, Error> {
        let Standing::Ended(how, at) = registration.standing else {
            return Ok(None);
        };
        let (mut act, mut confirmations) = (None, Vec::new());
        match how {
            Ending::Left => act = Some(self.exhibit(Purpose::Leaving(registration.id)).await?),
            Ending::Removed => {
                let demand = self.exhibit(Purpose::Removal(registration.id)).await?;
                confirmations = self.confirmations(&demand).await?;
                act = Some(demand);
            }
            Ending::Expired | Ending::Replaced | Ending::Annulled | Ending::Discontinued => {}
        }
        Ok(Some(Ended {
            how,
            at,
            act,
            confirmations,
        }))
    }

    /// What was signed by the owners who confirmed exactly this demand.
    async fn confirmations(&mut self, demand: &Exhibit) -> Result<Vec<Given>, Error> {
        let demanded = Digest::of(&demand.document).to_string();
        let all = documents::all_of(self.connection, self.application.id).await?;
        let mut given = Vec::new();
        for document in all {
            let confirmed = confirmed(&document, &demanded, &self.application.applicant.iin);
            let Some(((consent, party), stored)) = confirmed.zip(self.stored(&document)) else {
                continue;
            };
            given.push(Given {
                consent,
                party,
                exhibit: self.exhibited(document, stored).await?,
            });
        }
        Ok(given)
    }
}

/// Whose confirmation of this demand a document is, if it is one.
fn confirmed(document: &Document, demanded: &str, first: &Iin) -> Option<(ConsentId, Party)> {
    let consent = document.purpose.consent()?;
    let paper: Paper<Confirmation> = serde_json::from_slice(&document.bytes).ok()?;
    let Confirmation {
        answer,
        demand_sha256,
        ..
    } = paper.matter;
    let party = answer.party.party(first)?;
    (demand_sha256 == demanded).then_some((consent, party))
}

/// The signature with all that proves it. What was gathered when it was received
/// stays as it is; where that was nothing, what is at hand now is put beside it.
async fn raised(document: &Document, stored: Stored, means: &Means) -> Result<Vec<u8>, Error> {
    let (bytes, issued_at) = (document.bytes.clone(), document.issued_at);
    let Means { trust, policy, now } = means.clone();
    let policy = match &document.signatory {
        Some(signatory) => policy_for(&policy, signatory).into_owned(),
        None => policy,
    };
    on_a_thread(move || {
        let (signature, content) = (stored.augmented, Content::Detached(&bytes));
        let alone = trust.anchors_only();
        let times = (Some(issued_at), now);
        if eds::verify_past(&signature, content, &alone, &policy, times).is_ok() {
            return signature;
        }
        let moment = Moment {
            issued: Some(issued_at),
            received: stored.received_at,
            now,
        };
        // What cannot be raised is shown as it is, and its verdict says what is missing.
        eds::raise(&signature, content, &trust, &policy, moment).unwrap_or(signature)
    })
    .await
}
