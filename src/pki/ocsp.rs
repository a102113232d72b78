//! Answers to questions about the status of certificates (RFC 6960, nonces by
//! RFC 9654), as the national responder writes them: named by name, its one
//! certificate inside, the nonce echoed, no nextUpdate.

use std::collections::BTreeSet;

use ::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef, UintRef};
use ::der::{Decode, Encode, Sequence};
use chrono::{DateTime, Duration, Utc};

use crate::pki::behaviour::{Behaviour, Refusal, Signer};
use crate::pki::certificate::{corrupted, extensions};
use crate::pki::error::Object;
use crate::pki::{
    Authority, Digest, Error, Extension, Family, Office, Options, Reason, Validity, appointment,
    crl, der, oid,
};

/// An authority for whose certificates is answered.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its family.
    pub family: Family,
    /// The authority itself.
    pub authority: &'a Authority,
    /// Who answers for it.
    pub responder: &'a Authority,
    /// Its revocation list in DER.
    pub list: &'a [u8],
    /// Another authority of the family, which has no say about its certificates.
    pub other: &'a Authority,
}

/// What a responder knows.
#[derive(Debug, Clone, Copy)]
pub struct Knowledge<'a> {
    /// The authorities it answers for.
    pub subjects: &'a [Subject<'a>],
    /// IssuerAndSerialNumber of each certificate that was issued.
    pub issued: &'a BTreeSet<Vec<u8>>,
}

/// The response to a request, both in DER; one that cannot be read or is about
/// other authorities has its response too. Fails when a key refuses to sign or
/// a list cannot be read.
pub fn answer(
    request: &[u8],
    knowledge: Knowledge<'_>,
    behaviour: Behaviour,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, Error> {
    if let Behaviour::Refusal(refusal) = behaviour {
        return Ok(refused(refusal));
    }
    let Some(question) = Question::read(request) else {
        return Ok(refused(Refusal::MalformedRequest));
    };
    let first = question.asked.first();
    let Some(subject) = first.and_then(|id| knowledge.subject(id)) else {
        return Ok(refused(Refusal::Unauthorized));
    };
    let time = behaviour.as_of(now);
    let singles = question
        .asked
        .iter()
        .map(|id| single(id, &subject, knowledge, behaviour, time));
    let singles = singles.collect::<Result<Vec<_>, Error>>()?;
    let data = der::sequence([
        der::context(1, [&subject.responder.subject]),
        der::generalized_time(time),
        der::sequence(singles),
        extensions(1, &response_extensions(question.nonce, behaviour)),
    ]);
    let certificate = certificate(&subject, behaviour, now)?;
    signed(&data, subject.responder, &certificate, behaviour)
}

/// OCSPResponse with a status alone.
fn refused(refusal: Refusal) -> Vec<u8> {
    der::sequence([der::enumerated(refusal.code())])
}

/// OCSPResponse around a BasicOCSPResponse.
fn signed(
    data: &[u8],
    responder: &Authority,
    certificate: &[u8],
    behaviour: Behaviour,
) -> Result<Vec<u8>, Error> {
    let mut signature = responder.key.sign(data)?;
    if behaviour == Behaviour::BadSignature {
        signature = corrupted(signature);
    }
    let basic = der::sequence([
        data.to_vec(),
        responder.key.algorithm(),
        der::bit_string(&signature),
        der::context(0, [der::sequence([certificate])]),
    ]);
    let bytes = der::sequence([der::oid(&oid::OCSP_BASIC), der::octet_string(&basic)]);
    Ok(der::sequence([
        der::enumerated(SUCCESSFUL),
        der::context(0, [bytes]),
    ]))
}

/// OCSPResponseStatus: successful.
const SUCCESSFUL: u8 = 0;

/// SingleResponse.
fn single(
    id: &CertificateId<'_>,
    subject: &Subject<'_>,
    knowledge: Knowledge<'_>,
    behaviour: Behaviour,
    time: DateTime<Utc>,
) -> Result<Vec<u8>, Error> {
    let status = status(id, subject, knowledge, behaviour)?;
    let (mut key, mut serial) = (
        id.issuer_key.as_bytes().to_vec(),
        id.serial.as_bytes().to_vec(),
    );
    if behaviour == Behaviour::WrongSerial {
        serial = corrupted(serial);
    }
    if behaviour == Behaviour::OtherIssuer {
        key = id.hash(&subject.other.key_bits);
    }
    let id = id.written(&key, &serial)?;
    Ok(der::sequence([id, status, der::generalized_time(time)]))
}

/// CertStatus.
fn status(
    id: &CertificateId<'_>,
    subject: &Subject<'_>,
    knowledge: Knowledge<'_>,
    behaviour: Behaviour,
) -> Result<Vec<u8>, Error> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all others tell the true status"
    )]
    match behaviour {
        Behaviour::Unknown => return Ok(unknown()),
        Behaviour::NeverIssued => return Ok(never_issued()),
        Behaviour::RevokedSince(since) => {
            return Ok(revoked(since, Some(Reason::KeyCompromise)));
        }
        _ => {}
    }
    if !id.names(subject.authority) {
        return Ok(unknown());
    }
    let serial = id.serial.as_bytes();
    let list = crl::read(subject.list)?.revoked;
    if let Some(entry) = list.iter().find(|entry| entry.names(serial)) {
        return Ok(revoked(entry.since, entry.reason));
    }
    let name = der::sequence([&subject.authority.subject, &der::unsigned(serial)]);
    Ok(if knowledge.issued.contains(&name) {
        good()
    } else {
        never_issued()
    })
}

fn good() -> Vec<u8> {
    der::context_primitive(0, &[])
}

fn unknown() -> Vec<u8> {
    der::context_primitive(2, &[])
}

/// RFC 6960 section 2.2: on hold since 1970, which it was not.
fn never_issued() -> Vec<u8> {
    revoked(DateTime::UNIX_EPOCH, Some(Reason::CertificateHold))
}

fn revoked(since: DateTime<Utc>, reason: Option<Reason>) -> Vec<u8> {
    let reason = reason.map(|reason| der::context(0, [der::enumerated(reason.code())]));
    der::context(
        1,
        [der::generalized_time(since), reason.unwrap_or_default()],
    )
}

fn response_extensions(nonce: Option<&[u8]>, behaviour: Behaviour) -> Vec<Extension> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others echo the nonce")]
    let nonce = match behaviour {
        Behaviour::NoNonce => None,
        Behaviour::WrongNonce => nonce.map(|nonce| corrupted(nonce.to_vec())),
        _ => nonce.map(<[u8]>::to_vec),
    };
    let nonce = nonce.map(|nonce| Extension::plain(oid::OCSP_NONCE, nonce));
    let extended = Extension::plain(oid::OCSP_EXTENDED_REVOKE, der::null());
    nonce.into_iter().chain([extended]).collect()
}

/// The responder's certificate as it is sent along.
fn certificate(
    subject: &Subject<'_>,
    behaviour: Behaviour,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, Error> {
    let Behaviour::Signer(signer) = behaviour else {
        return Ok(subject.responder.certificate.clone());
    };
    let by = match signer {
        Signer::OfAnotherAuthority => subject.other,
        Signer::WithoutPurpose
        | Signer::Expired
        | Signer::WithAnotherPurpose
        | Signer::NotCritical => subject.authority,
    };
    let public_key = subject.responder.key.public_key()?;
    let office = Office::Answering;
    let options = Options::default();
    let mut template = appointment(subject.family, by, office, public_key, &options, now);
    match signer {
        Signer::WithoutPurpose => template.remove(&oid::EXTENDED_KEY_USAGE),
        Signer::Expired => template.validity = Validity::ended(now - Duration::hours(1)),
        Signer::OfAnotherAuthority | Signer::WithAnotherPurpose | Signer::NotCritical => {}
    }
    template.sign(&by.key)
}

impl<'a> Knowledge<'a> {
    /// The authority that is said to have issued the certificate.
    fn subject(&self, id: &CertificateId<'_>) -> Option<Subject<'a>> {
        let mut subjects = self.subjects.iter();
        subjects
            .find(|subject| id.names(subject.authority))
            .copied()
    }
}

/// What is asked.
struct Question<'a> {
    asked: Vec<CertificateId<'a>>,
    /// The nonce within its OCTET STRING.
    nonce: Option<&'a [u8]>,
}

impl<'a> Question<'a> {
    fn read(request: &'a [u8]) -> Option<Self> {
        let request = OcspRequest::from_der(request).ok()?;
        let extensions = request.to_be_signed.extensions.unwrap_or_default();
        let nonce = extensions
            .iter()
            .find(|extension| extension.id == oid::OCSP_NONCE);
        let nonce = nonce.map(|nonce| nonce.value.as_bytes());
        // RFC 9654 section 2.1: an OCTET STRING of 1 to 128 octets.
        let is_nonce = |nonce: &[u8]| {
            <&OctetStringRef>::from_der(nonce)
                .is_ok_and(|nonce| (1..=128).contains(&nonce.as_bytes().len()))
        };
        if nonce.is_some_and(|nonce| !is_nonce(nonce)) {
            return None;
        }
        let asked = request.to_be_signed.list.into_iter().map(|one| one.id);
        Some(Self {
            asked: asked.collect(),
            nonce,
        })
    }
}

#[derive(Sequence)]
struct OcspRequest<'a> {
    to_be_signed: ToBeSigned<'a>,
    /// Requests may be signed; nobody here asks by whom.
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    signature: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct ToBeSigned<'a> {
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    version: Option<u8>,
    #[asn1(context_specific = "1", optional = "true", tag_mode = "EXPLICIT")]
    requestor: Option<AnyRef<'a>>,
    list: Vec<One<'a>>,
    #[asn1(context_specific = "2", optional = "true", tag_mode = "EXPLICIT")]
    extensions: Option<Vec<Extended<'a>>>,
}

#[derive(Sequence)]
struct One<'a> {
    id: CertificateId<'a>,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    extensions: Option<AnyRef<'a>>,
}

/// CertID.
#[derive(Sequence)]
struct CertificateId<'a> {
    algorithm: Algorithm<'a>,
    issuer_name: &'a OctetStringRef,
    issuer_key: &'a OctetStringRef,
    serial: UintRef<'a>,
}

#[derive(Sequence)]
struct Algorithm<'a> {
    id: ObjectIdentifier,
    #[asn1(optional = "true")]
    parameters: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct Extended<'a> {
    id: ObjectIdentifier,
    #[asn1(default = "Default::default")]
    critical: bool,
    value: &'a OctetStringRef,
}

impl CertificateId<'_> {
    fn names(&self, authority: &Authority) -> bool {
        self.digest().is_some_and(|digest| {
            digest.of(&authority.subject) == self.issuer_name.as_bytes()
                && digest.of(&authority.key_bits) == self.issuer_key.as_bytes()
        })
    }

    fn digest(&self) -> Option<Digest> {
        let known = [Digest::Sha256, Digest::Sha1];
        known
            .into_iter()
            .find(|digest| digest.id() == self.algorithm.id)
    }

    /// The same name with another key or serial number in it.
    fn written(&self, issuer_key: &[u8], serial: &[u8]) -> Result<Vec<u8>, Error> {
        let algorithm = self.algorithm.to_der();
        let algorithm = algorithm.map_err(|_| Error::Unreadable(Object::Request))?;
        Ok(der::sequence([
            algorithm,
            der::octet_string(self.issuer_name.as_bytes()),
            der::octet_string(issuer_key),
            der::unsigned(serial),
        ]))
    }

    fn hash(&self, octets: &[u8]) -> Vec<u8> {
        let digest = self.digest();
        digest.map(|digest| digest.of(octets)).unwrap_or_default()
    }
}
