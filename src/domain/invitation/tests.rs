use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::domain::{
    Applicant, Capacity, Dwelling, Language, Member, Office, Period, Proposal, Question, Resident,
    Rules, Use,
};
use crate::eds::Bin;

const RESIDENT: &str = "900101300007";
const OWNER: &str = "851230400006";
const STRANGER: &str = "000101500001";
const LANDLORD: &str = "200140000004";

fn start() -> DateTime<Utc> {
    "2026-11-01T12:00:00Z".parse().unwrap()
}

fn person(iin: &str) -> Actor {
    Actor::Person(Iin::parse(iin).unwrap())
}

fn member(iin: &str, office: Office) -> Actor {
    Actor::Member(Member {
        iin: Iin::parse(iin).unwrap(),
        bin: Bin::parse(LANDLORD).unwrap(),
        office,
    })
}

fn address() -> Address {
    Address {
        kk: "Үлгі".to_owned(),
        ru: "Үлгі".to_owned(),
        en: "Ulgi".to_owned(),
    }
}

fn term(months: u32) -> Term {
    Term::Temporary(Period::new("2026-11-01".parse().unwrap(), months).unwrap())
}

fn invitation() -> Invitation {
    Invitation {
        id: InvitationId::new(Uuid::from_u128(1)),
        by: Iin::parse(OWNER).unwrap().into(),
        author: Iin::parse(OWNER).unwrap(),
        rka: Rka::parse("0201999000000011").unwrap(),
        address: address(),
        resident: Iin::parse(RESIDENT).unwrap(),
        term: term(3),
        stage: Stage::Open,
        application: None,
        created_at: start(),
        expires_at: start() + TimeDelta::days(10),
        ended_at: None,
    }
}

fn application(rka: &str, residents: &[&str], term: Term) -> Application {
    let residents = residents.iter().map(|iin| Resident {
        iin: Iin::parse(iin).unwrap(),
        name: "ҮЛГІБАЕВ ҮЛГІ".to_owned(),
    });
    let owners = [Holder::Person(Iin::parse(OWNER).unwrap())];
    let proposal = Proposal {
        applicant: Applicant {
            iin: Iin::parse(RESIDENT).unwrap(),
            name: "ҮЛГІБАЕВ ҮЛГІ".to_owned(),
            capacity: Capacity::Oneself,
        },
        residents: residents.collect(),
        dwelling: Dwelling {
            rka: Rka::parse(rka).unwrap(),
            address: address(),
            used_as: Use::Home,
            area: None,
            owners: owners.into(),
        },
        term,
        arrived: "2026-11-01".parse().unwrap(),
        language: Language::Kk,
        extends: None,
        asked: Question {
            owners: Default::default(),
            consents: Vec::new(),
        },
    };
    let id = ApplicationId::new(Uuid::from_u128(2));
    Application::draft(id, proposal, &Rules::default(), start())
}

fn asked_for() -> Application {
    application("0201999000000011", &[RESIDENT], term(3))
}

#[test]
fn whoever_is_invited_uses_it_once() {
    let used = invitation().after(&person(RESIDENT), Call::Use(&asked_for()), start());
    let used = used.unwrap();
    assert_eq!(used.stage, Stage::Used);
    assert_eq!(used.application, Some(asked_for().id));
    let again = used.after(&person(RESIDENT), Call::Use(&asked_for()), start());
    assert_eq!(again, Err(Uninvited::Over(Stage::Used)));
    let cancelled = used.after(&person(OWNER), Call::Cancel, start());
    assert_eq!(cancelled, Err(Uninvited::Over(Stage::Used)));
}

#[test]
fn whoever_is_invited_says_no_once_and_nobody_else_does() {
    let head = member(RESIDENT, Office::Signs);
    for other in [person(OWNER), person(STRANGER), head, Actor::Clock] {
        let outcome = invitation().after(&other, Call::Decline, start());
        assert_eq!(outcome, Err(Uninvited::NotYours), "{other:?}");
    }
    let declined = invitation().after(&person(RESIDENT), Call::Decline, start());
    let declined = declined.unwrap();
    assert_eq!(declined.stage, Stage::Declined);
    assert_eq!(declined.ended_at, Some(start()));
    let told = declined.notice();
    assert_eq!(told.topic, Topic::InvitationDeclined);
    assert!(told.to.admits(&person(OWNER)));
    let over = Err(Uninvited::Over(Stage::Declined));
    let calls = [
        (RESIDENT, Call::Decline),
        (RESIDENT, Call::Use(&asked_for())),
        (OWNER, Call::Cancel),
    ];
    for (who, call) in calls {
        assert_eq!(declined.after(&person(who), call, start()), over);
    }
}

#[test]
fn nobody_says_no_to_what_is_over() {
    let late = start() + TimeDelta::days(11);
    let outcome = invitation().after(&person(RESIDENT), Call::Decline, late);
    assert_eq!(outcome, Err(Uninvited::Over(Stage::Expired)));
    let cancelled = invitation().after(&person(OWNER), Call::Cancel, start());
    let outcome = cancelled
        .unwrap()
        .after(&person(RESIDENT), Call::Decline, start());
    assert_eq!(outcome, Err(Uninvited::Over(Stage::Cancelled)));
}

#[test]
fn nobody_else_uses_it_and_it_stays_open() {
    let head = member(RESIDENT, Office::Signs);
    for other in [person(OWNER), person(STRANGER), head, Actor::Clock] {
        let outcome = invitation().after(&other, Call::Use(&asked_for()), start());
        assert_eq!(outcome, Err(Uninvited::NotYours), "{other:?}");
    }
}

#[test]
fn it_is_for_one_person_dwelling_kind_and_term() {
    let from = "2026-11-01".parse().unwrap();
    for other in [
        application("0201999000000028", &[RESIDENT], term(3)),
        application("0201999000000011", &[STRANGER], term(3)),
        application("0201999000000011", &[RESIDENT, STRANGER], term(3)),
        application("0201999000000011", &[RESIDENT], term(4)),
        application("0201999000000011", &[RESIDENT], Term::Permanent(from)),
    ] {
        let outcome = invitation().after(&person(RESIDENT), Call::Use(&other), start());
        assert_eq!(outcome, Err(Uninvited::SomethingElse));
    }
}

#[test]
fn only_the_owner_takes_it_back() {
    for other in [person(RESIDENT), person(STRANGER), Actor::Clock] {
        let outcome = invitation().after(&other, Call::Cancel, start());
        assert_eq!(outcome, Err(Uninvited::NotYours));
    }
    let cancelled = invitation().after(&person(OWNER), Call::Cancel, start());
    let cancelled = cancelled.unwrap();
    assert_eq!(cancelled.stage, Stage::Cancelled);
    let late = cancelled.after(&person(RESIDENT), Call::Use(&asked_for()), start());
    assert_eq!(late, Err(Uninvited::Over(Stage::Cancelled)));
}

#[test]
fn for_an_organisation_its_head_takes_it_back_and_no_employee() {
    let mut invitation = invitation();
    invitation.by = Bin::parse(LANDLORD).unwrap().into();
    let employee = member(OWNER, Office::Employed);
    let outcome = invitation.after(&employee, Call::Cancel, start());
    assert_eq!(outcome, Err(Uninvited::NotYours));
    let head = member(STRANGER, Office::Signs);
    assert!(invitation.after(&head, Call::Cancel, start()).is_ok());
}

#[test]
fn it_can_be_used_to_its_last_moment_and_expires_after_it_once() {
    let last = invitation().expires_at;
    let after = last + TimeDelta::milliseconds(1);
    let used = invitation().after(&person(RESIDENT), Call::Use(&asked_for()), last);
    assert!(used.is_ok());
    let late = invitation().after(&person(RESIDENT), Call::Use(&asked_for()), after);
    assert_eq!(late, Err(Uninvited::Over(Stage::Expired)));
    let early = invitation().after(&Actor::Clock, Call::Expire, last);
    assert_eq!(early, Err(Uninvited::TooEarly));
    let by_owner = invitation().after(&person(OWNER), Call::Expire, after);
    assert_eq!(by_owner, Err(Uninvited::NotYours));
    let expired = invitation().after(&Actor::Clock, Call::Expire, after);
    let expired = expired.unwrap();
    assert_eq!(expired.stage, Stage::Expired);
    let again = expired.after(&Actor::Clock, Call::Expire, after);
    assert_eq!(again, Err(Uninvited::Over(Stage::Expired)));
}

#[test]
fn no_call_leaves_an_end() {
    for stage in Stage::VARIANTS {
        let mut one = invitation();
        one.stage = *stage;
        let asked_for = asked_for();
        let calls = [
            (person(RESIDENT), Call::Use(&asked_for)),
            (person(OWNER), Call::Cancel),
            (Actor::Clock, Call::Expire),
        ];
        for (actor, call) in calls {
            let later = one.expires_at + TimeDelta::days(1);
            for now in [start(), later] {
                let outcome = one.after(&actor, call, now);
                assert!(outcome.is_err() || *stage == Stage::Open, "{stage:?}");
            }
        }
    }
}
