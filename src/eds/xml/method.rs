//! The algorithm URIs of XML signatures, as identifiers of the algorithm table.

use super::canonical::Canonicalization;
use crate::eds::algorithm::AlgorithmIdentifier;
use crate::eds::gost::oid;
use crate::eds::{Fault, Oid};

/// How the octets of a SignatureValue are arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrangement {
    /// As in CMS.
    Same,
    /// r‖s of an ECDSA signature (RFC 4050 section 3.3), which CMS has in DER.
    Halves,
}

/// The algorithm of a SignatureMethod. National URIs are those of the national
/// client; the others are of RFC 6931.
pub(super) fn signature(uri: &str) -> Result<(Oid, Arrangement), Fault> {
    match uri {
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512" => {
            Ok((oid::GOST_2015_512_SIGNATURE, Arrangement::Same))
        }
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-256" => {
            Ok((oid::GOST_2015_256_SIGNATURE, Arrangement::Same))
        }
        "http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311" => {
            Ok((oid::GOST_2004_SIGNATURE, Arrangement::Same))
        }
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => {
            Ok((Oid::new("1.2.840.113549.1.1.11"), Arrangement::Same))
        }
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => {
            Ok((Oid::new("1.2.840.113549.1.1.12"), Arrangement::Same))
        }
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => {
            Ok((Oid::new("1.2.840.113549.1.1.13"), Arrangement::Same))
        }
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" => {
            Ok((Oid::new("1.2.840.10045.4.3.2"), Arrangement::Halves))
        }
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384" => {
            Ok((Oid::new("1.2.840.10045.4.3.3"), Arrangement::Halves))
        }
        code if code.contains("#hmac-") => Err(Fault::AuthenticationCode),
        _ => Err(Fault::AlgorithmNotAllowed("signature method of xml")),
    }
}

/// The algorithm of a DigestMethod.
pub(super) fn digest(uri: &str) -> Result<Oid, Fault> {
    match uri {
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-512" => {
            Ok(oid::STREEBOG_512)
        }
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-256" => {
            Ok(oid::STREEBOG_256)
        }
        "http://www.w3.org/2001/04/xmldsig-more#gost34311" => Ok(oid::GOST_94),
        "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(Oid::new("2.16.840.1.101.3.4.2.1")),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Ok(Oid::new("2.16.840.1.101.3.4.2.2")),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(Oid::new("2.16.840.1.101.3.4.2.3")),
        _ => Err(Fault::AlgorithmNotAllowed("digest method of xml")),
    }
}

/// The digest of the octets.
pub(super) fn digested(kind: Oid, octets: &[u8]) -> Result<Vec<u8>, Fault> {
    let hash = AlgorithmIdentifier {
        kind,
        parameters: None,
    }
    .digest()?;
    Ok(hash.of(octets).octets().to_vec())
}

/// Canonical XML 1.0 or its exclusive kind; comments make no difference, see
/// [`super::canonical`].
pub(super) fn canonicalization(uri: &str) -> Result<Canonicalization, Fault> {
    match uri {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
        | "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments" => {
            Ok(Canonicalization::Inclusive)
        }
        "http://www.w3.org/2001/10/xml-exc-c14n#"
        | "http://www.w3.org/2001/10/xml-exc-c14n#WithComments" => Ok(Canonicalization::Exclusive),
        _ => Err(Fault::Malformed("canonicalization or transform of xml")),
    }
}

/// ECDSA-Sig-Value of RFC 5480 from r‖s.
pub(super) fn ecdsa_value(halves: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = halves
        .split_at_checked(halves.len() / 2)
        .filter(|(r, s)| r.len() == s.len())?;
    let content = [positive(r)?, positive(s)?].concat();
    tagged(0x30, &content)
}

/// A DER INTEGER from octets without a sign.
fn positive(octets: &[u8]) -> Option<Vec<u8>> {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let magnitude = octets.get(zeros..)?;
    let sign: &[u8] = if magnitude.first().is_none_or(|first| *first >= 0x80) {
        &[0]
    } else {
        &[]
    };
    tagged(0x02, &[sign, magnitude].concat())
}

/// Tag, short length, content: P-384 has at most 2 · 51 octets.
fn tagged(tag: u8, content: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(content.len())
        .ok()
        .filter(|length| *length < 0x80)?;
    Some([&[tag, length], content].concat())
}
