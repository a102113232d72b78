//! The state register answers by signed messages.

use kelisim::remote::webhook::Seal;
use secrecy::SecretString;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use uuid::Uuid;

use crate::office::{Answer, ONE_OWNER, Office};
use crate::service::Service;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A message as the register sends it.
struct Message<'a> {
    id: &'a str,
    secret: &'a str,
    /// Seconds from the service's time.
    late: i64,
    body: String,
}

impl<'a> Message<'a> {
    fn of(id: &'a str, body: &Value) -> Message<'a> {
        Message {
            id,
            secret: SECRET,
            late: 0,
            body: body.to_string(),
        }
    }

    /// Signs with the library of the specification and sends.
    async fn send(&self, service: &Service) -> Answer {
        let register = Office::outside(service, "resident-1");
        let timestamp = service.now().timestamp() + self.late;
        let webhook = Webhook::new(self.secret).unwrap();
        let signature = webhook.sign(self.id, timestamp, self.body.as_bytes());
        let path = "/api/v1/state-register/answers";
        let request = register
            .request(reqwest::Method::POST, path)
            .header("webhook-id", self.id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature.unwrap())
            .body(self.body.clone());
        register.send(request).await
    }
}

/// What the register and the service share.
pub(crate) fn seal() -> Option<Seal> {
    Seal::new(&SecretString::from(SECRET)).ok()
}

/// Sends what the register says, in a message of its own.
pub(crate) async fn answers(service: &Service, body: &Value) -> Answer {
    let id = Uuid::now_v7().to_string();
    Message::of(&id, body).send(service).await
}

async fn listening() -> Service {
    Service::decided(|settings| settings.state_register = seal()).await
}

/// A registration of `resident-1`.
async fn registered(service: &Service) -> (Office, String) {
    let resident = Office::enter(service, "resident-1").await;
    let signed = resident.apply(service, ONE_OWNER).await;
    let owner = Office::enter(service, "owner-1").await;
    let done = owner.consent(service, signed.id()).await;
    assert_eq!(done.state(), "registered");
    (resident, done.text("registration").to_owned())
}

fn rejected(registration: &str) -> Value {
    json!({"registration": registration, "outcome": "rejected", "reason": "мекенжай жоқ"})
}

#[tokio::test]
async fn a_rejection_annuls_the_registration_once() {
    let service = listening().await;
    let (resident, registration) = registered(&service).await;
    let message = Message::of("msg-1", &rejected(&registration));
    let answer = message.send(&service).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.body["annulled"], true);
    service.pass(chrono::TimeDelta::minutes(1));
    assert_eq!(message.send(&service).await, answer);
    let path = format!("/api/v1/registrations/{registration}");
    let seen = resident.get(&path).await;
    assert_eq!(seen.body["standing"], "annulled", "{:?}", seen.body);
    let events = "SELECT count(*) FROM events WHERE kind = 'annulled' AND actor = 'register'";
    assert_eq!(service.count(events).await, 1);
    let told = "SELECT count(*) FROM outbox WHERE body LIKE '%application.annulled%'";
    assert_eq!(service.count(told).await, 1);
    // Another message about what has ended is taken and changes nothing.
    let again = Message::of("msg-2", &rejected(&registration));
    assert_eq!(again.send(&service).await.body["annulled"], false);
    assert_eq!(service.count(events).await, 1);
}

#[tokio::test]
async fn whoever_sees_a_registration_is_shown_what_the_register_answered_last() {
    let service = listening().await;
    let (resident, registration) = registered(&service).await;
    let owner = Office::enter(&service, "owner-1").await;
    let seen = resident.sees_registration(&registration).await;
    assert!(seen.body.get("state_register").is_none(), "{:?}", seen.body);
    let accepted = json!({"registration": registration, "outcome": "accepted"});
    assert_eq!(answers(&service, &accepted).await.status, 200);
    let told = "SELECT count(*) FROM notices";
    let notices = service.count(told).await;
    for office in [&resident, &owner] {
        let seen = office.sees_registration(&registration).await;
        let heard = &seen.body["state_register"];
        assert_eq!(heard["outcome"], "accepted");
        assert!(heard.get("reason").is_none(), "{heard}");
        assert_eq!(seen.text("standing"), "active");
    }
    assert_eq!(service.count(told).await, notices);
    service.pass(chrono::TimeDelta::minutes(1));
    answers(&service, &rejected(&registration)).await;
    for office in [&resident, &owner] {
        let seen = office.sees_registration(&registration).await;
        let heard = &seen.body["state_register"];
        assert_eq!(heard["outcome"], "rejected");
        assert_eq!(heard["reason"], "мекенжай жоқ");
        assert_eq!(seen.text("standing"), "annulled");
    }
    // The message, its digest and its identifier are nobody's to see.
    let heard = resident.sees_registration(&registration).await;
    let members = heard.body["state_register"].as_object().map(|it| it.len());
    assert_eq!(members, Some(3));
    let stranger = Office::enter(&service, "resident-2").await;
    let seen = stranger.sees_registration(&registration).await;
    seen.refused(404, "not-found", None);
}

#[tokio::test]
async fn copies_that_come_at_once_have_one_effect_and_one_answer() {
    let service = listening().await;
    let (_, registration) = registered(&service).await;
    let message = Message::of("msg-1", &rejected(&registration));
    let (one, two, three) = tokio::join!(
        message.send(&service),
        message.send(&service),
        message.send(&service)
    );
    assert_eq!((one.status, &one, &one), (200, &two, &three));
    let events = "SELECT count(*) FROM events WHERE kind = 'annulled'";
    assert_eq!(service.count(events).await, 1);
}

#[tokio::test]
async fn an_acceptance_is_recorded_and_changes_nothing() {
    let service = listening().await;
    let (resident, registration) = registered(&service).await;
    let accepted = json!({"registration": registration, "outcome": "accepted"});
    let answer = Message::of("msg-1", &accepted).send(&service).await;
    assert_eq!(answer.body["annulled"], false, "{:?}", answer.body);
    let path = format!("/api/v1/registrations/{registration}");
    assert_eq!(resident.get(&path).await.body["standing"], "active");
    let kept = "SELECT count(*) FROM state_register_answers WHERE outcome = 'accepted'";
    assert_eq!(service.count(kept).await, 1);
    let other = Message::of("msg-1", &rejected(&registration));
    let reused = other.send(&service).await;
    reused.refused(422, "idempotency-key-reused", None);
}

#[tokio::test]
async fn what_is_not_the_registers_has_no_effect() {
    let service = listening().await;
    let (_, registration) = registered(&service).await;
    let good = || Message::of("msg-1", &rejected(&registration));
    for wrong in [
        Message {
            secret: OTHER,
            ..good()
        },
        Message {
            late: -301,
            ..good()
        },
        Message {
            late: 301,
            ..good()
        },
    ] {
        let answer = wrong.send(&service).await;
        answer.refused(403, "not-authentic", None);
    }
    let anybody = Office::outside(&service, "resident-1");
    let path = "/api/v1/state-register/answers";
    let unsigned = anybody.post(path, rejected(&registration)).await;
    unsigned.refused(403, "not-authentic", None);
    for body in [
        json!({"registration": registration}),
        json!({"registration": registration, "outcome": "lost"}),
        json!({"registration": "1", "outcome": "accepted"}),
        json!({"registration": registration, "outcome": "rejected", "reason": ""}),
        json!({"registration": registration, "outcome": "rejected", "reason": "x".repeat(501)}),
    ] {
        let answer = Message::of("msg-2", &body).send(&service).await;
        answer.refused(400, "malformed-request", None);
    }
    let unknown = rejected("01938f6e-0000-7000-8000-000000000001");
    let unknown = Message::of("msg-3", &unknown).send(&service).await;
    unknown.refused(404, "not-found", None);
    let kept = "SELECT count(*) FROM state_register_answers";
    assert_eq!(service.count(kept).await, 0);
}

#[tokio::test]
async fn without_a_shared_secret_there_is_no_such_call() {
    let service = Service::start().await;
    let (_, registration) = registered(&service).await;
    let answer = Message::of("msg-1", &rejected(&registration));
    answer.send(&service).await.refused(404, "not-found", None);
}
