use super::*;
use crate::domain::paper::{Number, Role, Side};
use crate::domain::{Capacity, Holder, NONCE_LENGTH, Party, Removal};
use crate::render::testing::{
    CHILD, OFFICE, OWNER, PARENT, alone, asked, asked_by, bin, child, delegate, extension, family,
    id, iin, noon, permanent, registered,
};

fn issue(language: Language) -> Issue {
    Issue {
        language,
        nonce: Nonce([7; NONCE_LENGTH]),
        issued_at: noon(),
        expires_at: noon() + chrono::TimeDelta::hours(72),
    }
}

/// The document as JSON, without the words, which have tests of their own.
fn read(bytes: Result<Vec<u8>, Unwritable>) -> serde_json::Value {
    let bytes = bytes.unwrap();
    let mut value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(canonical(&value).unwrap().as_bytes(), bytes);
    let members = value.as_object_mut().unwrap();
    assert!(members.remove("statement").unwrap().is_string());
    assert_eq!(members.remove("nonce").unwrap(), "07".repeat(NONCE_LENGTH));
    value
}

#[test]
fn an_application_says_this_to_a_machine() {
    let application = application(&extension(family()), &issue(Language::Kk));
    insta::assert_json_snapshot!(read(application), @r#"
    {
      "address": "Үлгі көшесі, 1-үй",
      "applicant": {
        "capacity": "oneself",
        "iin": "900101300007",
        "name": "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ"
      },
      "application": "00000000-0000-0000-0000-000000000001",
      "arrived_on": "2026-10-30",
      "edition": 1,
      "ends_on": "2027-02-01",
      "expires_at": "2026-11-04T12:00:00.000Z",
      "extends": "00000000-0000-0000-0000-00000000000e",
      "issued_at": "2026-11-01T12:00:00.000Z",
      "kind": "temporary",
      "language": "kk",
      "months": 3,
      "purpose": "kelisim/application/v1",
      "residents": [
        {
          "iin": "900101300007",
          "name": "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ"
        },
        {
          "iin": "000101500001",
          "name": "ТЕСТОВА ҮЛГІ"
        }
      ],
      "rka": "0201999000000011",
      "starts_on": "2026-11-01"
    }
    "#);
}

#[test]
fn an_application_for_a_place_of_residence_says_this() {
    let centre = asked_by(Capacity::Operator(bin(OFFICE)), &[child()]);
    let application = application(&permanent(centre), &issue(Language::En));
    insta::assert_json_snapshot!(read(application), @r#"
    {
      "address": "1 Ulgi street",
      "applicant": {
        "bin": "200140000004",
        "capacity": "operator",
        "iin": "900101300007",
        "name": "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ"
      },
      "application": "00000000-0000-0000-0000-000000000001",
      "arrived_on": "2026-10-30",
      "edition": 1,
      "expires_at": "2026-11-04T12:00:00.000Z",
      "issued_at": "2026-11-01T12:00:00.000Z",
      "kind": "permanent",
      "language": "en",
      "purpose": "kelisim/application/v1",
      "residents": [
        {
          "iin": "000101500001",
          "name": "ТЕСТОВА ҮЛГІ"
        }
      ],
      "rka": "0201999000000011",
      "starts_on": "2026-11-01"
    }
    "#);
}

#[test]
fn a_consent_says_this_to_a_machine() {
    let asked = asked(Party::Owner(Holder::Person(iin(OWNER))));
    let signed = Digest::of(b"application");
    let written = consent(
        &alone(),
        &asked,
        Some(&delegate()),
        &signed,
        &issue(Language::Ru),
    );
    insta::assert_json_snapshot!(read(written), @r#"
    {
      "address": "улица Үлгі, дом 1",
      "applicant": {
        "capacity": "oneself",
        "iin": "900101300007",
        "name": "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ"
      },
      "application": "00000000-0000-0000-0000-000000000001",
      "application_sha256": "1fe289205936c3fdb61158223892c7a8bee6ff4dfa085ea1c094ce0294e32114",
      "arrived_on": "2026-10-30",
      "consent": "00000000-0000-0000-0000-000000000002",
      "delegate": {
        "iin": "851230400704",
        "power_of_attorney": "ҮЛГІ-17/2026"
      },
      "edition": 1,
      "ends_on": "2027-02-01",
      "expires_at": "2026-11-04T12:00:00.000Z",
      "issued_at": "2026-11-01T12:00:00.000Z",
      "kind": "temporary",
      "language": "ru",
      "months": 3,
      "party": {
        "as": "owner",
        "iin": "851230400006"
      },
      "purpose": "kelisim/consent/v1",
      "residents": [
        {
          "iin": "900101300007",
          "name": "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ"
        }
      ],
      "rka": "0201999000000011",
      "starts_on": "2026-11-01"
    }
    "#);
}

#[test]
fn each_party_is_named_by_the_number_that_it_has() {
    let parties = [
        (Party::Owner(Holder::Person(iin(OWNER))), Role::Owner, OWNER),
        (
            Party::Owner(Holder::Organisation(bin(OFFICE))),
            Role::Owner,
            OFFICE,
        ),
        (Party::Tenant(iin(OWNER)), Role::Tenant, OWNER),
        (Party::Resident(iin(CHILD)), Role::Resident, CHILD),
        (
            Party::Colleague(bin(OFFICE), iin(PARENT)),
            Role::Colleague,
            OFFICE,
        ),
    ];
    for (party, role, number) in parties {
        let side = Side::from(&party);
        let Number { iin: person, bin } = &side.number;
        assert_eq!(
            (side.role, person.as_deref().or(bin.as_deref())),
            (role, Some(number))
        );
        assert_eq!(side.party(&iin(PARENT)), Some(party));
    }
}

#[test]
fn the_documents_that_end_a_registration_say_this() {
    let application = alone();
    let mut registration = registered(&application, 0);
    let leaver = Leaver::Resident(registration.resident.clone());
    let issue = issue(Language::En);
    insta::assert_json_snapshot!(read(leaving(&application, &registration, &leaver, &issue)), @r#"
    {
      "address": "1 Ulgi street",
      "application": "00000000-0000-0000-0000-000000000001",
      "by": {
        "iin": "900101300007"
      },
      "ends_on": "2027-02-01",
      "expires_at": "2026-11-04T12:00:00.000Z",
      "issued_at": "2026-11-01T12:00:00.000Z",
      "kind": "temporary",
      "language": "en",
      "months": 3,
      "purpose": "kelisim/leaving/v1",
      "registration": "00000000-0000-0000-0000-000000000090",
      "resident": {
        "iin": "900101300007",
        "name": "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ"
      },
      "rka": "0201999000000011",
      "starts_on": "2026-11-01"
    }
    "#);

    let by = Holder::Organisation(bin(OFFICE));
    let demand = removal(&application, &registration, (&by, None), &issue);
    let demanded = demand.as_ref().unwrap().clone();
    insta::assert_json_snapshot!(read(demand), @r#"
    {
      "address": "1 Ulgi street",
      "application": "00000000-0000-0000-0000-000000000001",
      "by": {
        "bin": "200140000004"
      },
      "ends_on": "2027-02-01",
      "expires_at": "2026-11-04T12:00:00.000Z",
      "issued_at": "2026-11-01T12:00:00.000Z",
      "kind": "temporary",
      "language": "en",
      "months": 3,
      "purpose": "kelisim/removal/v1",
      "registration": "00000000-0000-0000-0000-000000000090",
      "resident": {
        "iin": "900101300007",
        "name": "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ"
      },
      "rka": "0201999000000011",
      "starts_on": "2026-11-01"
    }
    "#);

    let asked = asked(Party::Owner(Holder::Person(iin(OWNER))));
    registration.removal = Some(Removal {
        document: id(5),
        by,
        consents: vec![asked.clone()],
        deadline: noon(),
    });
    let confirmation = confirmation(
        &application,
        &registration,
        (&asked, None),
        &demanded,
        &issue,
    );
    insta::assert_json_snapshot!(read(confirmation), @r#"
    {
      "address": "1 Ulgi street",
      "application": "00000000-0000-0000-0000-000000000001",
      "by": {
        "bin": "200140000004"
      },
      "consent": "00000000-0000-0000-0000-000000000002",
      "demand_sha256": "9d0be014d11915b239f394795f42581d3a68aff1457220a212385f81c8a6ede4",
      "ends_on": "2027-02-01",
      "expires_at": "2026-11-04T12:00:00.000Z",
      "issued_at": "2026-11-01T12:00:00.000Z",
      "kind": "temporary",
      "language": "en",
      "months": 3,
      "party": {
        "as": "owner",
        "iin": "851230400006"
      },
      "purpose": "kelisim/confirmation/v1",
      "registration": "00000000-0000-0000-0000-000000000090",
      "resident": {
        "iin": "900101300007",
        "name": "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ"
      },
      "rka": "0201999000000011",
      "starts_on": "2026-11-01"
    }
    "#);
}

#[test]
fn whoever_speaks_for_a_resident_is_named_where_that_one_leaves() {
    let application = asked_by(Capacity::Oneself, &[child()]);
    let application = crate::render::testing::with_registrations(application);
    let registration = &application.registrations[0];
    let by = Leaver::Representative(iin(PARENT), "СЫНАҚ ҚОРҒАН".to_owned());
    let issue = issue(Language::En);
    let written = read(leaving(&application, registration, &by, &issue));
    assert_eq!(
        (&written["by"], &written["resident"]["iin"]),
        (
            &serde_json::json!({"iin": PARENT, "as": "legal_representative"}),
            &CHILD.into()
        )
    );
}

#[test]
fn a_demand_by_a_delegate_names_the_owner_and_the_paper_and_so_does_its_confirmation() {
    let application = alone();
    let mut registration = registered(&application, 0);
    let (by, issue) = (Holder::Organisation(bin(OFFICE)), issue(Language::En));
    let demanded = removal(
        &application,
        &registration,
        (&by, Some(&delegate())),
        &issue,
    );
    let demanded = demanded.unwrap();
    let asked = asked(Party::Owner(Holder::Person(iin(OWNER))));
    registration.removal = Some(Removal {
        document: id(5),
        by,
        consents: vec![asked.clone()],
        deadline: noon(),
    });
    let answer = (&asked, None);
    let confirmed = confirmation(&application, &registration, answer, &demanded, &issue);
    for written in [Ok(demanded), confirmed] {
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(read(written)["by"], @r#"
            {
              "bin": "200140000004",
              "delegate": {
                "iin": "851230400704",
                "power_of_attorney": "ҮЛГІ-17/2026"
              }
            }
            "#);
        }
    }
}

#[test]
fn a_login_says_this_to_a_machine() {
    let login = login("https://office.test", &issue(Language::En));
    insta::assert_json_snapshot!(read(login), @r#"
    {
      "expires_at": "2026-11-04T12:00:00.000Z",
      "issued_at": "2026-11-01T12:00:00.000Z",
      "language": "en",
      "origin": "https://office.test",
      "purpose": "kelisim/login/v1"
    }
    "#);
}
