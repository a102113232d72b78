use super::*;
use crate::domain::Holder as OwnerOf;
use crate::domain::{Actor, Event, Party};
use crate::render::testing::{
    CHILD, OWNER, PARENT, alone, asked, family, id, iin, noon, permanent, with_registrations,
};

fn told(application: &Application, kind: EventKind, about: Option<RegistrationId>) -> String {
    answered(application, kind, about, None)
}

fn answered(
    application: &Application,
    kind: EventKind,
    about: Option<RegistrationId>,
    answer: Option<Consent>,
) -> String {
    let event = Event {
        version: 4,
        kind,
        state: application.state,
        actor: Actor::Person(iin(OWNER)),
        registration: about,
        at: noon(),
    };
    let step = Step {
        application: application.clone(),
        event,
        answer,
    };
    body(&step, &[])
}

fn registered(application: Application) -> Application {
    Application {
        state: State::Registered,
        ..with_registrations(application)
    }
}

fn declined(reason: DeclineReason) -> String {
    let consent = Consent {
        answer: Answer::Declined(noon(), reason),
        ..asked(Party::Owner(OwnerOf::Person(iin(OWNER))))
    };
    let application = Application {
        state: State::Declined,
        ..alone()
    };
    answered(
        &application,
        EventKind::ConsentDeclined,
        None,
        Some(consent),
    )
}

#[test]
fn a_draft_is_told_like_this() {
    insta::assert_snapshot!(told(&alone(), EventKind::Drafted, None), @r#"{"type":"application.drafted","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"draft","kind":"temporary"}}"#);
    insta::assert_snapshot!(told(&permanent(alone()), EventKind::Edited, None), @r#"{"type":"application.edited","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"draft","kind":"permanent"}}"#);
}

#[test]
fn a_registration_is_told_by_its_name_and_several_by_theirs() {
    insta::assert_snapshot!(told(&registered(alone()), EventKind::Registered, None), @r#"{"type":"application.registered","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"registered","kind":"temporary","registration":"00000000-0000-0000-0000-000000000090","registrations":["00000000-0000-0000-0000-000000000090"]}}"#);
    insta::assert_snapshot!(told(&registered(family()), EventKind::Registered, None), @r#"{"type":"application.registered","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"registered","kind":"temporary","registrations":["00000000-0000-0000-0000-000000000090","00000000-0000-0000-0000-000000000091"]}}"#);
}

#[test]
fn an_answer_that_tells_of_a_wrong_is_reported() {
    insta::assert_snapshot!(declined(DeclineReason::NotAgreed), @r#"{"type":"application.consent_declined","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"declined","kind":"temporary"}}"#);
    insta::assert_snapshot!(declined(DeclineReason::UnknownPerson), @r#"{"type":"application.consent_declined","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"declined","kind":"temporary","reason":"unknown_person","reported":true}}"#);
    insta::assert_snapshot!(declined(DeclineReason::NotMyDwelling), @r#"{"type":"application.consent_declined","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"declined","kind":"temporary","reason":"not_my_dwelling","reported":true}}"#);
}

#[test]
fn an_end_is_told_with_how_it_came() {
    let application = registered(family());
    let about = Some(application.registrations[1].id);
    insta::assert_snapshot!(told(&application, EventKind::Left, about), @r#"{"type":"application.left","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"registered","kind":"temporary","registration":"00000000-0000-0000-0000-000000000091","ending":"left"}}"#);
    insta::assert_snapshot!(told(&application, EventKind::RemovalDemanded, about), @r#"{"type":"application.removal_demanded","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"registered","kind":"temporary","registration":"00000000-0000-0000-0000-000000000091"}}"#);
    let expired = Application {
        state: State::Ended,
        ..application
    };
    insta::assert_snapshot!(told(&expired, EventKind::Expired, None), @r#"{"type":"application.expired","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"ended","kind":"temporary","ending":"expired"}}"#);
}

#[test]
fn a_reminder_says_of_what() {
    let waiting = Application {
        state: State::AwaitingConsent,
        ..alone()
    };
    insta::assert_snapshot!(told(&waiting, EventKind::Reminded, None), @r#"{"type":"application.reminded","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"awaiting_consent","kind":"temporary","reminder":{"due_at":"2026-11-04T12:00:00.000Z"}}}"#);
    insta::assert_snapshot!(told(&registered(alone()), EventKind::Reminded, None), @r#"{"type":"application.reminded","timestamp":"2026-11-01T12:00:00.000Z","data":{"application":"00000000-0000-0000-0000-000000000001","version":4,"state":"registered","kind":"temporary","reminder":{"due_at":"2027-02-01T19:00:00.000Z"}}}"#);
}

#[test]
fn nothing_is_told_about_a_person() {
    let application = registered(family());
    for kind in [
        EventKind::Registered,
        EventKind::Removed,
        EventKind::Reminded,
    ] {
        let said = told(&application, kind, Some(id(0x90)));
        for personal in [OWNER, PARENT, CHILD, "ТЕСТОВ", "Ulgi", "0201999000000011"] {
            assert!(!said.contains(personal), "{said}");
        }
    }
}
