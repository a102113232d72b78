//! What an operator vouches for, as it stands in documents and is stored.

use serde::{Deserialize, Serialize};

use super::{Proxy, Side};
use crate::domain::attachment::{Attached, MediaType, PaperKind};
use crate::domain::law::Relationship;
use crate::domain::{
    Appearance, Exemption, Identified, IdentityKind, IdentityPaper, Representative, Vouched,
    attestation,
};
use crate::eds::{Digest, Iin};

/// What an operator saw and checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// Each resident, with the identity document that was shown.
    pub residents: Vec<Checked>,
    /// Each who holds a right to the dwelling, and how their consent was had.
    pub owners: Vec<Agreed>,
    /// What was scanned.
    pub attachments: Vec<Scanned>,
}

/// A resident whose identity was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Individual identification number.
    pub iin: String,
    /// What was shown.
    pub document: Shown,
    /// Who speaks for one who cannot act alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representative: Option<Speaker>,
    /// Why a limit on the people of a dwelling does not count this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exempt: Option<Exempt>,
}

/// A legal representative who was present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// Individual identification number.
    pub iin: String,
    /// Surname, given name and patronymic.
    pub name: String,
    /// What was shown.
    pub document: Shown,
}

/// How a resident belongs to the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exempt {
    /// As what.
    pub relationship: Relationship,
    /// The SHA-256 of the attachment that shows it.
    pub attachment_sha256: Digest,
}

/// An identity document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// What it is.
    pub kind: IdentityKind,
    /// The last four characters of its number.
    pub last_four: String,
    /// Who issued it.
    pub issuer: String,
}

/// Somebody who agreed at the service centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Who.
    #[serde(flatten)]
    pub party: Side,
    /// How.
    pub how: How,
    /// The identity document of the party or the delegate who was present; documents
    /// that were signed before it was asked for have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Shown>,
    /// The legal representative who agreed in the party's place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representative: Option<Speaker>,
    /// Who agreed in the party's place, and by which power of attorney.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegate: Option<Proxy>,
    /// The SHA-256 of the attachment on which it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_sha256: Option<Digest>,
}

/// How somebody agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// In person.
    Present,
    /// On paper.
    PaperConsent,
    /// Through a delegate.
    Delegate,
    /// Through a legal representative.
    LegalRepresentative,
}

/// An attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanned {
    /// What it is.
    pub kind: PaperKind,
    /// In which form.
    pub media_type: MediaType,
    /// The SHA-256 of its octets.
    pub sha256: Digest,
}

impl Attestation {
    /// The same as the rules see it; `first` is the operator. None where a number
    /// is no number, or what belongs together is not there together.
    pub fn attestation(&self, first: &Iin) -> Option<attestation::Attestation> {
        let residents = self.residents.iter().map(Checked::identified);
        let holders = self.owners.iter().map(|agreed| agreed.vouched(first));
        let attachments = self.attachments.iter().map(|scanned| Attached {
            kind: scanned.kind,
            media_type: scanned.media_type,
            sha256: scanned.sha256,
        });
        Some(attestation::Attestation {
            residents: residents.collect::<Option<_>>()?,
            holders: holders.collect::<Option<_>>()?,
            attachments: attachments.collect(),
        })
    }
}

impl Checked {
    fn identified(&self) -> Option<Identified> {
        Some(Identified {
            iin: Iin::parse(&self.iin).ok()?,
            paper: self.document.paper(),
            representative: match &self.representative {
                Some(speaker) => Some(speaker.representative()?),
                None => None,
            },
            exempt: self.exempt.as_ref().map(|exempt| Exemption {
                relationship: exempt.relationship,
                sha256: exempt.attachment_sha256,
            }),
        })
    }
}

impl Agreed {
    fn vouched(&self, first: &Iin) -> Option<Vouched> {
        let paper = self.document.as_ref().map(Shown::paper);
        let party = self.party.party(first)?;
        let how = self.appearance()?;
        Some(Vouched { party, how, paper })
    }

    fn appearance(&self) -> Option<Appearance> {
        let behind = (&self.delegate, &self.representative);
        match (self.how, behind, self.attachment_sha256) {
            (How::Present, (None, None), None) => Some(Appearance::Present),
            (How::PaperConsent, (None, None), Some(sha256)) => Some(Appearance::OnPaper(sha256)),
            (How::Delegate, (Some(proxy), None), Some(sha256)) => {
                Some(Appearance::Represented(proxy.delegate()?, sha256))
            }
            (How::LegalRepresentative, (None, Some(speaker)), None) => {
                Some(Appearance::ThroughRepresentative(speaker.representative()?))
            }
            (
                How::Present | How::PaperConsent | How::Delegate | How::LegalRepresentative,
                (_, _),
                _,
            ) => None,
        }
    }
}

impl Shown {
    fn paper(&self) -> IdentityPaper {
        IdentityPaper {
            kind: self.kind,
            last_four: self.last_four.clone(),
            issuer: self.issuer.clone(),
        }
    }
}

impl Speaker {
    fn representative(&self) -> Option<Representative> {
        Some(Representative {
            iin: Iin::parse(&self.iin).ok()?,
            name: self.name.clone(),
            paper: self.document.paper(),
        })
    }
}

impl From<&attestation::Attestation> for Attestation {
    fn from(attestation: &attestation::Attestation) -> Self {
        let attachments = attestation.attachments.iter().map(|attached| Scanned {
            kind: attached.kind,
            media_type: attached.media_type,
            sha256: attached.sha256,
        });
        Self {
            residents: attestation.residents.iter().map(Checked::from).collect(),
            owners: attestation.holders.iter().map(Agreed::from).collect(),
            attachments: attachments.collect(),
        }
    }
}

impl From<&Identified> for Checked {
    fn from(one: &Identified) -> Self {
        Self {
            iin: one.iin.as_str().to_owned(),
            document: Shown::from(&one.paper),
            representative: one.representative.as_ref().map(Speaker::from),
            exempt: one.exempt.map(|exemption| Exempt {
                relationship: exemption.relationship,
                attachment_sha256: exemption.sha256,
            }),
        }
    }
}

impl From<&Vouched> for Agreed {
    fn from(vouched: &Vouched) -> Self {
        let mut agreed = Self {
            party: Side::from(&vouched.party),
            how: How::Present,
            document: vouched.paper.as_ref().map(Shown::from),
            representative: None,
            delegate: None,
            attachment_sha256: None,
        };
        match &vouched.how {
            Appearance::Present => {}
            Appearance::OnPaper(sha256) => {
                agreed.how = How::PaperConsent;
                agreed.attachment_sha256 = Some(*sha256);
            }
            Appearance::Represented(delegate, sha256) => {
                agreed.how = How::Delegate;
                agreed.delegate = Some(Proxy::from(delegate));
                agreed.attachment_sha256 = Some(*sha256);
            }
            Appearance::ThroughRepresentative(representative) => {
                agreed.how = How::LegalRepresentative;
                agreed.representative = Some(Speaker::from(representative));
            }
        }
        agreed
    }
}

impl From<&IdentityPaper> for Shown {
    fn from(paper: &IdentityPaper) -> Self {
        Self {
            kind: paper.kind,
            last_four: paper.last_four.clone(),
            issuer: paper.issuer.clone(),
        }
    }
}

impl From<&Representative> for Speaker {
    fn from(representative: &Representative) -> Self {
        Self {
            iin: representative.iin.as_str().to_owned(),
            name: representative.name.clone(),
            document: Shown::from(&representative.paper),
        }
    }
}
