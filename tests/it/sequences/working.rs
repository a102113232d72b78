//! The service's own work, and what must have come of everything when people and
//! faults rest.

use chrono::TimeDelta;
use kelisim::flow::{Error, House};
use kelisim::pki::{Behaviour, Service as Served};

use super::command::{Job, Times};
use super::invariants::{broken, judged_otherwise, lost, outlived};
use super::stage::Stage;

/// How much of it is done at a time.
const BATCH: i64 = 100;

/// More signatures than ever wait in a sequence.
const MANY: usize = 100;

impl Job {
    async fn run(self, house: &House) -> Result<usize, Error> {
        match self {
            Job::Settle => house.settle_received(MANY).await,
            Job::Register => house.register_agreed(BATCH).await,
            Job::Lapse => house.lapse_overdue(BATCH).await,
            Job::Expire => house.expire_over(BATCH).await,
            Job::Drop => house.drop_unconfirmed(BATCH).await,
            Job::Discontinue => house.discontinue(BATCH).await,
            Job::Remind => house.remind_due(BATCH).await,
        }
    }
}

impl Stage<'_> {
    /// I25: whatever the service has done it does not do again.
    pub(super) async fn work(&mut self, job: Job, times: Times) {
        let house = self.service.house.clone();
        let (first, second) = match times {
            Times::Once => (job.run(&house).await, Ok(0)),
            Times::AtOnce => tokio::join!(job.run(&house), job.run(&house)),
        };
        // A responder that was too slow the first time may answer the second time.
        let unclear = "SELECT count(*) FROM applications WHERE state = 'consented'";
        let unclear = matches!(job, Job::Register | Job::Settle) && self.count(unclear).await > 0;
        let counted = self.counted().await;
        let third = job.run(&house).await;
        if !unclear && counted != self.counted().await {
            self.breaks(
                "I25",
                format!("{job:?} has an effect when it is done again"),
            );
        }
        for failed in [first, second, third].into_iter().filter_map(Result::err) {
            self.breaks("I25", format!("{job:?} fails: {failed}"));
        }
    }

    pub(super) async fn check(&mut self) {
        let found = broken(self.connection).await;
        self.broken.extend(found);
    }

    /// L1, L2: people and faults rest; what waits is settled within minutes, and what
    /// is agreed is registered or refused.
    pub(super) async fn rest(&mut self) {
        self.behave(Served::Ocsp, Behaviour::Honest);
        self.behave(Served::TimeStamps, Behaviour::Honest);
        let waiting = "SELECT count(*) FROM received_signatures WHERE settled_at IS NULL";
        let mut turns = 0;
        while self.count(waiting).await > 0 && turns < 10 {
            self.service.pass(TimeDelta::seconds(31));
            self.work(Job::Settle, Times::Once).await;
            turns += 1;
        }
        if self.count(waiting).await > 0 {
            self.breaks("L2", "a signature waits though nothing is wrong".to_owned());
        }
        self.work(Job::Register, Times::AtOnce).await;
        self.work(Job::Discontinue, Times::AtOnce).await;
        // What is over by now expires instead.
        let now = self.service.now().to_rfc3339();
        let continued = format!(
            "SELECT count(*) FROM registrations r JOIN applications a ON a.id = r.application_id
                JOIN registrations former ON former.id = a.extends
                WHERE r.ended_at IS NULL AND former.ending <> 'expired'
                AND (r.ends_on + 1)::timestamp AT TIME ZONE 'UTC' - interval '5 hours' > '{now}'"
        );
        if self.count(&continued).await > 0 {
            self.breaks(
                "L1",
                "what continued a registration outlasts its early end".to_owned(),
            );
        }
        let agreed = "SELECT count(*) FROM applications WHERE state = 'consented'";
        if self.count(agreed).await > 0 {
            self.breaks("L1", "what is agreed is not registered".to_owned());
        }
    }

    /// What must hold in the end, whatever happened.
    pub(super) async fn look_back(&mut self) {
        self.check().await;
        self.answers_kept().await;
        self.hidden_from_strangers().await;
        let lost = lost(self.connection, &self.acknowledged).await;
        self.broken.extend(lost);
    }

    pub(super) async fn judge_again(&mut self) {
        let found = judged_otherwise(&self.service.house, self.connection).await;
        self.broken.extend(found);
    }

    /// People are reminded once, whoever reminds them.
    pub(super) async fn remind(&mut self) {
        self.service.pass(TimeDelta::hours(49));
        self.work(Job::Remind, Times::AtOnce).await;
    }

    /// L4, L5, I13: long after, everything has ended that has an end.
    pub(super) async fn outlive(&mut self) {
        self.service.pass(TimeDelta::days(400));
        let all = [
            Job::Register,
            Job::Lapse,
            Job::Drop,
            Job::Discontinue,
            Job::Expire,
        ];
        for job in all {
            self.work(job, Times::AtOnce).await;
        }
        let now = self.service.now();
        let found = outlived(self.connection, now).await;
        self.broken.extend(found);
        let stuck = "SELECT count(*) FROM applications a
            WHERE state NOT IN ('ended', 'declined', 'withdrawn', 'lapsed', 'refused')
            AND NOT (state = 'registered' AND kind = 'permanent')";
        let stuck = self.count(stuck).await;
        if stuck > 0 {
            self.breaks("L5", format!("{stuck} applications never end"));
        }
        self.check().await;
    }
}
