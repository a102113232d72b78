//! The parts of a container as they were received, for whoever adds to it.

use std::borrow::Cow;

use super::{
    super::{
        Fault,
        der::{Element, Malformed, tag},
    },
    ber,
};

/// A container with one signature, cut into its elements; all are slices of the
/// input but what came in pieces.
///
/// It says nothing about whether the elements are what they should be: who
/// takes a container apart has read it with [`SignedData`](super::SignedData) before.
#[derive(Debug)]
pub(in super::super) struct Parts<'a> {
    pub(in super::super) version: &'a [u8],
    pub(in super::super) digest_algorithms: Vec<&'a [u8]>,
    pub(in super::super) content_type: &'a [u8],
    pub(in super::super) content: Option<Cow<'a, [u8]>>,
    pub(in super::super) certificates: Vec<&'a [u8]>,
    pub(in super::super) revocation: Vec<&'a [u8]>,
    pub(in super::super) signer: SignerParts<'a>,
}

/// The SignerInfo cut into its elements.
#[derive(Debug)]
pub(in super::super) struct SignerParts<'a> {
    pub(in super::super) version: &'a [u8],
    pub(in super::super) identifier: Element<'a>,
    pub(in super::super) digest_algorithm: &'a [u8],
    pub(in super::super) signed_attributes: Option<&'a [u8]>,
    pub(in super::super) signature_algorithm: &'a [u8],
    pub(in super::super) signature: Cow<'a, [u8]>,
    pub(in super::super) unsigned_attributes: Vec<&'a [u8]>,
}

impl<'a> Parts<'a> {
    pub(in super::super) fn read(input: &'a [u8]) -> Result<Self, Fault> {
        let mut info = ber::Reader::new(input).enter(tag::SEQUENCE, "content info")?;
        info.element(tag::OID, "content type")?;
        let mut explicit = info.enter(tag::explicit(0), "content info")?;
        let mut fields = explicit.enter(tag::SEQUENCE, "signed data")?;
        let version = fields.element(tag::INTEGER, "version")?.content;
        let digest_algorithms = elements(fields.enter(tag::SET, "digest algorithms")?)?;
        let mut encapsulated = fields.enter(tag::SEQUENCE, "content")?;
        let content_type = encapsulated.element(tag::OID, "content type")?.content;
        let content = match encapsulated.optional(tag::explicit(0))? {
            Some(explicit) => {
                let inside = ber::Reader::new(explicit.content).next()?;
                Some(ber::octets(&inside)?)
            }
            None => None,
        };
        let certificates = optional(&mut fields, tag::explicit(0))?;
        let revocation = optional(&mut fields, tag::explicit(1))?;
        let mut infos = fields.enter(tag::SET, "signer infos")?;
        let signer = SignerParts::read(infos.enter(tag::SEQUENCE, "signer info")?)?;
        Ok(Self {
            version,
            digest_algorithms,
            content_type,
            content,
            certificates,
            revocation,
            signer,
        })
    }
}

impl<'a> SignerParts<'a> {
    fn read(mut fields: ber::Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            version: fields.element(tag::INTEGER, "version")?.content,
            identifier: fields.next()?,
            digest_algorithm: fields.element(tag::SEQUENCE, "digest algorithm")?.raw,
            signed_attributes: fields.optional(tag::explicit(0))?.map(|set| set.raw),
            signature_algorithm: fields.element(tag::SEQUENCE, "signature algorithm")?.raw,
            signature: ber::octets(&fields.next()?)?,
            unsigned_attributes: optional(&mut fields, tag::explicit(1))?,
        })
    }
}

fn optional<'a>(fields: &mut ber::Reader<'a>, tag: u8) -> Result<Vec<&'a [u8]>, Malformed> {
    match fields.optional(tag)? {
        Some(set) => elements(ber::Reader::new(set.content)),
        None => Ok(Vec::new()),
    }
}

fn elements(mut list: ber::Reader<'_>) -> Result<Vec<&[u8]>, Malformed> {
    let mut elements = Vec::with_capacity(4);
    while !list.is_empty() {
        elements.push(list.next()?.raw);
    }
    Ok(elements)
}
