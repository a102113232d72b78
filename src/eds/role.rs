//! What a certificate's holder may act as, and what its key may do.

use serde::{Deserialize, Serialize};

use super::Oid;

/// A role the national authority writes into extended key usage
/// (arc 1.2.398.3.3.4.1; order No 383/NK of 13.10.2020).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

const ROLES: &[(Oid, Role)] = &[
    (Oid::new("1.2.398.3.3.4.1.1"), Role::Individual),
    (Oid::new("1.2.398.3.3.4.1.1.1"), Role::IndividualSystem),
    (Oid::new("1.2.398.3.3.4.1.2"), Role::LegalEntity),
    (Oid::new("1.2.398.3.3.4.1.2.1"), Role::Head),
    (Oid::new("1.2.398.3.3.4.1.2.2"), Role::Signatory),
    (Oid::new("1.2.398.3.3.4.1.2.3"), Role::FinancialSignatory),
    (Oid::new("1.2.398.3.3.4.1.2.4"), Role::HumanResources),
    (Oid::new("1.2.398.3.3.4.1.2.5"), Role::Employee),
    (Oid::new("1.2.398.3.3.4.1.2.6"), Role::System),
];

impl Role {
    /// The role that this extended key usage names, if it names one.
    pub(super) fn of(purpose: &Oid) -> Option<Self> {
        ROLES
            .iter()
            .find(|(oid, _)| oid == purpose)
            .map(|&(_, role)| role)
    }

    /// Whether whoever has it acts for a legal entity.
    pub(super) fn is_of_organisation(self) -> bool {
        match self {
            Self::Individual | Self::IndividualSystem => false,
            Self::LegalEntity
            | Self::Head
            | Self::Signatory
            | Self::FinancialSignatory
            | Self::HumanResources
            | Self::Employee
            | Self::System => true,
        }
    }
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
