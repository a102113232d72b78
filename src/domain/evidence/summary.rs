//! The list of who had to sign, as it stands in a package.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    APPLICATION, Ended, Evidence, Exhibit, Given, REMOVAL, act_of, confirmation_of, consent_of,
};
use crate::domain::paper::{Number, Side};
use crate::domain::{Ending, Signatory};

/// The name of the file.
pub(super) const SUMMARY: &str = "registration.json";

/// Who had to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Summary {
    pub(super) registration: String,
    pub(super) registered_at: DateTime<Utc>,
    pub(super) application: String,
    pub(super) resident_iin: String,
    pub(super) signer: Number,
    pub(super) consents: Vec<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended: Option<End>,
}

/// One party that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) consent: String,
    pub(super) party: Side,
    pub(super) signer: Number,
}

/// How the registration ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    pub(super) how: String,
    pub(super) at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) signer: Option<Number>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) confirmations: Vec<Line>,
}

impl Summary {
    /// By what names the files go that belong to the registration.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = vec![APPLICATION.to_owned()];
        names.extend(self.consents.iter().map(|line| consent_of(&line.consent)));
        let end = self.ended.as_ref();
        let act = end.and_then(|end| act_of(Ending::from_str(&end.how).ok()?));
        names.extend(act.map(str::to_owned));
        // Nobody confirms anything but an owner's demand.
        let confirmations = end.filter(|_| act == Some(REMOVAL)).into_iter();
        let confirmations = confirmations.flat_map(|end| &end.confirmations);
        names.extend(confirmations.map(|line| confirmation_of(&line.consent)));
        names
    }
}

impl From<&Evidence> for Summary {
    fn from(evidence: &Evidence) -> Self {
        Self {
            registration: evidence.registration.to_string(),
            registered_at: evidence.registered_at,
            application: evidence.application.to_string(),
            resident_iin: evidence.resident.as_str().to_owned(),
            signer: number(&evidence.applied),
            consents: evidence.consents.iter().map(Line::from).collect(),
            ended: evidence.ended.as_ref().map(End::from),
        }
    }
}

impl From<&Given> for Line {
    fn from(given: &Given) -> Self {
        Self {
            consent: given.consent.to_string(),
            party: Side::from(&given.party),
            signer: number(&given.exhibit),
        }
    }
}

impl From<&Ended> for End {
    fn from(ended: &Ended) -> Self {
        let how: &'static str = ended.how.into();
        Self {
            how: how.to_owned(),
            at: ended.at,
            signer: ended.act.as_ref().map(number),
            confirmations: ended.confirmations.iter().map(Line::from).collect(),
        }
    }
}

fn number(exhibit: &Exhibit) -> Number {
    Number::from(&exhibit.signer)
}

/// An organisation alone stands for whoever may sign for it, with a person for
/// that member of it.
impl From<&Signatory> for Number {
    fn from(signatory: &Signatory) -> Self {
        let (iin, bin) = match signatory {
            Signatory::Person(iin) => (Some(iin), None),
            Signatory::Organisation(bin) | Signatory::Colleague(bin, _) => (None, Some(bin)),
            Signatory::Operator(bin, iin) => (Some(iin), Some(bin)),
        };
        Self {
            iin: iin.map(|iin| iin.as_str().to_owned()),
            bin: bin.map(|bin| bin.as_str().to_owned()),
        }
    }
}
