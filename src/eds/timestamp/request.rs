//! Writing a request (RFC 3161 section 2.4.1).

use super::tst_info::TstInfo;
use crate::eds::{
    DigestName, Fault, Oid,
    algorithm::Hash,
    der::tag,
    encode::{algorithm, element, oid, sequence},
    gost,
};

/// A wish for a time-stamp, as it goes to the authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    der: Vec<u8>,
    imprint: Vec<u8>,
    policy: Option<Oid>,
    /// The content of the INTEGER.
    nonce: Vec<u8>,
}

impl Request {
    /// Asks to stamp `octets`: of a signature, its value. The digest should be
    /// that of the signature; the national authority has a policy for each
    /// family. The nonce is the caller's own chance.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when the nonce is empty or longer than 32 octets.
    pub fn new(
        octets: &[u8],
        digest: DigestName,
        policy: Option<Oid>,
        nonce: &[u8],
    ) -> Result<Self, Fault> {
        if !(1..=32).contains(&nonce.len()) {
            return Err(Fault::Malformed("nonce"));
        }
        let hash = hash(digest);
        let kind = hash
            .identifier()
            .ok_or(Fault::AlgorithmNotAllowed("digest"))?;
        let imprint = hash.of(octets).octets().to_vec();
        let nonce = positive(nonce);
        let der = sequence(&[
            element(tag::INTEGER, &[1]),
            sequence(&[algorithm(kind), element(tag::OCTET_STRING, &imprint)]),
            policy.map(oid).unwrap_or_default(),
            element(tag::INTEGER, &nonce),
            element(tag::BOOLEAN, &[0xff]),
        ]);
        Ok(Self {
            der,
            imprint,
            policy,
            nonce,
        })
    }

    /// The TimeStampReq in DER: the body of a POST as `application/timestamp-query`.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    pub(super) fn imprint(&self) -> &[u8] {
        &self.imprint
    }

    /// Whether `stamp` answers this request (section 2.2).
    pub(super) fn demand(&self, stamp: &TstInfo<'_>) -> Result<(), Fault> {
        if stamp.nonce != Some(&self.nonce) {
            return Err(Fault::TimeStamp("nonce absent or different"));
        }
        if self.policy.is_some_and(|policy| policy != stamp.policy) {
            return Err(Fault::TimeStamp("policy other than asked for"));
        }
        Ok(())
    }
}

fn hash(digest: DigestName) -> Hash {
    match digest {
        DigestName::Sha1 => Hash::Sha1,
        DigestName::Sha256 => Hash::Sha256,
        DigestName::Sha384 => Hash::Sha384,
        DigestName::Sha512 => Hash::Sha512,
        DigestName::Streebog256 => Hash::Gost(gost::Hash::Streebog256),
        DigestName::Streebog512 => Hash::Gost(gost::Hash::Streebog512),
        DigestName::Gost94 => Hash::Gost(gost::Hash::Gost94),
    }
}

/// The shortest INTEGER content of these octets taken as a number.
fn positive(octets: &[u8]) -> Vec<u8> {
    let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
    match octets.get(zeros..) {
        Some(magnitude @ [0x80..=0xff, ..]) => [&[0], magnitude].concat(),
        Some(magnitude @ [_, ..]) => magnitude.to_vec(),
        Some([]) | None => vec![0],
    }
}
