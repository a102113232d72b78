//! What an operator of a service centre vouches for: who was present, by which
//! papers, and what was attached.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::attachment::{Attached, PaperKind};
use super::law::Relationship;
use super::{Delegate, Party, Resident, is_plain};
use crate::eds::{Digest, Iin};

/// What an operator saw and checked. It stands in the document that the operator
/// signs, in fields and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// Each resident, with the identity document that was shown.
    pub residents: Vec<Identified>,
    /// Each who holds a right to the dwelling, and how their consent was had.
    pub holders: Vec<Vouched>,
    /// What was scanned.
    pub attachments: Vec<Attached>,
}

/// A resident whose identity was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identified {
    /// Individual identification number.
    pub iin: Iin,
    /// What was shown.
    pub paper: IdentityPaper,
    /// Why a limit on the people of a dwelling does not count this one.
    pub exempt: Option<Exemption>,
}

/// How a resident belongs to the owner, by a paper that is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// As what.
    pub relationship: Relationship,
    /// The digest of the attachment that shows it.
    pub sha256: Digest,
}

/// An identity document, as far as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityPaper {
    /// What it is.
    pub kind: IdentityKind,
    /// The last four characters of its number.
    pub last_four: String,
    /// Who issued it.
    pub issuer: String,
}

/// What an identity document is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Deserialize,
    Serialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum IdentityKind {
    /// An identity card.
    IdentityCard,
    /// A passport.
    Passport,
    /// A birth certificate.
    BirthCertificate,
    /// A residence permit.
    ResidencePermit,
    /// Another one.
    Other,
}

/// Somebody with a right to the dwelling who agreed at the service centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// The owner, or the tenant of state housing.
    pub party: Party,
    /// How.
    pub how: Appearance,
}

/// How somebody agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appearance {
    /// In person.
    Present,
    /// On paper, which is attached.
    OnPaper(Digest),
    /// Through a delegate who was present; the power of attorney is attached.
    Represented(Delegate, Digest),
}

/// Why an attestation is not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unattested {
    /// Nothing was attested yet.
    #[error("the operator has attested nothing yet")]
    Nothing,
    /// Not exactly one identity document for each resident.
    #[error("not exactly one identity document of each resident was attested")]
    Resident,
    /// Not exactly one statement about each who holds a right to the dwelling.
    #[error("not exactly one consent of each owner, or of the tenant, was attested")]
    Holder,
    /// An identity document is described by what cannot describe one.
    #[error("an identity document has four letters or digits and an issuer that can be read")]
    Paper,
    /// A consent on paper or a power of attorney is not attached.
    #[error("a paper on which a consent or a relationship rests is not attached as what it is")]
    Attachment,
    /// By the register the power of attorney does not carry this.
    #[error("the power of attorney does not let the delegate consent today")]
    Power,
}

impl Attestation {
    /// Whether it covers exactly these people, on papers that are attached.
    ///
    /// # Errors
    /// [`Unattested`] with the first gap.
    pub fn covers(
        &self,
        residents: &[Resident],
        holders: &BTreeSet<Party>,
    ) -> Result<(), Unattested> {
        let wanted: BTreeSet<_> = residents.iter().map(|resident| &resident.iin).collect();
        let named: BTreeSet<_> = self.residents.iter().map(|one| &one.iin).collect();
        if named != wanted || named.len() != self.residents.len() {
            return Err(Unattested::Resident);
        }
        if self.parties() != *holders || holders.len() != self.holders.len() {
            return Err(Unattested::Holder);
        }
        if !self.residents.iter().all(|one| one.paper.is_readable()) {
            return Err(Unattested::Paper);
        }
        let exempt = self.residents.iter().filter_map(|one| one.exempt);
        let shown = exempt.into_iter().all(|exemption| {
            let mut all = self.attachments.iter();
            all.any(|one| one.sha256 == exemption.sha256)
        });
        let attached = self.holders.iter().all(|one| self.has_paper(&one.how));
        (shown && attached)
            .then_some(())
            .ok_or(Unattested::Attachment)
    }

    /// How this resident belongs to the owner, where that was shown.
    pub fn relationship(&self, iin: &Iin) -> Option<Relationship> {
        let mut all = self.residents.iter();
        let resident = all.find(|one| one.iin == *iin)?;
        resident.exempt.map(|exemption| exemption.relationship)
    }

    /// Those whose consent was attested.
    pub fn parties(&self) -> BTreeSet<Party> {
        self.holders.iter().map(|one| one.party.clone()).collect()
    }

    /// Whether a person agreed to it, in their own name or another's.
    pub fn names(&self, iin: &Iin) -> bool {
        self.holders.iter().any(|one| {
            one.party.person() == Some(iin)
                || matches!(&one.how, Appearance::Represented(delegate, _) if delegate.iin == *iin)
        })
    }

    fn has_paper(&self, how: &Appearance) -> bool {
        let has = |kind: PaperKind, sha256: &Digest| {
            let mut all = self.attachments.iter();
            all.any(|one| one.kind == kind && one.sha256 == *sha256)
        };
        match how {
            Appearance::Present => true,
            Appearance::OnPaper(sha256) => has(PaperKind::PaperConsent, sha256),
            Appearance::Represented(_, sha256) => has(PaperKind::PowerOfAttorney, sha256),
        }
    }
}

impl IdentityPaper {
    fn is_readable(&self) -> bool {
        let Self {
            last_four, issuer, ..
        } = self;
        let four = last_four.chars().count() == 4 && last_four.chars().all(char::is_alphanumeric);
        let issued = (1..=ISSUER).contains(&issuer.chars().count()) && issuer.trim() == issuer;
        four && issued && is_plain(last_four) && is_plain(issuer)
    }
}

/// Most characters of an issuer's name.
const ISSUER: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Holder;
    use crate::domain::attachment::MediaType;

    const RESIDENT: &str = "900101300007";
    const OWNER: &str = "851230400006";

    fn iin(text: &str) -> Iin {
        Iin::parse(text).unwrap()
    }

    fn attested() -> Attestation {
        Attestation {
            residents: vec![Identified {
                iin: iin(RESIDENT),
                paper: IdentityPaper {
                    kind: IdentityKind::IdentityCard,
                    last_four: "1234".to_owned(),
                    issuer: "МВД РК".to_owned(),
                },
                exempt: None,
            }],
            holders: vec![Vouched {
                party: owner(),
                how: Appearance::OnPaper(Digest::of(b"paper")),
            }],
            attachments: vec![Attached {
                kind: PaperKind::PaperConsent,
                media_type: MediaType::Pdf,
                sha256: Digest::of(b"paper"),
            }],
        }
    }

    fn owner() -> Party {
        Party::Owner(Holder::Person(iin(OWNER)))
    }

    #[track_caller]
    fn check(change: impl Fn(&mut Attestation), expected: Result<(), Unattested>) {
        let mut attestation = attested();
        change(&mut attestation);
        let resident = Resident {
            iin: iin(RESIDENT),
            name: "ТЕСТОВ".to_owned(),
        };
        assert_eq!(attestation.covers(&[resident], &[owner()].into()), expected);
    }

    #[test]
    fn it_covers_every_resident_and_owner_once() {
        check(|_| {}, Ok(()));
        check(|it| it.residents.clear(), Err(Unattested::Resident));
        check(
            |it| it.residents.push(it.residents[0].clone()),
            Err(Unattested::Resident),
        );
        check(
            |it| it.residents[0].iin = iin(OWNER),
            Err(Unattested::Resident),
        );
        check(|it| it.holders.clear(), Err(Unattested::Holder));
        check(
            |it| it.holders.push(it.holders[0].clone()),
            Err(Unattested::Holder),
        );
        let tenant = Party::Tenant(iin(OWNER));
        check(
            |it| it.holders[0].party = tenant.clone(),
            Err(Unattested::Holder),
        );
    }

    #[test]
    fn a_consent_rests_on_a_paper_of_its_kind() {
        check(|it| it.attachments.clear(), Err(Unattested::Attachment));
        check(
            |it| it.attachments[0].kind = PaperKind::Lease,
            Err(Unattested::Attachment),
        );
        check(
            |it| it.holders[0].how = Appearance::OnPaper(Digest::of(b"other")),
            Err(Unattested::Attachment),
        );
        check(
            |it| {
                it.attachments.clear();
                it.holders[0].how = Appearance::Present;
            },
            Ok(()),
        );
    }

    #[test]
    fn a_relationship_is_shown_by_a_paper() {
        let exempt = |sha256| {
            move |it: &mut Attestation| {
                it.residents[0].exempt = Some(Exemption {
                    relationship: Relationship::Child,
                    sha256,
                });
            }
        };
        check(exempt(Digest::of(b"paper")), Ok(()));
        check(exempt(Digest::of(b"none")), Err(Unattested::Attachment));
    }

    #[test]
    fn an_identity_document_is_described_plainly() {
        for bad in ["123", "12345", "12 4", "12\u{202e}4"] {
            let last_four = |it: &mut Attestation| it.residents[0].paper.last_four = bad.to_owned();
            check(last_four, Err(Unattested::Paper));
        }
        for bad in ["", " МВД", "M\u{412}Д", &"я".repeat(ISSUER + 1)] {
            let issuer = |it: &mut Attestation| it.residents[0].paper.issuer = bad.to_owned();
            check(issuer, Err(Unattested::Paper));
        }
    }
}
