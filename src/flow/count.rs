//! A signature that is proven takes its effect.

use std::collections::BTreeSet;

use super::proof::Case;
use super::see::owners_today;
use super::{Error, House};
use crate::domain::law::Askers;
use crate::domain::register::Scope;
use crate::domain::{Act, Actor, Application, Asked, Demand, Holder, Party, Purpose, Signed};
use crate::eds::Verified;
use crate::store::Connection;
use crate::store::signatures::{self, Octets};

impl House {
    /// Moves the application by a proven signature and stores it, in the
    /// transaction that holds the application's lock.
    ///
    /// # Errors
    /// [`Error::Refused`] when the workflow does not allow it or the proof is not
    /// the one it asks for.
    pub(super) async fn count(
        &self,
        connection: &mut Connection,
        actor: &Actor,
        application: &Application,
        case: &Case,
        proof: &Verified,
    ) -> Result<Application, Error> {
        let signed = Signed {
            document: &case.document,
            proof,
        };
        let rules = &self.settings.rules;
        let owners;
        let act = match case.document.purpose {
            Purpose::Consent(id) => match application.removal_with(id) {
                Some((_, removal)) => {
                    owners = self.removers(connection, application, removal).await?;
                    Act::Confirm(id, signed, &owners)
                }
                None => Act::Consent(id, signed),
            },
            Purpose::Leaving(id) => {
                let registration = application.registration(id).ok_or(Error::NotFound)?;
                let left = self.left_by(connection, &registration.resident, &case.document);
                Act::Leave(id, left.await?, signed)
            }
            Purpose::Removal(id) => {
                let owners = owners_today(connection, application).await?;
                let demand = self.demand(connection, owners, signed);
                Act::Remove(id, demand.await?)
            }
            Purpose::Application | Purpose::Login => Act::Sign(signed),
        };
        let step = application.after(actor, act, rules, self.now())?;
        let octets = Octets {
            cms: &case.cms,
            augmented: &case.augmented,
        };
        // First, so that the record of the step tells of the signature too.
        signatures::insert(connection, application.into(), octets, signed).await?;
        self.record(connection, application, step).await
    }

    /// What is demanded for an owner of today, and the other owners who are to confirm
    /// it: all of them can answer.
    async fn demand<'a>(
        &self,
        connection: &mut Connection,
        owners: BTreeSet<Holder>,
        signed: Signed<'a>,
    ) -> Result<Demand<'a>, Error> {
        let demanded = self.demanded_for(connection, &owners, signed.document);
        let (by, delegate) = demanded.await?;
        self.can_answer(connection, &owners).await?;
        let others = owners.iter().filter(|owner| **owner != by);
        let asked = Asked {
            parties: others.cloned().map(Party::Owner).collect(),
            owners,
        };
        // Whoever is registered may agree to the end of it in somebody's place.
        let errand = (Scope::Deregister, &Askers::default());
        let question = self.question(connection, asked, errand).await?;
        Ok(Demand {
            by,
            delegate,
            signed,
            consents: question.consents,
        })
    }
}
