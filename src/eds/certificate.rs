//! One certificate, read strictly (RFC 5280 section 4.1).
//!
//! The bytes are kept once; every part is a span of them, so that what is
//! hashed and compared is what was received. What is asked of a certificate
//! again and again, by each signature that leads to it, is worked out once.

use std::{
    borrow::Borrow,
    cmp::Ordering,
    fmt,
    ops::Range,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, Utc};

use super::{
    CertificateSummary, Digest, Fault,
    algorithm::AlgorithmIdentifier,
    der::{self, Malformed, Reader, tag},
    digest::hexadecimal,
    extension::Extensions,
    name::Name,
    signature::{Key, PublicKey},
};

/// A certificate longer than this is refused: real ones have 1 to 3 KiB.
const LONGEST: usize = 64 * 1024;

/// A place within the bytes of a certificate.
pub(super) type Span = Range<usize>;

/// A certificate whose form is right; nothing is said about its truth. Clones
/// share it.
#[derive(Clone)]
pub(super) struct Certificate(Arc<Parts>);

struct Parts {
    der: Box<[u8]>,
    tbs: Span,
    serial: Span,
    signature_algorithm: Span,
    issuer: Span,
    subject: Span,
    key: Span,
    signature: Span,
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
    extensions: Extensions,
    sha256: OnceLock<Digest>,
    public_key: OnceLock<Result<Key<Span>, Fault>>,
    summary: OnceLock<Arc<CertificateSummary>>,
}

impl Certificate {
    /// Reads one certificate in DER, strictly.
    pub(super) fn read(der: &[u8]) -> Result<Self, Malformed> {
        if der.len() > LONGEST {
            return Err(Malformed("certificate too long"));
        }
        der::check(der)?;
        let mut outer = Reader::only(der, tag::SEQUENCE, "certificate")?;
        let tbs = outer.element(tag::SEQUENCE, "tbsCertificate")?;
        let algorithm = outer.element(tag::SEQUENCE, "signatureAlgorithm")?;
        let signature = outer.whole_bits("signatureValue")?;
        outer.finish("certificate")?;

        let mut inner = tbs.inside();
        let version = version(&mut inner)?;
        let serial = inner.integer("serialNumber")?;
        // RFC 5280 section 4.1.1.2: the outer field is not signed, so both must say the same.
        if inner.element(tag::SEQUENCE, "signature")?.raw != algorithm.raw {
            return Err(Malformed("signature algorithms differ"));
        }
        let issuer = inner.element(tag::SEQUENCE, "issuer")?.raw;
        let mut validity = inner.enter(tag::SEQUENCE, "validity")?;
        let (not_before, not_after) = (validity.time("notBefore")?, validity.time("notAfter")?);
        validity.finish("validity")?;
        let subject = inner.element(tag::SEQUENCE, "subject")?.raw;
        let key = inner.element(tag::SEQUENCE, "subjectPublicKeyInfo")?.raw;
        let extensions = tail(&mut inner, version, der)?;
        Name::read(issuer)?;
        Name::read(subject)?;

        Ok(Self(Arc::new(Parts {
            tbs: span(der, tbs.raw),
            serial: span(der, serial),
            signature_algorithm: span(der, algorithm.raw),
            issuer: span(der, issuer),
            subject: span(der, subject),
            key: span(der, key),
            signature: span(der, signature),
            not_before,
            not_after,
            extensions,
            sha256: OnceLock::new(),
            public_key: OnceLock::new(),
            summary: OnceLock::new(),
            der: der.into(),
        })))
    }

    /// All its bytes.
    pub(super) fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The bytes its issuer signed.
    pub(super) fn tbs(&self) -> &[u8] {
        self.part(&self.0.tbs)
    }

    /// The content octets of the serial number.
    pub(super) fn serial(&self) -> &[u8] {
        self.part(&self.0.serial)
    }

    pub(super) fn issuer(&self) -> Name<'_> {
        Name::known(self.part(&self.0.issuer))
    }

    pub(super) fn subject(&self) -> Name<'_> {
        Name::known(self.part(&self.0.subject))
    }

    /// The SubjectPublicKeyInfo.
    pub(super) fn key(&self) -> &[u8] {
        self.part(&self.0.key)
    }

    /// The content of subjectPublicKey: what key identifiers and the hashes of
    /// RFC 6960 section 4.1.1 are made of.
    pub(super) fn key_bits(&self) -> Result<&[u8], Malformed> {
        let mut fields = Reader::only(self.key(), tag::SEQUENCE, "public key")?;
        fields.element(tag::SEQUENCE, "public key")?;
        fields.whole_bits("public key")
    }

    pub(super) fn signature_algorithm(&self) -> Result<AlgorithmIdentifier<'_>, Malformed> {
        AlgorithmIdentifier::read(self.part(&self.0.signature_algorithm))
    }

    pub(super) fn signature(&self) -> &[u8] {
        self.part(&self.0.signature)
    }

    pub(super) fn not_before(&self) -> DateTime<Utc> {
        self.0.not_before
    }

    pub(super) fn not_after(&self) -> DateTime<Utc> {
        self.0.not_after
    }

    pub(super) fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// The bytes of a part that [`Extensions`] points to.
    pub(super) fn part(&self, span: &Span) -> &[u8] {
        self.0.der.get(span.clone()).unwrap_or_default()
    }

    pub(super) fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.extensions()
            .subject_key_identifier
            .as_ref()
            .map(|span| self.part(span))
    }

    pub(super) fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.extensions()
            .authority_key_identifier
            .as_ref()
            .map(|span| self.part(span))
    }

    pub(super) fn sha256(&self) -> &Digest {
        self.0.sha256.get_or_init(|| Digest::of(self.der()))
    }

    /// The key that it certifies.
    pub(super) fn public_key(&self) -> Result<PublicKey<'_>, Fault> {
        let read = || {
            let place = |octets: &&[u8]| span(self.der(), octets);
            PublicKey::read(self.key()).map(|key| key.map(place))
        };
        match self.0.public_key.get_or_init(read) {
            Ok(key) => Ok(key.map(|place| self.part(place))),
            Err(fault) => Err(*fault),
        }
    }

    /// Whether subject and issuer are the same name (RFC 5280 section 6.1).
    pub(super) fn is_self_issued(&self) -> bool {
        self.subject().matches(self.issuer())
    }

    /// The certificate as a report shows it.
    pub(super) fn summary(&self) -> Arc<CertificateSummary> {
        let shown = || {
            Arc::new(CertificateSummary {
                subject: self.subject().shown(),
                issuer: self.issuer().shown(),
                serial: hexadecimal(self.serial()),
                not_before: self.not_before(),
                not_after: self.not_after(),
                sha256: *self.sha256(),
            })
        };
        Arc::clone(self.0.summary.get_or_init(shown))
    }
}

/// A certificate may be a person's: absent from debug output.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(..)")
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.der() == other.der()
    }
}

impl Eq for Certificate {}

/// In the order of the octets.
impl Ord for Certificate {
    fn cmp(&self, other: &Self) -> Ordering {
        match Arc::ptr_eq(&self.0, &other.0) {
            true => Ordering::Equal,
            false => self.der().cmp(other.der()),
        }
    }
}

impl PartialOrd for Certificate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Equal and in the same order as its octets.
impl Borrow<[u8]> for Certificate {
    fn borrow(&self) -> &[u8] {
        self.der()
    }
}

/// RFC 5280 section 4.1.2.1: the default, version 1, is not written in DER.
fn version(tbs: &mut Reader<'_>) -> Result<u32, Malformed> {
    let Some(explicit) = tbs.optional(tag::explicit(0))? else {
        return Ok(1);
    };
    let mut inside = explicit.inside();
    let number = inside.small_integer("version")?;
    inside.finish("version")?;
    match number {
        1 | 2 => Ok(number + 1),
        _ => Err(Malformed("version")),
    }
}

/// The unique identifiers, which nobody uses, and the extensions; each only in
/// a version that has them.
fn tail(tbs: &mut Reader<'_>, version: u32, der: &[u8]) -> Result<Extensions, Malformed> {
    let identifiers = [
        tbs.optional(tag::context(1))?,
        tbs.optional(tag::context(2))?,
    ];
    let extensions = tbs.optional(tag::explicit(3))?;
    tbs.finish("tbsCertificate")?;
    if (version < 2 && identifiers.iter().any(Option::is_some))
        || (version < 3 && extensions.is_some())
    {
        return Err(Malformed("version does not allow the field"));
    }
    match extensions {
        Some(explicit) => Extensions::read(explicit.content, der),
        None => Ok(Extensions::default()),
    }
}

/// Where `part`, a slice of `whole`, lies within it.
pub(super) fn span(whole: &[u8], part: &[u8]) -> Span {
    let start = part.as_ptr().addr().saturating_sub(whole.as_ptr().addr());
    start..start + part.len()
}
