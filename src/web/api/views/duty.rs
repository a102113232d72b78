//! The ten-day duty, as information.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::law::{Answerable, Consequence, Measure, OwnerKind, Record};
use crate::domain::{Application, today};

/// The duty to register within ten days of arrival, and what the law attaches to
/// being late; information, never a decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DutyView {
    /// Last day on which registering is in time.
    pub due_on: NaiveDate,
    /// Days by which the application came too late; 0 when it is in time.
    pub late_days: u32,
    /// What the law provides for the resident.
    pub resident: ConsequenceView,
    /// What it provides for an owner who is a person.
    pub owner: ConsequenceView,
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
    /// The law that provides it.
    pub law: &'static str,
}

impl From<&Application> for DutyView {
    fn from(application: &Application) -> Self {
        let (arrived, on) = (application.arrived, today(application.created_at));
        let of = |who| Consequence::of(arrived, on, who, Record::Clean);
        let resident = of(Answerable::Resident);
        let owner = of(Answerable::Owner(OwnerKind::Individual));
        Self {
            due_on: resident.due_on,
            late_days: resident.late_days,
            resident: resident.into(),
            owner: owner.into(),
        }
    }
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
            law: consequence.law,
        }
    }
}
