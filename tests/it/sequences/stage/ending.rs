//! What people, owners and the state register do with what is registered.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use kelisim::domain::today;
use serde_json::json;

use super::super::command::{Matter, Paper, Say, Who};
use super::Stage;
use crate::state_register::answers;

#[derive(QueryableByName)]
struct Registered {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    application: String,
}

impl Stage<'_> {
    /// Leaves, or demands an end.
    pub(super) async fn end(&mut self, which: usize, who: Who, how: &str) {
        let Some((registered, matter)) = self.registered(which).await else {
            return;
        };
        let slug = match (how, who) {
            ("leaving", Who::Concerned(_)) => matter.applicant(),
            _ => self.choose(matter, who),
        };
        let path = format!("/api/v1/registrations/{}/{how}", registered.id);
        self.sign_issued(slug, &path).await;
    }

    pub(super) async fn retract(&mut self, which: usize, who: Who) {
        if let Some((registered, matter)) = self.registered(which).await {
            let slug = self.choose(matter, who);
            let path = format!("/api/v1/registrations/{}/removal/withdraw", registered.id);
            self.post(slug, &path, json!({})).await;
        }
    }

    pub(super) async fn empower(&mut self, holds: bool) {
        self.pass(TimeDelta::seconds(2));
        let now = self.service.now();
        let revoked = (!holds).then_some(today(now));
        self.service
            .change_power(|power| power.revoked_on = revoked)
            .await;
        diesel::sql_query("INSERT INTO empowered VALUES ($1, $2)")
            .bind::<Bool, _>(holds)
            .bind::<Timestamptz, _>(now)
            .execute(self.connection)
            .await
            .unwrap();
        self.pass(TimeDelta::seconds(2));
    }

    /// Asks for more months within the last of them: not earlier than it may be asked,
    /// and not later than the last day.
    pub(super) async fn extend(&mut self, which: usize, months: u32) {
        let Some((registered, matter)) = self.registered(which).await else {
            return;
        };
        let office = &self.people[matter.applicant()];
        let seen = office.sees_registration(&registered.id).await;
        let last = seen.body["ends_on"].as_str();
        let last = last.and_then(|day| day.parse::<NaiveDate>().ok());
        let Some(last) = last else {
            return;
        };
        let asked_at = last.and_time(NaiveTime::MIN).and_utc() - TimeDelta::days(10);
        self.pass((asked_at - self.service.now()).max(TimeDelta::zero()));
        let mut body = self.proposal(matter, months);
        body["starts_on"] = json!(last + Days::new(1));
        body["extends"] = json!(registered.id);
        if let Some(asked) = self.drafted(matter, body).await {
            self.sign(&asked, Paper::Present).await;
            self.together(&asked).await;
        }
    }

    pub(super) async fn annul(&mut self, which: usize) {
        let Some((registered, _)) = self.registered(which).await else {
            return;
        };
        let body = json!({"registration": registered.id, "outcome": "rejected", "reason": "test"});
        let answer = answers(&self.service, &body).await;
        if answer.status != 200 {
            self.breaks(
                "every refusal has a reason",
                format!("annulling: {:?}", answer.body),
            );
        }
    }

    pub(super) async fn confirm(&mut self, which: usize, who: Who, say: Say) {
        let Some((registered, matter)) = self.registered(which).await else {
            return;
        };
        let slug = self.choose(matter, who);
        let seen = self.people[slug].sees_registration(&registered.id).await;
        let consent = seen.body["removal"]["consents"][0]["id"].as_str();
        let Some(consent) = consent else {
            return;
        };
        let application = &registered.application;
        let path = format!("/api/v1/applications/{application}/consents/{consent}");
        match say {
            Say::Yes => self.sign_issued(slug, &path).await,
            Say::No => {
                let body = json!({"reason": "not_agreed"});
                self.post(slug, &format!("{path}/decline"), body).await;
            }
        }
    }

    async fn sign_issued(&mut self, slug: &'static str, path: &str) {
        let office = &self.people[slug];
        let document = office.get(&format!("{path}/document")).await;
        if document.status == 200 {
            let signature = office.sign(&self.service, &document.bytes);
            let body = json!({"signature": signature});
            self.post(slug, &format!("{path}/signature"), body).await;
        }
    }

    async fn registered(&mut self, which: usize) -> Option<(Registered, Matter)> {
        let query = "SELECT id::text, application_id::text AS application FROM registrations
            ORDER BY ended_at IS NOT NULL, id DESC";
        let all: Vec<Registered> = diesel::sql_query(query)
            .load(self.connection)
            .await
            .unwrap();
        let place = which % all.len().max(1);
        let one = all.into_iter().nth(place)?;
        let asked = self
            .asked
            .iter()
            .find(|asked| asked.id == one.application)?;
        Some((one, asked.matter))
    }
}
