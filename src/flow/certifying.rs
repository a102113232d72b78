//! The certificate of a registration, and the answer to whoever asks by its code
//! whether the registration still stands.

use super::proof::on_a_thread;
use super::{Error, House, Session};
use crate::domain::{CHANCE, Disclosed, Language, RegistrationId, Validity, VerificationCode};
use crate::render::paper::{self, Certificate};
use crate::store::verification_codes;

impl House {
    /// The certificate of a registration with its evidence attached, as PDF/A-3b
    /// (ISO 19005-3), but without what was scanned at a service centre: a certificate
    /// is for others to read. The first one gives the registration its code, for ever.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it concerns the person; [`Error::Unprovable`] when
    /// its evidence makes no package, [`Error::Unprintable`] when it cannot be
    /// written.
    pub async fn certificate(
        &self,
        session: &Session,
        id: RegistrationId,
        language: Language,
    ) -> Result<Vec<u8>, Error> {
        // Before anything is looked up, so that what it tells was so by then.
        let issued_at = self.now();
        let (application, registration) = self.registration(session, id).await?;
        // A certificate goes on to strangers.
        let shown = (&application, &registration);
        let evidence = self.evidence_to_show(shown).await?.write();
        let code = self.code_of(id).await?;
        let origin = self.settings.origin.clone();
        let printed = on_a_thread(move || {
            let certificate = Certificate {
                application: &application,
                registration: &registration,
                code: &code,
                origin: &origin,
                language,
                issued_at,
            };
            paper::certificate(&certificate, evidence)
        });
        let printed = printed.await??;
        metrics::counter!("kelisim_certificates_total", "language" => language.code()).increment(1);
        Ok(printed)
    }

    /// What may be told to anybody of the registration with this code, by today's
    /// date in Kazakhstan.
    ///
    /// # Errors
    /// [`Error::NotFound`] when no registration has it.
    pub async fn verify_code(&self, code: &VerificationCode) -> Result<Disclosed, Error> {
        let mut connection = self.pool.take().await?;
        let found = verification_codes::registration_with(&mut connection, code).await?;
        let Some(id) = found else {
            count("unknown");
            return Err(Error::NotFound);
        };
        let (application, registration) = super::see::registration(&mut connection, id).await?;
        let disclosed = Disclosed::of(&application, &registration, self.now());
        count(match disclosed.validity {
            Validity::Ahead => "ahead",
            Validity::Stands => "stands",
            Validity::Over(..) => "over",
        });
        Ok(disclosed)
    }

    async fn code_of(&self, id: RegistrationId) -> Result<VerificationCode, Error> {
        let fresh = VerificationCode::drawn(&self.random_bytes::<CHANCE>()?);
        let mut connection = self.pool.take().await?;
        Ok(verification_codes::issue(&mut connection, id, &fresh, self.now()).await?)
    }
}

/// Counts what was answered, and nothing of whom it was about.
fn count(outcome: &'static str) {
    metrics::counter!("kelisim_verifications_total", "outcome" => outcome).increment(1);
}
