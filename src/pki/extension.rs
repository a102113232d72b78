//! Extensions of certificates and revocation lists (RFC 5280 sections 4.2 and 5).

use ::der::asn1::ObjectIdentifier;

use crate::pki::{der, oid};

/// One extension, with its value already in DER.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Its type.
    pub id: ObjectIdentifier,
    /// Whether one who does not know it must refuse the certificate.
    pub critical: bool,
    /// The DER inside the OCTET STRING.
    pub value: Vec<u8>,
}

/// What a key may be used for (RFC 5280 section 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUsage {
    /// digitalSignature: authentication.
    DigitalSignature,
    /// nonRepudiation: documents.
    NonRepudiation,
    /// keyEncipherment.
    KeyEncipherment,
    /// keyCertSign: certificates.
    CertificateSign,
    /// cRLSign: revocation lists.
    CrlSign,
}

impl KeyUsage {
    fn mask(self) -> u8 {
        match self {
            KeyUsage::DigitalSignature => 0x80,
            KeyUsage::NonRepudiation => 0x40,
            KeyUsage::KeyEncipherment => 0x20,
            KeyUsage::CertificateSign => 0x04,
            KeyUsage::CrlSign => 0x02,
        }
    }
}

impl Extension {
    /// An extension that need not be understood.
    pub fn plain(id: ObjectIdentifier, value: Vec<u8>) -> Extension {
        Extension {
            id,
            critical: false,
            value,
        }
    }

    /// An extension that must be understood.
    pub fn critical(id: ObjectIdentifier, value: Vec<u8>) -> Extension {
        Extension {
            id,
            critical: true,
            value,
        }
    }

    /// Key usage, critical as nationally.
    pub fn key_usage(usages: &[KeyUsage]) -> Extension {
        let bits = usages.iter().fold(0, |bits, usage| bits | usage.mask());
        Extension::critical(oid::KEY_USAGE, der::named_bits(bits))
    }

    /// Extended key usage; nationally the roles of the subject stand here.
    pub fn extended_key_usage(purposes: &[ObjectIdentifier]) -> Extension {
        let value = der::sequence(purposes.iter().map(der::oid));
        Extension::plain(oid::EXTENDED_KEY_USAGE, value)
    }

    /// Basic constraints of an authority; the number of authorities below it
    /// is bounded by `path_length`, if given.
    pub fn authority(path_length: Option<u64>) -> Extension {
        let length = path_length.map(der::integer).unwrap_or_default();
        let value = der::sequence([der::boolean_true(), length]);
        Extension::critical(oid::BASIC_CONSTRAINTS, value)
    }

    /// Subject key identifier.
    pub fn subject_key_identifier(identifier: &[u8]) -> Extension {
        Extension::plain(oid::SUBJECT_KEY_IDENTIFIER, der::octet_string(identifier))
    }

    /// Authority key identifier, in its form with the key identifier alone.
    pub fn authority_key_identifier(identifier: &[u8]) -> Extension {
        let value = der::sequence([der::context_primitive(0, identifier)]);
        Extension::plain(oid::AUTHORITY_KEY_IDENTIFIER, value)
    }

    /// One certificate policy with the address of its practice statement.
    pub fn certificate_policy(policy: &ObjectIdentifier, statement: &str) -> Extension {
        let statement = der::element(IA5_STRING, statement.as_bytes());
        let qualifier = der::sequence([der::oid(&oid::QUALIFIER_CPS), statement]);
        let information = der::sequence([der::oid(policy), der::sequence([qualifier])]);
        Extension::plain(oid::CERTIFICATE_POLICIES, der::sequence([information]))
    }

    /// One CRL distribution point, by address.
    pub fn crl_distribution_point(address: &str) -> Extension {
        let name = der::context(0, [der::context(0, [location(address)])]);
        let value = der::sequence([der::sequence([name])]);
        Extension::plain(oid::CRL_DISTRIBUTION_POINTS, value)
    }

    /// Where the issuer's certificate and, if there is one, the OCSP responder are found.
    pub fn authority_information_access(issuers: &str, ocsp: Option<&str>) -> Extension {
        let issuers = der::sequence([der::oid(&oid::ACCESS_CA_ISSUERS), location(issuers)]);
        let ocsp = ocsp.map(|at| der::sequence([der::oid(&oid::ACCESS_OCSP), location(at)]));
        let value = der::sequence([issuers, ocsp.unwrap_or_default()]);
        Extension::plain(oid::AUTHORITY_INFORMATION_ACCESS, value)
    }

    /// The national note that the key lies in a PKCS#12 file.
    pub fn key_store() -> Extension {
        Extension::plain(
            oid::KEY_STORE,
            der::sequence([der::oid(&oid::KEY_STORE_FILE)]),
        )
    }

    /// The number of a revocation list (RFC 5280 section 5.2.3).
    pub fn crl_number(number: u64) -> Extension {
        Extension::plain(oid::CRL_NUMBER, der::integer(number))
    }

    /// The extension in DER.
    pub fn encode(&self) -> Vec<u8> {
        let critical = if self.critical {
            der::boolean_true()
        } else {
            Vec::new()
        };
        der::sequence([der::oid(&self.id), critical, der::octet_string(&self.value)])
    }
}

const IA5_STRING: u8 = 0x16;

/// GeneralName of the kind uniformResourceIdentifier.
fn location(address: &str) -> Vec<u8> {
    der::context_primitive(6, address.as_bytes())
}
