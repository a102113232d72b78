//! One signature, step by step (ETSI EN 319 102-1 section 5.3).
//!
//! The order decides which of several faults is told: first what can never be
//! mended (form, digest, signature value), then whose key it was, then whether
//! it may count, and last what may look different tomorrow (revocation).

mod certificate;
mod existence;
#[cfg(test)]
mod hostile;
pub(super) mod message;
#[cfg(test)]
mod national;
#[cfg(test)]
mod returning;
#[cfg(test)]
mod suites;
#[cfg(test)]
mod tests;
mod xml;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    Check, Content, Digest, Fault, Moment, Policy, Received as OnReceipt, Report, Signer, Trust,
    Verified, Wants,
    algorithm::AlgorithmIdentifier,
    budget::Budget,
    certificate::Certificate,
    cms::{Attributes, SignedData, SignerInfo},
    ledger::Ledger,
    signature::PublicKey,
    timestamp,
};
use message::{Received, Signed};
pub use xml::{validate_xml, verify_xml};

/// A signature longer than this is refused before it is read.
const LONGEST: usize = 16 * 1024 * 1024;

/// Verifies one signature by one signer over `content`.
///
/// # Errors
/// The [`Report`] of what was found, with the fault that kept the signature
/// from passing.
pub fn verify(
    signature: &[u8],
    content: Content<'_>,
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Result<Verified, Box<Report>> {
    let mut ledger = Ledger::new(policy, moment);
    ledger.begin(Check::Format);
    let found = open(signature, policy).and_then(|container| {
        let case = Case::new(&container, content, trust, policy);
        case.examine(container.only_signer()?, &mut ledger, &mut Budget::new())
    });
    concluded(found, ledger)
}

/// Checks of one signature what needs no evidence from elsewhere: form, digest,
/// signature value, path, purpose, person, validity, and that no revocation is
/// known. What passes is acknowledged; it counts once [`verify`] passes.
///
/// # Errors
/// The [`Report`] of what was found, with the fault that no evidence can mend.
pub fn receive(
    signature: &[u8],
    content: Content<'_>,
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Result<OnReceipt, Box<Report>> {
    verify(signature, content, trust, &policy.on_receipt(), moment).map(OnReceipt)
}

/// Judges every signature of a container that may hold several; one answer for
/// each, or one for the container when it holds none or cannot be read.
///
/// Who counts signers must look at each answer: none stands for the others.
#[must_use]
pub fn validate(
    signature: &[u8],
    content: Content<'_>,
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Vec<Result<Verified, Box<Report>>> {
    let ledger = || {
        let mut ledger = Ledger::new(policy, moment);
        ledger.begin(Check::Format);
        ledger
    };
    let container = match open(signature, policy) {
        Ok(container) if container.signers.is_empty() => {
            return vec![refused(ledger(), Fault::NoSignature)];
        }
        Ok(container) => container,
        Err(fault) => return vec![refused(ledger(), fault)],
    };
    let case = Case::new(&container, content, trust, policy);
    let mut budget = Budget::new();
    let mut judge = |info| {
        let mut ledger = ledger();
        let found = case.examine(info, &mut ledger, &mut budget);
        concluded(found, ledger)
    };
    container.signers.iter().map(&mut judge).collect()
}

/// Judges a certificate alone: its path, validity, revocation, and what the
/// policy asks of its holder. `received` are certificates that may help.
///
/// # Errors
/// The [`Report`] with the fault that keeps the certificate from passing.
pub fn validate_certificate<B: AsRef<[u8]>>(
    certificate: &[u8],
    received: &[B],
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Result<(Signer, Report), Box<Report>> {
    let mut ledger = Ledger::new(policy, moment);
    ledger.begin(Check::Format);
    let certificate = match Certificate::read(certificate) {
        Ok(certificate) => certificate,
        Err(malformed) => return Err(Box::new(ledger.failed(malformed.into()))),
    };
    let received = received
        .iter()
        .filter_map(|der| Certificate::read(der.as_ref()).ok());
    ledger.uses(&certificate);
    match certificate::judge(
        &certificate,
        &Received::certificates(received.collect()),
        trust,
        policy,
        &mut ledger,
        &mut Budget::new(),
    ) {
        Ok(signer) => Ok((Arc::unwrap_or_clone(signer), ledger.passed())),
        Err(fault) => Err(Box::new(ledger.failed(fault))),
    }
}

/// Checks a bare signature value: `public_key` is a SubjectPublicKeyInfo,
/// `algorithm` an AlgorithmIdentifier, both in DER; the policy says which
/// algorithms are good enough `at` that instant. Says nothing about whose key
/// it is.
///
/// # Errors
/// [`Fault::SignatureMismatch`], or what is wrong with key or algorithm.
pub fn verify_value(
    public_key: &[u8],
    algorithm: &[u8],
    message: &[u8],
    signature: &[u8],
    policy: &Policy,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    let scheme = AlgorithmIdentifier::read(algorithm)?.scheme(None)?;
    let key = PublicKey::read(public_key)?;
    policy.allows(scheme, &key, at)?;
    key.verify(scheme, message, signature)
}

/// What the verification of one signature misses; `None` when the signature can
/// never pass, whatever is brought.
pub(super) fn missing(
    signature: &[u8],
    content: Content<'_>,
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Option<Wants> {
    let (mut ledger, mut budget) = (Ledger::new(policy, moment), Budget::new());
    let container = open(signature, policy).ok()?;
    // A judgement from memory tells nothing of what is wanted beyond it.
    let trust = trust.clone().remembering_with(trust);
    let case = Case::new(&container, content, &trust, policy);
    let info = container.only_signer().ok()?;
    let sound = case.demand_sound(info, &mut ledger, &mut budget).ok()?;
    let stamped = existence::prove(info, case.stamps(&ledger), &mut ledger, &mut budget);
    if stamped.is_err() && ledger.wants.is_empty() {
        return None;
    }
    let standing = case.demand_standing(&sound, &mut ledger, &mut budget);
    match standing {
        // A stamp of today helps nobody who could not sign today either.
        Err(_) if ledger.wants.statuses.is_empty() => None,
        Ok(_) | Err(_) => Some(ledger.wants),
    }
}

fn open<'a>(signature: &'a [u8], policy: &Policy) -> Result<SignedData<'a>, Fault> {
    if signature.len() > LONGEST {
        return Err(Fault::TooLarge("signature"));
    }
    SignedData::read(signature, policy.rules().padding)
}

fn concluded(found: Result<Found, Fault>, ledger: Ledger) -> Result<Verified, Box<Report>> {
    match found {
        Ok(found) => Ok(Verified {
            signer: found.signer,
            content_digest: found.content_digest,
            certificate: found.certificate,
            signed_at: ledger.moment().received,
            report: ledger.passed(),
        }),
        Err(fault) => refused(ledger, fault),
    }
}

fn refused(ledger: Ledger, fault: Fault) -> Result<Verified, Box<Report>> {
    Err(Box::new(ledger.failed(fault)))
}

/// What is known once everything holds.
struct Found {
    signer: Arc<Signer>,
    content_digest: Digest,
    certificate: Certificate,
}

/// A signature whose value fits what it is over.
struct Sound<'a, 'i> {
    attributes: Option<Attributes<'i>>,
    certificate: &'a Certificate,
    content_digest: Digest,
}

/// What all signatures of a container have in common.
struct Case<'a> {
    container: &'a SignedData<'a>,
    received: Received<'a>,
    signed: Result<Signed<'a>, Fault>,
    trust: &'a Trust,
    policy: &'a Policy,
}

impl<'a> Case<'a> {
    fn new(
        container: &'a SignedData<'a>,
        content: Content<'a>,
        trust: &'a Trust,
        policy: &'a Policy,
    ) -> Self {
        let received = Received::read(container, trust, policy);
        let signed = Signed::find(container, content);
        Self {
            container,
            received,
            signed,
            trust,
            policy,
        }
    }

    fn examine(
        &self,
        info: &SignerInfo<'_>,
        ledger: &mut Ledger,
        budget: &mut Budget,
    ) -> Result<Found, Fault> {
        let sound = self.demand_sound(info, ledger, budget)?;
        ledger.begin(Check::TimeStamp);
        existence::prove(info, self.stamps(ledger), ledger, budget)?;
        self.demand_standing(&sound, ledger, budget)
    }

    /// The signature by itself: its form, its digests, its value.
    fn demand_sound<'i>(
        &self,
        info: &SignerInfo<'i>,
        ledger: &mut Ledger,
        budget: &mut Budget,
    ) -> Result<Sound<'_, 'i>, Fault> {
        let attributes = info.signed_attributes.map(Attributes::read).transpose()?;
        ledger.claims(attributes.as_ref());

        ledger.begin(Check::SigningCertificate);
        let certificate = self.received.named(&info.identifier, self.trust)?;
        ledger.uses(certificate);

        ledger.begin(Check::Algorithms);
        let at = ledger.moment().received;
        let hash = info.digest_algorithm.digest()?;
        let scheme = info.signature_algorithm.scheme(Some(hash))?;
        let key = certificate.public_key()?;
        self.policy.allows_hash(hash, at)?;
        self.policy.allows(scheme, &key, at)?;

        ledger.begin(Check::Attributes);
        message::demand_attributes(attributes.as_ref(), self.container, self.policy, at)?;
        message::demand_digests(hash, scheme, self.container, info)?;

        ledger.begin(Check::Content);
        let signed = self.signed.as_ref().map_err(|&fault| fault)?;
        if let Some(attributes) = &attributes {
            signed.demand(attributes, hash)?;
        }

        ledger.begin(Check::Signature);
        budget.signature()?;
        signed.verify(info, scheme, &key)?;

        ledger.begin(Check::Reference);
        message::demand_references(attributes.as_ref(), certificate)?;
        Ok(Sound {
            attributes,
            certificate,
            content_digest: signed.sha256(),
        })
    }

    /// Judges the tokens of a signature as of what `ledger` says.
    fn stamps(&self, ledger: &Ledger) -> timestamp::Judge<'_> {
        timestamp::Judge {
            trust: self.trust,
            policy: self.policy,
            moment: ledger.moment(),
            around: Some(&self.received),
        }
    }

    /// Who signed and whether that may count, as of the time that is proven.
    fn demand_standing(
        &self,
        sound: &Sound<'_, '_>,
        ledger: &mut Ledger,
        budget: &mut Budget,
    ) -> Result<Found, Fault> {
        let attributes = sound.attributes.as_ref();
        message::demand_claimed_time(attributes, self.policy, ledger.moment())?;
        let signer = certificate::judge(
            sound.certificate,
            &self.received,
            self.trust,
            self.policy,
            ledger,
            budget,
        )?;
        Ok(Found {
            signer,
            content_digest: sound.content_digest,
            certificate: sound.certificate.clone(),
        })
    }
}
