//! The signed attributes: what the signer bound to the content
//! (RFC 5652 section 11, RFC 5035, ETSI EN 319 122-1).

use chrono::{DateTime, Utc};

use super::{
    super::{
        Fault, Oid,
        algorithm::{AlgorithmIdentifier, Hash},
        certificate::Certificate,
        der::{self, Malformed, Reader, tag},
        name::Name,
    },
    ber,
    enclosed::Enclosed,
};

/// revocation-values (ETSI EN 319 122-1 annex A.1.2.2).
pub(in super::super) const REVOCATION_VALUES: Oid = Oid::new("1.2.840.113549.1.9.16.2.24");

/// signature-time-stamp (RFC 3161 appendix A).
pub(in super::super) const SIGNATURE_TIME_STAMP: Oid = Oid::new("1.2.840.113549.1.9.16.2.14");

/// The attributes that are understood.
mod kind {
    use super::Oid;

    pub(super) const CONTENT_TYPE: Oid = Oid::new("1.2.840.113549.1.9.3");
    pub(super) const MESSAGE_DIGEST: Oid = Oid::new("1.2.840.113549.1.9.4");
    pub(super) const SIGNING_TIME: Oid = Oid::new("1.2.840.113549.1.9.5");
    pub(super) const SIGNING_CERTIFICATE: Oid = Oid::new("1.2.840.113549.1.9.16.2.12");
    pub(super) const SIGNING_CERTIFICATE_V2: Oid = Oid::new("1.2.840.113549.1.9.16.2.47");

    /// signature-policy-identifier (ETSI EN 319 122-1 section 5.2.9.1).
    pub(super) const SIGNATURE_POLICY: Oid = Oid::new("1.2.840.113549.1.9.16.2.15");

    /// What must not stand among the unsigned attributes.
    pub(super) const SIGNED_ONLY: &[Oid] = &[
        CONTENT_TYPE,
        MESSAGE_DIGEST,
        SIGNING_TIME,
        SIGNING_CERTIFICATE,
        SIGNING_CERTIFICATE_V2,
    ];

    /// What may stand in a signature once only.
    pub(super) const SINGLE: &[Oid] = &[CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME];

    /// Attributes that say nothing about the content or the signer that a
    /// verifier would have to heed: CMS algorithm protection (RFC 6211), S/MIME
    /// capabilities (RFC 8551), MIME type and content hints.
    pub(super) const HARMLESS: &[Oid] = &[
        Oid::new("1.2.840.113549.1.9.52"),
        Oid::new("1.2.840.113549.1.9.15"),
        Oid::new("0.4.0.1733.2.1"),
        Oid::new("1.2.840.113549.1.9.16.2.4"),
    ];
}

/// More attributes than this are refused.
const MOST: usize = 32;

/// Which of the two attributes a reference came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Version {
    /// signing-certificate: ESSCertID.
    One,
    /// signing-certificate-v2: ESSCertIDv2.
    Two,
}

/// A reference to the signing certificate.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct CertificateReference<'a> {
    pub(in super::super) version: Version,
    hash: Hash,
    digest: &'a [u8],
    issuer_and_serial: Option<(Name<'a>, &'a [u8])>,
}

/// The policy under which the signer says to have signed
/// (ETSI EN 319 122-1 section 5.2.9.1).
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum SignaturePolicy<'a> {
    /// By identifier, with the digest of the document in which it is written.
    Identified(Oid, AlgorithmIdentifier<'a>, &'a [u8]),
    /// Implied by what is signed, or written in no form that is read.
    Unidentified,
}

impl<'a> SignaturePolicy<'a> {
    /// Qualifiers, which say where the document lies, inform only.
    fn read(mut values: Reader<'a>) -> Self {
        let mut identified = || {
            const WHAT: &str = "signature policy";
            let mut fields = values.enter(tag::SEQUENCE, WHAT)?;
            values.finish(WHAT)?;
            let kind = fields.oid(WHAT)?;
            let mut hash = fields.enter(tag::SEQUENCE, WHAT)?;
            let algorithm = AlgorithmIdentifier::next(&mut hash)?;
            let digest = hash.content(tag::OCTET_STRING, WHAT)?;
            hash.finish(WHAT)?;
            fields.optional(tag::SEQUENCE)?;
            fields.finish(WHAT)?;
            Ok::<_, Malformed>(Self::Identified(kind, algorithm, digest))
        };
        identified().unwrap_or(Self::Unidentified)
    }
}

/// The signed attributes of one signature.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Attributes<'a> {
    pub(in super::super) content_type: Option<Oid>,
    pub(in super::super) message_digest: Option<&'a [u8]>,
    pub(in super::super) signing_time: Option<DateTime<Utc>>,
    /// All references to the signing certificate, of both versions.
    pub(in super::super) references: Vec<CertificateReference<'a>>,
    /// The policy that the signer names.
    pub(in super::super) signature_policy: Option<SignaturePolicy<'a>>,
    /// An attribute that is not understood and might change what was meant.
    pub(in super::super) unlisted: bool,
}

impl<'a> Attributes<'a> {
    /// Reads the attributes as received (`raw` starts with 0xA0).
    ///
    /// They are signed as DER (RFC 5652 section 5.4), so what is not DER, or
    /// not in the order of a DER SET OF, cannot have been what was signed:
    /// there is no second try on a re-encoded form.
    pub(in super::super) fn read(raw: &'a [u8]) -> Result<Self, Fault> {
        der::check(raw).map_err(|_| Fault::SignatureMismatch)?;
        let mut list = Reader::only(raw, tag::explicit(0), "signed attributes")?;
        let mut attributes = Self::default();
        let mut seen: Vec<Oid> = Vec::with_capacity(6);
        let mut previous: &[u8] = &[];
        while !list.is_empty() {
            let element = list.element(tag::SEQUENCE, "attribute")?;
            if element.raw < previous {
                return Err(Fault::SignatureMismatch);
            }
            previous = element.raw;
            let (kind, values) = super::attribute(&mut Reader::new(element.raw))?;
            // RFC 5652 section 11: one instance of each. References to certificates are
            // judged by what they say, and other types set rules of their own.
            if seen.contains(&kind) && kind::SINGLE.contains(&kind) {
                return Err(Fault::Malformed("signed attribute twice"));
            }
            if seen.len() == MOST {
                return Err(Fault::TooLarge("signed attributes"));
            }
            seen.push(kind);
            attributes.take(kind, values)?;
        }
        if seen.is_empty() {
            Err(Fault::Malformed("signed attributes"))
        } else {
            Ok(attributes)
        }
    }

    /// Whether each reference to a signing certificate means `certificate`.
    pub(in super::super) fn refers_only_to(&self, certificate: &Certificate) -> bool {
        self.references
            .iter()
            .all(|reference| reference.refers_to(certificate))
    }

    fn take(&mut self, kind: Oid, mut values: Reader<'a>) -> Result<(), Fault> {
        match kind {
            kind::CONTENT_TYPE => self.content_type = Some(values.oid("content type attribute")?),
            kind::MESSAGE_DIGEST => {
                self.message_digest =
                    Some(values.content(tag::OCTET_STRING, "message digest attribute")?);
            }
            kind::SIGNING_TIME => self.signing_time = Some(values.time("signing time attribute")?),
            kind::SIGNING_CERTIFICATE => {
                self.references.push(reference(&mut values, first_version)?);
            }
            kind::SIGNING_CERTIFICATE_V2 => {
                self.references
                    .push(reference(&mut values, second_version)?);
            }
            kind::SIGNATURE_POLICY => {
                self.signature_policy = Some(SignaturePolicy::read(values));
                return Ok(());
            }
            _ => {
                self.unlisted |= !kind::HARMLESS.contains(&kind);
                return Ok(());
            }
        }
        // Each of these has exactly one value (RFC 5652 section 11, RFC 5035 sections 3 and 4).
        values
            .finish("signed attribute with several values")
            .map_err(Fault::from)
    }
}

/// The time-stamp tokens among the unsigned attributes; revocation data goes
/// to the rest of it. The others are nobody's word, and what must be signed must
/// not stand among them (RFC 5652 section 11).
pub(super) fn unsigned<'a>(
    content: &'a [u8],
    enclosed: &mut Enclosed<'a>,
) -> Result<Vec<&'a [u8]>, Fault> {
    let mut list = ber::Reader::new(content);
    let mut tokens = Vec::new();
    for _ in 0..MOST {
        if list.is_empty() {
            return Ok(tokens);
        }
        let mut fields = list.enter(tag::SEQUENCE, "unsigned attribute")?;
        let kind = super::oid(&mut fields, "unsigned attribute")?;
        if kind::SIGNED_ONLY.contains(&kind) {
            return Err(Fault::Malformed("attribute must be signed"));
        }
        if kind == SIGNATURE_TIME_STAMP {
            let mut values = fields.enter(tag::SET, "signature time-stamp")?;
            while !values.is_empty() {
                tokens.push(values.next()?.raw);
            }
        } else if kind == REVOCATION_VALUES {
            let mut values = fields.enter(tag::SET, "revocation values")?;
            enclosed.values(values.enter(tag::SEQUENCE, "revocation values")?)?;
        }
    }
    Err(Fault::TooLarge("unsigned attributes"))
}

type ReadReference<'a> = fn(&mut Reader<'a>) -> Result<CertificateReference<'a>, Fault>;

/// The first reference of SigningCertificate(V2): the signer's own certificate;
/// the further ones and the policies restrict the path and are not used.
fn reference<'a>(
    values: &mut Reader<'a>,
    read: ReadReference<'a>,
) -> Result<CertificateReference<'a>, Fault> {
    let mut fields = values.enter(tag::SEQUENCE, "signing certificate attribute")?;
    let mut list = fields.enter(tag::SEQUENCE, "signing certificate attribute")?;
    fields.optional(tag::SEQUENCE)?;
    fields.finish("signing certificate attribute")?;
    let mut first = list.enter(tag::SEQUENCE, "signing certificate attribute")?;
    let reference = read(&mut first)?;
    first.finish("signing certificate attribute")?;
    Ok(reference)
}

/// ESSCertID: SHA-1 (RFC 2634 section 5.4.1).
fn first_version<'a>(fields: &mut Reader<'a>) -> Result<CertificateReference<'a>, Fault> {
    let digest = fields.content(tag::OCTET_STRING, "signing certificate attribute")?;
    Ok(CertificateReference {
        version: Version::One,
        hash: Hash::Sha1,
        digest,
        issuer_and_serial: issuer_and_serial(fields)?,
    })
}

/// ESSCertIDv2: SHA-256 unless another digest is named (RFC 5035 section 4).
fn second_version<'a>(fields: &mut Reader<'a>) -> Result<CertificateReference<'a>, Fault> {
    let hash = match fields.peek() {
        Some(tag::SEQUENCE) => AlgorithmIdentifier::next(fields)?.digest()?,
        Some(_) | None => Hash::Sha256,
    };
    let digest = fields.content(tag::OCTET_STRING, "signing certificate attribute")?;
    Ok(CertificateReference {
        version: Version::Two,
        hash,
        digest,
        issuer_and_serial: issuer_and_serial(fields)?,
    })
}

type IssuerAndSerial<'a> = Option<(Name<'a>, &'a [u8])>;

fn issuer_and_serial<'a>(fields: &mut Reader<'a>) -> Result<IssuerAndSerial<'a>, Malformed> {
    const WHAT: &str = "issuer in signing certificate attribute";
    let Some(pair) = fields.optional(tag::SEQUENCE)? else {
        return Ok(None);
    };
    let mut pair = pair.inside();
    let names = pair.element(tag::SEQUENCE, WHAT)?;
    // GeneralNames with one directory name; some signers write the name without that wrapping.
    let name = match names.inside().peek() {
        Some(tag::SET) => names.raw,
        Some(_) | None => {
            let mut list = names.inside();
            let directory = list.content(tag::explicit(4), WHAT)?;
            list.finish(WHAT)?;
            directory
        }
    };
    let name = Name::read(name)?;
    let serial = pair.integer(WHAT)?;
    pair.finish(WHAT)?;
    Ok(Some((name, serial)))
}

impl CertificateReference<'_> {
    /// The digest that is used.
    pub(in super::super) fn hash(&self) -> Hash {
        self.hash
    }

    /// Whether it refers to `certificate` (RFC 5035 section 4).
    fn refers_to(&self, certificate: &Certificate) -> bool {
        let digest_fits = match self.hash {
            Hash::Sha256 => self.digest == certificate.sha256().as_bytes(),
            other @ (Hash::Sha1 | Hash::Sha384 | Hash::Sha512 | Hash::Gost(_)) => {
                self.digest == other.of(certificate.der()).octets()
            }
        };
        digest_fits
            && self.issuer_and_serial.is_none_or(|(issuer, serial)| {
                issuer.matches(certificate.issuer()) && serial == certificate.serial()
            })
    }
}
