use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::{
    Address, ApplicationId, Document, Dwelling, Language, NONCE_LENGTH, Nonce, Period, Proposal,
    Resident, Rka,
};
use crate::eds::testing::verified;
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
            Try::Sign(signer) => {
                let document = document(Purpose::Application);
                let proof = proof(&document, signer, self.now);
                let act = Act::Sign(Signed {
                    document: &document,
                    proof: &proof,
                });
                self.act(&person(signer), act)
            }
            Try::Consent(place, signer) => {
                let id = consent(place);
                let document = document(Purpose::Consent(id));
                let proof = proof(&document, signer, self.now);
                let signed = Signed {
                    document: &document,
                    proof: &proof,
                };
                self.act(&person(signer), Act::Consent(id, signed))
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

/// An application in each state, by the shortest way there.
fn in_every_state() -> Vec<Run> {
    let ways: [&[Try]; 8] = [
        &[],
        &[Try::Sign(RESIDENT)],
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
        ("sign", Try::Sign(RESIDENT)),
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
    draft --sign--> awaiting_consent
    draft --withdraw--> withdrawn
    draft --lapse--> lapsed
    awaiting_consent --consent--> consented
    awaiting_consent --decline--> declined
    awaiting_consent --withdraw--> withdrawn
    awaiting_consent --lapse--> lapsed
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
fn a_proof_for_another_document_purpose_or_person_proves_nothing() {
    let document = document(Purpose::Application);
    let good = proof(&document, RESIDENT, start());
    let other = verified(RESIDENT, Digest::of(b"other"), start());
    let now = start();
    let check = |proof: &Verified, person: &str, purpose, now, expected| {
        let signed = Signed {
            document: &document,
            proof,
        };
        assert_eq!(signed.proves(&iin(person), purpose, now), expected);
    };
    check(&good, RESIDENT, Purpose::Application, now, Ok(()));
    let purpose = Purpose::Application;
    check(&other, RESIDENT, purpose, now, Err(Unproven::OtherDocument));
    check(&good, STRANGER, purpose, now, Err(Unproven::OtherPerson));
    check(
        &good,
        RESIDENT,
        Purpose::Login,
        now,
        Err(Unproven::WrongPurpose),
    );
    let late = document.expires_at + TimeDelta::seconds(1);
    check(&good, RESIDENT, purpose, late, Err(Unproven::Expired));
}

fn anything() -> impl Strategy<Value = Try> {
    let who = prop::sample::select(vec![RESIDENT, OWNERS[0], OWNERS[1], STRANGER]);
    let owners = prop::sample::select(vec![&OWNERS[..], &OWNERS[..1], &[]]);
    prop_oneof![
        who.clone().prop_map(Try::Sign),
        Just(Try::Sign(RESIDENT)),
        (0..3_usize, who.clone()).prop_map(|(place, who)| Try::Consent(place, who)),
        (0..2_usize).prop_map(|place| Try::Consent(place, OWNERS[place])),
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
            // An answer, once given, stays.
            for (old, new) in before.consents.iter().zip(&after.consents) {
                prop_assert!(old.answer == Answer::Awaited || old.answer == new.answer);
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
            run.now = run.application.deadline + TimeDelta::hours(1);
            prop_assert_eq!(run.attempt(Try::Lapse).map(|event| event.state), Ok(State::Lapsed));
        }
    }
}
