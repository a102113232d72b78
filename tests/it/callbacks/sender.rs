//! Our side: a database of its own and a clock that is set by hand.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kelisim::domain::law::Quotas;
use kelisim::domain::{
    Address, Applicant, Application, Capacity, Dwelling, Language, Period, Proposal, Question,
    Resident, Rka, Rules, Term, Use, today,
};
use kelisim::eds::{Iin, Policy, Trust};
use kelisim::flow::{House, Settings, TrustInUse};
use kelisim::remote::http::Limits;
use kelisim::remote::sources::Sources;
use kelisim::store::applications;
use kelisim::store::connect::PoolSize;
use kelisim::store::outbox::{self, Message};
use kelisim::worker::deliver::{Tally, run_once};
use ring::rand::SystemRandom;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::portal::Portal;
use crate::service::{keeper, own_database, witnesses_of};

pub(super) struct Sender {
    pub(super) house: House,
    clock: Arc<Mutex<DateTime<Utc>>>,
}

impl Sender {
    pub(super) async fn open() -> Self {
        let clock = Arc::new(Mutex::new(real_time()));
        let told = Arc::clone(&clock);
        let house = House {
            pool: own_database().await.pool(PoolSize(4)).unwrap(),
            trust: Arc::new(TrustInUse::new(Trust::new::<&[u8]>(&[], &[], &[]).unwrap())),
            clock: Arc::new(move || *told.lock().unwrap()),
            random: Arc::new(SystemRandom::new()),
            witnesses: witnesses_of(&Sources::default(), Limits::EVIDENCE),
            settings: Arc::new(settings()),
            watch: Arc::default(),
            inspections: Arc::new(Semaphore::new(1)),
        };
        Self { house, clock }
    }

    pub(super) fn pass(&self, time: TimeDelta) {
        *self.clock.lock().unwrap() += time;
    }

    pub(super) async fn application(&self) -> Uuid {
        let now = self.house.now();
        let resident = Resident {
            iin: Iin::parse("920614499917").unwrap(),
            name: "ҚОНАҚБАЕВА ӘСЕЛ".to_owned(),
        };
        let dwelling = dwelling();
        let proposal = Proposal {
            applicant: Applicant {
                iin: resident.iin.clone(),
                name: resident.name.clone(),
                capacity: Capacity::Oneself,
            },
            residents: vec![resident],
            asked: Question {
                owners: dwelling.owners.clone(),
                consents: Vec::new(),
            },
            dwelling,
            term: Term::Temporary(Period::new(today(now), 6).unwrap()),
            arrived: today(now),
            language: Language::Kk,
            extends: None,
        };
        let id = self.house.id(now).unwrap();
        let rules = &self.house.settings.rules;
        let application = Application::draft(id, proposal, rules, now);
        let mut connection = self.house.pool.take().await.unwrap();
        applications::insert(&mut connection, &application)
            .await
            .unwrap();
        id.uuid()
    }

    pub(super) async fn applications(&self, count: usize) -> Vec<Uuid> {
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(self.application().await);
        }
        all
    }

    pub(super) async fn write(&self, application: Uuid, sequence: i64) -> Uuid {
        let now = self.house.now();
        let message = Message {
            application_id: application,
            sequence,
            id: self.house.uuid(now).unwrap(),
            body: serde_json::json!({"application": application, "version": sequence}).to_string(),
            created_at: now,
            attempts: 0,
            next_attempt_at: now,
        };
        let mut connection = self.house.pool.take().await.unwrap();
        outbox::put(&mut connection, &message).await.unwrap();
        message.id
    }

    pub(super) async fn deliver(&self, portal: &Portal) -> Tally {
        run_once(&self.house, &portal.webhook).await.unwrap()
    }

    pub(super) async fn claim(&self) -> Option<Message> {
        let now = self.house.now();
        let mut connection = self.house.pool.take().await.unwrap();
        let until = now + TimeDelta::seconds(30);
        outbox::claim(&mut connection, now, until).await.unwrap()
    }

    pub(super) async fn backlog(&self) -> outbox::Undelivered {
        let mut connection = self.house.pool.take().await.unwrap();
        outbox::backlog(&mut connection).await.unwrap()
    }

    pub(super) async fn last_error(&self, application: Uuid, sequence: i64) -> Option<String> {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = Nullable<Text>)]
            last_error: Option<String>,
        }
        let mut connection = self.house.pool.take().await.unwrap();
        let query = "SELECT last_error FROM outbox WHERE application_id = $1 AND sequence = $2";
        let row: Row = diesel::sql_query(query)
            .bind::<SqlUuid, _>(application)
            .bind::<BigInt, _>(sequence)
            .get_result(&mut connection)
            .await
            .unwrap();
        row.last_error
    }
}

fn settings() -> Settings {
    Settings {
        origin: "http://localhost".to_owned(),
        keeper: keeper(),
        challenge_window: TimeDelta::seconds(120),
        key_files_in_browser: true,
        session_idle: TimeDelta::minutes(15),
        session_length: TimeDelta::hours(8),
        rules: Rules::default(),
        quotas: Quotas::default(),
        portal: None,
        state_register: None,
        centres: BTreeSet::new(),
        administrators: BTreeSet::new(),
        document_policy: Policy::national(),
        organisation_policy: Policy::organisation_lasting(),
        operator_policy: Policy::operator_lasting(),
        login_policy: Policy::login(),
    }
}

/// The independent verifier compares with the real time.
#[expect(
    clippy::disallowed_methods,
    reason = "the verifier of the other side reads the real clock"
)]
fn real_time() -> DateTime<Utc> {
    DateTime::<Utc>::from(std::time::SystemTime::now()).trunc_subsecs(3)
}

fn dwelling() -> Dwelling {
    Dwelling {
        rka: Rka::parse("0201999000000011").unwrap(),
        address: Address {
            kk: "Ойдан қаласы".to_owned(),
            ru: "г. Ойдан".to_owned(),
            en: "Oidan".to_owned(),
        },
        used_as: Use::Home,
        area: None,
        owners: [Iin::parse("680917399936").unwrap().into()].into(),
    }
}
