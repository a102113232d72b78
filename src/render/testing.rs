//! An application as it would be drafted, for the tests of this room.

use chrono::{DateTime, TimeZone, Utc};
use uuid::Uuid;

use crate::domain::attachment::{Attached, MediaType, PaperKind};
use crate::domain::law::Relationship;
use crate::domain::register::PowerNumber;
use crate::domain::{
    Address, Appearance, Applicant, Application, Attestation, Capacity, Consent, ConsentId,
    Delegate, Dwelling, Exemption, Holder, Id, Identified, IdentityKind, IdentityPaper, Language,
    Party, Period, Proposal, Question, Registration, Resident, Rka, Rules, Standing, Term, Use,
    Vouched,
};
use crate::eds::{Bin, Digest, Iin};

pub(super) const PARENT: &str = "900101300007";
pub(super) const CHILD: &str = "000101500001";
pub(super) const OWNER: &str = "851230400006";
pub(super) const DELEGATE: &str = "851230400704";
pub(super) const OFFICE: &str = "200140000004";
pub(super) const EXTENDED: u128 = 0xe;

pub(super) fn iin(text: &str) -> Iin {
    Iin::parse(text).unwrap()
}

pub(super) fn bin(text: &str) -> Bin {
    Bin::parse(text).unwrap()
}

pub(super) fn id<T>(number: u128) -> Id<T> {
    Id::new(Uuid::from_u128(number))
}

pub(super) fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 1, 12, 0, 0).unwrap()
}

pub(super) fn resident(iin: &str, name: &str) -> Resident {
    Resident {
        iin: self::iin(iin),
        name: name.to_owned(),
    }
}

pub(super) fn parent() -> Resident {
    resident(PARENT, "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ")
}

pub(super) fn child() -> Resident {
    resident(CHILD, "ТЕСТОВА ҮЛГІ")
}

/// Three months, asked for in this capacity.
pub(super) fn asked_by(capacity: Capacity, residents: &[Resident]) -> Application {
    let owners = [Holder::Person(iin(OWNER))];
    let proposal = Proposal {
        applicant: Applicant {
            iin: iin(PARENT),
            name: parent().name,
            capacity,
        },
        residents: residents.to_vec(),
        dwelling: Dwelling {
            rka: Rka::parse("0201999000000011").unwrap(),
            address: Address {
                kk: "Үлгі көшесі, 1-үй".to_owned(),
                ru: "улица Үлгі, дом 1".to_owned(),
                en: "1 Ulgi street".to_owned(),
            },
            used_as: Use::Home,
            area: None,
            owners: owners.clone().into(),
        },
        term: Term::Temporary(Period::new("2026-11-01".parse().unwrap(), 3).unwrap()),
        arrived: "2026-10-30".parse().unwrap(),
        language: Language::Ru,
        extends: None,
        asked: Question {
            owners: owners.into(),
            consents: vec![asked(Party::Owner(Holder::Person(iin(OWNER))))],
        },
    };
    Application::draft(id(1), proposal, &Rules::default(), noon())
}

pub(super) fn alone() -> Application {
    asked_by(Capacity::Oneself, &[parent()])
}

pub(super) fn family() -> Application {
    asked_by(Capacity::Oneself, &[parent(), child()])
}

pub(super) fn permanent(application: Application) -> Application {
    Application {
        term: Term::Permanent("2026-11-01".parse().unwrap()),
        ..application
    }
}

pub(super) fn extension(application: Application) -> Application {
    Application {
        extends: Some(id(EXTENDED)),
        ..application
    }
}

pub(super) fn asked(party: Party) -> Consent {
    let id: ConsentId = id(2);
    Consent::asked(id, party)
}

pub(super) fn delegate() -> Delegate {
    Delegate {
        iin: iin(DELEGATE),
        power: PowerNumber::parse("ҮЛГІ-17/2026").unwrap(),
    }
}

/// The child's identity document and the owner's consent on paper were shown.
pub(super) fn attested(application: Application) -> Application {
    let scanned = |kind, octets| Attached {
        kind,
        media_type: MediaType::Pdf,
        sha256: Digest::of(octets),
    };
    let attestation = Attestation {
        residents: vec![Identified {
            iin: iin(CHILD),
            paper: IdentityPaper {
                kind: IdentityKind::BirthCertificate,
                last_four: "4321".to_owned(),
                issuer: "МВД РК".to_owned(),
            },
            representative: None,
            exempt: Some(Exemption {
                relationship: Relationship::Child,
                sha256: Digest::of(b"relationship"),
            }),
        }],
        holders: vec![Vouched {
            party: Party::Owner(Holder::Person(iin(OWNER))),
            how: Appearance::OnPaper(Digest::of(b"consent")),
            paper: None,
        }],
        attachments: vec![
            scanned(PaperKind::PaperConsent, b"consent"),
            scanned(PaperKind::Other, b"relationship"),
        ],
    };
    Application {
        attestation: Some(attestation),
        ..application
    }
}

/// The registration of the resident in this place.
pub(super) fn registered(application: &Application, place: usize) -> Registration {
    Registration {
        id: id(0x90 + u128::try_from(place).unwrap()),
        application: application.id,
        resident: application.residents[place].iin.clone(),
        rka: application.rka.clone(),
        address: application.address.clone(),
        term: application.term,
        registered_at: noon(),
        standing: Standing::Active,
        removal: None,
    }
}

/// The same with a registration of each resident.
pub(super) fn with_registrations(application: Application) -> Application {
    let all = (0..application.residents.len()).map(|place| registered(&application, place));
    Application {
        registrations: all.collect(),
        ..application
    }
}
