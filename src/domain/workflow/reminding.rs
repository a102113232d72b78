//! When people are reminded: each reminder once, and never more than there are.

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
        let due = self.next_reminder(rules).is_some_and(|at| at <= now);
        if !due {
            return Err(Refused::TooEarly);
        }
        if self.reminded_of(rules).0.is_some_and(|end| end < now) {
            return Err(Refused::TooLate);
        }
        let mut next = self.goes(self.state, EventKind::Reminded);
        next.application.reminders = self.reminders_passed(rules, now);
        Ok(next)
    }

    /// How many reminders of the present state have had their time.
    pub(super) fn reminders_passed(&self, rules: &Rules, now: DateTime<Utc>) -> i32 {
        let times = self.reminder_times(rules).into_iter();
        let passed = times.take_while(|at| *at <= now).count();
        i32::try_from(passed).unwrap_or(i32::MAX)
    }

    /// When the next reminder is due in the present state, if one is.
    pub(super) fn next_reminder(&self, rules: &Rules) -> Option<DateTime<Utc>> {
        let sent = usize::try_from(self.reminders).unwrap_or(usize::MAX);
        self.reminder_times(rules).into_iter().nth(sent)
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
