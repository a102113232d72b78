//! The ten-day duty, as information.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use strum::VariantArray;
use utoipa::ToSchema;

use crate::domain::law::{Answerable, Consequence, Measure, OwnerKind, Record};
use crate::domain::{Application, Holder, Party, today};

/// The duty to register within ten days of arrival, and what the law attaches to
/// being late; information, never a decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DutyView {
    /// Last day on which registering is in time.
    pub due_on: NaiveDate,
    /// The day by which that is judged: that on which the application was signed,
    /// and today while it is not.
    pub as_of: NaiveDate,
    /// Days by which the application came too late; 0 when it is in time.
    #[schema(example = 3)]
    pub late_days: u32,
    /// The rule that makes it a duty.
    #[schema(example = "Rules of registration of the population: within 10 days of the arrival")]
    pub law: &'static str,
    /// What the law provides for the resident.
    pub resident: ConsequencesView,
    /// What it provides for the owners, or the tenant in their place, by what they
    /// are. How large an organisation is the service does not know.
    pub owners: Vec<OwnerConsequencesView>,
}

/// What the law attaches to lateness, once and again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsequencesView {
    /// When nothing of the kind went before.
    pub first: ConsequenceView,
    /// When it is repeated within a year.
    pub repeated: ConsequenceView,
}

/// The same for one kind of owner.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnerConsequencesView {
    /// `individual`, `small_business_or_non_profit`, `medium_business` or
    /// `large_business`.
    #[schema(example = "individual")]
    pub kind: &'static str,
    /// When nothing of the kind went before.
    pub first: ConsequenceView,
    /// When it is repeated within a year.
    pub repeated: ConsequenceView,
}

/// What the law attaches to lateness.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsequenceView {
    /// `none`, `warning`, `fine` or `unknown`.
    #[schema(example = "fine")]
    pub measure: &'static str,
    /// The fine in monthly calculation indices.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 7)]
    pub indices: Option<u32>,
    /// The fine in tenge, by the index of the day; absent when that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 30_275)]
    pub tenge: Option<u64>,
    /// The rule in a word, such as `resident_longer`.
    #[schema(example = "resident_longer")]
    pub rule: &'static str,
    /// The law that provides it.
    #[schema(
        example = "Code on Administrative Offences, article 492, part 2: more than one month without registration"
    )]
    pub law: &'static str,
}

impl DutyView {
    /// The duty as an application meets it. None for an extension: whoever is
    /// registered already has met it.
    pub fn of(application: &Application, now: DateTime<Utc>) -> Option<Self> {
        if application.extends.is_some() {
            return None;
        }
        let on = today(application.asked_at.unwrap_or(now));
        let of = |who| {
            [Record::Clean, Record::RepeatedWithinAYear]
                .map(|record| Consequence::of(application.arrived, on, who, record))
        };
        let [first, repeated] = of(Answerable::Resident);
        let owners = kinds(application).into_iter().map(|kind| {
            let [first, repeated] = of(Answerable::Owner(kind));
            OwnerConsequencesView {
                kind: kind.into(),
                first: first.into(),
                repeated: repeated.into(),
            }
        });
        Some(Self {
            due_on: first.due_on,
            as_of: on,
            late_days: first.late_days,
            law: crate::domain::law::Rule::Duty.law(),
            owners: owners.collect(),
            resident: ConsequencesView {
                first: first.into(),
                repeated: repeated.into(),
            },
        })
    }
}

/// What those are who let the residents live there: nobody lets oneself. The tenant
/// of state housing stands in the owner's place.
fn kinds(application: &Application) -> Vec<OwnerKind> {
    let asked = application.consents.iter().map(|consent| &consent.party);
    let attested = application.attestation.iter();
    let attested = attested.flat_map(|it| it.holders.iter().map(|holder| &holder.party));
    if asked
        .chain(attested)
        .any(|party| matches!(party, Party::Tenant(_)))
    {
        return vec![OwnerKind::Individual];
    }
    let lets = |holder: &&Holder| {
        let person = holder.person();
        person.is_none_or(|iin| application.resident(iin).is_none())
    };
    let (people, organisations): (Vec<_>, Vec<_>) = { application.owners.iter() }
        .filter(lets)
        .partition(|holder| holder.person().is_some());
    let kinds = OwnerKind::VARIANTS.iter().copied();
    kinds
        .filter(|kind| match kind {
            OwnerKind::Individual => !people.is_empty(),
            OwnerKind::SmallBusinessOrNonProfit
            | OwnerKind::MediumBusiness
            | OwnerKind::LargeBusiness => !organisations.is_empty(),
        })
        .collect()
}

impl From<Consequence> for ConsequenceView {
    fn from(consequence: Consequence) -> Self {
        let (measure, indices, tenge) = match consequence.measure {
            Measure::None => ("none", None, None),
            Measure::Warning => ("warning", None, None),
            Measure::Fine { indices, amount } => {
                ("fine", Some(indices), amount.map(|amount| amount.0))
            }
            Measure::Unknown => ("unknown", None, None),
        };
        Self {
            measure,
            indices,
            tenge,
            rule: consequence.rule.into(),
            law: consequence.rule.law(),
        }
    }
}
