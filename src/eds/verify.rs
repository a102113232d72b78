//! One signature, step by step (ETSI EN 319 102-1 section 5.3).
//!
//! The order decides which of several faults is told: first what can never be
//! mended (form, digest, signature value), then whose key it was, then whether
//! it may count, and last what may look different tomorrow (revocation).

use std::borrow::Cow;

use super::{
    Check, Content, Digest, Fault, Moment, Policy, Purpose, Remark, Report, Revocation, Signer,
    SignerKind, Subject, Trust, Verified,
    algorithm::{Hash, Scheme},
    budget::Budget,
    certificate::Certificate,
    cms::{Attributes, SignedData, SignerIdentifier, SignerInfo},
    crl::{Entry, Judge, Reason, Status},
    extension::KeyUsage,
    ledger::Ledger,
    path::{Inputs, Path, Search, find},
    policy,
    signature::PublicKey,
};

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
    match examine(signature, content, trust, policy, &mut ledger) {
        Ok(found) => Ok(Verified {
            signer: found.signer,
            content_digest: found.content_digest,
            certificate: found.certificate,
            signed_at: moment.received,
            report: ledger.passed(),
        }),
        Err(fault) => Err(Box::new(ledger.failed(fault))),
    }
}

/// What is known once everything holds.
struct Found {
    signer: Signer,
    content_digest: Digest,
    certificate: Vec<u8>,
}

fn examine(
    signature: &[u8],
    content: Content<'_>,
    trust: &Trust,
    policy: &Policy,
    ledger: &mut Ledger,
) -> Result<Found, Fault> {
    ledger.begin(Check::Format);
    if signature.len() > LONGEST {
        return Err(Fault::TooLarge("signature"));
    }
    let container = SignedData::read(signature)?;
    let info = container.only_signer()?;
    let attributes = info.signed_attributes.map(Attributes::read).transpose()?;
    ledger.claims(attributes.as_ref());

    ledger.begin(Check::SigningCertificate);
    let received = Received::read(&container);
    let certificate = received.signing_certificate(info, attributes.as_ref(), trust)?;
    ledger.uses(certificate);

    ledger.begin(Check::Algorithms);
    let hash = info.digest_algorithm.digest()?;
    let scheme = info.signature_algorithm.scheme(Some(hash))?;
    let key = PublicKey::read(certificate.key())?;
    policy.allows_hash(hash)?;
    policy.allows(scheme, &key)?;

    ledger.begin(Check::Attributes);
    let attributes = attributes.ok_or(Fault::Attributes("absent"))?;
    demand_attributes(&attributes, &container, policy, ledger.moment())?;
    demand_digests(hash, scheme, &container, info)?;

    ledger.begin(Check::Content);
    let content = signed_content(&container, content)?;
    if attributes.message_digest != Some(hash.of(&content).octets()) {
        return Err(Fault::DigestMismatch);
    }

    ledger.begin(Check::Signature);
    verify_value(info, scheme, &key)?;

    let mut budget = Budget::new();
    let signer = judge_certificate(
        certificate,
        &received.certificates,
        trust,
        policy,
        ledger,
        &mut budget,
    )?;
    Ok(Found {
        signer,
        content_digest: Digest::of(&content),
        certificate: certificate.der().to_vec(),
    })
}

/// The certificates that came with the signature.
struct Received {
    certificates: Vec<Certificate>,
    /// The first that could not be read.
    malformed: Option<Fault>,
}

impl Received {
    fn read(container: &SignedData<'_>) -> Self {
        let mut received = Self {
            certificates: Vec::new(),
            malformed: None,
        };
        for der in &container.certificates {
            match Certificate::read(der) {
                Ok(certificate) if received.certificates.contains(&certificate) => {}
                Ok(certificate) => received.certificates.push(certificate),
                Err(malformed) => {
                    received.malformed = received.malformed.or(Some(malformed.into()))
                }
            }
        }
        received
    }

    /// The one certificate that the signature names and refers to
    /// (ETSI EN 319 102-1 section 5.2.3).
    fn signing_certificate<'a>(
        &'a self,
        info: &SignerInfo<'_>,
        attributes: Option<&Attributes<'_>>,
        trust: &'a Trust,
    ) -> Result<&'a Certificate, Fault> {
        let all = self
            .certificates
            .iter()
            .chain(&trust.intermediates)
            .chain(&trust.anchors);
        let mut named: Vec<&Certificate> = Vec::with_capacity(1);
        for certificate in all.filter(|certificate| info.identifier.names(certificate)) {
            if !named.contains(&certificate) {
                named.push(certificate);
            }
        }
        let certificate = match named.as_slice() {
            [only] => *only,
            [] => {
                return Err(self
                    .malformed
                    .unwrap_or(Fault::NoSigningCertificate("not found")));
            }
            [_, ..] => return Err(Fault::NoSigningCertificate("ambiguous")),
        };
        let references = attributes
            .into_iter()
            .flat_map(|attributes| [attributes.reference_v1, attributes.reference_v2]);
        match references
            .flatten()
            .all(|reference| reference.refers_to(certificate))
        {
            true => Ok(certificate),
            false => Err(Fault::NoSigningCertificate(
                "the signature refers to another",
            )),
        }
    }
}

impl SignerIdentifier<'_> {
    fn names(&self, certificate: &Certificate) -> bool {
        match *self {
            Self::IssuerAndSerial(issuer, serial) => {
                serial == certificate.serial() && issuer.matches(certificate.issuer())
            }
            Self::KeyIdentifier(identifier) => {
                certificate.subject_key_identifier() == Some(identifier)
            }
        }
    }
}

/// RFC 5652 section 5.3 and, for CAdES, ETSI EN 319 122-1 section 6.3.
fn demand_attributes(
    attributes: &Attributes<'_>,
    container: &SignedData<'_>,
    policy: &Policy,
    moment: Moment,
) -> Result<(), Fault> {
    if attributes.content_type != Some(container.content_type) {
        return Err(Fault::Attributes("content type absent or different"));
    }
    if attributes.message_digest.is_none() {
        return Err(Fault::Attributes("message digest absent"));
    }
    match policy.attributes {
        policy::Attributes::Cms => Ok(()),
        policy::Attributes::Cades => demand_cades(attributes, policy, moment),
    }
}

fn demand_cades(attributes: &Attributes<'_>, policy: &Policy, moment: Moment) -> Result<(), Fault> {
    if attributes.unlisted {
        return Err(Fault::Attributes("unknown attribute"));
    }
    match (&attributes.reference_v1, &attributes.reference_v2) {
        (None, None) => return Err(Fault::Attributes("signing certificate absent")),
        (Some(_), None) => return Err(Fault::ReferenceAlgorithmNotAllowed),
        (_, Some(reference)) if policy.allows_hash(reference.hash()).is_err() => {
            return Err(Fault::ReferenceAlgorithmNotAllowed);
        }
        (_, Some(_)) => {}
    }
    match (attributes.signing_time, policy.clock_tolerance) {
        (Some(claimed), Some(tolerance)) if (moment.received - claimed).abs() > tolerance => Err(
            Fault::Attributes("claimed signing time too far from receipt"),
        ),
        (_, _) => Ok(()),
    }
}

/// Each field that names the digest must name the same.
fn demand_digests(
    hash: Hash,
    scheme: Scheme,
    container: &SignedData<'_>,
    info: &SignerInfo<'_>,
) -> Result<(), Fault> {
    if !container
        .digest_algorithms
        .contains(&info.digest_algorithm.kind)
    {
        return Err(Fault::Attributes("digest algorithm not announced"));
    }
    if scheme.hash != hash {
        Err(Fault::Attributes("digest algorithms differ"))
    } else {
        Ok(())
    }
}

fn signed_content<'a>(
    container: &'a SignedData<'_>,
    given: Content<'a>,
) -> Result<Cow<'a, [u8]>, Fault> {
    match (given, &container.content) {
        (Content::Detached(given), Some(enclosed)) if given != enclosed.as_ref() => {
            Err(Fault::ContentDiffers)
        }
        (Content::Detached(given), _) => Ok(Cow::Borrowed(given)),
        (Content::Attached, Some(enclosed)) => Ok(Cow::Borrowed(enclosed)),
        (Content::Attached, None) => Err(Fault::ContentMissing),
    }
}

/// RFC 5652 section 5.4: what is signed are the attributes as received, with
/// the tag of a SET OF in place of the implicit one.
fn verify_value(info: &SignerInfo<'_>, scheme: Scheme, key: &PublicKey<'_>) -> Result<(), Fault> {
    let Some([_, rest @ ..]) = info.signed_attributes else {
        return Err(Fault::Attributes("absent"));
    };
    let message = [&[super::der::tag::SET], rest].concat();
    key.verify(scheme, &message, &info.signature)
}

/// Everything that concerns the certificate and not the signature.
fn judge_certificate(
    certificate: &Certificate,
    received: &[Certificate],
    trust: &Trust,
    policy: &Policy,
    ledger: &mut Ledger,
    budget: &mut Budget,
) -> Result<Signer, Fault> {
    ledger.begin(Check::Path);
    let moment = ledger.moment();
    let inputs = Inputs::at(moment.received);
    let search = Search {
        anchors: &trust.anchors,
        known: &trust.intermediates,
        received,
        inputs: &inputs,
        policy,
    };
    let path = find(certificate, &search, budget)?;
    ledger.follows(&path);

    ledger.begin(Check::Purpose);
    demand_purpose(certificate, policy)?;

    ledger.begin(Check::Identity);
    let signer = demand_identity(certificate, policy)?;

    ledger.begin(Check::Validity);
    demand_validity(certificate, moment)?;

    if policy.revocation != Revocation::Ignored {
        ledger.begin(Check::Revocation);
        demand_unrevoked(&path, trust, &search, policy, ledger, budget)?;
    }
    Ok(signer)
}

fn demand_purpose(certificate: &Certificate, policy: &Policy) -> Result<(), Fault> {
    let extensions = certificate.extensions();
    let allows = |bit| extensions.key_usage.is_none_or(|usage| usage.allows(bit));
    let named = |bit| extensions.key_usage.is_some_and(|usage| usage.allows(bit));
    let fits = match policy.purpose {
        Purpose::Document => named(KeyUsage::NON_REPUDIATION),
        Purpose::Login => named(KeyUsage::DIGITAL_SIGNATURE),
        Purpose::Any => allows(KeyUsage::NON_REPUDIATION) || allows(KeyUsage::DIGITAL_SIGNATURE),
    };
    if !fits {
        return Err(Fault::Purpose("key usage"));
    }
    if extensions.is_authority() && policy.purpose != Purpose::Any {
        return Err(Fault::Purpose("an authority's certificate"));
    }
    let accepted = &policy.extended_key_usage;
    let purposes = extensions.extended_key_usage.as_deref();
    if !accepted.is_empty()
        && purposes.is_some_and(|named| !named.iter().any(|purpose| accepted.contains(purpose)))
    {
        return Err(Fault::Purpose("extended key usage"));
    }
    let accepted = &policy.certificate_policies;
    let policies = extensions.policies.as_deref().unwrap_or_default();
    if !accepted.is_empty() && !policies.iter().any(|policy| accepted.contains(policy)) {
        return Err(Fault::Purpose("certificate policy"));
    }
    Ok(())
}

fn demand_identity(certificate: &Certificate, policy: &Policy) -> Result<Signer, Fault> {
    let signer = Signer::read(certificate, policy.check_digit);
    match policy.subject {
        Subject::Any => Ok(signer.unwrap_or_else(|_| Signer::nobody(certificate))),
        Subject::NaturalPerson => {
            let signer = signer?;
            match (signer.kind(), signer.iin()) {
                (SignerKind::Organisation, _) => Err(Fault::Purpose("not a natural person")),
                (SignerKind::Person, None) => Err(Fault::IdentityAmbiguous("no IIN")),
                (SignerKind::Person, Some(_)) => Ok(signer),
            }
        }
        Subject::Identified => {
            let signer = signer?;
            match (signer.iin(), signer.bin()) {
                (None, None) => Err(Fault::IdentityAmbiguous("neither IIN nor BIN")),
                (_, _) => Ok(signer),
            }
        }
    }
}

/// The signature was made between the issue of the document and its receipt;
/// the certificate must have been valid for all of that time.
fn demand_validity(certificate: &Certificate, moment: Moment) -> Result<(), Fault> {
    if moment.received < certificate.not_before() {
        return Err(Fault::NotYetValid);
    }
    if moment.received <= certificate.not_after() {
        return Ok(());
    }
    match moment.issued {
        Some(issued) if issued > certificate.not_after() => Err(Fault::Expired),
        Some(_) | None => Err(Fault::OutOfBounds),
    }
}

fn demand_unrevoked(
    path: &Path<'_>,
    trust: &Trust,
    search: &Search<'_>,
    policy: &Policy,
    ledger: &mut Ledger,
    budget: &mut Budget,
) -> Result<(), Fault> {
    let [leaf, .., anchor] = path.certificates.as_slice() else {
        return Err(Fault::NoPath);
    };
    let moment = ledger.moment();
    let judge = Judge {
        crls: &trust.crls,
        search: *search,
        anchor,
        now: moment.now,
        oldest: policy.oldest_list,
    };
    for (certificate, issuer) in path.links() {
        // RFC 6960 section 4.2.2.2.1 and RFC 9608 mean these for other kinds of certificates.
        if certificate.extensions().waives_revocation {
            return Err(Fault::PathInvalid("revocation is waived"));
        }
        let is_leaf = certificate == *leaf;
        match (
            judge.status(certificate, issuer, budget)?,
            policy.revocation,
        ) {
            (Status::Good, _) => {}
            (Status::Revoked(entry), _) if is_leaf => judge_revoked(entry, moment, ledger)?,
            (Status::Revoked(_), _) => return Err(Fault::IssuerRevoked),
            (Status::Unknown(fault), Revocation::Required) => return Err(fault),
            (Status::Unknown(fault), Revocation::Leaf) if is_leaf => return Err(fault),
            (
                Status::Unknown(_),
                Revocation::Leaf | Revocation::IfPresent | Revocation::Ignored,
            ) => {
                ledger.remark(Remark::RevocationUnknown);
            }
        }
    }
    Ok(())
}

/// A revocation counts from its date on; whether the signature is older is
/// known only when it was in our hands before.
fn judge_revoked(entry: Entry, moment: Moment, ledger: &mut Ledger) -> Result<(), Fault> {
    if entry.revoked_at > moment.received {
        ledger.remark(Remark::RevokedAfterwards);
        return Ok(());
    }
    match (entry.reason, moment.issued) {
        (Reason::Suspended, _) => Err(Fault::Suspended),
        (_, Some(issued)) if entry.revoked_at < issued => Err(Fault::Revoked),
        (_, _) => Err(Fault::RevokedWithoutProof),
    }
}

#[cfg(test)]
mod tests;
