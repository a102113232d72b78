//! When people are reminded: each reminder once, and never more than there are.
//!
//! What counts is the time, not how many reminders there were: the operator may
//! decide on others while applications wait.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Next, by_clock};
use crate::domain::{Actor, Application, EventKind, Refused, Rules, State};

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
        if !self.owes_reminder(rules, now) {
            return Err(Refused::TooEarly);
        }
        if self.reminded_of(rules).0.is_some_and(|end| end < now) {
            return Err(Refused::TooLate);
        }
        let mut next = self.goes(self.state, EventKind::Reminded);
        next.application.reminders = self.reminders.saturating_add(1);
        next.application.remind_at = None;
        Ok(next)
    }

    /// When the next reminder is due in the present state by these rules, if one is:
    /// at once when one is owed, otherwise at the first of their times that is still
    /// to come.
    pub fn next_reminder(&self, rules: &Rules, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.owes_reminder(rules, now) {
            return self.remind_at;
        }
        let mut times = self.reminder_times(rules).into_iter();
        times.find(|at| *at > now)
    }

    /// Whether a time of a reminder has come since the one that was to be the next.
    fn owes_reminder(&self, rules: &Rules, now: DateTime<Utc>) -> bool {
        let times = self.reminder_times(rules);
        self.remind_at
            .is_some_and(|next| times.iter().any(|at| (next..=now).contains(at)))
    }

    /// The times of all reminders of the present state.
    fn reminder_times(&self, rules: &Rules) -> Vec<DateTime<Utc>> {
        let (end, before) = self.reminded_of(rules);
        let times = end.into_iter();
        times
            .flat_map(|end| before.iter().map(move |before| end - *before))
            .collect()
    }

    /// Of which moment people are reminded in the present state, and how long
    /// before it.
    fn reminded_of<'a>(&self, rules: &'a Rules) -> (Option<DateTime<Utc>>, &'a [TimeDelta]) {
        match self.state {
            State::AwaitingConsent => (Some(self.deadline), &rules.answer_reminders),
            State::Registered => (self.term.over_at(), &rules.ending_reminders),
            State::Draft
            | State::PendingEvidence
            | State::Consented
            | State::Ended
            | State::Declined
            | State::Withdrawn
            | State::Lapsed
            | State::Refused => (None, &[]),
        }
    }
}
