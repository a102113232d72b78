//! Our own signer: CMS SignedData (RFC 5652) with the attributes of CAdES-BES,
//! as the national client makes it. For the demonstration and for tests only:
//! a citizen's key never comes near the service.

use ::der::asn1::ObjectIdentifier;
use chrono::{DateTime, Utc};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::pki::error::Object;
use crate::pki::{Digest, Error, SigningKey, der, oid};

/// Whether the document travels inside the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packaging {
    /// The signature alone.
    Detached,
    /// The document inside it.
    Attached,
}

/// Signs `document` as the national client does: version 1, the signer named
/// by issuer and serial, his certificate alone, and the signed attributes
/// contentType, signingTime, messageDigest and signingCertificateV2.
///
/// # Errors
/// When the certificate cannot be read or the key refuses.
pub fn sign(
    document: &[u8],
    certificate: &[u8],
    key: &SigningKey,
    signing_time: DateTime<Utc>,
    packaging: Packaging,
) -> Result<Vec<u8>, Error> {
    let attributes = attributes(document, certificate, key.digest(), signing_time);
    let signer = SignerInfo::signing(document, certificate, key, Some(attributes))?;
    let content = match packaging {
        Packaging::Detached => None,
        Packaging::Attached => Some(document.to_vec()),
    };
    let certificates = vec![certificate.to_vec()];
    Ok(SignedData {
        content,
        certificates,
        signers: vec![signer],
    }
    .encode())
}

/// One signed attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedAttribute {
    /// Its type.
    pub id: ObjectIdentifier,
    /// Its values in DER.
    pub values: Vec<Vec<u8>>,
}

/// The four signed attributes of CAdES-BES over `document`.
pub fn attributes(
    document: &[u8],
    certificate: &[u8],
    digest: Digest,
    signing_time: DateTime<Utc>,
) -> Vec<SignedAttribute> {
    let mut all = signed_content(&oid::DATA, document, digest, signing_time);
    all.push(one(
        oid::SIGNING_CERTIFICATE_V2,
        signing_certificate(certificate),
    ));
    all
}

/// What every content that is signed by attributes has: contentType,
/// signingTime and messageDigest.
pub(super) fn signed_content(
    content_type: &ObjectIdentifier,
    content: &[u8],
    digest: Digest,
    signing_time: DateTime<Utc>,
) -> Vec<SignedAttribute> {
    vec![
        one(oid::CONTENT_TYPE, der::oid(content_type)),
        one(oid::SIGNING_TIME, der::time(signing_time)),
        one(oid::MESSAGE_DIGEST, der::octet_string(&digest.of(content))),
    ]
}

pub(super) fn one(id: ObjectIdentifier, value: Vec<u8>) -> SignedAttribute {
    SignedAttribute {
        id,
        values: vec![value],
    }
}

/// SigningCertificateV2 with one ESSCertIDv2 of the default digest, SHA-256,
/// and without issuerSerial (RFC 5035 section 3).
pub(super) fn signing_certificate(certificate: &[u8]) -> Vec<u8> {
    let hash = der::octet_string(&Digest::Sha256.of(certificate));
    der::sequence([der::sequence([der::sequence([hash])])])
}

impl SignedAttribute {
    /// The attribute in DER.
    pub fn encode(&self) -> Vec<u8> {
        der::sequence([der::oid(&self.id), der::set_of(self.values.clone())])
    }
}

/// What one signer adds; every field is open, so that wrong ones can be made too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerInfo {
    /// Version: 1 where issuer and serial name the signer, 3 where the key
    /// identifier does (RFC 5652 section 5.3).
    pub version: u64,
    /// Who signed: IssuerAndSerialNumber in DER, or the key identifier under tag 0.
    pub identifier: Vec<u8>,
    /// AlgorithmIdentifier of the digest.
    pub digest_algorithm: Vec<u8>,
    /// Signed attributes; without them the signature is over the content itself.
    pub attributes: Option<Vec<SignedAttribute>>,
    /// AlgorithmIdentifier of the signature.
    pub signature_algorithm: Vec<u8>,
    /// The signature value.
    pub signature: Vec<u8>,
}

impl SignerInfo {
    /// Signs the attributes, or the document itself when there are none.
    ///
    /// # Errors
    /// When the certificate cannot be read or the key refuses.
    pub fn signing(
        document: &[u8],
        certificate: &[u8],
        key: &SigningKey,
        attributes: Option<Vec<SignedAttribute>>,
    ) -> Result<SignerInfo, Error> {
        let signature = match &attributes {
            // Signed with the tag of a SET OF, not with the context tag they
            // travel under (RFC 5652 section 5.4).
            Some(attributes) => key.sign(&der::set_of(encoded(attributes)))?,
            None => key.sign(document)?,
        };
        Ok(SignerInfo {
            version: 1,
            identifier: issuer_and_serial(certificate)?,
            digest_algorithm: key.digest().identifier(),
            attributes,
            signature_algorithm: key.algorithm(),
            signature,
        })
    }

    fn encode(&self) -> Vec<u8> {
        let attributes = self.attributes.as_ref().map(|attributes| {
            let mut sorted = encoded(attributes);
            sorted.sort();
            der::context(0, sorted)
        });
        der::sequence([
            der::integer(self.version),
            self.identifier.clone(),
            self.digest_algorithm.clone(),
            attributes.unwrap_or_default(),
            self.signature_algorithm.clone(),
            der::octet_string(&self.signature),
        ])
    }
}

fn encoded(attributes: &[SignedAttribute]) -> Vec<Vec<u8>> {
    attributes.iter().map(SignedAttribute::encode).collect()
}

/// IssuerAndSerialNumber of a certificate (RFC 5652 section 10.2.4). Fails
/// when the certificate cannot be read.
pub fn issuer_and_serial(certificate: &[u8]) -> Result<Vec<u8>, Error> {
    let Ok((_, read)) = X509Certificate::from_der(certificate) else {
        return Err(Error::Unreadable(Object::Certificate));
    };
    Ok(der::sequence([
        read.issuer().as_raw(),
        &der::unsigned(read.raw_serial()),
    ]))
}

/// A SignedData with its ContentInfo around it; every field is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedData {
    /// The content, when it travels inside.
    pub content: Option<Vec<u8>>,
    /// Certificates in DER.
    pub certificates: Vec<Vec<u8>>,
    /// Who signed.
    pub signers: Vec<SignerInfo>,
}

impl SignedData {
    /// The ContentInfo in DER, of content that is data.
    pub fn encode(&self) -> Vec<u8> {
        self.encode_as(&oid::DATA)
    }

    /// The ContentInfo in DER, of content of any type.
    pub(super) fn encode_as(&self, content_type: &ObjectIdentifier) -> Vec<u8> {
        let digests = self
            .signers
            .iter()
            .map(|signer| signer.digest_algorithm.clone());
        let mut digests: Vec<_> = digests.collect();
        digests.sort();
        digests.dedup();
        let content = self
            .content
            .as_ref()
            .map(|it| der::context(0, [der::octet_string(it)]));
        let content = der::sequence([der::oid(content_type), content.unwrap_or_default()]);
        // One signer of version 3 makes the whole so, and so does content that
        // is not data (RFC 5652 section 5.1).
        let by_content = if *content_type == oid::DATA { 1 } else { 3 };
        let versions = self.signers.iter().map(|signer| signer.version);
        let versions = versions.chain([by_content]);
        let signed_data = der::sequence([
            der::integer(versions.max().unwrap_or(1)),
            der::set_of(digests),
            content,
            self.certificates(),
            der::set_of(self.signers.iter().map(SignerInfo::encode).collect()),
        ]);
        der::sequence([der::oid(&oid::SIGNED_DATA), der::context(0, [signed_data])])
    }

    fn certificates(&self) -> Vec<u8> {
        let mut sorted = self.certificates.clone();
        sorted.sort();
        if sorted.is_empty() {
            Vec::new()
        } else {
            der::context(0, sorted)
        }
    }
}
