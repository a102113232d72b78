//! Reading a response (RFC 6960 section 4.2.1).

use chrono::{DateTime, Utc};

use super::{Answer, Reason, Request, Verdict, request::Target};
use crate::eds::{
    Digest, Evidence, Fault, Oid, Source,
    algorithm::{AlgorithmIdentifier, Hash},
    certificate::{Certificate, Span, span},
    der::{self, Element, Malformed, Reader, tag},
    extension::Extension,
    name::Name,
};

/// id-pkix-ocsp-basic and the extensions that are understood.
mod kind {
    use super::Oid;

    pub(super) const BASIC: Oid = Oid::new("1.3.6.1.5.5.7.48.1.1");
    pub(super) const NONCE: Oid = Oid::new("1.3.6.1.5.5.7.48.1.2");
    /// CRL references, archive cutoff, extended revoke: they inform only.
    pub(super) const HARMLESS: &[Oid] = &[
        Oid::new("1.3.6.1.5.5.7.48.1.3"),
        Oid::new("1.3.6.1.5.5.7.48.1.6"),
        Oid::new("1.3.6.1.5.5.7.48.1.9"),
    ];
}

/// Longer responses are refused: real ones have one to four KiB.
const LONGEST: usize = 256 * 1024;
/// More answers or certificates than this in one response are refused.
const MOST: usize = 64;

/// A response whose form is right; nothing is said about its truth.
#[derive(Debug, Clone)]
pub struct Response {
    der: Box<[u8]>,
    tbs: Span,
    signature_algorithm: Span,
    signature: Span,
    responder: ResponderId,
    pub(super) produced_at: DateTime<Utc>,
    pub(super) answers: Vec<Single>,
    pub(super) certificates: Vec<Certificate>,
    nonce: Option<Span>,
    pub(super) unknown_critical: bool,
    /// The digest of the whole response.
    sha256: Digest,
}

/// How the responder names itself.
#[derive(Debug, Clone)]
enum ResponderId {
    Name(Span),
    /// The SHA-1 of its public key.
    Key(Span),
}

/// The answer about one certificate.
#[derive(Debug, Clone)]
pub(super) struct Single {
    hash_algorithm: Span,
    issuer_name: Span,
    issuer_key: Span,
    serial: Span,
    pub(super) verdict: Verdict,
    pub(super) this_update: DateTime<Utc>,
    pub(super) next_update: Option<DateTime<Utc>>,
    pub(super) unknown_critical: bool,
}

impl Response {
    /// Reads one OCSPResponse in DER, strictly, whoever asked for it.
    ///
    /// # Errors
    /// [`Fault::NoAnswer`] when it carries an error status,
    /// [`Fault::Malformed`] when it is no basic response.
    pub fn read(der: &[u8]) -> Result<Self, Fault> {
        if der.len() > LONGEST {
            return Err(Fault::TooLarge("response"));
        }
        der::check(der)?;
        let mut outer = Reader::only(der, tag::SEQUENCE, "response")?;
        refusal(outer.content(tag::ENUMERATED, "response status")?)?;
        let explicit = outer.element(tag::explicit(0), "response bytes")?;
        outer.finish("response")?;
        let mut bytes = Reader::only(explicit.content, tag::SEQUENCE, "response bytes")?;
        if bytes.oid("response type")? != kind::BASIC {
            return Err(Fault::Malformed("response type"));
        }
        let basic = bytes.content(tag::OCTET_STRING, "response bytes")?;
        bytes.finish("response bytes")?;
        Ok(Self::read_basic(basic, der)?)
    }

    /// Reads a BasicOCSPResponse that came without the status around it.
    pub(in super::super) fn bare(der: &[u8]) -> Result<Self, Fault> {
        if der.len() > LONGEST {
            return Err(Fault::TooLarge("response"));
        }
        Ok(Self::read_basic(der, der)?)
    }

    /// Reads the response to `request`: it must carry the request's nonce and
    /// speak about the certificate that was asked about.
    ///
    /// # Errors
    /// Those of [`read`](Self::read); [`Fault::NotFresh`] when the nonce is
    /// absent or another, [`Fault::RevocationUnusable`] when the answer is about
    /// another certificate.
    pub fn to(request: &Request, der: &[u8]) -> Result<Self, Fault> {
        let response = Self::read(der)?;
        if let Some(nonce) = request.nonce()
            && response.nonce.as_ref().map(|own| response.part(own)) != Some(nonce)
        {
            return Err(Fault::NotFresh("nonce absent or different"));
        }
        if response.about(&request.target()?).next().is_none() {
            return Err(Fault::RevocationUnusable("answers for another certificate"));
        }
        Ok(response)
    }

    /// The response in DER as it was read: with its status, unless it came without.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The BasicOCSPResponse in it.
    pub(in super::super) fn basic_der(&self) -> &[u8] {
        // What has no status around it is a basic response itself.
        without_status(&self.der).unwrap_or(&self.der)
    }

    fn read_basic(basic: &[u8], whole: &[u8]) -> Result<Self, Malformed> {
        der::check(basic)?;
        let mut outer = Reader::only(basic, tag::SEQUENCE, "basic response")?;
        let tbs = outer.element(tag::SEQUENCE, "response data")?;
        let algorithm = outer.element(tag::SEQUENCE, "signatureAlgorithm")?;
        let signature = outer.whole_bits("signature")?;
        let certificates = outer.optional(tag::explicit(0))?;
        outer.finish("basic response")?;

        let mut data = tbs.inside();
        if data.optional(tag::explicit(0))?.is_some() {
            return Err(Malformed("version")); // There is only v1, the default.
        }
        let responder = ResponderId::read(&data.next()?, whole)?;
        let produced_at = generalized(&mut data, "producedAt")?;
        let answers = answers(data.enter(tag::SEQUENCE, "responses")?, whole)?;
        let extensions = Extensions::read(data.optional(tag::explicit(1))?)?;
        data.finish("response data")?;
        Ok(Self {
            tbs: span(whole, tbs.raw),
            signature_algorithm: span(whole, algorithm.raw),
            signature: span(whole, signature),
            responder,
            produced_at,
            answers,
            certificates: received(certificates)?,
            nonce: extensions.nonce.map(|nonce| span(whole, nonce)),
            unknown_critical: extensions.unknown_critical,
            sha256: Digest::of(whole),
            der: whole.into(),
        })
    }

    /// This response as evidence about `certificate`.
    pub(in super::super) fn evidence(
        &self,
        answer: &Answer,
        certificate: &Certificate,
    ) -> Evidence {
        Evidence {
            certificate: *certificate.sha256(),
            source: Source::Answer,
            issued_at: answer.this_update,
            sha256: self.sha256,
        }
    }

    /// When each of the answers was known to be so.
    pub(in super::super) fn instants(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.answers.iter().map(|single| single.this_update)
    }

    /// The answers about `target`.
    pub(super) fn about(&self, target: &Target<'_>) -> impl Iterator<Item = &Single> {
        self.answers
            .iter()
            .filter(|single| self.names(single, target))
    }

    /// Both hashes are made anew with the digest that the response names
    /// (RFC 6960 section 4.1.1). They identify only, so SHA-1 may do that too.
    fn names(&self, single: &Single, target: &Target<'_>) -> bool {
        if self.part(&single.serial) != target.serial {
            return false;
        }
        let algorithm = AlgorithmIdentifier::read(self.part(&single.hash_algorithm));
        let hash = algorithm.map_err(Fault::from).and_then(|it| it.digest());
        hash.is_ok_and(|hash| {
            hash.of(target.issuer_name).octets() == self.part(&single.issuer_name)
                && hash.of(target.issuer_key).octets() == self.part(&single.issuer_key)
        })
    }

    /// Whether the responder names itself as the holder of `certificate`.
    pub(super) fn is_by(&self, certificate: &Certificate) -> bool {
        match &self.responder {
            ResponderId::Name(name) => Name::known(self.part(name)).matches(certificate.subject()),
            ResponderId::Key(hash) => certificate
                .key_bits()
                .is_ok_and(|key| Hash::Sha1.of(key).octets() == self.part(hash)),
        }
    }

    pub(super) fn tbs(&self) -> &[u8] {
        self.part(&self.tbs)
    }

    pub(super) fn signature_algorithm(&self) -> Result<AlgorithmIdentifier<'_>, Malformed> {
        AlgorithmIdentifier::read(self.part(&self.signature_algorithm))
    }

    pub(super) fn signature(&self) -> &[u8] {
        self.part(&self.signature)
    }

    fn part(&self, span: &Span) -> &[u8] {
        self.der.get(span.clone()).unwrap_or_default()
    }
}

fn without_status(der: &[u8]) -> Option<&[u8]> {
    let mut outer = Reader::only(der, tag::SEQUENCE, "response").ok()?;
    outer.content(tag::ENUMERATED, "response status").ok()?;
    let mut explicit = outer.enter(tag::explicit(0), "response bytes").ok()?;
    let mut bytes = explicit.enter(tag::SEQUENCE, "response bytes").ok()?;
    bytes.oid("response type").ok()?;
    bytes.content(tag::OCTET_STRING, "response bytes").ok()
}

/// Section 4.2.1: every status but "successful" comes without an answer.
fn refusal(status: &[u8]) -> Result<(), Fault> {
    match status {
        [0] => Ok(()),
        [1] => Err(Fault::NoAnswer("malformed request")),
        [2] => Err(Fault::NoAnswer("internal error")),
        [3] => Err(Fault::NoAnswer("try later")),
        [5] => Err(Fault::NoAnswer("signature required")),
        [6] => Err(Fault::NoAnswer("unauthorized")),
        _ => Err(Fault::Malformed("response status")),
    }
}

impl ResponderId {
    fn read(element: &Element<'_>, whole: &[u8]) -> Result<Self, Malformed> {
        const WHAT: &str = "responder id";
        match element.tag {
            by_name if by_name == tag::explicit(1) => {
                Name::read(element.content)?;
                Ok(Self::Name(span(whole, element.content)))
            }
            by_key if by_key == tag::explicit(2) => {
                let mut inside = element.inside();
                let hash = inside.content(tag::OCTET_STRING, WHAT)?;
                inside.finish(WHAT)?;
                Ok(Self::Key(span(whole, hash)))
            }
            _ => Err(Malformed(WHAT)),
        }
    }
}

fn generalized(fields: &mut Reader<'_>, what: &'static str) -> Result<DateTime<Utc>, Malformed> {
    match fields.peek() {
        Some(tag::GENERALIZED_TIME) => fields.time(what),
        Some(_) | None => Err(Malformed(what)),
    }
}

fn answers(mut list: Reader<'_>, whole: &[u8]) -> Result<Vec<Single>, Malformed> {
    let mut answers = Vec::with_capacity(1);
    while !list.is_empty() {
        if answers.len() == MOST {
            return Err(Malformed("too many answers"));
        }
        answers.push(Single::read(
            list.enter(tag::SEQUENCE, "single response")?,
            whole,
        )?);
    }
    Ok(answers)
}

/// The certificates sent along; one that cannot be read is nobody's.
fn received(explicit: Option<Element<'_>>) -> Result<Vec<Certificate>, Malformed> {
    let Some(explicit) = explicit else {
        return Ok(Vec::new());
    };
    let mut list = Reader::only(explicit.content, tag::SEQUENCE, "certificates")?;
    let mut certificates = Vec::with_capacity(1);
    while !list.is_empty() {
        if certificates.len() == MOST {
            return Err(Malformed("too many certificates"));
        }
        certificates.extend(Certificate::read(list.next()?.raw));
    }
    Ok(certificates)
}

impl Single {
    fn read(mut fields: Reader<'_>, whole: &[u8]) -> Result<Self, Malformed> {
        const WHAT: &str = "certificate id";
        let mut id = fields.enter(tag::SEQUENCE, WHAT)?;
        let hash_algorithm = id.element(tag::SEQUENCE, WHAT)?.raw;
        let issuer_name = id.content(tag::OCTET_STRING, WHAT)?;
        let issuer_key = id.content(tag::OCTET_STRING, WHAT)?;
        let serial = id.integer(WHAT)?;
        id.finish(WHAT)?;
        let verdict = verdict(&fields.next()?)?;
        let this_update = generalized(&mut fields, "thisUpdate")?;
        let next_update = match fields.optional(tag::explicit(0))? {
            Some(explicit) => {
                let mut inside = explicit.inside();
                let next = generalized(&mut inside, "nextUpdate")?;
                inside.finish("nextUpdate")?;
                Some(next)
            }
            None => None,
        };
        let extensions = Extensions::read(fields.optional(tag::explicit(1))?)?;
        fields.finish("single response")?;
        Ok(Self {
            hash_algorithm: span(whole, hash_algorithm),
            issuer_name: span(whole, issuer_name),
            issuer_key: span(whole, issuer_key),
            serial: span(whole, serial),
            verdict,
            this_update,
            next_update,
            unknown_critical: extensions.unknown_critical,
        })
    }
}

/// CertStatus: good [0] and unknown [2] are empty, revoked [1] has a date and,
/// mostly, a reason.
fn verdict(element: &Element<'_>) -> Result<Verdict, Malformed> {
    const WHAT: &str = "certificate status";
    match (element.tag, element.content) {
        (good, []) if good == tag::context(0) => Ok(Verdict::Good),
        (unknown, []) if unknown == tag::context(2) => Ok(Verdict::Unknown),
        (revoked, _) if revoked == tag::explicit(1) => {
            let mut fields = element.inside();
            let since = generalized(&mut fields, WHAT)?;
            let code = match fields.optional(tag::explicit(0))? {
                Some(explicit) => Some(one_code(explicit.inside())?),
                None => None,
            };
            fields.finish(WHAT)?;
            revoked_since(since, code)
        }
        (_, _) => Err(Malformed(WHAT)),
    }
}

fn one_code(mut inside: Reader<'_>) -> Result<u8, Malformed> {
    let code = inside.content(tag::ENUMERATED, "revocation reason")?;
    inside.finish("revocation reason")?;
    match *code {
        [code] => Ok(code),
        _ => Err(Malformed("revocation reason")),
    }
}

fn revoked_since(since: DateTime<Utc>, code: Option<u8>) -> Result<Verdict, Malformed> {
    let reason = match code {
        Some(6) if since == DateTime::UNIX_EPOCH => return Ok(Verdict::NeverIssued),
        Some(6) => return Ok(Verdict::Suspended { since }),
        None => None,
        Some(0) => Some(Reason::Unspecified),
        Some(1) => Some(Reason::KeyCompromise),
        Some(2) => Some(Reason::CaCompromise),
        Some(3) => Some(Reason::AffiliationChanged),
        Some(4) => Some(Reason::Superseded),
        Some(5) => Some(Reason::CessationOfOperation),
        Some(9) => Some(Reason::PrivilegeWithdrawn),
        Some(10) => Some(Reason::AaCompromise),
        Some(_) => return Err(Malformed("revocation reason")),
    };
    Ok(Verdict::Revoked { since, reason })
}

/// What the extensions of a response or of one of its answers say.
#[derive(Default)]
struct Extensions<'a> {
    /// The nonce with its own OCTET STRING around it.
    nonce: Option<&'a [u8]>,
    unknown_critical: bool,
}

impl<'a> Extensions<'a> {
    fn read(explicit: Option<Element<'a>>) -> Result<Self, Malformed> {
        let mut read = Self::default();
        let Some(explicit) = explicit else {
            return Ok(read);
        };
        let mut list = Reader::only(explicit.content, tag::SEQUENCE, "extensions")?;
        let mut seen: Vec<Oid> = Vec::with_capacity(2);
        while !list.is_empty() {
            let extension = Extension::read(&mut list)?;
            if seen.contains(&extension.kind) || seen.len() == MOST {
                return Err(Malformed("duplicate extension"));
            }
            seen.push(extension.kind);
            match extension.kind {
                kind::NONCE => read.nonce = Some(extension.value),
                known if kind::HARMLESS.contains(&known) => {}
                _ => read.unknown_critical |= extension.critical,
            }
        }
        Ok(read)
    }
}
