//! When people are reminded: each reminder once, and never more than there are.
//!
//! What counts is the time, not how many reminders there were: the operator may
//! decide on others while applications wait.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Next, by_clock};
use crate::domain::{Actor, Application, EventKind, Refused, RegistrationId, Rules, State};

/// What people are reminded of: the end of a time, and how long before it.
struct Subject<'a> {
    /// The demand whose confirmation is awaited until then; otherwise it is the
    /// application's own deadline, or the end of the registrations.
    demand: Option<RegistrationId>,
    end: DateTime<Utc>,
    before: &'a [TimeDelta],
}

impl Subject<'_> {
    fn times(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.before.iter().map(|before| self.end - *before)
    }

    /// Whether a time of a reminder has come since the one that was to be the next.
    fn is_owed(&self, next: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.times().any(|at| (next..=now).contains(&at))
    }
}

impl Application {
    /// However many were due, one goes out: a worker that slept tells people once,
    /// and nobody of what is over already.
    pub(super) fn reminded(
        &self,
        actor: &Actor,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        by_clock(actor)?;
        let mut due = self.owed(rules, now);
        if due.is_empty() {
            return Err(Refused::TooEarly);
        }
        due.retain(|one| one.end >= now);
        let first = due.first().ok_or(Refused::TooLate)?;
        // What everybody is told comes before what few are.
        let general = due.iter().find(|one| one.demand.is_none());
        let mut next = self.goes(self.state, EventKind::Reminded);
        next.registration = general.unwrap_or(first).demand;
        next.application.reminders = self.reminders.saturating_add(1);
        next.application.remind_at = None;
        Ok(next)
    }

    /// When the next reminder is due in the present state by these rules, if one is:
    /// at once when one is owed, otherwise at the first of their times that is still
    /// to come.
    pub fn next_reminder(&self, rules: &Rules, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if !self.owed(rules, now).is_empty() {
            return self.remind_at;
        }
        self.reminder_after(rules, now)
    }

    /// The first time of a reminder that is still to come.
    pub fn reminder_after(&self, rules: &Rules, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let subjects = self.subjects(rules);
        let times = subjects.iter().flat_map(Subject::times);
        times.filter(|at| *at > now).min()
    }

    fn owed<'a>(&self, rules: &'a Rules, now: DateTime<Utc>) -> Vec<Subject<'a>> {
        let Some(next) = self.remind_at else {
            return Vec::new();
        };
        let mut subjects = self.subjects(rules);
        subjects.retain(|one| one.is_owed(next, now));
        subjects
    }

    fn subjects<'a>(&self, rules: &'a Rules) -> Vec<Subject<'a>> {
        let answer = |demand, end| Subject {
            demand,
            end,
            before: &rules.answer_reminders,
        };
        match self.state {
            State::Draft | State::AwaitingConsent => vec![answer(None, self.deadline)],
            State::Registered => {
                let demands = self.registrations.iter().filter_map(|registration| {
                    let removal = registration.removal.as_ref()?;
                    Some(answer(Some(registration.id), removal.deadline))
                });
                let last = self.term.over_at().map(|end| Subject {
                    demand: None,
                    end,
                    before: &rules.ending_reminders,
                });
                demands.chain(last).collect()
            }
            State::PendingEvidence
            | State::Consented
            | State::Ended
            | State::Declined
            | State::Withdrawn
            | State::Lapsed
            | State::Refused => Vec::new(),
        }
    }
}
