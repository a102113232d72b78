//! Every algorithm that is known, in one table: what it is, or why it is refused.

use ring::digest;

use super::{
    Fault, Oid,
    der::{Element, Malformed, Reader, tag},
    gost,
};

/// A digest algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
    /// Streebog or GOST 34.311-95.
    Gost(gost::Hash),
}

/// A family of signature algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Family {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2).
    RsaPkcs1,
    /// RSASSA-PSS (RFC 8017 section 8.1).
    RsaPss,
    /// ECDSA (FIPS 186-5).
    Ecdsa,
    /// Ed25519 (RFC 8032), which hashes by itself.
    Ed25519,
    /// GOST 34.10-2015 and GOST 34.310-2004, in the national form.
    Gost(gost::Algorithm),
}

/// A signature algorithm in full: a family and the digest it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Scheme {
    pub(super) family: Family,
    pub(super) hash: Hash,
}

/// What an identifier stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// A digest.
    Digest(Hash),
    /// A signature with the digest it fixes.
    Signature(Family, Hash),
    /// A signature whose digest is named elsewhere: in its parameters (PSS) or
    /// in the field before it (a bare key algorithm in a SignerInfo).
    SignatureOf(Family),
    /// A national signature, whose digest is part of it.
    Gost(gost::Algorithm),
    /// Known, and refused for this reason.
    Refused(&'static str),
}

/// The table. An identifier that is not here is refused as unknown.
const TABLE: &[(Oid, Use)] = &[
    (
        Oid::new("2.16.840.1.101.3.4.2.1"),
        Use::Digest(Hash::Sha256),
    ),
    (
        Oid::new("2.16.840.1.101.3.4.2.2"),
        Use::Digest(Hash::Sha384),
    ),
    (
        Oid::new("2.16.840.1.101.3.4.2.3"),
        Use::Digest(Hash::Sha512),
    ),
    (Oid::new("1.3.14.3.2.26"), Use::Digest(Hash::Sha1)),
    (
        Oid::new("1.2.840.113549.1.1.1"),
        Use::SignatureOf(Family::RsaPkcs1),
    ),
    (
        Oid::new("1.2.840.113549.1.1.5"),
        Use::Signature(Family::RsaPkcs1, Hash::Sha1),
    ),
    (
        Oid::new("1.2.840.113549.1.1.10"),
        Use::SignatureOf(Family::RsaPss),
    ),
    (
        Oid::new("1.2.840.113549.1.1.11"),
        Use::Signature(Family::RsaPkcs1, Hash::Sha256),
    ),
    (
        Oid::new("1.2.840.113549.1.1.12"),
        Use::Signature(Family::RsaPkcs1, Hash::Sha384),
    ),
    (
        Oid::new("1.2.840.113549.1.1.13"),
        Use::Signature(Family::RsaPkcs1, Hash::Sha512),
    ),
    (
        Oid::new("1.2.840.10045.2.1"),
        Use::SignatureOf(Family::Ecdsa),
    ),
    (
        Oid::new("1.2.840.10045.4.3.2"),
        Use::Signature(Family::Ecdsa, Hash::Sha256),
    ),
    (
        Oid::new("1.2.840.10045.4.3.3"),
        Use::Signature(Family::Ecdsa, Hash::Sha384),
    ),
    (
        Oid::new("1.2.840.10045.4.3.4"),
        Use::Signature(Family::Ecdsa, Hash::Sha512),
    ),
    (
        Oid::new("1.3.101.112"),
        Use::Signature(Family::Ed25519, Hash::Sha512),
    ),
    (
        Oid::new("1.2.398.3.10.1.3.3"),
        Use::Digest(Hash::Gost(gost::Hash::Streebog512)),
    ),
    (
        Oid::new("1.2.398.3.10.1.3.2"),
        Use::Digest(Hash::Gost(gost::Hash::Streebog256)),
    ),
    (
        Oid::new("1.2.398.3.10.1.3.1"),
        Use::Digest(Hash::Gost(gost::Hash::Gost94)),
    ),
    (
        Oid::new("1.2.398.3.10.1.1.2.3.2"),
        Use::Gost(gost::Algorithm::Gost2015With512),
    ),
    (
        Oid::new("1.2.398.3.10.1.1.2.3.1"),
        Use::Gost(gost::Algorithm::Gost2015With256),
    ),
    (
        Oid::new("1.2.398.3.10.1.1.1.2"),
        Use::Gost(gost::Algorithm::Gost2004),
    ),
    // Signers write the key's identifier in the place of the signature's.
    (
        Oid::new("1.2.398.3.10.1.1.1.1"),
        Use::Gost(gost::Algorithm::Gost2004),
    ),
    (Oid::new("1.2.840.113549.2.2"), Use::Refused("md2")),
    (Oid::new("1.2.840.113549.2.4"), Use::Refused("md4")),
    (Oid::new("1.2.840.113549.2.5"), Use::Refused("md5")),
    (Oid::new("2.16.840.1.101.3.4.2.4"), Use::Refused("sha-224")),
    (
        Oid::new("1.2.840.113549.1.1.2"),
        Use::Refused("rsa with md2"),
    ),
    (
        Oid::new("1.2.840.113549.1.1.4"),
        Use::Refused("rsa with md5"),
    ),
    (
        Oid::new("1.2.840.113549.1.1.14"),
        Use::Refused("rsa with sha-224"),
    ),
    (
        Oid::new("1.2.840.10045.4.1"),
        Use::Refused("ecdsa with sha-1"),
    ),
    (
        Oid::new("1.2.840.10045.4.3.1"),
        Use::Refused("ecdsa with sha-224"),
    ),
    (Oid::new("1.2.840.10040.4.3"), Use::Refused("dsa")),
    (Oid::new("2.16.840.1.101.3.4.3.2"), Use::Refused("dsa")),
    (Oid::new("1.3.101.113"), Use::Refused("ed448")),
    // The authority's own set of 2011 to 2016; its roots are dead.
    (
        Oid::new("1.3.6.1.4.1.6801.1.2.2"),
        Use::Refused("gost of 2011"),
    ),
];

const MGF1: Oid = Oid::new("1.2.840.113549.1.1.8");

/// An algorithm as a structure names it (RFC 5280 section 4.1.1.2).
#[derive(Debug, Clone, Copy)]
pub(super) struct AlgorithmIdentifier<'a> {
    pub(super) kind: Oid,
    pub(super) parameters: Option<Element<'a>>,
}

impl<'a> AlgorithmIdentifier<'a> {
    /// Reads `der`, one SEQUENCE.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Malformed> {
        Self::next(&mut Reader::new(der))
    }

    /// Reads the next element.
    pub(super) fn next(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let mut fields = reader.enter(tag::SEQUENCE, "algorithm identifier")?;
        let kind = fields.oid("algorithm identifier")?;
        let parameters = if fields.is_empty() {
            None
        } else {
            Some(fields.next()?)
        };
        fields.finish("algorithm identifier")?;
        Ok(Self { kind, parameters })
    }

    /// The digest, where one is due.
    pub(super) fn digest(&self) -> Result<Hash, Fault> {
        match self.meaning("unknown digest")? {
            Use::Digest(hash) if self.has_no_parameters() => Ok(hash),
            Use::Digest(_) => Err(Fault::Malformed("digest parameters")),
            Use::Refused(why) => Err(Fault::AlgorithmNotAllowed(why)),
            Use::Signature(_, _) | Use::SignatureOf(_) | Use::Gost(_) => {
                Err(Fault::AlgorithmNotAllowed("unknown digest"))
            }
        }
    }

    /// The signature algorithm, where one is due; `digest` is what the
    /// structure names beside it, if it does.
    pub(super) fn scheme(&self, digest: Option<Hash>) -> Result<Scheme, Fault> {
        match self.meaning("unknown signature algorithm")? {
            Use::SignatureOf(Family::RsaPss) => self.pss(),
            Use::Signature(family, hash) => self.plain(family, hash),
            Use::Gost(algorithm) => {
                self.plain(Family::Gost(algorithm), Hash::Gost(algorithm.hash()))
            }
            Use::SignatureOf(family) => match digest {
                Some(hash) => self.plain(family, hash),
                None => Err(Fault::AlgorithmNotAllowed(
                    "signature algorithm without a digest",
                )),
            },
            Use::Refused(why) => Err(Fault::AlgorithmNotAllowed(why)),
            Use::Digest(_) => Err(Fault::AlgorithmNotAllowed("unknown signature algorithm")),
        }
    }

    fn meaning(&self, unknown: &'static str) -> Result<Use, Fault> {
        let row = TABLE.iter().find(|(kind, _)| *kind == self.kind);
        row.map(|&(_, meaning)| meaning)
            .ok_or(Fault::AlgorithmNotAllowed(unknown))
    }

    /// RFC 5754 section 2: NULL and nothing mean the same.
    pub(super) fn has_no_parameters(&self) -> bool {
        self.parameters
            .is_none_or(|element| element.tag == tag::NULL)
    }

    fn plain(&self, family: Family, hash: Hash) -> Result<Scheme, Fault> {
        if self.has_no_parameters() {
            Ok(Scheme { family, hash })
        } else {
            Err(Fault::Malformed("signature algorithm parameters"))
        }
    }

    /// RFC 4055 section 3.1: the defaults are SHA-1, so all three parameters are
    /// due; the mask must use the same digest, and the salt be as long as it.
    fn pss(&self) -> Result<Scheme, Fault> {
        let parameters = self
            .parameters
            .ok_or(Fault::AlgorithmNotAllowed("pss with sha-1"))?;
        let (digest, mask, salt, trailer) = read_pss(&parameters)?;
        let hash = digest.digest()?;
        if hash == Hash::Sha1 || mask.digest()? != hash {
            return Err(Fault::AlgorithmNotAllowed("pss mask digest"));
        }
        if usize::try_from(salt) != Ok(hash.length()) {
            return Err(Fault::AlgorithmNotAllowed("pss salt length"));
        }
        if trailer != 1 {
            return Err(Fault::AlgorithmNotAllowed("pss trailer"));
        }
        Ok(Scheme {
            family: Family::RsaPss,
            hash,
        })
    }
}

type Pss<'a> = (AlgorithmIdentifier<'a>, AlgorithmIdentifier<'a>, u32, u32);

fn read_pss<'a>(parameters: &Element<'a>) -> Result<Pss<'a>, Fault> {
    if parameters.tag != tag::SEQUENCE {
        return Err(Fault::Malformed("pss parameters"));
    }
    let mut fields = parameters.inside();
    let sha1 = Fault::AlgorithmNotAllowed("pss with sha-1");
    let digest = fields.optional(tag::explicit(0))?.ok_or(sha1)?;
    let mask = fields.optional(tag::explicit(1))?.ok_or(sha1)?;
    let salt = number(&mut fields, 2)?.unwrap_or(20);
    let trailer = number(&mut fields, 3)?.unwrap_or(1);
    fields.finish("pss parameters")?;
    let mask = AlgorithmIdentifier::read(mask.content)?;
    let within = mask.parameters.filter(|_| mask.kind == MGF1);
    let within = within.ok_or(Fault::AlgorithmNotAllowed("pss mask"))?;
    Ok((
        AlgorithmIdentifier::read(digest.content)?,
        AlgorithmIdentifier::read(within.raw)?,
        salt,
        trailer,
    ))
}

fn number(fields: &mut Reader<'_>, place: u8) -> Result<Option<u32>, Malformed> {
    let Some(explicit) = fields.optional(tag::explicit(place))? else {
        return Ok(None);
    };
    explicit.inside().small_integer("pss parameters").map(Some)
}

impl Hash {
    /// How many octets it gives.
    pub(super) fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 | Self::Gost(gost::Hash::Streebog512) => 64,
            Self::Gost(gost::Hash::Streebog256 | gost::Hash::Gost94) => 32,
        }
    }

    /// Its object identifier.
    pub(super) fn identifier(self) -> Option<Oid> {
        let row = TABLE.iter().find(|(_, usage)| *usage == Use::Digest(self));
        row.map(|&(kind, _)| kind)
    }

    /// The digest of `message`.
    pub(super) fn of(self, message: &[u8]) -> HashValue {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
            Self::Gost(hash) => return HashValue::from_octets(hash.digest(message).as_ref()),
        };
        HashValue::from_octets(digest::digest(algorithm, message).as_ref())
    }
}

/// The digest of something, up to 512 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HashValue {
    octets: [u8; 64],
    length: usize,
}

impl HashValue {
    fn from_octets(value: &[u8]) -> Self {
        let mut octets = [0; 64];
        let length = value.len().min(octets.len());
        for (to, from) in octets.iter_mut().zip(value) {
            *to = *from;
        }
        Self { octets, length }
    }

    pub(super) fn octets(&self) -> &[u8] {
        self.octets.get(..self.length).unwrap_or_default()
    }
}

impl From<Malformed> for Fault {
    fn from(Malformed(what): Malformed) -> Self {
        Self::Malformed(what)
    }
}
