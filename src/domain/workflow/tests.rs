use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::{
    Address, ApplicationId, Document, Dwelling, Language, NONCE_LENGTH, Nonce, Period, Proposal,
    Resident, Rka,
};
use crate::eds::testing::{received, verified};
use crate::eds::{Digest, Verified};

const RESIDENT: &str = "900101300007";
const OWNERS: [&str; 2] = ["000101500001", "851230400006"];
const STRANGER: &str = "900101300811";

fn iin(text: &str) -> Iin {
    Iin::parse(text).unwrap()
}

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 1, 12, 0, 0).unwrap()
}

fn draft(owners: &[&str]) -> Application {
    let from = start().date_naive();
    let proposal = Proposal {
        resident: Resident {
            iin: iin(RESIDENT),
            name: "ТЕСТОВ ТЕСТ".to_owned(),
        },
        dwelling: Dwelling {
            rka: Rka::parse("0201999000000011").unwrap(),
            address: Address {
                kk: String::new(),
                ru: String::new(),
                en: String::new(),
            },
            owners: owners.iter().map(|owner| iin(owner)).collect(),
        },
        period: Period::new(from, 3).unwrap(),
        arrived: from,
        language: Language::Ru,
    };
    let ids = (1..).map(|n| ConsentId::new(Uuid::from_u128(n)));
    let ids = ids.take(owners.len()).collect();
    let id = ApplicationId::new(Uuid::from_u128(99));
    Application::draft(id, proposal, ids, &Rules::default(), start())
}

fn document(purpose: Purpose) -> Document {
    Document {
        id: crate::domain::DocumentId::new(Uuid::nil()),
        purpose,
        language: Language::Ru,
        bytes: format!("{purpose:?}").into_bytes(),
        nonce: Nonce([0; NONCE_LENGTH]),
        issued_at: start(),
        expires_at: start() + TimeDelta::hours(500),
    }
}

fn proof(document: &Document, signer: &str, at: DateTime<Utc>) -> Verified {
    verified(signer, Digest::of(&document.bytes), at)
}

fn person(text: &str) -> Actor {
    Actor::Person(iin(text))
}

/// Something that somebody tries.
#[derive(Clone, Copy, Debug)]
enum Try {
    Sign(&'static str),
    /// The resident's signature is acknowledged, the place of an owner's.
    Receive(Option<usize>, &'static str),
    /// The evidence about what was acknowledged has come, and it counts.
    Settle(Option<usize>, &'static str),
    /// It does not.
    Discard(Option<usize>),
    Consent(usize, &'static str),
    Decline(usize, &'static str),
    Withdraw(&'static str),
    Lapse,
    Register(&'static [&'static str]),
    Refuse,
    Wait(i64),
}

/// An application under somebody's hands.
struct Run {
    application: Application,
    now: DateTime<Utc>,
}

impl Run {
    fn new(owners: &[&str]) -> Self {
        Self {
            application: draft(owners),
            now: start(),
        }
    }

    fn attempt(&mut self, what: Try) -> Result<Event, Refused> {
        let step = self.step(what)?;
        self.application = step.application;
        Ok(step.event)
    }

    fn step(&mut self, what: Try) -> Result<Step, Refused> {
        let consent = |place: usize| {
            let consents = &self.application.consents;
            let found = consents.get(place).map(|consent| consent.id);
            found.unwrap_or(ConsentId::new(Uuid::max()))
        };
        match what {
            Try::Sign(signer) => self.sign(&person(signer), signer, None),
            Try::Consent(place, signer) => self.sign(&person(signer), signer, Some(consent(place))),
            Try::Settle(place, signer) => self.sign(&Actor::Clock, signer, place.map(consent)),
            Try::Receive(place, signer) => {
                let document = document(purpose(place.map(consent)));
                let received = received(signer, Digest::of(&document.bytes), self.now);
                let receipt = Receipt {
                    document: &document,
                    received: &received,
                };
                self.act(&person(signer), Act::Receive(receipt))
            }
            Try::Discard(place) => {
                let act = Act::Discard(purpose(place.map(consent)));
                self.act(&Actor::Clock, act)
            }
            Try::Decline(place, owner) => {
                let act = Act::Decline(consent(place), DeclineReason::NotAgreed);
                self.act(&person(owner), act)
            }
            Try::Withdraw(who) => self.act(&person(who), Act::Withdraw),
            Try::Lapse => self.act(&Actor::Clock, Act::Lapse),
            Try::Register(owners) => self.register(owners),
            Try::Refuse => self.act(&Actor::Clock, Act::Refuse(Grounds::SignatureVoid)),
            Try::Wait(hours) => {
                self.now += TimeDelta::hours(hours);
                Err(Refused::TooEarly)
            }
        }
    }

    fn sign(
        &self,
        actor: &Actor,
        signer: &str,
        consent: Option<ConsentId>,
    ) -> Result<Step, Refused> {
        let document = document(purpose(consent));
        let proof = proof(&document, signer, self.now);
        let signed = Signed {
            document: &document,
            proof: &proof,
        };
        let act = match consent {
            Some(id) => Act::Consent(id, signed),
            None => Act::Sign(signed),
        };
        self.act(actor, act)
    }

    fn register(&self, owners: &[&str]) -> Result<Step, Refused> {
        let own = document(Purpose::Application);
        let resident = proof(&own, RESIDENT, self.now);
        let papers: Vec<_> = self
            .application
            .consents
            .iter()
            .map(|consent| {
                let paper = document(Purpose::Consent(consent.id));
                let proof = proof(&paper, consent.owner.as_str(), self.now);
                (consent.id, paper, proof)
            })
            .collect();
        let owners: BTreeSet<Iin> = owners.iter().map(|owner| iin(owner)).collect();
        let consents = papers.iter().map(|(id, document, proof)| {
            let signed = Signed { document, proof };
            (*id, signed)
        });
        let recheck = Recheck {
            owners: &owners,
            resident: Signed {
                document: &own,
                proof: &resident,
            },
            consents: consents.collect(),
        };
        self.act(&Actor::Clock, Act::Register(recheck))
    }

    fn act(&self, actor: &Actor, act: Act<'_>) -> Result<Step, Refused> {
        self.application
            .after(actor, act, &Rules::default(), self.now)
    }
}

fn purpose(consent: Option<ConsentId>) -> Purpose {
    consent.map_or(Purpose::Application, Purpose::Consent)
}

/// An application in each state, by the shortest way there.
fn in_every_state() -> Vec<Run> {
    let ways: [&[Try]; 10] = [
        &[],
        &[Try::Receive(None, RESIDENT)],
        &[Try::Sign(RESIDENT)],
        &[Try::Sign(RESIDENT), Try::Receive(Some(0), OWNERS[0])],
        &[Try::Sign(RESIDENT), Try::Consent(0, OWNERS[0])],
        &[
            Try::Sign(RESIDENT),
            Try::Consent(0, OWNERS[0]),
            Try::Register(&OWNERS[..1]),
        ],
        &[Try::Sign(RESIDENT), Try::Decline(0, OWNERS[0])],
        &[Try::Withdraw(RESIDENT)],
        &[Try::Wait(73), Try::Lapse],
        &[Try::Sign(RESIDENT), Try::Consent(0, OWNERS[0]), Try::Refuse],
    ];
    let arrive = |way: &[Try]| {
        let mut run = Run::new(&OWNERS[..1]);
        for what in way {
            let _ = run.attempt(*what);
        }
        run
    };
    ways.into_iter().map(arrive).collect()
}

#[test]
fn the_whole_relation_of_states_and_acts_is_this_table() {
    let acts = [
        ("receive", Try::Receive(None, RESIDENT)),
        ("settle", Try::Settle(None, RESIDENT)),
        ("discard", Try::Discard(None)),
        ("sign", Try::Sign(RESIDENT)),
        ("receive consent", Try::Receive(Some(0), OWNERS[0])),
        ("settle consent", Try::Settle(Some(0), OWNERS[0])),
        ("discard consent", Try::Discard(Some(0))),
        ("consent", Try::Consent(0, OWNERS[0])),
        ("decline", Try::Decline(0, OWNERS[0])),
        ("withdraw", Try::Withdraw(RESIDENT)),
        ("lapse", Try::Lapse),
        ("register", Try::Register(&OWNERS[..1])),
        ("refuse", Try::Refuse),
    ];
    let mut table = String::new();
    for mut run in in_every_state() {
        let state: &'static str = run.application.state.into();
        let pending = run.application.consents.iter().any(|consent| {
            run.application.state == State::AwaitingConsent
                && matches!(consent.answer, Answer::Pending(_))
        });
        let state = match pending {
            true => format!("{state} (consent pending)"),
            false => state.to_owned(),
        };
        for (name, act) in acts {
            // To lapse, its time must have come; everything else must be in time.
            if matches!(act, Try::Lapse) {
                run.now = run.application.deadline + TimeDelta::hours(1);
            } else {
                run.now = run.application.changed_at;
            }
            if let Ok(step) = run.step(act) {
                let next: &'static str = step.application.state.into();
                table.push_str(&format!("{state} --{name}--> {next}\n"));
            }
        }
    }
    insta::assert_snapshot!(table, @r"
    draft --receive--> pending_evidence
    draft --sign--> awaiting_consent
    draft --withdraw--> withdrawn
    draft --lapse--> lapsed
    pending_evidence --settle--> awaiting_consent
    pending_evidence --discard--> draft
    pending_evidence --withdraw--> withdrawn
    pending_evidence --lapse--> lapsed
    awaiting_consent --receive consent--> awaiting_consent
    awaiting_consent --consent--> consented
    awaiting_consent --decline--> declined
    awaiting_consent --withdraw--> withdrawn
    awaiting_consent --lapse--> lapsed
    awaiting_consent (consent pending) --settle consent--> consented
    awaiting_consent (consent pending) --discard consent--> awaiting_consent
    awaiting_consent (consent pending) --withdraw--> withdrawn
    awaiting_consent (consent pending) --lapse--> lapsed
    consented --withdraw--> withdrawn
    consented --lapse--> lapsed
    consented --register--> registered
    consented --refuse--> refused
    ");
}

#[track_caller]
fn check(owners: &[&str], way: &[Try], last: Try, expected: Result<State, Refused>) {
    let mut run = Run::new(owners);
    for what in way {
        let _ = run.attempt(*what);
    }
    let found = run.attempt(last).map(|event| event.state);
    assert_eq!(found, expected);
}

#[test]
fn the_first_of_two_consents_leaves_the_second_awaited() {
    let signed = [Try::Sign(RESIDENT)];
    let first = Try::Consent(0, OWNERS[0]);
    check(&OWNERS, &signed, first, Ok(State::AwaitingConsent));
    let second = Try::Consent(1, OWNERS[1]);
    check(&OWNERS, &[signed[0], first], second, Ok(State::Consented));
}

#[test]
fn nobody_consents_for_somebody_else_or_twice() {
    let signed = [Try::Sign(RESIDENT)];
    for other in [RESIDENT, OWNERS[1], STRANGER] {
        check(
            &OWNERS,
            &signed,
            Try::Consent(0, other),
            Err(Refused::NotYours),
        );
        check(
            &OWNERS,
            &signed,
            Try::Decline(0, other),
            Err(Refused::NotYours),
        );
    }
    let once = Try::Consent(0, OWNERS[0]);
    check(&OWNERS, &[signed[0], once], once, Err(Refused::Answered));
}

#[test]
fn only_the_resident_signs_and_withdraws() {
    for other in [OWNERS[0], STRANGER] {
        check(&OWNERS, &[], Try::Sign(other), Err(Refused::NotYours));
        let signed = [Try::Sign(RESIDENT)];
        check(
            &OWNERS,
            &signed,
            Try::Withdraw(other),
            Err(Refused::NotYours),
        );
    }
}

#[test]
fn a_sole_owner_is_agreed_by_his_own_signature() {
    check(&[RESIDENT], &[], Try::Sign(RESIDENT), Ok(State::Consented));
}

#[test]
fn other_owners_than_those_asked_stop_the_registration() {
    let agreed = [Try::Sign(RESIDENT), Try::Consent(0, OWNERS[0])];
    for owners in [&OWNERS[..], &OWNERS[1..], &[]] {
        let register = Try::Register(owners);
        check(&OWNERS[..1], &agreed, register, Err(Refused::OwnersChanged));
    }
}

#[test]
fn an_answer_counts_until_its_deadline_and_lapsing_begins_after_it() {
    let signed = Try::Sign(RESIDENT);
    let consent = Try::Consent(0, OWNERS[0]);
    let wait = Try::Wait(72);
    check(&OWNERS[..1], &[signed, wait], consent, Ok(State::Consented));
    check(
        &OWNERS[..1],
        &[signed, wait],
        Try::Lapse,
        Err(Refused::TooEarly),
    );
    let late = [signed, Try::Wait(73)];
    check(&OWNERS[..1], &late, consent, Err(Refused::TooLate));
    check(&OWNERS[..1], &late, Try::Lapse, Ok(State::Lapsed));
}

#[test]
fn row_133_nothing_is_decided_by_a_clock_that_was_set_back() {
    let signed = Try::Sign(RESIDENT);
    let consent = Try::Consent(0, OWNERS[0]);
    let back = [signed, Try::Wait(-2)];
    check(&OWNERS, &back, consent, Err(Refused::ClockUntrusted));
    let agreed = [signed, consent, Try::Wait(-2)];
    let register = Try::Register(&OWNERS[..1]);
    check(
        &OWNERS[..1],
        &agreed,
        register,
        Err(Refused::ClockUntrusted),
    );
}

#[test]
fn a_proof_for_another_document_purpose_or_person_proves_nothing() {
    let document = document(Purpose::Application);
    let digest = Digest::of(&document.bytes);
    let check = |digest: Digest, person: &str, purpose, at, expected| {
        let signed = Signed {
            document: &document,
            proof: &verified(RESIDENT, digest, at),
        };
        assert_eq!(signed.proves(&iin(person), purpose), expected);
        let receipt = Receipt {
            document: &document,
            received: &received(RESIDENT, digest, at),
        };
        assert_eq!(receipt.promises(&iin(person), purpose), expected);
    };
    let (purpose, now) = (Purpose::Application, start());
    check(digest, RESIDENT, purpose, now, Ok(()));
    let other = Digest::of(b"other");
    check(other, RESIDENT, purpose, now, Err(Unproven::OtherDocument));
    check(digest, STRANGER, purpose, now, Err(Unproven::OtherPerson));
    let login = Purpose::Login;
    check(digest, RESIDENT, login, now, Err(Unproven::WrongPurpose));
    let late = document.expires_at + TimeDelta::seconds(1);
    check(digest, RESIDENT, purpose, late, Err(Unproven::Expired));
}

#[test]
fn a_signature_that_waits_for_evidence_counts_only_when_it_has_come() {
    let waiting = [Try::Sign(RESIDENT), Try::Receive(Some(0), OWNERS[0])];
    let again = Try::Consent(0, OWNERS[0]);
    check(&OWNERS[..1], &waiting, again, Err(Refused::NotYours));
    let register = Try::Register(&OWNERS[..1]);
    let out_of_turn = Refused::OutOfTurn(State::AwaitingConsent);
    check(&OWNERS[..1], &waiting, register, Err(out_of_turn));
    let settled = Try::Settle(Some(0), OWNERS[0]);
    check(&OWNERS[..1], &waiting, settled, Ok(State::Consented));
    let other = Try::Settle(Some(0), STRANGER);
    check(
        &OWNERS[..1],
        &waiting,
        other,
        Err(Refused::Unproven(Unproven::OtherPerson)),
    );
}

#[test]
fn a_signature_that_came_in_time_is_settled_after_the_deadline_and_the_search_ends() {
    let late = [Try::Wait(71), Try::Receive(None, RESIDENT), Try::Wait(5)];
    check(&OWNERS, &late, Try::Lapse, Err(Refused::TooEarly));
    let settled = Try::Settle(None, RESIDENT);
    check(&OWNERS, &late, settled, Ok(State::AwaitingConsent));
    let never = [Try::Receive(None, RESIDENT), Try::Wait(73)];
    check(&OWNERS, &never, Try::Lapse, Ok(State::Lapsed));
}

#[test]
fn who_signed_in_vain_is_asked_again() {
    let vain = [Try::Receive(None, RESIDENT), Try::Discard(None)];
    let signed = Try::Sign(RESIDENT);
    check(&OWNERS, &vain, signed, Ok(State::AwaitingConsent));
    let way = [
        signed,
        Try::Receive(Some(0), OWNERS[0]),
        Try::Discard(Some(0)),
    ];
    let consent = Try::Consent(0, OWNERS[0]);
    check(&OWNERS[..1], &way, consent, Ok(State::Consented));
}

fn anything() -> impl Strategy<Value = Try> {
    let who = prop::sample::select(vec![RESIDENT, OWNERS[0], OWNERS[1], STRANGER]);
    let owners = prop::sample::select(vec![&OWNERS[..], &OWNERS[..1], &[]]);
    prop_oneof![
        who.clone().prop_map(Try::Sign),
        Just(Try::Sign(RESIDENT)),
        (0..3_usize, who.clone()).prop_map(|(place, who)| Try::Consent(place, who)),
        (0..2_usize).prop_map(|place| Try::Consent(place, OWNERS[place])),
        Just(Try::Receive(None, RESIDENT)),
        Just(Try::Settle(None, RESIDENT)),
        Just(Try::Discard(None)),
        (0..2_usize).prop_map(|place| Try::Receive(Some(place), OWNERS[place])),
        (0..2_usize).prop_map(|place| Try::Settle(Some(place), OWNERS[place])),
        (0..2_usize).prop_map(|place| Try::Discard(Some(place))),
        (0..3_usize, who.clone()).prop_map(|(place, who)| Try::Decline(place, who)),
        who.prop_map(Try::Withdraw),
        Just(Try::Lapse),
        owners.prop_map(Try::Register),
        Just(Try::Register(&OWNERS)),
        Just(Try::Refuse),
        (-3..80_i64).prop_map(Try::Wait),
    ]
}

proptest! {
    #[test]
    fn whatever_is_tried_the_invariants_hold(tries in prop::collection::vec(anything(), 0..40)) {
        let mut run = Run::new(&OWNERS);
        for what in tries {
            let before = run.application.clone();
            let outcome = run.attempt(what);
            let after = &run.application;
            match outcome {
                Ok(event) => {
                    // I9: one version, one event; I8: an end is an end; I24: no step back in time.
                    prop_assert_eq!(after.version, before.version + 1);
                    prop_assert_eq!(event.version, after.version);
                    prop_assert!(!before.state.is_final());
                    prop_assert!(after.changed_at >= before.changed_at);
                }
                Err(_) => prop_assert_eq!(after, &before),
            }
            // I2, I3: registered means one consent of each owner.
            if after.state == State::Registered || after.state == State::Consented {
                prop_assert!(after.is_agreed());
                prop_assert_eq!(after.consents.len(), OWNERS.len());
            }
            // An answer, once given, stays; what only waits for evidence may not.
            for (old, new) in before.consents.iter().zip(&after.consents) {
                let open = matches!(old.answer, Answer::Awaited | Answer::Pending(_));
                prop_assert!(open || old.answer == new.answer);
                // I11: nothing but a proof makes an answer count.
                let counts = |answer| matches!(answer, Answer::Given(_));
                let proven = matches!(what, Try::Consent(..) | Try::Settle(..));
                prop_assert!(proven || counts(old.answer) == counts(new.answer));
            }
        }
    }

    #[test]
    fn every_state_has_a_way_out(tries in prop::collection::vec(anything(), 0..20)) {
        let mut run = Run::new(&OWNERS);
        for what in tries {
            let _ = run.attempt(what);
        }
        if !run.application.state.is_final() {
            let last = run.application.deadline.max(run.application.changed_at);
            run.now = last + TimeDelta::hours(1);
            prop_assert_eq!(run.attempt(Try::Lapse).map(|event| event.state), Ok(State::Lapsed));
        }
    }
}
