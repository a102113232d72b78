//! Time-stamps (RFC 3161), as the national authority writes them: CMS of
//! version 3 with signed attributes, neither accuracy nor name of the authority.

use ::der::asn1::{AnyRef, IntRef, ObjectIdentifier, OctetStringRef};
use ::der::{Decode, Encode, Sequence};
use chrono::{DateTime, Duration, Utc};

use crate::pki::behaviour::{Behaviour, Failure, Signer};
use crate::pki::certificate::corrupted;
use crate::pki::cms::{SignedData, SignerInfo, one, signed_content, signing_certificate};
use crate::pki::error::Object;
use crate::pki::{
    Digest, Error, Extension, Family, Hierarchy, Office, Options, Validity, appointment, der, oid,
};

/// The response to a request, both in DER, by the authority of the family that
/// the request fits: by its policy or, if it names none, by its digest. What
/// cannot be stamped is rejected. Fails when a key refuses to sign.
pub fn answer(
    request: &[u8],
    hierarchies: &[&Hierarchy],
    behaviour: Behaviour,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, Error> {
    if let Behaviour::Rejection(failure) = behaviour {
        return Ok(rejected(failure));
    }
    let Ok(request) = Request::from_der(request) else {
        return Ok(rejected(Failure::BadDataFormat));
    };
    let hierarchy = match request.demand().and_then(|()| request.choose(hierarchies)) {
        Ok(hierarchy) => hierarchy,
        Err(failure) => return Ok(rejected(failure)),
    };
    let time = behaviour.as_of(now);
    let content = content(&request, hierarchy.family, behaviour, time)?;
    let certificate = certificate(hierarchy, behaviour, now)?;
    let token = Token {
        content,
        certificate,
        enclosed: request.certificate,
        time,
    };
    let granted = der::sequence([der::integer(GRANTED)]);
    Ok(der::sequence([
        granted,
        token.signed(hierarchy, behaviour)?,
    ]))
}

/// PKIStatus: granted and rejection.
const GRANTED: u64 = 0;
const REJECTION: u64 = 2;

/// TimeStampResp without a token.
fn rejected(failure: Failure) -> Vec<u8> {
    let status = [der::integer(REJECTION), der::named_bit(failure.bit())];
    der::sequence([der::sequence(status)])
}

/// TSTInfo.
fn content(
    request: &Request<'_>,
    family: Family,
    behaviour: Behaviour,
    time: DateTime<Utc>,
) -> Result<Vec<u8>, Error> {
    let mut digest = request.imprint.digest.as_bytes().to_vec();
    if behaviour == Behaviour::WrongImprint {
        digest = corrupted(digest);
    }
    let policy = if behaviour == Behaviour::WrongPolicy {
        oid::POLICY_TIME_STAMPS
    } else {
        family.time_stamp_policy()
    };
    let algorithm = written(&request.imprint.algorithm)?;
    let imprint = der::sequence([algorithm, der::octet_string(&digest)]);
    let time = der::generalized_time(time);
    // One number for one thing stamped at one time.
    let unique = [written(&request.imprint)?, time.clone()].concat();
    let serial: Vec<u8> = Digest::Sha256.of(&unique).into_iter().take(16).collect();
    Ok(der::sequence([
        der::integer(1),
        der::oid(&policy),
        imprint,
        der::unsigned(&serial),
        time,
        nonce(request, behaviour)?,
    ]))
}

fn nonce(request: &Request<'_>, behaviour: Behaviour) -> Result<Vec<u8>, Error> {
    match request.nonce {
        Some(nonce) if behaviour == Behaviour::WrongNonce => Ok(corrupted(written(&nonce)?)),
        Some(nonce) if behaviour != Behaviour::NoNonce => written(&nonce),
        Some(_) | None => Ok(Vec::new()),
    }
}

fn written(part: &impl Encode) -> Result<Vec<u8>, Error> {
    part.to_der()
        .map_err(|_| Error::Unreadable(Object::Request))
}

/// A token before it is signed.
struct Token {
    content: Vec<u8>,
    certificate: Vec<u8>,
    /// Whether the certificate travels inside.
    enclosed: bool,
    time: DateTime<Utc>,
}

impl Token {
    fn signed(self, hierarchy: &Hierarchy, behaviour: Behaviour) -> Result<Vec<u8>, Error> {
        let key = &hierarchy.stamper.key;
        let digest = key.digest();
        let mut attributes = signed_content(&oid::TST_INFO, &self.content, digest, self.time);
        attributes.push(if behaviour == Behaviour::OlderReference {
            one(oid::SIGNING_CERTIFICATE, by_sha1(&self.certificate))
        } else {
            one(
                oid::SIGNING_CERTIFICATE_V2,
                signing_certificate(&self.certificate),
            )
        });
        let attributes = Some(attributes);
        let mut signer = SignerInfo::signing(&self.content, &self.certificate, key, attributes)?;
        if behaviour == Behaviour::BadSignature {
            signer.signature = corrupted(signer.signature);
        }
        let certificates = self.enclosed.then_some(self.certificate);
        let token = SignedData {
            content: Some(self.content),
            certificates: certificates.into_iter().collect(),
            signers: vec![signer],
        };
        Ok(token.encode_as(&oid::TST_INFO))
    }
}

/// SigningCertificate with one ESSCertID and no issuerSerial (RFC 2634 section 5.4).
fn by_sha1(certificate: &[u8]) -> Vec<u8> {
    let hash = der::octet_string(&Digest::Sha1.of(certificate));
    der::sequence([der::sequence([der::sequence([hash])])])
}

/// The certificate under which is stamped.
fn certificate(
    hierarchy: &Hierarchy,
    behaviour: Behaviour,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, Error> {
    let Behaviour::Signer(signer) = behaviour else {
        return Ok(hierarchy.stamper.certificate.clone());
    };
    let by = match signer {
        // Whoever certifies himself: under the root it would have a path.
        Signer::OfAnotherAuthority => &hierarchy.stamper,
        Signer::WithoutPurpose
        | Signer::Expired
        | Signer::WithAnotherPurpose
        | Signer::NotCritical => &hierarchy.issuing,
    };
    let public_key = hierarchy.stamper.key.public_key()?;
    let (office, options) = (Office::Stamping, Options::default());
    let mut template = appointment(hierarchy.family, by, office, public_key, &options, now);
    let purposes = Extension::extended_key_usage;
    match signer {
        Signer::WithoutPurpose => template.remove(&oid::EXTENDED_KEY_USAGE),
        Signer::WithAnotherPurpose => {
            let mut two = purposes(&[oid::TIME_STAMPING, oid::EMAIL_PROTECTION]);
            two.critical = true;
            template.set(two);
        }
        Signer::NotCritical => template.set(purposes(&[oid::TIME_STAMPING])),
        Signer::Expired => template.validity = Validity::ended(now - Duration::hours(1)),
        Signer::OfAnotherAuthority => {}
    }
    template.sign(&by.key)
}

/// TimeStampReq.
#[derive(Sequence)]
struct Request<'a> {
    version: u8,
    imprint: Imprint<'a>,
    #[asn1(optional = "true")]
    policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    nonce: Option<IntRef<'a>>,
    #[asn1(default = "Default::default")]
    certificate: bool,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "IMPLICIT")]
    extensions: Option<Vec<AnyRef<'a>>>,
}

/// MessageImprint.
#[derive(Sequence)]
struct Imprint<'a> {
    algorithm: Algorithm<'a>,
    digest: &'a OctetStringRef,
}

#[derive(Sequence)]
struct Algorithm<'a> {
    id: ObjectIdentifier,
    #[asn1(optional = "true")]
    parameters: Option<AnyRef<'a>>,
}

/// The digests that are stamped, and how many octets each has.
const DIGESTS: [(ObjectIdentifier, usize); 6] = [
    (oid::SHA256, 32),
    (oid::SHA384, 48),
    (oid::SHA512, 64),
    (oid::STREEBOG_256, 32),
    (oid::STREEBOG_512, 64),
    (oid::GOST_94, 32),
];

impl Request<'_> {
    /// Whether it can be stamped at all.
    fn demand(&self) -> Result<(), Failure> {
        let algorithm = &self.imprint.algorithm.id;
        let known = DIGESTS.iter().find(|(known, _)| known == algorithm);
        let (_, length) = known.ok_or(Failure::BadAlgorithm)?;
        if self.version != 1 {
            Err(Failure::BadRequest)
        } else if self.imprint.digest.as_bytes().len() != *length {
            Err(Failure::BadDataFormat)
        } else if self.extensions.is_some() {
            Err(Failure::UnacceptedExtension)
        } else {
            Ok(())
        }
    }

    /// Whose authority stamps it: of several that may, the first.
    fn choose<'h>(&self, hierarchies: &[&'h Hierarchy]) -> Result<&'h Hierarchy, Failure> {
        let algorithm = &self.imprint.algorithm.id;
        let national = [oid::STREEBOG_256, oid::STREEBOG_512, oid::GOST_94];
        let is_national = national.contains(algorithm);
        let fits = |family: Family| match self.policy {
            Some(policy) => policy == family.time_stamp_policy(),
            None => hierarchies.len() == 1 || is_national == (family == Family::Gost),
        };
        let mut all = hierarchies.iter().copied();
        all.find(|hierarchy| fits(hierarchy.family))
            .ok_or(Failure::UnacceptedPolicy)
    }
}
