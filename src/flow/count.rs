//! A signature that is proven takes its effect.

use super::proof::Case;
use super::{Error, House};
use crate::domain::{Act, Actor, Application, Signed};
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
        let purpose = case.document.purpose;
        let act = match purpose.consent() {
            Some(id) => Act::Consent(id, signed),
            None => Act::Sign(signed),
        };
        let step = application.after(actor, act, &self.settings.rules, self.now())?;
        let octets = Octets {
            cms: &case.cms,
            augmented: &case.augmented,
        };
        // First, so that the record of the step tells of the signature too.
        signatures::insert(connection, application.id, octets, signed).await?;
        let application = self.record(connection, step, None).await?;
        self.save_answer(connection, &application, purpose).await?;
        Ok(application)
    }
}
