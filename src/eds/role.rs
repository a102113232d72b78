//! What a certificate's holder may act as, and what its key may do.

use serde::Serialize;

/// A role the national authority writes into extended key usage
/// (arc 1.2.398.3.3.4.1; order No 383/NK of 13.10.2020).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 1.2.398.3.3.4.1.1: a natural person.
    Individual,
    /// 1.2.398.3.3.4.1.1.1: an information system of a natural person.
    IndividualSystem,
    /// 1.2.398.3.3.4.1.2: stands beside each role within a legal entity.
    LegalEntity,
    /// 1.2.398.3.3.4.1.2.1: the first head.
    Head,
    /// 1.2.398.3.3.4.1.2.2: entitled to sign.
    Signatory,
    /// 1.2.398.3.3.4.1.2.3: entitled to sign financial documents.
    FinancialSignatory,
    /// 1.2.398.3.3.4.1.2.4: the human resources officer.
    HumanResources,
    /// 1.2.398.3.3.4.1.2.5: an employee.
    Employee,
    /// 1.2.398.3.3.4.1.2.6: an information system of a legal entity.
    System,
}

/// What the key usage extension lets the key do (RFC 5280 section 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUse {
    /// digitalSignature and nonRepudiation: logs in and signs documents.
    SignAndAuthenticate,
    /// nonRepudiation without digitalSignature.
    Sign,
    /// digitalSignature without nonRepudiation: logs in, signs no document.
    Authenticate,
    /// Neither.
    Other,
}
