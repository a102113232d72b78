//! Judging signatures and certificates for whoever asks. Nothing is kept, and
//! nothing changes.

use chrono::{DateTime, Utc};

use super::proof::on_a_thread;
use super::{Error, House};
use crate::domain::evidence::{self, PackageReport};
use crate::eds::{
    Container, Content, Fault, Moment, Numbers, Policy, Summary, Validation, unarmoured_certificate,
};

/// What somebody wants judged.
pub struct Request {
    /// The file with the signatures.
    pub signature: Vec<u8>,
    /// What was signed, when it is not in the file.
    pub content: Option<Vec<u8>>,
    /// As of when; now, when absent.
    pub time: Option<DateTime<Utc>>,
    /// By which rules.
    pub policy: Policy,
}

impl House {
    /// Judges every signature in a file by the anchors and revocation lists of
    /// the moment.
    ///
    /// # Errors
    /// [`Error::CutOff`] when the verification could not be run.
    pub async fn validate(&self, request: Request) -> Result<Validation, Error> {
        let trust = self.trust.current();
        let moment = Moment::at(request.time.unwrap_or_else(|| self.now()));
        on_a_thread(move || {
            let content = request.content.as_deref();
            let content = content.map_or(Content::Attached, Content::Detached);
            Container::of(&request.signature).validate(content, &trust, &request.policy, moment)
        })
        .await
    }

    /// Judges an evidence package by the anchors alone, as of now.
    ///
    /// # Errors
    /// [`Error::CutOff`] when the verification could not be run.
    pub async fn validate_package(
        &self,
        package: Vec<u8>,
        policy: Policy,
    ) -> Result<PackageReport, Error> {
        let (trust, now) = (self.trust.current(), self.now());
        on_a_thread(move || evidence::verify(&package, &trust.anchors_only(), &policy, now)).await
    }

    /// Says what stands in a certificate, or why it is none.
    ///
    /// # Errors
    /// [`Error::CutOff`] when it could not be read on a thread of its own.
    pub async fn inspect(
        &self,
        certificate: Vec<u8>,
        numbers: Numbers,
    ) -> Result<Result<Summary, Fault>, Error> {
        on_a_thread(move || {
            let der = unarmoured_certificate(&certificate)?;
            Summary::read(&der, numbers)
        })
        .await
    }
}
