//! Writes a decision into the audit log, in the transaction that makes it.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::audit::{Author, Record, commitment};
use crate::domain::{
    Actor, Answer, Application, ConsentId, Document, Event, EventKind, Member, Purpose, Step,
};
use crate::eds::Digest;
use crate::flow::{Error, House};
use crate::render::document::canonical;
use crate::store::audit::{evidence, records};
use crate::store::documents::Edition;
use crate::store::received::{self, Waiting};
use crate::store::refusals::{self, Refusal};
use crate::store::{Connection, documents};

/// What was decided about an application.
struct Decision<'a> {
    /// The version to which it led; none when it was no step.
    version: Option<i64>,
    /// The refusal that it was, if it was one.
    refusal: Option<Uuid>,
    /// What it was, in a word.
    kind: &'a str,
    /// Who acted.
    actor: &'a Actor,
    /// The particulars, without personal data: a JSON object.
    body: Value,
    /// When.
    at: DateTime<Utc>,
}

impl House {
    /// Adds a decision to the chain of the application, whose row must be locked
    /// or new: that lock alone keeps the chain in order.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    async fn enter(
        &self,
        connection: &mut Connection,
        application: &Application,
        decision: Decision<'_>,
    ) -> Result<(), Error> {
        let (sequence, previous) = records::last(connection, application.id).await?;
        let (author, person) = match decision.actor {
            Actor::Clock => (Author::Service, None),
            Actor::Register => (Author::Register, None),
            Actor::Person(iin) | Actor::Member(Member { iin, .. }) => {
                let author = match *iin == application.applicant.iin {
                    true => Author::Resident,
                    false => Author::Owner,
                };
                (author, Some(iin))
            }
        };
        let salt = person.map(|_| self.random_bytes::<SALT>()).transpose()?;
        let committed = person.zip(salt.as_ref());
        let actor: &'static str = author.into();
        let record = Record {
            application: application.id,
            sequence: sequence + 1,
            version: decision.version,
            refusal: decision.refusal,
            kind: decision.kind.to_owned(),
            actor: actor.to_owned(),
            person: committed.map(|(iin, salt)| commitment(salt, iin.as_str())),
            body: canonical(&decision.body)?,
            at: decision.at,
            previous,
        };
        let salt = salt.as_ref().map(<[u8; SALT]>::as_slice);
        Ok(records::append(connection, &record, salt).await?)
    }

    /// Adds a step, with the evidence that it stands on.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(in crate::flow) async fn enter_step(
        &self,
        connection: &mut Connection,
        step: &Step,
    ) -> Result<(), Error> {
        let (application, event) = (&step.application, &step.event);
        let mut body = particulars(step);
        self.tell_evidence(connection, application, event, &mut body)
            .await?;
        let decision = Decision {
            version: Some(event.version),
            refusal: None,
            kind: event.kind.into(),
            actor: &event.actor,
            body: Value::Object(body),
            at: event.at,
        };
        self.enter(connection, application, decision).await
    }

    /// What the step stands on, by digests.
    async fn tell_evidence(
        &self,
        connection: &mut Connection,
        application: &Application,
        event: &Event,
        body: &mut Map<String, Value>,
    ) -> Result<(), Error> {
        match event.kind {
            EventKind::Drafted | EventKind::Edited | EventKind::Attested => {
                let edition = Edition::from(application);
                let issued = documents::of(connection, edition, Purpose::Application).await?;
                let issued = issued.iter().map(written);
                body.insert("documents".to_owned(), issued.collect());
            }
            EventKind::Signed
            | EventKind::ConsentGiven
            | EventKind::Registered
            | EventKind::Refused
            | EventKind::RemovalDemanded
            | EventKind::RemovalConfirmed
            | EventKind::Removed
            | EventKind::Left => {
                let signatures = evidence::signatures(connection, application.id).await?;
                let signatures = signatures.iter().map(told).collect::<Result<Vec<_>, _>>()?;
                body.insert("signatures".to_owned(), Value::from(signatures));
            }
            EventKind::SignatureReceived => {
                let waiting = received::waiting_in(connection, application.id).await?;
                let waiting: Vec<Value> = waiting.iter().map(awaited).collect();
                body.insert("waiting".to_owned(), Value::from(waiting));
            }
            EventKind::SignatureRefused
            | EventKind::ConsentDeclined
            | EventKind::ConsentTakenBack
            | EventKind::OwnersChanged
            | EventKind::Reminded
            | EventKind::Withdrawn
            | EventKind::Lapsed
            | EventKind::RemovalDropped
            | EventKind::RemovalWithdrawn
            | EventKind::Expired
            | EventKind::Replaced
            | EventKind::Annulled
            | EventKind::Discontinued => {}
        }
        Ok(())
    }

    /// Writes that a signature was offered and does not count, and adds it to the
    /// chain of the application, as an act of the person who offered it.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(in crate::flow) async fn refuse_signature(
        &self,
        connection: &mut Connection,
        application: &Application,
        refusal: &Refusal<'_>,
    ) -> Result<(), Error> {
        let (id, actor) = (
            self.uuid(refusal.at)?,
            Actor::Person(refusal.person.clone()),
        );
        refusals::insert(connection, id, refusal).await?;
        let mut body = Map::new();
        body.insert("code".to_owned(), json!(refusal.code));
        body.insert("signature".to_owned(), json!(refusal.signature));
        if let Some(consent) = refusal.consent {
            body.insert("consent".to_owned(), json!(consent.uuid()));
        }
        if let Some(report) = refusal.report {
            let report = serde_json::to_value(report).unwrap_or_default();
            body.extend(verdict(&report)?);
        }
        let decision = Decision {
            version: None,
            refusal: Some(id),
            kind: "signature_refused",
            actor: &actor,
            body: Value::Object(body),
            at: refusal.at,
        };
        self.enter(connection, application, decision).await
    }
}

fn particulars(step: &Step) -> Map<String, Value> {
    let (application, event) = (&step.application, &step.event);
    let mut body = Map::new();
    body.insert("state".to_owned(), json!(event.state));
    if let Some(grounds) = application.grounds {
        body.insert("grounds".to_owned(), json!(grounds));
    }
    if let Some(registration) = event.registration {
        body.insert("registration".to_owned(), json!(registration.uuid()));
    }
    if event.kind == EventKind::Registered {
        let led = application.registrations.iter().map(|one| one.id.uuid());
        body.insert(
            "registrations".to_owned(),
            led.map(|id| json!(id)).collect(),
        );
    }
    body.insert("edition".to_owned(), json!(application.edition));
    body.insert("round".to_owned(), json!(application.round));
    if let Some(consent) = &step.answer {
        body.insert("consent".to_owned(), json!(consent.id.uuid()));
        if let Answer::Declined(_, reason) = consent.answer {
            body.insert("reason".to_owned(), json!(reason));
        }
    }
    body
}

fn written(document: &Document) -> Value {
    json!({"id": document.id.uuid(), "digest": Digest::of(&document.bytes)})
}

fn told(one: &evidence::Evidence) -> Result<Value, Error> {
    let mut told = verdict(&one.report)?;
    told.insert("id".to_owned(), json!(one.id));
    told.insert("document".to_owned(), json!(one.document));
    told.insert("signature".to_owned(), json!(one.signature));
    told.insert("certificate".to_owned(), json!(one.certificate));
    if let Some(consent) = one.consent {
        told.insert("consent".to_owned(), json!(consent));
    }
    Ok(Value::Object(told))
}

/// A signature that was acknowledged, and what its verdict still wants.
fn awaited(one: &Waiting) -> Value {
    let consent = one.purpose.consent().map(ConsentId::uuid);
    json!({
        "consent": consent,
        "signature": Digest::of(&one.cms),
        "sub_indication": one.trouble,
    })
}

/// What a validation report concludes and by which rules, and its own digest.
fn verdict(report: &Value) -> Result<Map<String, Value>, Error> {
    let members = ["indication", "sub_indication", "policy", "policy_hash"];
    let mut verdict: Map<String, Value> = members
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), report.get(name)?.clone())))
        .collect();
    let digest = Digest::of(canonical(report)?.as_bytes());
    verdict.insert("report".to_owned(), json!(digest));
    Ok(verdict)
}

/// Octets of chance that hide a person's number.
const SALT: usize = 16;
