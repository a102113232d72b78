//! Plays commands to the service, over HTTP and with real keys, and remembers what
//! it was told.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bytea, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use kelisim::domain::Holder;
use kelisim::pki::{Behaviour, Reason, Service as Served};
use kelisim::store::Connection;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

mod ending;

use super::command::{Command, Matter, Paper, SIGNERS, Who};
use super::invariants::{Acknowledged, Broken, count};
use super::lane::STRANGER;
use crate::office::{
    Answer, ONE_OWNER, OWNED_TOGETHER, OWNED_WITH_AN_ORGANISATION, Office, TWO_OWNERS,
};
use crate::registers::iin_of;
use crate::service::Service;

/// Fifteen years old; `guardian` acts for him.
const CHILD: &str = "110305599805";

/// No sequence takes longer: nobody is signed in for more days.
const LONGEST_LIFE: TimeDelta = TimeDelta::days(400);

/// Two owners, or one and an adult of the family; with one more somebody signs twice.
const MOST_ASKED: usize = 3;

/// One sequence on its way.
pub(super) struct Stage<'a> {
    pub(super) connection: &'a mut Connection,
    pub(super) service: Service,
    pub(super) acknowledged: Vec<Acknowledged>,
    pub(super) broken: BTreeSet<Broken>,
    people: BTreeMap<&'static str, Office>,
    /// Who owns each dwelling, and after them who did.
    owners: BTreeMap<&'static str, Vec<&'static str>>,
    asked: Vec<Asked>,
    read: BTreeMap<(String, &'static str), Vec<u8>>,
    sent: Vec<Sent>,
    passed: TimeDelta,
    revoked: BTreeSet<&'static str>,
}

/// An application, as its applicant knows it.
#[derive(Clone)]
struct Asked {
    id: String,
    matter: Matter,
    /// What there was to be signed first.
    first: Vec<u8>,
}

/// A request that was sent, and its answer.
#[derive(Clone)]
struct Sent {
    who: &'static str,
    method: Method,
    path: String,
    body: Value,
    key: String,
    answer: Answer,
}

/// The number of a person or of an organisation.
#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    number: String,
}

const ASKED: &str = "SELECT coalesce(c.party_iin, c.party_bin) AS number
    FROM applications a JOIN consents c ON c.application_id = a.id AND c.round = a.round
    WHERE a.id = $1::uuid AND c.removal IS NULL ORDER BY c.answer <> 'awaited', number";

impl Matter {
    fn applicant(self) -> &'static str {
        match self {
            Matter::OneOwner | Matter::TwoOwners | Matter::OwnShare | Matter::Permanent => {
                "resident-2"
            }
            Matter::WithOrganisation => "resident-ecdsa",
            Matter::Family => "guardian",
        }
    }

    fn rka(self) -> &'static str {
        match self {
            Matter::OneOwner | Matter::Family => ONE_OWNER,
            Matter::TwoOwners | Matter::Permanent => TWO_OWNERS,
            Matter::WithOrganisation => OWNED_WITH_AN_ORGANISATION,
            Matter::OwnShare => OWNED_TOGETHER,
        }
    }
}

impl Answer {
    fn is_acknowledged(&self) -> bool {
        matches!(self.status, 200..=202)
    }
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        connection: &'a mut Connection,
        (service, people): (Service, BTreeMap<&'static str, Office>),
    ) -> Stage<'a> {
        Stage {
            connection,
            service,
            people,
            owners: BTreeMap::from([
                (ONE_OWNER, vec!["owner-1"]),
                (TWO_OWNERS, vec!["owner-2", "owner-3"]),
                (OWNED_WITH_AN_ORGANISATION, vec!["owner-1", "organisation"]),
                (OWNED_TOGETHER, vec!["resident-2", "owner-1"]),
            ]),
            acknowledged: Vec::new(),
            broken: BTreeSet::new(),
            asked: Vec::new(),
            read: BTreeMap::new(),
            sent: Vec::new(),
            passed: TimeDelta::zero(),
            revoked: BTreeSet::new(),
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is left is about an application that is there"
    )]
    pub(super) async fn play(&mut self, command: &Command) {
        match command.clone() {
            Command::Draft(matter, months) => {
                self.draft(matter, months).await;
            }
            Command::Apply(matter, months) => {
                self.apply(matter, months).await;
            }
            Command::Move(matter, months) => {
                if let Some(asked) = self.apply(matter, months).await {
                    self.together(&asked).await;
                }
            }
            Command::Sell(rka, owners) => self.sell(rka, owners).await,
            Command::Revoke(who, ago, reason) => self.revoke(who, ago, reason).await,
            Command::Behave(served, behaviour) => self.behave(served, behaviour),
            Command::Pass(time) => self.pass(time),
            Command::Work(job, times) => self.work(job, times).await,
            Command::Repeat(which) => self.repeat(which).await,
            Command::Rekey(which) => self.rekey(which).await,
            Command::Extend(which, months) => self.extend(which, months).await,
            Command::Annul(which) => self.annul(which).await,
            Command::Leave(which, who) => self.end(which, who, "leaving").await,
            Command::Remove(which, who) => self.end(which, who, "removal").await,
            Command::Retract(which, who) => self.retract(which, who).await,
            Command::Empower(holds) => self.empower(holds).await,
            Command::Confirm(which, who, say) => self.confirm(which, who, say).await,
            command => self.play_with_one_asked(command).await,
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is left is about no application"
    )]
    async fn play_with_one_asked(&mut self, command: Command) {
        let Some(asked) = self.one_asked(&command) else {
            return;
        };
        match command {
            Command::Sign(_, paper) => self.sign(&asked, paper).await,
            Command::Consent(_, who, paper) => self.consent(&asked, who, paper).await,
            Command::Together(_) => self.together(&asked).await,
            Command::Decline(_, who, reason) => {
                self.answer(&asked, who, "decline", json!({"reason": reason}))
                    .await;
            }
            Command::TakeBack(_, who) => self.answer(&asked, who, "take-back", json!({})).await,
            Command::Withdraw(_) => {
                let path = format!("/api/v1/applications/{}/withdraw", asked.id);
                self.post(asked.matter.applicant(), &path, json!({})).await;
            }
            Command::Edit(_, matter, months) => self.edit(&asked, matter, months).await,
            other => unreachable!("{other:?} is about no application"),
        }
    }

    fn one_asked(&self, command: &Command) -> Option<Asked> {
        let (Command::Sign(which, _)
        | Command::Consent(which, ..)
        | Command::Together(which)
        | Command::Decline(which, ..)
        | Command::TakeBack(which, _)
        | Command::Withdraw(which)
        | Command::Edit(which, ..)) = command
        else {
            return None;
        };
        // The last one is asked for most often.
        let back = which % self.asked.len().max(1);
        self.asked.iter().rev().nth(back / 2).cloned()
    }

    fn choose(&self, matter: Matter, who: Who) -> &'static str {
        match who {
            Who::Concerned(which) => {
                let mut all = self.owners[matter.rka()].clone();
                if let Matter::Family = matter {
                    all.push("resident-2");
                }
                all.retain(|slug| *slug != matter.applicant());
                let place = which % all.len().max(1);
                all.get(place).copied().unwrap_or(STRANGER)
            }
            Who::Anybody(which) => SIGNERS[which % SIGNERS.len()],
        }
    }

    /// One of those who are asked, first those who have not answered.
    async fn choose_asked(&mut self, asked: &Asked, who: Who) -> &'static str {
        let Who::Concerned(which) = who else {
            return self.choose(asked.matter, who);
        };
        let all: Vec<Named> = diesel::sql_query(ASKED)
            .bind::<Text, _>(&asked.id)
            .load(self.connection)
            .await
            .unwrap();
        let all: Vec<_> = all.iter().filter_map(|one| self.slug_of(one)).collect();
        let place = which % all.len().max(1);
        all.get(place).copied().unwrap_or(STRANGER)
    }

    fn slug_of(&self, named: &Named) -> Option<&'static str> {
        let mut people = self.people.iter();
        let found = people.find(|(_, office)| {
            let identity = &office.person.character.identity;
            let organisation = identity.organisation.as_ref();
            organisation.map_or(&identity.iin, |one| &one.bin) == &named.number
        });
        found.map(|(slug, _)| *slug)
    }

    /// What is asked for from today on.
    fn proposal(&self, matter: Matter, months: u32) -> Value {
        let today = (self.service.now() + TimeDelta::hours(5)).date_naive();
        let mut body =
            json!({"rka": matter.rka(), "starts_on": today, "arrived_on": today, "language": "ru"});
        match matter {
            Matter::Permanent => body["kind"] = json!("permanent"),
            Matter::Family => {
                let residents = [iin_of("guardian"), iin_of("resident-2")];
                let residents = residents.iter().map(|iin| iin.as_str()).chain([CHILD]);
                body["residents"] = residents.collect();
                body["months"] = json!(months);
            }
            Matter::OneOwner | Matter::TwoOwners | Matter::WithOrganisation | Matter::OwnShare => {
                body["months"] = json!(months)
            }
        }
        body
    }

    async fn draft(&mut self, matter: Matter, months: u32) -> Option<Asked> {
        let body = self.proposal(matter, months);
        self.drafted(matter, body).await
    }

    async fn drafted(&mut self, matter: Matter, body: Value) -> Option<Asked> {
        let drafted = self.post(matter.applicant(), "/api/v1/applications", body);
        let drafted = drafted.await;
        let asked = drafted.is_acknowledged().then(|| Asked {
            id: drafted.id().to_owned(),
            matter,
            first: to_sign(&drafted).unwrap(),
        });
        self.asked.extend(asked.clone());
        asked
    }

    async fn apply(&mut self, matter: Matter, months: u32) -> Option<Asked> {
        let asked = self.draft(matter, months).await?;
        self.sign(&asked, Paper::Present).await;
        Some(asked)
    }

    /// The applicant is another only when somebody else asks: that is refused.
    async fn edit(&mut self, asked: &Asked, matter: Matter, months: u32) {
        let path = format!("/api/v1/applications/{}", asked.id);
        let body = self.proposal(matter, months);
        let edited = self
            .call(matter.applicant(), Method::PUT, &path, body)
            .await;
        if edited.is_acknowledged() {
            let mut all = self.asked.iter_mut();
            let own = all.find(|one| one.id == asked.id).unwrap();
            own.matter = matter;
        }
    }

    async fn sign(&mut self, asked: &Asked, paper: Paper) {
        let office = &self.people[asked.matter.applicant()];
        let seen = office.sees(&asked.id).await;
        let present = to_sign(&seen).filter(|_| matches!(paper, Paper::Present));
        let content = present.unwrap_or_else(|| asked.first.clone());
        let signature = office.sign(&self.service, &content);
        let path = format!("/api/v1/applications/{}/signature", asked.id);
        let body = json!({"signature": signature});
        self.post(asked.matter.applicant(), &path, body).await;
    }

    async fn consent(&mut self, asked: &Asked, who: Who, paper: Paper) {
        let slug = self.choose_asked(asked, who).await;
        if let Some((path, body)) = self.signed_consent(asked, slug, paper).await {
            self.post(slug, &path, body).await;
        }
    }

    /// A consent of this person: to what they are asked, and otherwise to what is
    /// asked of somebody else.
    async fn signed_consent(
        &mut self,
        asked: &Asked,
        slug: &'static str,
        paper: Paper,
    ) -> Option<(String, Value)> {
        let path = self.consent_path(asked, slug).await?;
        let office = &self.people[slug];
        let document = office.get(&format!("{path}/document")).await;
        let first = self.read.entry((asked.id.clone(), slug));
        let present = match document.status {
            200 => document.bytes,
            _ => asked.first.clone(),
        };
        let first = first.or_insert_with(|| present.clone());
        let content = match paper {
            Paper::Present => &present,
            Paper::First => first,
        };
        let signature = office.sign(&self.service, content);
        Some((format!("{path}/signature"), json!({"signature": signature})))
    }

    async fn consent_path(&self, asked: &Asked, slug: &'static str) -> Option<String> {
        let mut seen = self.people[slug].sees(&asked.id).await;
        if seen.status != 200 {
            seen = self.people[asked.matter.applicant()].sees(&asked.id).await;
        }
        let consent = seen.body["consents"][0]["id"].as_str()?;
        Some(format!(
            "/api/v1/applications/{}/consents/{consent}",
            asked.id
        ))
    }

    async fn answer(&mut self, asked: &Asked, who: Who, what: &str, body: Value) {
        let slug = self.choose_asked(asked, who).await;
        if let Some(path) = self.consent_path(asked, slug).await {
            self.post(slug, &format!("{path}/{what}"), body).await;
        }
    }

    async fn together(&mut self, asked: &Asked) {
        let mut under_way = tokio::task::JoinSet::new();
        for which in 0..MOST_ASKED {
            let slug = self.choose_asked(asked, Who::Concerned(which)).await;
            let Some((path, body)) = self.signed_consent(asked, slug, Paper::Present).await else {
                continue;
            };
            let office = self.people[slug].moved_to(&self.service);
            let sent = sent(slug, Method::POST, &path, body);
            under_way.spawn(async move { send(&office, sent).await });
        }
        while let Some(sent) = under_way.join_next().await {
            self.remember(sent.unwrap());
        }
    }

    async fn repeat(&mut self, which: usize) {
        let Some(before) = self.one_sent(which, |_| true) else {
            return;
        };
        let counted = self.counted().await;
        let again = send(&self.people[before.who], before.clone()).await;
        if !before.answer.is_acknowledged() {
            self.remember(again);
            return;
        }
        let same = again.answer == before.answer;
        if !same || counted != self.counted().await {
            self.breaks("I14", format!("{} {} again", before.method, before.path));
        }
    }

    async fn rekey(&mut self, which: usize) {
        let Some(before) = self.one_sent(which, |sent| sent.answer.is_acknowledged()) else {
            return;
        };
        let mut other = before.clone();
        (other.method, other.body) = (Method::POST, json!({}));
        other.path = format!("/api/v1/applications/{}/withdraw", before.answer.id());
        if other.path == before.path {
            other.path = "/api/v1/applications".to_owned();
            other.body = self.proposal(Matter::OneOwner, 1);
        }
        let counted = self.counted().await;
        let refused = send(&self.people[before.who], other).await.answer;
        let as_reused = (refused.status, refused.body["type"].as_str())
            == (422, Some("urn:kelisim:problem:idempotency-key-reused"));
        if !as_reused || counted != self.counted().await {
            self.breaks("I14", format!("a key with another body: {refused:?}"));
        }
    }

    fn one_sent(&self, which: usize, wanted: impl Fn(&Sent) -> bool) -> Option<Sent> {
        let all = self.sent.iter().filter(|sent| wanted(sent));
        let all: Vec<_> = all.collect();
        let place = which % all.len().max(1);
        all.into_iter().rev().nth(place).cloned()
    }

    async fn sell(&mut self, rka: &'static str, owners: &'static [&'static str]) {
        self.pass(TimeDelta::seconds(2));
        self.service.add_dwelling(rka, owners).await;
        let holders = owners.iter().map(|slug| match Holder::from(iin_of(slug)) {
            Holder::Person(iin) => format!("iin:{}", iin.as_str()),
            Holder::Organisation(bin) => format!("bin:{}", bin.as_str()),
        });
        diesel::sql_query("INSERT INTO owned VALUES ($1, $2, $3)")
            .bind::<Text, _>(rka)
            .bind::<Array<Text>, _>(holders.collect::<Vec<_>>())
            .bind::<Timestamptz, _>(self.service.now())
            .execute(self.connection)
            .await
            .unwrap();
        let known = self.owners.entry(rka).or_default();
        let former = std::mem::replace(known, owners.to_vec());
        let gone = former.into_iter().filter(|slug| !owners.contains(slug));
        known.extend(gone);
        self.pass(TimeDelta::seconds(2));
    }

    async fn revoke(&mut self, who: &'static str, ago: i64, reason: Reason) {
        if !self.revoked.insert(who) {
            return;
        }
        self.pass(TimeDelta::seconds(2));
        let now = self.service.now();
        let since = now - TimeDelta::minutes(ago);
        self.service.revoke(who, since, reason);
        diesel::sql_query("INSERT INTO revoked VALUES ($1, $2, $3)")
            .bind::<Bytea, _>(&self.service.pki.person(who).unwrap().certificate)
            .bind::<Timestamptz, _>(since)
            .bind::<Timestamptz, _>(now)
            .execute(self.connection)
            .await
            .unwrap();
        self.pass(TimeDelta::seconds(2));
    }

    pub(super) fn behave(&mut self, served: Served, behaviour: Behaviour) {
        self.service.authority.behave(served, behaviour).unwrap();
    }

    pub(super) fn pass(&mut self, time: TimeDelta) {
        if self.passed + time < LONGEST_LIFE {
            self.passed += time;
            self.service.pass(time);
        }
    }

    async fn post(&mut self, who: &'static str, path: &str, body: Value) -> Answer {
        self.call(who, Method::POST, path, body).await
    }

    async fn call(&mut self, who: &'static str, method: Method, path: &str, body: Value) -> Answer {
        let sent = send(&self.people[who], sent(who, method, path, body)).await;
        let answer = sent.answer.clone();
        self.remember(sent);
        answer
    }

    fn remember(&mut self, sent: Sent) {
        let answer = &sent.answer;
        if answer.is_acknowledged() {
            self.acknowledged.push(Acknowledged {
                application: Uuid::parse_str(answer.id()).unwrap(),
                version: answer.body["version"].as_i64().unwrap(),
                state: answer.state().to_owned(),
            });
        }
        let kind = answer.body["type"].as_str();
        let refused_in_earnest = match answer.status {
            200..=202 | 403 | 404 | 409 | 422 => true,
            503 => kind == Some("urn:kelisim:problem:signature-refused"),
            _ => false,
        };
        if !refused_in_earnest {
            let what = format!("{} {}: {:?}", sent.method, sent.path, answer.body);
            self.breaks("every refusal has a reason", what);
        }
        self.sent.push(sent);
    }

    /// I14: each effect has one answer that is kept.
    pub(super) async fn answers_kept(&mut self) {
        let kept = self.count("SELECT count(*) FROM idempotency_keys").await;
        let acknowledged = i64::try_from(self.acknowledged.len()).unwrap();
        if kept != acknowledged {
            self.breaks("I14", format!("{kept} answers kept of {acknowledged}"));
        }
    }

    /// I16: whom it does not concern sees nothing of it.
    pub(super) async fn hidden_from_strangers(&mut self) {
        for asked in self.asked.clone() {
            let seen = self.people[STRANGER].sees(&asked.id).await;
            if seen.status != 404 {
                self.breaks("I16", format!("a stranger sees {}", asked.id));
            }
        }
    }

    /// Everything that anything can have an effect on, as one number.
    pub(super) async fn counted(&mut self) -> i64 {
        self.count(
            "SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM outbox)
                + (SELECT count(*) FROM signatures) + (SELECT count(*) FROM received_signatures)
                + (SELECT count(*) FROM documents WHERE purpose = 'application')
                + (SELECT count(*) FROM registrations) + (SELECT count(*) FROM idempotency_keys)
                + (SELECT coalesce(sum(version), 0)::bigint FROM applications)",
        )
        .await
    }

    pub(super) async fn count(&mut self, query: &str) -> i64 {
        count(self.connection, query).await
    }

    pub(super) fn breaks(&mut self, number: &'static str, what: String) {
        self.broken.insert(Broken { number, what });
    }
}

fn to_sign(seen: &Answer) -> Option<Vec<u8>> {
    let content = seen.body["to_sign"]["content"].as_str()?;
    Some(STANDARD.decode(content).unwrap())
}

fn sent(who: &'static str, method: Method, path: &str, body: Value) -> Sent {
    Sent {
        who,
        method,
        path: path.to_owned(),
        body,
        key: Uuid::now_v7().to_string(),
        answer: Answer {
            status: 0,
            body: Value::Null,
            bytes: Vec::new(),
        },
    }
}

async fn send(office: &Office, mut sent: Sent) -> Sent {
    let request = office.request(sent.method.clone(), &sent.path);
    let request = request
        .header("Idempotency-Key", &sent.key)
        .json(&sent.body);
    sent.answer = office.send(request).await;
    sent
}
