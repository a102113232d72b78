//! What operators of service centres attested about a person, and the papers that they
//! scanned for it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::attachment::Attachment;
use crate::domain::{Appearance, Application, Identified, IdentityPaper, Vouched};
use crate::eds::Iin;
use crate::web::api::views::number;

/// What an operator of a service centre attested about you.
#[derive(Serialize, ToSchema)]
pub(super) struct AttestedLine {
    pub(super) application: Uuid,
    /// As what: `resident`, `owner`, `tenant`, `delegate`, or `representative` of one who
    /// cannot act alone.
    #[schema(example = "owner")]
    pub(super) party: &'static str,
    /// How it was agreed: `present`, `paper_consent`, `delegate` or
    /// `legal_representative`; absent of whom nothing was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "present")]
    pub(super) how: Option<&'static str>,
    /// What you showed: `identity_card`, `passport`, `birth_certificate`,
    /// `residence_permit` or `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "identity_card")]
    pub(super) document: Option<&'static str>,
    /// The last four characters of its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "0417")]
    pub(super) last_four: Option<String>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "ҚР ІІМ")]
    pub(super) issuer: Option<String>,
    /// How you belong to the owner, where that was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "child")]
    pub(super) relationship: Option<&'static str>,
}

/// A paper that was scanned for an application by which you are to be registered.
#[derive(Serialize, ToSchema)]
pub(super) struct PaperLine {
    pub(super) id: Uuid,
    pub(super) application: Uuid,
    /// `paper_consent`, `power_of_attorney`, `identity_document`, `lease` or `other`.
    #[schema(example = "paper_consent")]
    pub(super) kind: &'static str,
    /// The name under which it is shown.
    #[schema(example = "Келісім.pdf")]
    pub(super) name: String,
    /// The SHA-256 of its octets.
    pub(super) sha256: String,
    pub(super) added_at: DateTime<Utc>,
}

impl AttestedLine {
    /// Everything about this person that was attested in an application.
    pub(super) fn all(application: &Application, own: &Iin) -> Vec<Self> {
        let Some(attestation) = &application.attestation else {
            return Vec::new();
        };
        let name = application.id.uuid();
        let residents = attestation.residents.iter();
        let residents = residents.flat_map(|one| Self::of_resident(name, one, own));
        let holders = attestation.holders.iter();
        let holders = holders.flat_map(|one| Self::of_holder(name, one, own));
        residents.chain(holders).collect()
    }

    fn of_resident(application: Uuid, one: &Identified, own: &Iin) -> Vec<Self> {
        let exempt = one.exempt.as_ref();
        let resident = (one.iin == *own).then(|| Self {
            relationship: exempt.map(|exemption| exemption.relationship.into()),
            ..Self::new(application, ("resident", None), Some(&one.paper))
        });
        let spoken_for = one.representative.as_ref().filter(|it| it.iin == *own);
        let representative =
            spoken_for.map(|it| Self::new(application, ("representative", None), Some(&it.paper)));
        resident.into_iter().chain(representative).collect()
    }

    /// The paper is of whoever was present.
    fn of_holder(application: Uuid, one: &Vouched, own: &Iin) -> Vec<Self> {
        let party = number(&one.party).0;
        let (how, present, paper) = match &one.how {
            Appearance::Present => ("present", None, None),
            Appearance::OnPaper(_) => ("paper_consent", None, None),
            Appearance::Represented(delegate, _) => (
                "delegate",
                Some(("delegate", &delegate.iin)),
                one.paper.as_ref(),
            ),
            Appearance::ThroughRepresentative(it) => (
                "legal_representative",
                Some(("representative", &it.iin)),
                Some(&it.paper),
            ),
        };
        let shown = one.paper.as_ref().filter(|_| present.is_none());
        let holder = one.party.person().filter(|iin| *iin == own);
        let holder = holder.map(|_| Self::new(application, (party, Some(how)), shown));
        let present = present.filter(|(_, iin)| *iin == own);
        let present = present.map(|(role, _)| Self::new(application, (role, Some(how)), paper));
        holder.into_iter().chain(present).collect()
    }

    fn new(
        application: Uuid,
        (party, how): (&'static str, Option<&'static str>),
        paper: Option<&IdentityPaper>,
    ) -> Self {
        Self {
            application,
            party,
            how,
            document: paper.map(|paper| paper.kind.into()),
            last_four: paper.map(|paper| paper.last_four.clone()),
            issuer: paper.map(|paper| paper.issuer.clone()),
            relationship: None,
        }
    }
}

impl From<&Attachment> for PaperLine {
    fn from(attachment: &Attachment) -> Self {
        Self {
            id: attachment.id.uuid(),
            application: attachment.application.uuid(),
            kind: attachment.what.kind.into(),
            name: attachment.name.clone(),
            sha256: attachment.what.sha256.to_string(),
            added_at: attachment.added_at,
        }
    }
}
