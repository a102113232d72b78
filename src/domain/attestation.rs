//! What an operator of a service centre vouches for: who was present, by which
//! papers, and what was attached.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::attachment::{Attached, PaperKind};
use super::law::Relationship;
use super::{Delegate, Holder, Party, Resident, Signatory, is_plain};
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
    /// Who speaks for one who cannot act alone (Civil Code, articles 22, 26 and 27).
    pub representative: Option<Representative>,
    /// Why a limit on the people of a dwelling does not count this one.
    pub exempt: Option<Exemption>,
}

/// A legal representative, by the register of people, who was present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Representative {
    /// Individual identification number.
    pub iin: Iin,
    /// Surname, given name and patronymic, by the register.
    pub name: String,
    /// What was shown.
    pub paper: IdentityPaper,
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
    /// The identity document of the party or the delegate who was present; none where
    /// nobody was, and in what was attested before it was asked for.
    pub paper: Option<IdentityPaper>,
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
    /// Through a legal representative who was present, as those do who cannot consent
    /// themselves.
    ThroughRepresentative(Representative),
}

/// Those who cannot act alone, each with those who may act for them: by the register
/// of people their number and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wards {
    /// Of those who are to be registered: under 16, or without full capacity.
    pub residents: BTreeMap<Iin, Guardians>,
    /// Of those who hold a right to the dwelling: under 18, or without full capacity.
    pub holders: BTreeMap<Iin, Guardians>,
}

/// Who may act for somebody: number and name.
pub type Guardians = BTreeMap<Iin, String>;

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
    /// An organisation is nobody who could be present.
    #[error("an organisation consents on paper or through a delegate")]
    Organisation,
    /// Somebody who cannot act alone is spoken for by nobody whom the register lets
    /// (Civil Code, articles 22, 26 and 27), or somebody who can is spoken for.
    #[error(
        "a legal representative whom the register names speaks for whoever cannot act alone, and \
         for nobody else"
    )]
    Representative,
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
        if self
            .holders
            .iter()
            .any(Vouched::is_an_organisation_in_person)
        {
            return Err(Unattested::Organisation);
        }
        let shown = self.residents.iter().all(Identified::is_readable);
        if !shown || !self.holders.iter().all(Vouched::is_identified) {
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

    /// Whether whoever cannot act alone is spoken for by one whom the register lets,
    /// and nobody else is spoken for.
    ///
    /// # Errors
    /// [`Unattested::Representative`] otherwise.
    pub fn speaks_for(&self, wards: &Wards) -> Result<(), Unattested> {
        let residents = self.residents.iter().all(|one| {
            let guardians = wards.residents.get(&one.iin);
            is_spoken_for(guardians, one.representative.as_ref())
        });
        let holders = self.holders.iter().all(|one| {
            let person = one.party.person();
            let guardians = person.and_then(|iin| wards.holders.get(iin));
            is_spoken_for(guardians, one.how.representative())
        });
        (residents && holders)
            .then_some(())
            .ok_or(Unattested::Representative)
    }

    /// Who speaks for this resident, where somebody does.
    pub fn representative(&self, iin: &Iin) -> Option<&Representative> {
        let mut all = self.residents.iter();
        all.find(|one| one.iin == *iin)?.representative.as_ref()
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

    /// Whether a person agreed to it or spoke for somebody, in their own name or
    /// another's.
    pub fn names(&self, iin: &Iin) -> bool {
        let person = Signatory::Person(iin.clone());
        self.signatories().contains(&person)
    }

    /// Everybody whose consent was attested, and who spoke for them or for a resident:
    /// they are told what became of it, for an attestation may be false.
    pub fn signatories(&self) -> Vec<Signatory> {
        let holders = self.holders.iter().flat_map(|one| {
            let in_place = one.how.in_place().cloned().map(Signatory::Person);
            std::iter::once(one.party.signatory()).chain(in_place)
        });
        let residents = self.residents.iter();
        let residents = residents.filter_map(|one| one.representative.as_ref());
        let residents = residents.map(|one| Signatory::Person(one.iin.clone()));
        holders.chain(residents).collect()
    }

    fn has_paper(&self, how: &Appearance) -> bool {
        let has = |kind: PaperKind, sha256: &Digest| {
            let mut all = self.attachments.iter();
            all.any(|one| one.kind == kind && one.sha256 == *sha256)
        };
        match how {
            Appearance::Present | Appearance::ThroughRepresentative(_) => true,
            Appearance::OnPaper(sha256) => has(PaperKind::PaperConsent, sha256),
            Appearance::Represented(_, sha256) => has(PaperKind::PowerOfAttorney, sha256),
        }
    }
}

impl Identified {
    fn is_readable(&self) -> bool {
        let spoken_for = self.representative.as_ref();
        self.paper.is_readable() && spoken_for.is_none_or(|one| one.paper.is_readable())
    }
}

impl Vouched {
    /// Whoever was present showed a document, and nobody who was not did.
    fn is_identified(&self) -> bool {
        match (&self.how, &self.paper) {
            (Appearance::Present | Appearance::Represented(..), Some(paper)) => paper.is_readable(),
            (Appearance::OnPaper(_), None) => true,
            (Appearance::ThroughRepresentative(one), None) => one.paper.is_readable(),
            (Appearance::Present | Appearance::Represented(..), None)
            | (Appearance::OnPaper(_) | Appearance::ThroughRepresentative(_), Some(_)) => false,
        }
    }

    fn is_an_organisation_in_person(&self) -> bool {
        let organisation = matches!(self.party, Party::Owner(Holder::Organisation(_)));
        organisation && self.how == Appearance::Present
    }
}

impl Appearance {
    /// The legal representative who consented.
    pub fn representative(&self) -> Option<&Representative> {
        match self {
            Self::ThroughRepresentative(representative) => Some(representative),
            Self::Present | Self::OnPaper(_) | Self::Represented(..) => None,
        }
    }

    /// Who consented in the party's place.
    pub fn in_place(&self) -> Option<&Iin> {
        match self {
            Self::Represented(delegate, _) => Some(&delegate.iin),
            Self::ThroughRepresentative(representative) => Some(&representative.iin),
            Self::Present | Self::OnPaper(_) => None,
        }
    }
}

fn is_spoken_for(guardians: Option<&Guardians>, by: Option<&Representative>) -> bool {
    match (guardians, by) {
        (None, None) => true,
        (Some(guardians), Some(by)) => guardians.contains_key(&by.iin),
        (None, Some(_)) | (Some(_), None) => false,
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
mod tests;
