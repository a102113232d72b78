//! Packages right and wrong, from today and from ten years ago.

use std::sync::LazyLock;

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::eds::{
    Additions, AfterExpiry, Digest, DigestName, Indication, Limit, Policy, Revocation,
    SignatureName, Trust, augment, gost, signature_value,
    testing::{
        key::Key,
        message::Message,
        pki::{Draft, List, at},
        scene::{AUTHORITY, ROOT, authority, root},
        stamper::{self, Stamp, stamper},
    },
};

const RESIDENT: &str = "900101300007";
const OWNERS: [&str; 2] = ["850505400008", "700702300002"];
const ISSUED: &str = "2026-06-01T09:55:00Z";
const SIGNED: &str = "2026-06-01T09:59:00Z";
const STAMPED: &str = "2026-06-01T10:00:00Z";
const PACKED: &str = "2026-06-01T12:00:00Z";
const LATER: &str = "2036-06-01T12:00:00Z";
const APPLICATION: &str = "019731d2-0000-7000-8000-000000000001";
const CONSENTS: [&str; 2] = [
    "019731d2-0000-7000-8000-000000000002",
    "019731d2-0000-7000-8000-000000000003",
];

static PEOPLE: LazyLock<[Key; 3]> = LazyLock::new(|| {
    [
        Key::p256(),
        Key::p384(),
        Key::gost(gost::Algorithm::Gost2015With512, 5),
    ]
});
static STAMPING: LazyLock<Key> = LazyLock::new(Key::p256);
static RESTAMPING: LazyLock<Key> = LazyLock::new(|| Key::gost(gost::Algorithm::Gost2015With512, 9));
static ANCHOR: LazyLock<Vec<u8>> = LazyLock::new(|| lasting(root()).self_signed(&ROOT));
static ISSUER: LazyLock<Vec<u8>> =
    LazyLock::new(|| lasting(authority()).signed(&root().subject, &ROOT));

fn lasting(draft: Draft) -> Draft {
    draft.valid("2026-01-01T00:00:00Z", "2049-01-01T00:00:00Z")
}

fn trust() -> Trust {
    Trust::new(std::slice::from_ref(&*ANCHOR), &[], &[]).expect("trust")
}

/// Lists of both authorities, made an hour before.
fn lists(time: &str) -> Vec<Vec<u8>> {
    let mut list = List::new(time, time);
    list.this_update = at(time) - chrono::TimeDelta::hours(1);
    list.next_update = Some(at(time) + chrono::TimeDelta::days(7));
    vec![
        list.signed(&authority().subject, &AUTHORITY),
        list.signed(&root().subject, &ROOT),
    ]
}

/// A token at this time with everything that proves it.
fn token(octets: &[u8], time: &str, draft: &Draft, key: &Key) -> Vec<u8> {
    let token = Stamp::new(octets, at(time)).token(&stamper::appointed(draft), key);
    let additions = Additions {
        certificates: std::slice::from_ref(&*ISSUER),
        lists: &lists(time),
        ..Additions::default()
    };
    augment(&token, &additions).expect("a token")
}

/// A signature over `document` with everything that proves it.
fn signature(document: &[u8], iin: &str, key: &Key) -> Vec<u8> {
    let certificate = Draft::signer(11, iin, key).signed(&authority().subject, &AUTHORITY);
    let bare = Message::new(document, &certificate, key, at(SIGNED)).der();
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

fn application() -> Value {
    json!({
        "purpose": "kelisim/application/v1", "application": APPLICATION,
        "resident_iin": RESIDENT, "rka": "0201999000000011",
        "starts_on": "2026-06-10", "ends_on": "2026-09-10",
        "issued_at": ISSUED, "expires_at": "2026-06-05T00:00:00Z",
    })
}

fn consent(number: usize, application: &[u8]) -> Value {
    let mut consent = self::application();
    consent["purpose"] = "kelisim/consent/v1".into();
    consent["consent"] = CONSENTS[number].into();
    consent["owner_iin"] = OWNERS[number].into();
    consent["application_sha256"] = Digest::of(application).to_string().into();
    consent
}

fn exhibit(document: &Value, signer: &str, key: &Key) -> Exhibit {
    let document = serde_json::to_vec(document).expect("json");
    Exhibit {
        signer: Iin::parse(signer).expect("an IIN"),
        signature: signature(&document, signer, key),
        document,
        report: format!("{{\"of\": \"{signer}\"}}").into_bytes(),
    }
}

fn id<T>(text: &str) -> crate::domain::Id<T> {
    crate::domain::Id::new(text.parse::<Uuid>().expect("a UUID"))
}

/// Everything is as it should be.
fn evidence() -> Evidence {
    let resident = exhibit(&application(), RESIDENT, &PEOPLE[0]);
    let consents = (0..2).map(|number| {
        let document = consent(number, &resident.document);
        let owner = exhibit(&document, OWNERS[number], &PEOPLE[number + 1]);
        (id(CONSENTS[number]), owner)
    });
    Evidence {
        registration: id("019731d2-0000-7000-8000-000000000009"),
        registered_at: at("2026-06-01T11:00:00Z"),
        application: id(APPLICATION),
        consents: consents.collect(),
        resident,
        policy: toml::to_string(&Policy::national()).expect("toml"),
        records: vec![("records/audit.json".to_owned(), b"[]".to_vec())],
    }
}

static WHOLE: LazyLock<Package> = LazyLock::new(|| sealed(evidence()));

fn sealed(evidence: Evidence) -> Package {
    let package = evidence.pack().expect("packed");
    restamped(&package, PACKED, &lasting(stamper(&STAMPING)), &STAMPING)
}

fn restamped(package: &Package, time: &str, draft: &Draft, key: &Key) -> Package {
    let manifest = package.to_stamp(DigestName::Sha512);
    let token = token(&manifest, time, draft, key);
    package.stamped(&manifest, &token).expect("stamped")
}

fn judged(package: &Package, now: &str) -> PackageReport {
    verify(&package.write(), &trust(), &Policy::national(), at(now))
}

/// By somebody for whom a stamp ends with the certificate of its authority.
fn judged_strictly(package: &Package, now: &str) -> PackageReport {
    let policy = Policy::national().with(|rules| {
        rules.time_stamps.after_expiry = AfterExpiry::WantsRenewal;
    });
    verify(&package.write(), &trust(), &policy, at(now))
}

#[track_caller]
fn passes(package: &Package, now: &str) -> PackageReport {
    let report = judged(package, now);
    let reasons: Vec<_> = report.parts.iter().map(|part| part.report.reason).collect();
    assert_eq!(report.findings, [], "{reasons:?} {:?}", report.seals);
    assert_eq!(report.indication, Indication::TotalPassed);
    report
}

#[track_caller]
fn fails(evidence: Evidence, expected: &Finding) {
    let report = judged(&sealed(evidence), PACKED);
    assert!(report.findings.contains(expected), "{:?}", report.findings);
    assert_eq!(report.indication, Indication::TotalFailed);
}

#[test]
fn a_package_is_verified_with_nothing_but_the_anchor() {
    let report = passes(&WHOLE, PACKED);
    assert_eq!(report.parts.len(), 3);
    assert_eq!(report.seals.proven, Some(at(PACKED)));
    let times = report.parts.iter().map(|part| part.report.signed_at);
    assert!(times.eq([at(STAMPED); 3]));
}

#[test]
fn a_package_is_verified_ten_years_later() {
    let report = passes(&WHOLE, LATER);
    assert_eq!(report.now, at(LATER));
}

#[test]
fn without_what_came_along_nothing_is_proven_ten_years_later() {
    let mut bare = evidence();
    let certificate =
        Draft::signer(11, RESIDENT, &PEOPLE[0]).signed(&authority().subject, &AUTHORITY);
    let document = &bare.resident.document;
    bare.resident.signature = Message::new(document, &certificate, &PEOPLE[0], at(SIGNED)).der();
    for now in [PACKED, LATER] {
        let report = judged(&sealed(bare.clone()), now);
        let finding = Finding::Signature("documents/application.json".to_owned());
        assert_eq!(report.findings, [finding]);
        assert_eq!(report.indication, Indication::Indeterminate);
    }
}

#[test]
fn the_same_evidence_gives_the_same_octets() {
    let evidence = evidence();
    let once = evidence.clone().pack().expect("packed").write();
    assert_eq!(evidence.pack().expect("packed").write(), once);
}

#[test]
fn a_package_without_a_stamp_is_not_proven_to_be_whole() {
    let report = judged(&evidence().pack().expect("packed"), PACKED);
    assert_eq!(report.findings, [Finding::Unsealed]);
    assert_eq!(report.indication, Indication::Indeterminate);
}

#[test]
fn a_stamp_outlives_the_certificate_of_its_authority_but_for_the_strict() {
    let package = evidence().pack().expect("packed");
    let ending = restamped(&package, PACKED, &stamper(&STAMPING), &STAMPING);
    passes(&ending, LATER);
    let report = judged_strictly(&ending, "2026-12-30T00:00:00Z");
    assert_eq!(report.indication, Indication::TotalPassed);
    let report = judged_strictly(&ending, LATER);
    assert_eq!(report.indication, Indication::Indeterminate);
}

#[test]
fn for_the_strict_a_stamp_that_ends_is_renewed_in_time_or_proves_nothing() {
    let package = evidence().pack().expect("packed");
    let ending = restamped(&package, PACKED, &stamper(&STAMPING), &STAMPING);
    let report = judged_strictly(&ending, LATER);
    assert!(report.findings.contains(&Finding::Unsealed), "{report:?}");
    assert_eq!(report.indication, Indication::Indeterminate);

    let renewed = restamped(
        &ending,
        "2026-12-01T00:00:00Z",
        &lasting(stamper(&RESTAMPING)),
        &RESTAMPING,
    );
    let report = judged_strictly(&renewed, LATER);
    assert_eq!(report.indication, Indication::TotalPassed, "{report:?}");
    assert_eq!(report.seals.seals.len(), 2);
    assert_eq!(report.seals.proven, Some(at(PACKED)));

    let late = restamped(
        &ending,
        "2027-02-01T00:00:00Z",
        &lasting(stamper(&RESTAMPING)),
        &RESTAMPING,
    );
    let report = judged_strictly(&late, LATER);
    let lost = Finding::Stamp("META-INF/ASiCManifest.xml".to_owned());
    assert_eq!(report.findings, [lost]);
}

#[test]
fn many_renewals_are_each_covered_by_the_next() {
    let mut package = WHOLE.clone();
    for year in 2027..2035 {
        let time = format!("{year}-05-01T00:00:00Z");
        package = restamped(&package, &time, &lasting(stamper(&RESTAMPING)), &RESTAMPING);
    }
    assert_eq!(passes(&package, LATER).seals.seals.len(), 9);
    let octets = package.write();
    assert_eq!(Package::read(&octets).map(|read| read.write()), Ok(octets));
}

#[test]
fn an_algorithm_that_fell_since_is_good_enough_under_a_stamp_from_before() {
    let fallen = Policy::national().with(|rules| {
        let until = Limit::Until(at("2030-01-01T00:00:00Z"));
        rules.signatures.insert(SignatureName::Ecdsa, until);
    });
    let judged = |package: &Package| verify(&package.write(), &trust(), &fallen, at(LATER));
    assert_eq!(judged(&WHOLE).indication, Indication::Indeterminate);
    // The authorities sign with ECDSA too; what they signed is as old as the stamp.
    let renewed = restamped(
        &WHOLE,
        "2029-06-01T00:00:00Z",
        &lasting(stamper(&RESTAMPING)),
        &RESTAMPING,
    );
    let report = judged(&renewed);
    assert_eq!(report.findings, [], "{report:?}");
}

#[test]
fn a_renewal_is_due_before_it_is_needed() {
    let policy = Policy::national();
    let ahead = chrono::TimeDelta::days(90);
    let package = evidence().pack().expect("packed");
    let due = |package: &Package, now: &str| {
        let seals = package.seals(&trust(), &policy, at(now)).expect("seals");
        seals.are_due(&policy, at(now), ahead)
    };
    assert!(due(&package, PACKED));
    let ending = restamped(&package, PACKED, &stamper(&STAMPING), &STAMPING);
    assert!(!due(&ending, "2026-09-01T00:00:00Z"));
    assert!(due(&ending, "2026-10-10T00:00:00Z"));
    assert!(!due(&WHOLE, LATER));
    let ends = Policy::national().with(|rules| {
        let until = Limit::Until(at("2027-01-01T00:00:00Z"));
        rules.digests.insert(DigestName::Sha256, until);
    });
    let seals = WHOLE.seals(&trust(), &ends, at("2026-10-10T00:00:00Z"));
    assert!(
        seals
            .expect("seals")
            .are_due(&ends, at("2026-10-10T00:00:00Z"), ahead)
    );
}

#[test]
fn whoever_was_not_asked_cannot_stand_in_for_an_owner() {
    let mut other = evidence();
    let document = serde_json::from_slice(&other.consents[0].1.document).expect("json");
    other.consents[0].1 = Exhibit {
        signer: Iin::parse(OWNERS[0]).expect("an IIN"),
        ..exhibit(&document, RESIDENT, &PEOPLE[0])
    };
    let file = format!("documents/consent-{}.json", CONSENTS[0]);
    fails(other, &Finding::Signer(file));
}

#[test]
fn a_consent_to_other_octets_is_none() {
    let mut other = evidence();
    let document = consent(0, b"another application");
    other.consents[0].1 = exhibit(&document, OWNERS[0], &PEOPLE[1]);
    let file = format!("documents/consent-{}.json", CONSENTS[0]);
    fails(other, &Finding::Consent(file));
}

#[test]
fn a_consent_to_another_stay_is_none() {
    let mut other = evidence();
    let mut document = consent(0, &other.resident.document);
    document["ends_on"] = "2027-06-10".into();
    other.consents[0].1 = exhibit(&document, OWNERS[0], &PEOPLE[1]);
    let file = format!("documents/consent-{}.json", CONSENTS[0]);
    fails(other, &Finding::Matter(file));
}

#[test]
fn a_document_for_another_purpose_is_none() {
    let mut other = evidence();
    let mut document = consent(0, &other.resident.document);
    document["purpose"] = "kelisim/login/v1".into();
    other.consents[0].1 = exhibit(&document, OWNERS[0], &PEOPLE[1]);
    let file = format!("documents/consent-{}.json", CONSENTS[0]);
    fails(other, &Finding::Purpose(file));
}

#[test]
fn each_owner_consents_exactly_once() {
    let mut none = evidence();
    none.consents.clear();
    fails(none, &Finding::Owners);
    let mut twice = evidence();
    let mut document = consent(1, &twice.resident.document);
    document["owner_iin"] = OWNERS[0].into();
    twice.consents[1].1 = exhibit(&document, OWNERS[0], &PEOPLE[1]);
    fails(twice, &Finding::Owners);
}

#[test]
fn a_signature_given_after_the_document_expired_is_told() {
    let mut late = evidence();
    let mut document = application();
    document["expires_at"] = "2026-06-01T09:50:00Z".into();
    late.resident = exhibit(&document, RESIDENT, &PEOPLE[0]);
    fails(
        late,
        &Finding::Time("documents/application.json".to_owned()),
    );
}

#[test]
fn more_than_belongs_to_the_registration_is_told() {
    let mut more = evidence();
    let file = "documents/consent-another.json";
    more.records.push((file.to_owned(), b"{}".to_vec()));
    fails(more, &Finding::Surplus(file.to_owned()));
}

#[test]
fn no_flipped_bit_anywhere_in_the_octets_passes() {
    let octets = WHOLE.write();
    let places = (0..octets.len()).step_by(octets.len() / 1_000);
    let mut tampered = 0;
    for place in places {
        let mut changed = octets.clone();
        changed[place] ^= 1 << (place % 8);
        let report = verify(&changed, &trust(), &Policy::national(), at(PACKED));
        assert_ne!(report.indication, Indication::TotalPassed, "{place}");
        tampered += 1;
    }
    assert!(tampered >= 1_000);
}

#[test]
fn no_flipped_bit_in_a_file_passes_though_the_archive_is_written_anew() {
    let mut tampered = 0;
    for (name, content) in WHOLE.all() {
        for place in (0..content.len()).step_by((content.len() / 40).max(1)) {
            let mut changed = content.clone();
            changed[place] ^= 1 << (place % 8);
            let package = WHOLE.clone().with_file(&name, Some(&changed));
            let report = judged(&package, PACKED);
            assert_ne!(report.indication, Indication::TotalPassed, "{name} {place}");
            tampered += 1;
        }
    }
    assert!(tampered >= 400, "{tampered}");
}

#[test]
fn no_file_is_removed_added_renamed_or_swapped_unnoticed() {
    let all = WHOLE.all();
    let refuse = |package: Package| {
        let report = judged(&package, PACKED);
        assert_ne!(report.indication, Indication::TotalPassed);
    };
    refuse(WHOLE.clone().with_file("records/more.json", Some(b"[]")));
    refuse(WHOLE.clone().with_file("META-INF/more.tst", Some(b"[]")));
    for (name, content) in &all {
        let without = WHOLE.clone().with_file(name, None);
        refuse(without.clone());
        refuse(without.with_file(&format!("{name}x"), Some(content)));
    }
    for (one, other) in all.iter().zip(all.iter().skip(1)) {
        let swapped = WHOLE.clone().with_file(&one.0, Some(&other.1));
        refuse(swapped.with_file(&other.0, Some(&one.1)));
    }
}

#[test]
fn whoever_lists_altered_files_anew_has_no_stamp_over_them() {
    let mut forged = evidence();
    forged.consents[0].1.report = b"{\"forged\":true}".to_vec();
    let forged = forged.pack().expect("packed");
    let stamp = WHOLE.file("META-INF/timestamp.tst").expect("a stamp");
    let report = judged(
        &forged.with_file("META-INF/timestamp.tst", Some(stamp)),
        PACKED,
    );
    assert_eq!(report.indication, Indication::Indeterminate);
    assert!(report.findings.contains(&Finding::Unsealed));
}

#[test]
fn another_anchor_proves_nothing() {
    let other = Draft::authority(1, "Root", &STAMPING).self_signed(&STAMPING);
    let trust = Trust::new(&[other], &[], &[]).expect("trust");
    let report = verify(&WHOLE.write(), &trust, &Policy::national(), at(PACKED));
    assert_eq!(report.indication, Indication::Indeterminate);
    assert_eq!(report.findings.len(), 5, "{:?}", report.findings);
}

#[test]
fn a_revocation_that_came_along_is_not_passed_over_for_an_earlier_list() {
    let mut revoked = evidence();
    let document = &revoked.resident.document;
    let certificate =
        Draft::signer(11, RESIDENT, &PEOPLE[0]).signed(&authority().subject, &AUTHORITY);
    let bare = Message::new(document, &certificate, &PEOPLE[0], at(SIGNED)).der();
    let value = signature_value(&bare).expect("a signature");
    let stamp = token(&value, STAMPED, &lasting(stamper(&STAMPING)), &STAMPING);
    let mut later = List::new("2026-06-01T10:30:00Z", "2026-06-08T00:00:00Z");
    later = later.revoking(11, "2026-06-01T09:00:00Z", Some(1));
    let mut all = lists(STAMPED);
    all.push(later.signed(&authority().subject, &AUTHORITY));
    let additions = Additions {
        time_stamps: &[stamp],
        certificates: std::slice::from_ref(&*ISSUER),
        lists: &all,
        ..Additions::default()
    };
    revoked.resident.signature = augment(&bare, &additions).expect("raised");
    let report = judged(&sealed(revoked), LATER);
    let finding = Finding::Signature("documents/application.json".to_owned());
    assert_eq!(report.findings, [finding]);
    assert_eq!(Policy::national().rules().revocation, Revocation::Required);
}
