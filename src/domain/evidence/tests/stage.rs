//! Packages to be judged, and the people who signed what is in them.

use std::sync::LazyLock;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::evidence::{Ended, Evidence, Exhibit, Finding, Given, PackageReport, verify};
use crate::domain::{Ending, Holder, Party, Signatory};
use crate::eds::asic::Package;
use crate::eds::testing::key::Key;
use crate::eds::testing::message::Message;
use crate::eds::testing::pki::{Draft, List, at};
use crate::eds::testing::scene::{AUTHORITY, ROOT, authority, root};
use crate::eds::testing::stamper::{self, Stamp, stamper};
use crate::eds::{
    Additions, Bin, Digest, DigestName, Iin, Indication, Policy, Trust, augment, gost,
    signature_value,
};

pub(super) const RESIDENT: &str = "900101300007";
pub(super) const CHILD: &str = "000101500001";
pub(super) const OWNERS: [&str; 2] = ["850505400008", "700702300002"];
pub(super) const DELEGATE: &str = "851230400006";
pub(super) const COMPANY: &str = "200140000004";
pub(super) const ISSUED: &str = "2026-06-01T09:55:00Z";
pub(super) const SIGNED: &str = "2026-06-01T09:59:00Z";
pub(super) const STAMPED: &str = "2026-06-01T10:00:00Z";
pub(super) const PACKED: &str = "2026-06-01T12:00:00Z";
pub(super) const LATER: &str = "2036-06-01T12:00:00Z";
pub(super) const APPLICATION: &str = "019731d2-0000-7000-8000-000000000001";
pub(super) const REGISTRATION: &str = "019731d2-0000-7000-8000-000000000009";

pub(super) static PEOPLE: LazyLock<[Key; 3]> = LazyLock::new(|| {
    [
        Key::p256(),
        Key::p384(),
        Key::gost(gost::Algorithm::Gost2015With512, 5),
    ]
});
pub(super) static STAMPING: LazyLock<Key> = LazyLock::new(Key::p256);
pub(super) static RESTAMPING: LazyLock<Key> =
    LazyLock::new(|| Key::gost(gost::Algorithm::Gost2015With512, 9));
static ANCHOR: LazyLock<Vec<u8>> = LazyLock::new(|| lasting(root()).self_signed(&ROOT));
pub(super) static ISSUER: LazyLock<Vec<u8>> =
    LazyLock::new(|| lasting(authority()).signed(&root().subject, &ROOT));

/// One owner of two, and the other.
pub(super) static WHOLE: LazyLock<Package> = LazyLock::new(|| sealed(evidence()));

/// A family, to which a person consented, an organisation, and a delegate; the
/// organisation then ended it, which the person confirmed.
pub(super) static FAMILY: LazyLock<Package> = LazyLock::new(|| sealed(removed()));

pub(super) fn lasting(draft: Draft) -> Draft {
    draft.valid("2026-01-01T00:00:00Z", "2049-01-01T00:00:00Z")
}

pub(super) fn trust() -> Trust {
    Trust::new(std::slice::from_ref(&*ANCHOR), &[], &[]).expect("trust")
}

/// Lists of both authorities, made an hour before.
pub(super) fn lists(time: &str) -> Vec<Vec<u8>> {
    let mut list = List::new(time, time);
    list.this_update = at(time) - chrono::TimeDelta::hours(1);
    list.next_update = Some(at(time) + chrono::TimeDelta::days(7));
    vec![
        list.signed(&authority().subject, &AUTHORITY),
        list.signed(&root().subject, &ROOT),
    ]
}

/// A token at this time with everything that proves it.
pub(super) fn token(octets: &[u8], time: &str, draft: &Draft, key: &Key) -> Vec<u8> {
    let token = Stamp::new(octets, at(time)).token(&stamper::appointed(draft), key);
    let additions = Additions {
        certificates: std::slice::from_ref(&*ISSUER),
        lists: &lists(time),
        ..Additions::default()
    };
    augment(&token, &additions).expect("a token")
}

/// Who really signs, and with which kind of certificate.
#[derive(Clone, Copy)]
pub(super) enum By {
    Person(&'static str),
    Head(&'static str),
    Employee(&'static str),
}

impl By {
    fn certificate(self, key: &Key) -> Vec<u8> {
        let draft = match self {
            Self::Person(iin) => Draft::signer(11, iin, key),
            Self::Head(iin) => Draft::member(11, (iin, COMPANY), "1.2.398.3.3.4.1.2.1", key),
            Self::Employee(iin) => Draft::member(11, (iin, COMPANY), "1.2.398.3.3.4.1.2.5", key),
        };
        draft.signed(&authority().subject, &AUTHORITY)
    }

    fn key(self) -> &'static Key {
        match self {
            Self::Person(RESIDENT) => &PEOPLE[0],
            Self::Person(iin) if iin == OWNERS[1] => &PEOPLE[2],
            Self::Person(_) | Self::Head(_) | Self::Employee(_) => &PEOPLE[1],
        }
    }
}

/// A signature over `document` with everything that proves it.
fn signature(document: &[u8], by: By) -> Vec<u8> {
    let certificate = by.certificate(by.key());
    let bare = Message::new(document, &certificate, by.key(), at(SIGNED)).der();
    let value = signature_value(&bare).expect("a signature");
    let stamp = token(&value, STAMPED, &lasting(stamper(&STAMPING)), &STAMPING);
    let additions = Additions {
        time_stamps: &[stamp],
        certificates: std::slice::from_ref(&*ISSUER),
        lists: &lists(STAMPED),
        ..Additions::default()
    };
    augment(&bare, &additions).expect("raised")
}

pub(super) fn iin(text: &str) -> Iin {
    Iin::parse(text).expect("an IIN")
}

pub(super) fn company() -> Bin {
    Bin::parse(COMPANY).expect("a BIN")
}

pub(super) fn person(text: &str) -> Signatory {
    Signatory::Person(iin(text))
}

pub(super) fn owner(text: &str) -> Party {
    Party::Owner(Holder::Person(iin(text)))
}

pub(super) fn id<T>(text: &str) -> crate::domain::Id<T> {
    crate::domain::Id::new(text.parse::<Uuid>().expect("a UUID"))
}

pub(super) fn consent_id(number: usize) -> String {
    format!("019731d2-0000-7000-8000-0000000001{number:02}")
}

pub(super) fn document_of(number: usize) -> String {
    format!("documents/consent-{}.json", consent_id(number))
}

pub(super) fn application() -> Value {
    json!({
        "purpose": "kelisim/application/v1", "statement": "…", "application": APPLICATION,
        "edition": 2, "kind": "temporary",
        "applicant": {"iin": RESIDENT, "name": "ТЕСТОВ ТЕСТ", "capacity": "oneself"},
        "residents": [{"iin": RESIDENT, "name": "ТЕСТОВ ТЕСТ"}],
        "rka": "0201999000000011", "address": "улица Үлгі, дом 1",
        "starts_on": "2026-06-10", "ends_on": "2026-09-10", "months": 3,
        "arrived_on": "2026-06-01", "language": "ru", "nonce": "00",
        "issued_at": ISSUED, "expires_at": "2026-06-05T00:00:00Z",
    })
}

/// An application for two, one of whom the other speaks for.
pub(super) fn of_family() -> Value {
    let mut application = application();
    let child = json!({"iin": CHILD, "name": "ТЕСТОВА ҮЛГІ"});
    application["residents"]
        .as_array_mut()
        .expect("people")
        .push(child);
    application
}

/// A consent to the octets that were signed; its words are in another language.
pub(super) fn consent(number: usize, party: &Value, applied: &[u8]) -> Value {
    let mut consent: Value = serde_json::from_slice(applied).expect("json");
    consent["purpose"] = "kelisim/consent/v1".into();
    consent["address"] = "1 Ulgi street".into();
    consent["language"] = "en".into();
    consent["consent"] = consent_id(number).into();
    consent["party"] = party.clone();
    consent["application_sha256"] = Digest::of(applied).to_string().into();
    consent
}

/// The end of a registration, as `purpose`.
pub(super) fn closing(purpose: &str, by: &Value) -> Value {
    let mut closing = application();
    let members = closing.as_object_mut().expect("members");
    for absent in ["edition", "applicant", "residents", "arrived_on"] {
        members.remove(absent);
    }
    closing["purpose"] = format!("kelisim/{purpose}/v1").into();
    closing["registration"] = REGISTRATION.into();
    closing["resident"] = json!({"iin": RESIDENT, "name": "ТЕСТОВ ТЕСТ"});
    closing["by"] = by.clone();
    closing
}

pub(super) fn confirmation(number: usize, party: &Value, demand: &[u8]) -> Value {
    let mut confirmation: Value = serde_json::from_slice(demand).expect("json");
    confirmation["purpose"] = "kelisim/confirmation/v1".into();
    confirmation["consent"] = consent_id(number).into();
    confirmation["party"] = party.clone();
    confirmation["demand_sha256"] = Digest::of(demand).to_string().into();
    confirmation
}

pub(super) fn exhibit(document: &Value, signer: Signatory, by: By) -> Exhibit {
    let document = serde_json::to_vec(document).expect("json");
    Exhibit {
        signer,
        signature: signature(&document, by),
        report: format!("{{\"of\": \"{}\"}}", Digest::of(&document)).into_bytes(),
        document,
    }
}

pub(super) fn given(number: usize, party: Party, exhibit: Exhibit) -> Given {
    Given {
        consent: id(&consent_id(number)),
        party,
        exhibit,
    }
}

/// An owner's consent to what was signed.
pub(super) fn given_by(number: usize, iin: &'static str, applied: &Exhibit) -> Given {
    let party = json!({"as": "owner", "iin": iin});
    let document = consent(number, &party, &applied.document);
    let exhibit = exhibit(&document, person(iin), By::Person(iin));
    given(number, owner(iin), exhibit)
}

/// What was applied for, and nobody's consent to it.
pub(super) fn applied(application: &Value) -> Evidence {
    Evidence {
        registration: id(REGISTRATION),
        registered_at: at("2026-06-01T11:00:00Z"),
        application: id(APPLICATION),
        resident: iin(RESIDENT),
        applied: exhibit(application, person(RESIDENT), By::Person(RESIDENT)),
        consents: Vec::new(),
        ended: None,
        policy: toml::to_string(&Policy::national()).expect("toml"),
        records: vec![("records/audit.json".to_owned(), b"[]".to_vec())],
    }
}

/// Everything is as it should be.
pub(super) fn evidence() -> Evidence {
    let mut evidence = applied(&application());
    let consents = (0..2).map(|number| given_by(number, OWNERS[number], &evidence.applied));
    evidence.consents = consents.collect();
    evidence
}

/// A person, an organisation and a delegate consented to a family.
pub(super) fn family() -> Evidence {
    let mut evidence = applied(&of_family());
    let applied = &evidence.applied;
    let party = json!({"as": "owner", "bin": COMPANY});
    let document = consent(1, &party, &applied.document);
    let signer = Signatory::Organisation(company());
    let of_company = exhibit(&document, signer, By::Head(RESIDENT));
    evidence.consents = vec![
        given_by(0, OWNERS[0], applied),
        given(1, Party::Owner(Holder::Organisation(company())), of_company),
        given(
            2,
            owner(OWNERS[1]),
            delegated(applied, By::Person(DELEGATE)),
        ),
    ];
    evidence
}

/// The second owner's consent, signed by the delegate.
pub(super) fn delegated(applied: &Exhibit, by: By) -> Exhibit {
    let party = json!({"as": "owner", "iin": OWNERS[1]});
    let mut document = consent(2, &party, &applied.document);
    document["delegate"] = json!({"iin": DELEGATE, "power_of_attorney": "ҮЛГІ-17/2026"});
    exhibit(&document, person(DELEGATE), by)
}

/// The same, ended by the organisation, which the first owner confirmed.
pub(super) fn removed() -> Evidence {
    let mut evidence = family();
    let demand = closing("removal", &json!({"bin": COMPANY}));
    let act = exhibit(&demand, Signatory::Organisation(company()), By::Head(CHILD));
    let party = json!({"as": "owner", "iin": OWNERS[0]});
    let document = confirmation(7, &party, &act.document);
    let confirmed = exhibit(&document, person(OWNERS[0]), By::Person(OWNERS[0]));
    evidence.ended = Some(Ended {
        how: Ending::Removed,
        at: at(PACKED),
        act: Some(act),
        confirmations: vec![given(7, owner(OWNERS[0]), confirmed)],
    });
    evidence
}

pub(super) fn sealed(evidence: Evidence) -> Package {
    let package = evidence.pack().expect("packed");
    restamped(&package, PACKED, &lasting(stamper(&STAMPING)), &STAMPING)
}

pub(super) fn restamped(package: &Package, time: &str, draft: &Draft, key: &Key) -> Package {
    let manifest = package.to_stamp(DigestName::Sha512);
    let token = token(&manifest, time, draft, key);
    package.stamped(&manifest, &token).expect("stamped")
}

pub(super) fn judged(package: &Package, now: &str) -> PackageReport {
    verify(&package.write(), &trust(), &Policy::national(), at(now))
}

#[track_caller]
pub(super) fn passes(package: &Package, now: &str) -> PackageReport {
    let report = judged(package, now);
    let reasons: Vec<_> = report.parts.iter().map(|part| part.report.reason).collect();
    assert_eq!(report.findings, [], "{reasons:?} {:?}", report.seals);
    assert_eq!(report.indication, Indication::TotalPassed);
    report
}

#[track_caller]
pub(super) fn fails(evidence: Evidence, expected: &Finding) {
    let report = judged(&sealed(evidence), PACKED);
    assert!(report.findings.contains(expected), "{:?}", report.findings);
    assert_eq!(report.indication, Indication::TotalFailed);
}
