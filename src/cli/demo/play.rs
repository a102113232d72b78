//! What the two people do, one scene after another, each seen to succeed.

use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::answer::{Exchange, agree, text};
use super::heard::hear;
use super::keys::{CAST, Keys};
use super::party::{Hand, Party, masked};
use super::portal::Portal;
use super::proof::take_along;
use super::refusal::refused;
use super::screen::Screen;
use super::{Failure, Tamper};
use crate::cli::clock;
use crate::domain::{Language, today};
use crate::eds::Digest;

/// The play.
pub(super) struct Play<'a> {
    pub(super) keys: &'a Keys,
    pub(super) service: &'a str,
    pub(super) language: Language,
    pub(super) tamper: Option<Tamper>,
}

/// What the resident drafted and signs.
struct Draft {
    id: String,
    content: Vec<u8>,
}

/// What the owner is asked and signs.
struct Request {
    path: String,
    content: Vec<u8>,
}

impl Play<'_> {
    /// Plays it from the first login to the last callback.
    ///
    /// # Errors
    /// [`Failure`] at the first thing that is not as it must be, and also when a
    /// corrupted signature was refused.
    pub(super) async fn perform(
        &self,
        screen: &mut Screen,
        portal: &Portal,
    ) -> Result<(), Failure> {
        let begun = Instant::now();
        let [resident, owner] = CAST;
        let mut resident = Party::new("The resident", self.keys.person(resident)?, self.service)?;
        let mut owner = Party::new("The owner", self.keys.person(owner)?, self.service)?;

        let hand = self.hand(Tamper::Login);
        self.sign_in(screen, &mut resident, hand).await?;
        let draft = self.draft(screen, &resident, &owner).await?;
        self.read_application(screen, &resident, &draft).await?;
        self.sign_application(screen, &resident, &draft).await?;
        self.sign_in(screen, &mut owner, Hand::Steady).await?;
        let consent = self.see_request(screen, &owner, &draft).await?;
        let request = self.read_consent(screen, &owner, &draft, &consent).await?;
        let registration = self.consent(screen, &owner, &draft, &request).await?;
        for person in [&resident, &owner] {
            look(screen, person, &registration).await?;
        }
        take_along(screen, &resident, self.keys, &registration).await?;
        let history = self.history(&resident, &draft).await?;
        hear(screen, portal, &draft.id, &history).await?;
        let took = begun.elapsed().as_secs_f64();
        screen.title(&format!("Every step was seen to succeed, in {took:.1} s"));
        Ok(())
    }

    fn hand(&self, step: Tamper) -> Hand {
        if self.tamper == Some(step) {
            Hand::Shaking
        } else {
            Hand::Steady
        }
    }

    async fn sign_in(
        &self,
        screen: &mut Screen,
        person: &mut Party<'_>,
        hand: Hand,
    ) -> Result<(), Failure> {
        const STEP: &str = "signing in";
        let wanted = json!({"language": self.language.code()});
        let challenge = person.post("/auth/challenges", &wanted).await?;
        challenge.expect(STEP, StatusCode::CREATED)?;
        let content = decoded(STEP, &challenge.text(STEP, "/content")?)?;
        let body = json!({
            "challenge": challenge.text(STEP, "/id")?,
            "signature": person.signature(&content, hand)?,
        });
        let session = person.post("/auth/sessions", &body).await?;
        let took = challenge.took + session.took;
        screen.step(person.role(), "signs in with the key of the EDS", took);
        screen.fact("request", &session.request);
        screen.fact("certificate", &person.subject());
        screen.quote("what is signed", &statement(STEP, person, &content)?);
        if hand == Hand::Shaking {
            return Err(refused(screen, Tamper::Login, &session));
        }
        session.expect(STEP, StatusCode::CREATED)?;
        person.keep(&session.text(STEP, "/token")?);
        accepted(screen, &session);
        let name = session.text(STEP, "/person/name")?;
        screen.fact("known as", &name);
        Ok(())
    }

    async fn draft(
        &self,
        screen: &mut Screen,
        resident: &Party<'_>,
        owner: &Party<'_>,
    ) -> Result<Draft, Failure> {
        const STEP: &str = "drafting";
        let today = today(clock::now());
        let body = json!({
            "rka": self.keys.dwelling_of(owner.iin())?,
            "starts_on": today,
            "months": 6,
            "arrived_on": today,
            "language": self.language.code(),
        });
        let answer = resident.post("/applications", &body).await?;
        screen.step(resident.role(), "drafts an application", answer.took);
        screen.fact("request", &answer.request);
        let drafted = answer.expect(STEP, StatusCode::CREATED)?;
        let address = format!("/address/{}", self.language.code());
        screen.fact("dwelling", &answer.text(STEP, &address)?);
        screen.fact("period", &period(&drafted));
        screen.fact("duty", &duty(&drafted));
        state(screen, &answer, STEP, "draft")?;
        Ok(Draft {
            id: answer.text(STEP, "/id")?,
            content: decoded(STEP, &answer.text(STEP, "/to_sign/content")?)?,
        })
    }

    async fn read_application(
        &self,
        screen: &mut Screen,
        resident: &Party<'_>,
        draft: &Draft,
    ) -> Result<(), Failure> {
        const STEP: &str = "reading the application";
        let path = format!("/applications/{}/document", draft.id);
        let document = resident.get(&path).await?;
        screen.step(
            resident.role(),
            "reads what there is to sign",
            document.took,
        );
        screen.fact("request", &document.request);
        document.expect(STEP, StatusCode::OK)?;
        agree(
            STEP,
            document.bytes == draft.content,
            "these are other bytes than those of the draft",
        )?;
        let words = statement(STEP, resident, &document.bytes)?;
        screen.quote("the statement in it", &words);
        screen.fact("sha-256", &Digest::of(&document.bytes).to_string());
        Ok(())
    }

    async fn sign_application(
        &self,
        screen: &mut Screen,
        resident: &Party<'_>,
        draft: &Draft,
    ) -> Result<(), Failure> {
        const STEP: &str = "signing the application";
        let hand = self.hand(Tamper::Application);
        let body = json!({"signature": resident.signature(&draft.content, hand)?});
        let path = format!("/applications/{}/signature", draft.id);
        let answer = resident.post(&path, &body).await?;
        screen.step(resident.role(), "signs the application", answer.took);
        screen.fact("request", &answer.request);
        screen.fact("certificate", &resident.subject());
        if hand == Hand::Shaking {
            let refused = refused(screen, Tamper::Application, &answer);
            unchanged(screen, resident, draft, "draft").await?;
            return Err(refused);
        }
        answer.expect(STEP, StatusCode::OK)?;
        accepted(screen, &answer);
        state(screen, &answer, STEP, "awaiting_consent")
    }

    /// Returns the identifier of the owner's consent.
    async fn see_request(
        &self,
        screen: &mut Screen,
        owner: &Party<'_>,
        draft: &Draft,
    ) -> Result<String, Failure> {
        const STEP: &str = "looking for requests";
        let list = owner
            .get("/applications?role=owner&state=awaiting_consent")
            .await?;
        screen.step(owner.role(), "sees the request", list.took);
        screen.fact("request", &list.request);
        let page = list.expect(STEP, StatusCode::OK)?;
        let items = page.pointer("/items").and_then(Value::as_array);
        let mut items = items.into_iter().flatten();
        let found = items.find(|item| text(item, "/id") == draft.id);
        agree(STEP, found.is_some(), "the application is not in the list")?;
        let item = found.cloned().unwrap_or_default();
        let (name, iin) = (
            text(&item, "/residents/0/name"),
            text(&item, "/residents/0/iin"),
        );
        screen.fact("from", &format!("{name}, IIN {iin}"));
        screen.fact("period", &period(&item));
        screen.fact("answer", text(&item, "/consents/0/answer"));
        Ok(text(&item, "/consents/0/id").to_owned())
    }

    async fn read_consent(
        &self,
        screen: &mut Screen,
        owner: &Party<'_>,
        draft: &Draft,
        consent: &str,
    ) -> Result<Request, Failure> {
        const STEP: &str = "reading the consent";
        let path = format!("/applications/{}/consents/{consent}", draft.id);
        let language = self.language.code();
        let document = owner
            .get(&format!("{path}/document?language={language}"))
            .await?;
        screen.step(owner.role(), "reads what there is to sign", document.took);
        screen.fact("request", &document.request);
        let paper = document.expect(STEP, StatusCode::OK)?;
        let words = statement(STEP, owner, &document.bytes)?;
        screen.quote("the statement in it", &words);
        screen.fact("sha-256", &Digest::of(&document.bytes).to_string());
        let bound = text(&paper, "/application_sha256");
        let signed = Digest::of(&draft.content).to_string();
        agree(STEP, bound == signed, "it names another application")?;
        screen.fact(
            "bound to",
            &format!("the application signed by the resident, {signed}"),
        );
        Ok(Request {
            path,
            content: document.bytes,
        })
    }

    /// Returns the identifier of the registration.
    async fn consent(
        &self,
        screen: &mut Screen,
        owner: &Party<'_>,
        draft: &Draft,
        request: &Request,
    ) -> Result<String, Failure> {
        const STEP: &str = "consenting";
        let hand = self.hand(Tamper::Consent);
        let body = json!({"signature": owner.signature(&request.content, hand)?});
        let path = format!("{}/signature", request.path);
        let answer = owner.post(&path, &body).await?;
        screen.step(owner.role(), "consents", answer.took);
        screen.fact("request", &answer.request);
        screen.fact("certificate", &owner.subject());
        if hand == Hand::Shaking {
            let refused = refused(screen, Tamper::Consent, &answer);
            unchanged(screen, owner, draft, "awaiting_consent").await?;
            return Err(refused);
        }
        answer.expect(STEP, StatusCode::OK)?;
        accepted(screen, &answer);
        state(screen, &answer, STEP, "registered")?;
        let registration = answer.text(STEP, "/registration")?;
        screen.fact("registration", &registration);
        Ok(registration)
    }

    /// The states through which the application went, oldest first.
    async fn history(&self, resident: &Party<'_>, draft: &Draft) -> Result<Vec<String>, Failure> {
        const STEP: &str = "looking back";
        let answer = resident.get(&format!("/applications/{}", draft.id)).await?;
        let application = answer.expect(STEP, StatusCode::OK)?;
        let events = application.pointer("/history").and_then(Value::as_array);
        let states = events.into_iter().flatten();
        let states: Vec<_> = states
            .map(|event| text(event, "/state").to_owned())
            .collect();
        agree(STEP, !states.is_empty(), "there is no history")?;
        Ok(states)
    }
}

async fn look(screen: &mut Screen, person: &Party<'_>, registration: &str) -> Result<(), Failure> {
    const STEP: &str = "looking at the registration";
    let answer = person
        .get(&format!("/registrations/{registration}"))
        .await?;
    screen.step(person.role(), "looks at the registration", answer.took);
    screen.fact("request", &answer.request);
    let found = answer.expect(STEP, StatusCode::OK)?;
    agree(
        STEP,
        text(&found, "/id") == registration,
        "it is another one",
    )?;
    let (name, iin) = (
        text(&found, "/resident_name"),
        text(&found, "/resident_iin"),
    );
    screen.fact("person", &format!("{name}, IIN {iin}"));
    screen.fact("address", text(&found, "/address/en"));
    let (from, until) = (text(&found, "/starts_on"), text(&found, "/ends_on"));
    screen.fact("period", &format!("{from} to {until}"));
    Ok(())
}

fn accepted(screen: &Screen, answer: &Exchange) {
    screen.good("verdict", &format!("accepted: {}", answer.status));
}

/// The application stands where it stood before the refusal.
async fn unchanged(
    screen: &Screen,
    person: &Party<'_>,
    draft: &Draft,
    expected: &'static str,
) -> Result<(), Failure> {
    const STEP: &str = "looking after the refusal";
    let answer = person.get(&format!("/applications/{}", draft.id)).await?;
    answer.expect(STEP, StatusCode::OK)?;
    state(screen, &answer, STEP, expected)
}

/// Demands and shows the state of the application.
fn state(
    screen: &Screen,
    answer: &Exchange,
    step: &'static str,
    expected: &str,
) -> Result<(), Failure> {
    let state = answer.text(step, "/state")?;
    screen.fact("state", &state);
    agree(
        step,
        state == expected,
        "the application is in another state",
    )
}

fn decoded(step: &'static str, content: &str) -> Result<Vec<u8>, Failure> {
    STANDARD.decode(content).map_err(|_| Failure::Unexpected {
        step,
        answer: "the content is not base64".to_owned(),
    })
}

/// The words in the bytes that are signed; numbers of people are masked here.
fn statement(step: &'static str, person: &Party<'_>, content: &[u8]) -> Result<String, Failure> {
    let paper: Value = serde_json::from_slice(content).unwrap_or_default();
    let words = text(&paper, "/statement");
    agree(step, !words.is_empty(), "there is no statement in it")?;
    Ok(masked(
        &person.masked(words),
        text(&paper, "/residents/0/iin"),
    ))
}

fn period(application: &Value) -> String {
    let (from, until) = (
        text(application, "/starts_on"),
        text(application, "/ends_on"),
    );
    let months = application.pointer("/months").and_then(Value::as_u64);
    format!("{from} to {until}, {} months", months.unwrap_or_default())
}

fn duty(application: &Value) -> String {
    let (arrived, due) = (
        text(application, "/arrived_on"),
        text(application, "/duty/due_on"),
    );
    format!("arrived {arrived}, to be registered by {due}")
}
