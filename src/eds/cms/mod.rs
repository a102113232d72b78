//! Cryptographic Message Syntax: a container of signatures (RFC 5652 section 5).

mod attributes;
mod ber;
mod enclosed;
mod parts;

use std::borrow::Cow;

use super::{
    Fault, Oid, Padding,
    algorithm::AlgorithmIdentifier,
    der::{self, Element, Malformed, Reader, tag},
    name::Name,
};

pub(super) use attributes::{
    Attributes, REVOCATION_VALUES, SIGNATURE_TIME_STAMP, SignaturePolicy, Version,
};
pub(super) use enclosed::{Answer, Enclosed, WHOLE_RESPONSE};
pub(super) use parts::Parts;

/// id-signedData and id-data (RFC 5652 sections 4 and 5.1).
const SIGNED_DATA: Oid = Oid::new("1.2.840.113549.1.7.2");

/// More certificates than this in one container are refused: a signer sends a
/// path of three or four.
const MOST_CERTIFICATES: usize = 16;
/// More signatures than this in one container are refused.
const MOST_SIGNERS: usize = 16;

/// A container of signatures over one content.
#[derive(Debug)]
pub(super) struct SignedData<'a> {
    pub(super) digest_algorithms: Vec<Oid>,
    pub(super) content_type: Oid,
    /// The content, when it is in the container.
    pub(super) content: Option<Cow<'a, [u8]>>,
    /// The certificates as received; what is no X.509 certificate is left out.
    pub(super) certificates: Vec<&'a [u8]>,
    /// The revocation data as received.
    pub(super) enclosed: Enclosed<'a>,
    pub(super) signers: Vec<SignerInfo<'a>>,
}

/// One signature in the container (section 5.3).
#[derive(Debug)]
pub(super) struct SignerInfo<'a> {
    pub(super) identifier: SignerIdentifier<'a>,
    pub(super) digest_algorithm: AlgorithmIdentifier<'a>,
    /// The signed attributes as received, their first octet being 0xA0.
    pub(super) signed_attributes: Option<&'a [u8]>,
    pub(super) signature_algorithm: AlgorithmIdentifier<'a>,
    pub(super) signature: Cow<'a, [u8]>,
    /// Time-stamp tokens over the signature value, as received.
    pub(super) time_stamps: Vec<&'a [u8]>,
}

/// How a signature names its certificate.
#[derive(Debug, Clone, Copy)]
pub(super) enum SignerIdentifier<'a> {
    /// By issuer and the content octets of the serial number.
    IssuerAndSerial(Name<'a>, &'a [u8]),
    /// By subject key identifier.
    KeyIdentifier(&'a [u8]),
}

impl<'a> SignedData<'a> {
    /// Reads one ContentInfo, DER or BER.
    pub(super) fn read(input: &'a [u8], padding: Padding) -> Result<Self, Fault> {
        let mut outer = ber::Reader::new(input);
        let mut info = outer.enter(tag::SEQUENCE, "content info")?;
        match padding {
            Padding::Zeros if outer.rest().iter().all(|&octet| octet == 0) => {}
            Padding::Zeros | Padding::Refused => outer.finish("trailing bytes")?,
        }
        if oid(&mut info, "content type")? != SIGNED_DATA {
            return Err(Fault::NotSignedData);
        }
        let mut explicit = info.enter(tag::explicit(0), "content info")?;
        info.finish("content info")?;
        let mut fields = explicit.enter(tag::SEQUENCE, "signed data")?;
        explicit.finish("content info")?;
        Self::read_fields(&mut fields)
    }

    fn read_fields(fields: &mut ber::Reader<'a>) -> Result<Self, Fault> {
        let version = fields.element(tag::INTEGER, "signed data version")?;
        if !matches!(version.content, [1 | 3..=5]) {
            return Err(Fault::Malformed("signed data version"));
        }
        let digest_algorithms = digest_algorithms(fields.enter(tag::SET, "digest algorithms")?)?;
        let (content_type, content) = encapsulated(fields.enter(tag::SEQUENCE, "content")?)?;
        let certificates = match fields.optional(tag::explicit(0))? {
            Some(set) => certificates(&set)?,
            None => Vec::new(),
        };
        let mut enclosed = Enclosed::default();
        if let Some(set) = fields.optional(tag::explicit(1))? {
            enclosed.choices(&set)?;
        }
        let mut set = fields.enter(tag::SET, "signer infos")?;
        fields.finish("signed data")?;
        let mut signers = Vec::with_capacity(1);
        while !set.is_empty() {
            if signers.len() == MOST_SIGNERS {
                return Err(Fault::TooLarge("signatures"));
            }
            let info = set.enter(tag::SEQUENCE, "signer info")?;
            signers.push(SignerInfo::read(info, &mut enclosed)?);
        }
        Ok(Self {
            digest_algorithms,
            content_type,
            content,
            certificates,
            enclosed,
            signers,
        })
    }

    /// The one signature.
    pub(super) fn only_signer(&self) -> Result<&SignerInfo<'a>, Fault> {
        match self.signers.as_slice() {
            [] => Err(Fault::NoSignature),
            [signer] => Ok(signer),
            [_, ..] => Err(Fault::SeveralSignatures),
        }
    }
}

impl<'a> SignerInfo<'a> {
    fn read(mut fields: ber::Reader<'a>, enclosed: &mut Enclosed<'a>) -> Result<Self, Fault> {
        let version = fields.element(tag::INTEGER, "signer info version")?.content;
        let identifier = SignerIdentifier::read(&fields.next()?)?;
        // Section 5.3: the version follows from the kind of identifier.
        match (&identifier, version) {
            (SignerIdentifier::IssuerAndSerial(_, _), [1])
            | (SignerIdentifier::KeyIdentifier(_), [3]) => {}
            (_, _) => return Err(Fault::Malformed("signer info version")),
        }
        let digest_algorithm = algorithm(&mut fields, "digest algorithm")?;
        let signed_attributes = fields
            .optional(tag::explicit(0))?
            .map(|element| element.raw);
        let signature_algorithm = algorithm(&mut fields, "signature algorithm")?;
        let signature = octet_string(&mut fields, "signature value")?;
        let time_stamps = match fields.optional(tag::explicit(1))? {
            Some(unsigned) => attributes::unsigned(unsigned.content, enclosed)?,
            None => Vec::new(),
        };
        fields.finish("signer info")?;
        Ok(Self {
            identifier,
            digest_algorithm,
            signed_attributes,
            signature_algorithm,
            signature,
            time_stamps,
        })
    }
}

impl<'a> SignerIdentifier<'a> {
    fn read(element: &Element<'a>) -> Result<Self, Fault> {
        match element.tag {
            tag::SEQUENCE => {
                der::check(element.raw)?;
                let mut fields = element.inside();
                let issuer = Name::read(fields.element(tag::SEQUENCE, "signer identifier")?.raw)?;
                let serial = fields.integer("signer identifier")?;
                fields.finish("signer identifier")?;
                Ok(Self::IssuerAndSerial(issuer, serial))
            }
            identifier if identifier == tag::context(0) => Ok(Self::KeyIdentifier(element.content)),
            _ => Err(Fault::Malformed("signer identifier")),
        }
    }
}

fn oid(fields: &mut ber::Reader<'_>, what: &'static str) -> Result<Oid, Malformed> {
    Oid::from_octets(fields.element(tag::OID, what)?.content).map_err(|_| Malformed(what))
}

fn algorithm<'a>(
    fields: &mut ber::Reader<'a>,
    what: &'static str,
) -> Result<AlgorithmIdentifier<'a>, Malformed> {
    let element = fields.element(tag::SEQUENCE, what)?;
    der::check(element.raw)?;
    AlgorithmIdentifier::read(element.raw)
}

fn digest_algorithms(mut set: ber::Reader<'_>) -> Result<Vec<Oid>, Fault> {
    let mut algorithms = Vec::with_capacity(1);
    while !set.is_empty() {
        if algorithms.len() == MOST_SIGNERS {
            return Err(Fault::TooLarge("digest algorithms"));
        }
        algorithms.push(algorithm(&mut set, "digest algorithms")?.kind);
    }
    Ok(algorithms)
}

fn octet_string<'a>(
    fields: &mut ber::Reader<'a>,
    what: &'static str,
) -> Result<Cow<'a, [u8]>, Malformed> {
    let element = fields.next()?;
    match element.tag {
        tag::OCTET_STRING | tag::CONSTRUCTED_OCTET_STRING => ber::octets(&element),
        _ => Err(Malformed(what)),
    }
}

type Encapsulated<'a> = (Oid, Option<Cow<'a, [u8]>>);

/// EncapsulatedContentInfo (section 5.2).
fn encapsulated(mut fields: ber::Reader<'_>) -> Result<Encapsulated<'_>, Malformed> {
    let content_type = oid(&mut fields, "content type")?;
    let content = match fields.optional(tag::explicit(0))? {
        None => None,
        Some(explicit) => {
            let mut inside = ber::Reader::new(explicit.content);
            let content = octet_string(&mut inside, "content")?;
            inside.finish("content")?;
            Some(content)
        }
    };
    fields.finish("content")?;
    Ok((content_type, content))
}

/// CertificateSet (section 10.2.3): X.509 certificates are SEQUENCEs, the other
/// choices carry a tag of their own and are of no use here.
fn certificates<'a>(set: &Element<'a>) -> Result<Vec<&'a [u8]>, Fault> {
    let mut reader = ber::Reader::new(set.content);
    let mut certificates = Vec::with_capacity(4);
    while !reader.is_empty() {
        let element = reader.next()?;
        if certificates.len() == MOST_CERTIFICATES {
            return Err(Fault::TooLarge("certificates"));
        }
        if element.tag == tag::SEQUENCE {
            certificates.push(element.raw);
        }
    }
    Ok(certificates)
}

/// Reads the elements of a SET OF Attribute.
fn attribute<'a>(list: &mut Reader<'a>) -> Result<(Oid, Reader<'a>), Malformed> {
    let mut fields = list.enter(tag::SEQUENCE, "attribute")?;
    let kind = fields.oid("attribute")?;
    let values = fields.enter(tag::SET, "attribute")?;
    fields.finish("attribute")?;
    Ok((kind, values))
}
