//! What a CMS signature must say about itself, its content and its signer.

use std::cell::RefCell;

use chrono::{DateTime, TimeDelta, Utc};

use crate::eds::{
    Attributes as Demand, Content, Digest, Fault, Moment, Oid, Policy, SigningTime, Trust,
    algorithm::{Hash, HashValue, Scheme},
    certificate::Certificate,
    cms::{Attributes, SignaturePolicy, SignedData, SignerIdentifier, SignerInfo, Version},
    der::tag,
    enclosed::Evidence,
    signature::PublicKey,
};

/// id-data (RFC 5652 section 4).
const DATA: Oid = Oid::new("1.2.840.113549.1.7.1");

/// The certificates that came with the signatures.
#[derive(Debug)]
pub(in super::super) struct Received<'a> {
    pub(in super::super) certificates: Vec<Certificate>,
    /// The revocation data that came with them.
    pub(in super::super) evidence: Evidence<'a>,
    /// The first fault of those that could not be read.
    malformed: Option<Fault>,
}

impl<'c> Received<'c> {
    pub(in super::super) fn read(
        container: &SignedData<'c>,
        trust: &Trust,
        policy: &Policy,
    ) -> Self {
        let memory = trust.memory.as_ref();
        let known = |der: &[u8]| memory.and_then(|memory| memory.certificate(der));
        let mut received = Self {
            certificates: Vec::new(),
            evidence: Evidence::new(&container.enclosed, policy),
            malformed: None,
        };
        for der in &container.certificates {
            match known(der).map_or_else(|| Certificate::read(der), Ok) {
                Ok(certificate) if received.certificates.contains(&certificate) => {}
                Ok(certificate) => received.certificates.push(certificate),
                Err(malformed) => {
                    received.malformed = received.malformed.or(Some(malformed.into()))
                }
            }
        }
        received
    }

    /// With what came with the signature around this one.
    pub(in super::super) fn within(mut self, outer: &Received<'_>) -> Self {
        for certificate in &outer.certificates {
            if !self.certificates.contains(certificate) {
                self.certificates.push(certificate.clone());
            }
        }
        self
    }

    /// Nothing but these certificates.
    pub(in super::super) fn certificates(certificates: Vec<Certificate>) -> Self {
        Self {
            certificates,
            evidence: Evidence::default(),
            malformed: None,
        }
    }

    /// The one certificate that the signature names (ETSI EN 319 102-1 section 5.2.3).
    pub(in super::super) fn named<'a>(
        &'a self,
        identifier: &SignerIdentifier<'_>,
        trust: &'a Trust,
    ) -> Result<&'a Certificate, Fault> {
        let all = self
            .certificates
            .iter()
            .chain(&trust.intermediates)
            .chain(&trust.anchors);
        let mut named = all.filter(|certificate| identifier.names(certificate));
        let not_found = Fault::NoSigningCertificate("not found");
        let first = named.next().ok_or(self.malformed.unwrap_or(not_found))?;
        match named.all(|other| other == first) {
            true => Ok(first),
            false => Err(Fault::NoSigningCertificate("ambiguous")),
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
pub(super) fn demand_attributes(
    attributes: Option<&Attributes<'_>>,
    container: &SignedData<'_>,
    policy: &Policy,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    let Some(attributes) = attributes else {
        return demand_none(container, policy);
    };
    if attributes.content_type != Some(container.content_type) {
        return Err(Fault::Attributes("content type absent or different"));
    }
    if attributes.message_digest.is_none() {
        return Err(Fault::Attributes("message digest absent"));
    }
    match policy.rules().attributes {
        Demand::Cms => Ok(()),
        Demand::Cades => demand_cades(attributes, policy, at),
    }
}

/// Only plain data may be signed without attributes, and only where the policy
/// does not ask for any.
fn demand_none(container: &SignedData<'_>, policy: &Policy) -> Result<(), Fault> {
    match policy.rules().attributes {
        Demand::Cms if container.content_type == DATA => Ok(()),
        Demand::Cms | Demand::Cades => Err(Fault::Attributes("absent")),
    }
}

fn demand_cades(
    attributes: &Attributes<'_>,
    policy: &Policy,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    if let Some(named) = attributes.signature_policy {
        demand_known(named, policy)?;
    }
    if attributes.unlisted {
        return Err(Fault::Attributes("unknown attribute"));
    }
    demand_reference(attributes, policy, at)
}

/// The signer's own policy must be one of the known, and its document the known one.
fn demand_known(named: SignaturePolicy<'_>, policy: &Policy) -> Result<(), Fault> {
    let SignaturePolicy::Identified(kind, algorithm, digest) = named else {
        return Err(Fault::SignaturePolicyUnknown);
    };
    let known = policy.rules().signature_policies.get(&kind);
    match (known, algorithm.digest()) {
        (Some(known), Ok(Hash::Sha256)) if digest == known.as_bytes() => Ok(()),
        (Some(_), Ok(Hash::Sha256)) => Err(Fault::SignaturePolicyDiffers),
        // By another digest the document is not known.
        (Some(_) | None, _) => Err(Fault::SignaturePolicyUnknown),
    }
}

/// What the signer claims is no evidence, but it must not contradict what is.
pub(super) fn demand_claimed_time(
    attributes: Option<&Attributes<'_>>,
    policy: &Policy,
    moment: Moment,
) -> Result<(), Fault> {
    let tolerance = TimeDelta::seconds(policy.rules().clock_tolerance_seconds.into());
    let claimed = attributes.and_then(|attributes| attributes.signing_time);
    // Of a file that is only judged nothing says how old it is, but it is not of tomorrow.
    let age_is_known = moment.issued.is_some() || moment.received < moment.now;
    let apart = |claimed: DateTime<Utc>| match age_is_known {
        true => (moment.received - claimed).abs(),
        false => claimed - moment.received,
    };
    match (policy.rules().signing_time, claimed) {
        (SigningTime::NearReceipt, Some(claimed)) if apart(claimed) > tolerance => Err(
            Fault::Attributes("claimed signing time too far from receipt"),
        ),
        (SigningTime::NearReceipt | SigningTime::Ignored, _) => Ok(()),
    }
}

/// Exactly one signing-certificate-v2 with a good digest; an older one may
/// stand beside it (ETSI EN 319 122-1 section 5.2.2).
fn demand_reference(
    attributes: &Attributes<'_>,
    policy: &Policy,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    let of = |version| {
        attributes
            .references
            .iter()
            .filter(move |reference| reference.version == version)
    };
    let mut second = of(Version::Two);
    match (of(Version::One).count(), second.next(), second.next()) {
        (0, None, _) => Err(Fault::Attributes("signing certificate absent")),
        (2.., _, _) | (_, _, Some(_)) => Err(Fault::Attributes("signing certificate twice")),
        (_, None, _) => Err(Fault::ReferenceAlgorithmNotAllowed),
        (_, Some(reference), None) => policy
            .allows_hash(reference.hash(), at)
            .map_err(|_| Fault::ReferenceAlgorithmNotAllowed),
    }
}

/// Each field that names the digest must name the same.
pub(in super::super) fn demand_digests(
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

/// What the signature is over, as far as it is known.
pub(in super::super) struct Signed<'a> {
    content: Option<&'a [u8]>,
    sha256: Digest,
    /// Other digests of the content that were asked for: each is worked out once,
    /// however many signatures there are.
    digests: RefCell<Vec<(Hash, HashValue)>>,
}

impl<'a> Signed<'a> {
    /// The content given or enclosed; if both are there, they must be the same.
    pub(in super::super) fn find(
        container: &'a SignedData<'_>,
        given: Content<'a>,
    ) -> Result<Self, Fault> {
        let enclosed = container.content.as_deref();
        let (content, sha256) = match (given, enclosed) {
            (Content::Detached(given), _) => (Some(given), Digest::of(given)),
            (Content::Digest(given), _) => (enclosed, given),
            (Content::Attached, Some(enclosed)) => {
                return Ok(Self::new(Some(enclosed), Digest::of(enclosed)));
            }
            (Content::Attached, None) => return Err(Fault::ContentMissing),
        };
        match enclosed {
            Some(enclosed) if Digest::of(enclosed) != sha256 => Err(Fault::ContentDiffers),
            Some(_) | None => Ok(Self::new(content, sha256)),
        }
    }

    fn new(content: Option<&'a [u8]>, sha256: Digest) -> Self {
        Self {
            content,
            sha256,
            digests: RefCell::default(),
        }
    }

    pub(super) fn sha256(&self) -> Digest {
        self.sha256
    }

    /// The digest among the attributes must be that of the content.
    pub(in super::super) fn demand(
        &self,
        attributes: &Attributes<'_>,
        hash: Hash,
    ) -> Result<(), Fault> {
        let claimed = attributes.message_digest.unwrap_or_default();
        let holds = match (hash, self.content) {
            (Hash::Sha256, _) => claimed == self.sha256.as_bytes(),
            (other, Some(content)) => claimed == self.digest(other, content).octets(),
            (_, None) => return Err(Fault::ContentMissing),
        };
        if holds {
            Ok(())
        } else {
            Err(Fault::DigestMismatch)
        }
    }

    fn digest(&self, hash: Hash, content: &[u8]) -> HashValue {
        let mut digests = self.digests.borrow_mut();
        if let Some((_, known)) = digests.iter().find(|(known, _)| *known == hash) {
            return *known;
        }
        let value = hash.of(content);
        digests.push((hash, value));
        value
    }

    /// RFC 5652 section 5.4: what is signed are the attributes as received, with
    /// the tag of a SET OF in place of the implicit one; without attributes, the
    /// content.
    pub(in super::super) fn verify(
        &self,
        info: &SignerInfo<'_>,
        scheme: Scheme,
        key: &PublicKey<'_>,
    ) -> Result<(), Fault> {
        match (info.signed_attributes, self.content) {
            (Some([_, rest @ ..]), _) => {
                key.verify(scheme, &[&[tag::SET], rest].concat(), &info.signature)
            }
            (Some([]) | None, Some(content)) => key.verify(scheme, content, &info.signature),
            (Some([]) | None, None) => Err(Fault::ContentMissing),
        }
    }
}

/// Every reference to a signing certificate must mean the one that was used.
pub(in super::super) fn demand_references(
    attributes: Option<&Attributes<'_>>,
    certificate: &Certificate,
) -> Result<(), Fault> {
    let both = |attributes: &Attributes<'_>| attributes.refers_only_to(certificate);
    match attributes.is_none_or(both) {
        true => Ok(()),
        false => Err(Fault::NoSigningCertificate(
            "the signature refers to another",
        )),
    }
}
