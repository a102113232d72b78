//! The object identifiers that certificates, lists and signatures here carry.

use ::der::asn1::ObjectIdentifier;

const fn arc(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

/// Subject attribute: common name (ITU-T X.520).
pub const COMMON_NAME: ObjectIdentifier = arc("2.5.4.3");
/// Subject attribute: surname.
pub const SURNAME: ObjectIdentifier = arc("2.5.4.4");
/// Subject attribute: serial number; nationally `IIN` and twelve digits.
pub const SERIAL_NUMBER: ObjectIdentifier = arc("2.5.4.5");
/// Subject attribute: country.
pub const COUNTRY: ObjectIdentifier = arc("2.5.4.6");
/// Subject attribute: organisation.
pub const ORGANIZATION: ObjectIdentifier = arc("2.5.4.10");
/// Subject attribute: organisational unit; nationally `BIN` and twelve digits.
pub const ORGANIZATIONAL_UNIT: ObjectIdentifier = arc("2.5.4.11");
/// Subject attribute: given name; nationally the patronymic.
pub const GIVEN_NAME: ObjectIdentifier = arc("2.5.4.42");

/// Extension: subject key identifier (RFC 5280 section 4.2.1.2).
pub const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = arc("2.5.29.14");
/// Extension: key usage (RFC 5280 section 4.2.1.3).
pub const KEY_USAGE: ObjectIdentifier = arc("2.5.29.15");
/// Extension: basic constraints (RFC 5280 section 4.2.1.9).
pub const BASIC_CONSTRAINTS: ObjectIdentifier = arc("2.5.29.19");
/// CRL extension: number of the list (RFC 5280 section 5.2.3).
pub const CRL_NUMBER: ObjectIdentifier = arc("2.5.29.20");
/// CRL entry extension: reason (RFC 5280 section 5.3.1).
pub const CRL_REASON: ObjectIdentifier = arc("2.5.29.21");
/// Extension: CRL distribution points (RFC 5280 section 4.2.1.13).
pub const CRL_DISTRIBUTION_POINTS: ObjectIdentifier = arc("2.5.29.31");
/// Extension: certificate policies (RFC 5280 section 4.2.1.4).
pub const CERTIFICATE_POLICIES: ObjectIdentifier = arc("2.5.29.32");
/// Extension: authority key identifier (RFC 5280 section 4.2.1.1).
pub const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = arc("2.5.29.35");
/// Extension: extended key usage (RFC 5280 section 4.2.1.12).
pub const EXTENDED_KEY_USAGE: ObjectIdentifier = arc("2.5.29.37");
/// Extension: authority information access (RFC 5280 section 4.2.2.1).
pub const AUTHORITY_INFORMATION_ACCESS: ObjectIdentifier = arc("1.3.6.1.5.5.7.1.1");
/// National extension: where the key is kept.
pub const KEY_STORE: ObjectIdentifier = arc("1.2.398.3.3.5");
/// Value of [`KEY_STORE`]: a PKCS#12 file.
pub const KEY_STORE_FILE: ObjectIdentifier = arc("1.2.398.3.3.5.1.1");

/// Access method: OCSP.
pub const ACCESS_OCSP: ObjectIdentifier = arc("1.3.6.1.5.5.7.48.1");
/// Access method: certificates of the issuer.
pub const ACCESS_CA_ISSUERS: ObjectIdentifier = arc("1.3.6.1.5.5.7.48.2");
/// Policy qualifier: address of the certification practice statement.
pub const QUALIFIER_CPS: ObjectIdentifier = arc("1.3.6.1.5.5.7.2.1");

/// Extended key usage: client authentication (an authentication key).
pub const CLIENT_AUTH: ObjectIdentifier = arc("1.3.6.1.5.5.7.3.2");
/// Extended key usage: answers for an authority by OCSP.
pub const OCSP_SIGNING: ObjectIdentifier = arc("1.3.6.1.5.5.7.3.9");
/// Extended key usage: time-stamps.
pub const TIME_STAMPING: ObjectIdentifier = arc("1.3.6.1.5.5.7.3.8");
/// Extended key usage: e-mail protection (a signing key).
pub const EMAIL_PROTECTION: ObjectIdentifier = arc("1.3.6.1.5.5.7.3.4");
/// National role: an individual.
pub const ROLE_INDIVIDUAL: ObjectIdentifier = arc("1.2.398.3.3.4.1.1");
/// National role: a legal entity, always beside the role within it.
pub const ROLE_LEGAL_ENTITY: ObjectIdentifier = arc("1.2.398.3.3.4.1.2");
/// National role: first head of a legal entity.
pub const ROLE_HEAD: ObjectIdentifier = arc("1.2.398.3.3.4.1.2.1");
/// National role: employee of a legal entity.
pub const ROLE_EMPLOYEE: ObjectIdentifier = arc("1.2.398.3.3.4.1.2.5");

/// National policy of the root.
pub const POLICY_ROOT: ObjectIdentifier = arc("1.2.398.3.1.2");
/// National policy since 2022: issuing authority and its certificates.
pub const POLICY_NATIONAL: ObjectIdentifier = arc("1.2.398.3.3.2");

/// National policy of time-stamping; below it one for each family of keys.
pub const POLICY_TIME_STAMPS: ObjectIdentifier = arc("1.2.398.3.3.2.6");
/// Time-stamps with RSA.
pub const POLICY_TIME_STAMPS_RSA: ObjectIdentifier = arc("1.2.398.3.3.2.6.2");
/// Time-stamps with GOST 34.10-2015.
pub const POLICY_TIME_STAMPS_GOST: ObjectIdentifier = arc("1.2.398.3.3.2.6.4");

/// Extension: the status of a responder need not be asked (RFC 6960 section 4.2.2.2.1).
pub const OCSP_NO_CHECK: ObjectIdentifier = arc("1.3.6.1.5.5.7.48.1.5");
/// Content of an OCSP response (RFC 6960 section 4.2.1).
pub const OCSP_BASIC: ObjectIdentifier = arc("1.3.6.1.5.5.7.48.1.1");
/// OCSP extension: nonce (RFC 9654).
pub const OCSP_NONCE: ObjectIdentifier = arc("1.3.6.1.5.5.7.48.1.2");
/// OCSP extension: what was never issued is called revoked (RFC 6960 section 4.4.8).
pub const OCSP_EXTENDED_REVOKE: ObjectIdentifier = arc("1.3.6.1.5.5.7.48.1.9");

/// Public key: RSA (RFC 3279).
pub const RSA: ObjectIdentifier = arc("1.2.840.113549.1.1.1");
/// Signature: RSA PKCS#1 with SHA-1.
pub const RSA_SHA1: ObjectIdentifier = arc("1.2.840.113549.1.1.5");
/// Signature: RSA PKCS#1 with SHA-256.
pub const RSA_SHA256: ObjectIdentifier = arc("1.2.840.113549.1.1.11");
/// Public key: elliptic curve (RFC 5480).
pub const EC: ObjectIdentifier = arc("1.2.840.10045.2.1");
/// Curve: NIST P-256.
pub const P256: ObjectIdentifier = arc("1.2.840.10045.3.1.7");
/// Signature: ECDSA with SHA-256 (RFC 5758).
pub const ECDSA_SHA256: ObjectIdentifier = arc("1.2.840.10045.4.3.2");
/// Public key: GOST 34.10-2015 of 512 bits.
pub const GOST_512: ObjectIdentifier = arc("1.2.398.3.10.1.1.2.2");
/// Its curve.
pub const GOST_512_CURVE: ObjectIdentifier = arc("1.2.398.3.10.1.1.2.2.1");
/// Signature: GOST 34.10-2015 of 512 bits with Streebog-512.
pub const GOST_512_SIGNATURE: ObjectIdentifier = arc("1.2.398.3.10.1.1.2.3.2");
/// Digest: Streebog-512.
pub const STREEBOG_512: ObjectIdentifier = arc("1.2.398.3.10.1.3.3");
/// Digest: Streebog-256.
pub const STREEBOG_256: ObjectIdentifier = arc("1.2.398.3.10.1.3.2");
/// Digest: GOST 34.311-95.
pub const GOST_94: ObjectIdentifier = arc("1.2.398.3.10.1.3.1");
/// Digest: SHA-384.
pub const SHA384: ObjectIdentifier = arc("2.16.840.1.101.3.4.2.2");
/// Digest: SHA-512.
pub const SHA512: ObjectIdentifier = arc("2.16.840.1.101.3.4.2.3");
/// Digest: SHA-1.
pub const SHA1: ObjectIdentifier = arc("1.3.14.3.2.26");
/// Digest: SHA-256.
pub const SHA256: ObjectIdentifier = arc("2.16.840.1.101.3.4.2.1");

/// Content type: data (RFC 5652 section 4).
pub const DATA: ObjectIdentifier = arc("1.2.840.113549.1.7.1");
/// Content type: what a time-stamp says (RFC 3161 section 2.4.2).
pub const TST_INFO: ObjectIdentifier = arc("1.2.840.113549.1.9.16.1.4");
/// Content type: signed data (RFC 5652 section 5).
pub const SIGNED_DATA: ObjectIdentifier = arc("1.2.840.113549.1.7.2");
/// Signed attribute: content type (RFC 5652 section 11.1).
pub const CONTENT_TYPE: ObjectIdentifier = arc("1.2.840.113549.1.9.3");
/// Signed attribute: message digest (RFC 5652 section 11.2).
pub const MESSAGE_DIGEST: ObjectIdentifier = arc("1.2.840.113549.1.9.4");
/// Signed attribute: signing time (RFC 5652 section 11.3).
pub const SIGNING_TIME: ObjectIdentifier = arc("1.2.840.113549.1.9.5");
/// Signed attribute: signing certificate, version 2 (RFC 5035 section 3).
pub const SIGNING_CERTIFICATE_V2: ObjectIdentifier = arc("1.2.840.113549.1.9.16.2.47");
/// Signed attribute: signing certificate, version 1, named by SHA-1 (RFC 2634 section 5.4).
pub const SIGNING_CERTIFICATE: ObjectIdentifier = arc("1.2.840.113549.1.9.16.2.12");
