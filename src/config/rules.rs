//! What the law leaves to the service, as the operator of it decides.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use chrono::TimeDelta;
use clap::{Args, ValueEnum};

use crate::domain::law::Quotas;
use crate::domain::{CoOwners, FourEyes, Rules, SoleOwner};
use crate::eds::Bin;

/// The arguments that settle the rules.
#[derive(Clone, Debug, Args)]
pub struct RuleArguments {
    /// Hours for which an answer is awaited
    #[arg(
        long,
        env = "KELISIM_ANSWER_HOURS",
        value_name = "N",
        default_value_t = 72
    )]
    answer_hours: u32,

    /// How many hours before that deadline those who have not answered are reminded
    #[arg(
        long,
        env = "KELISIM_ANSWER_REMINDER_HOURS",
        value_name = "N",
        value_delimiter = ',',
        default_values_t = [24, 4]
    )]
    answer_reminder_hours: Vec<u32>,

    /// How many days before its end the people of a registration are reminded
    #[arg(
        long,
        env = "KELISIM_ENDING_REMINDER_DAYS",
        value_name = "N",
        value_delimiter = ',',
        default_values_t = [30, 7, 1]
    )]
    ending_reminder_days: Vec<u32>,

    /// Days for which an owner's invitation can be used
    #[arg(
        long,
        env = "KELISIM_INVITATION_DAYS",
        value_name = "N",
        default_value_t = 10
    )]
    invitation_days: u32,

    /// Organisations (BIN) that keep public service centres, whose operators may
    /// apply for people who are present; may be given several times
    #[arg(
        long,
        env = "KELISIM_SERVICE_CENTRES",
        value_name = "BIN",
        value_delimiter = ','
    )]
    service_centre: Vec<String>,

    /// TOML file with the cities' limits on how many people may be registered in a
    /// dwelling; no limits without it
    #[arg(long, env = "KELISIM_QUOTAS", value_name = "FILE")]
    quotas: Option<PathBuf>,

    /// Whether a second operator signs what the first one lodges
    #[arg(
        long,
        env = "KELISIM_FOUR_EYES",
        value_name = "RULE",
        default_value = "waived"
    )]
    four_eyes: Demand,

    /// Whether the other owners confirm that one of them ends a registration
    #[arg(
        long,
        env = "KELISIM_CO_OWNERS",
        value_name = "RULE",
        default_value = "demanded"
    )]
    co_owners: Demand,

    /// Whether the only owner of a dwelling may register there by their own
    /// application alone
    #[arg(
        long,
        env = "KELISIM_SOLE_OWNER",
        value_name = "RULE",
        default_value = "allowed"
    )]
    sole_owner: Allowance,
}

/// Whether something is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Demand {
    Demanded,
    Waived,
}

/// Whether something is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Allowance {
    Allowed,
    Refused,
}

impl RuleArguments {
    pub(super) fn rules(&self) -> Rules {
        let hours = |hours: &u32| TimeDelta::hours(i64::from(*hours));
        let days = |days: &u32| TimeDelta::days(i64::from(*days));
        Rules {
            answer_window: hours(&self.answer_hours.max(1)),
            invitation_window: days(&self.invitation_days.max(1)),
            answer_reminders: falling(self.answer_reminder_hours.iter().map(hours)),
            ending_reminders: falling(self.ending_reminder_days.iter().map(days)),
            four_eyes: match self.four_eyes {
                Demand::Demanded => FourEyes::Demanded,
                Demand::Waived => FourEyes::Waived,
            },
            co_owners: match self.co_owners {
                Demand::Demanded => CoOwners::Confirm,
                Demand::Waived => CoOwners::NotAsked,
            },
            sole_owner: match self.sole_owner {
                Allowance::Allowed => SoleOwner::May,
                Allowance::Refused => SoleOwner::MayNot,
            },
            ..Rules::default()
        }
    }

    /// How many people may be registered in a dwelling, by city.
    pub(super) fn quotas(&self) -> Result<Quotas, String> {
        let Some(file) = &self.quotas else {
            return Ok(Quotas::default());
        };
        let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
        Quotas::parse(&text).map_err(|error| error.to_string())
    }

    /// The organisations that keep service centres.
    pub(super) fn centres(&self) -> Result<BTreeSet<Bin>, String> {
        let centres = self.service_centre.iter();
        centres
            .map(|text| Bin::parse(text).map_err(|error| format!("{text}: {error}")))
            .collect()
    }
}

/// The longest time before comes first.
fn falling(times: impl Iterator<Item = TimeDelta>) -> Vec<TimeDelta> {
    let times: BTreeSet<TimeDelta> = times.collect();
    times.into_iter().rev().collect()
}
