//! Packages right and wrong, from today and from ten years ago.

mod ends;
mod papers;
mod parties;
mod stage;
mod tampering;

use self::stage::*;
use super::*;
use crate::eds::testing::message::Message;
use crate::eds::testing::pki::{Draft, List, at};
use crate::eds::testing::scene::{AUTHORITY, authority};
use crate::eds::testing::stamper::stamper;
use crate::eds::{
    Additions, AfterExpiry, DigestName, Indication, Limit, Policy, Revocation, SignatureName,
    Trust, augment, signature_value,
};

/// By somebody for whom a stamp ends with the certificate of its authority.
fn judged_strictly(package: &Package, now: &str) -> PackageReport {
    let policy = Policy::national().with(|rules| {
        rules.time_stamps.after_expiry = AfterExpiry::WantsRenewal;
    });
    verify(&package.write(), &trust(), &policy, at(now))
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
    let document = &bare.applied.document;
    bare.applied.signature = Message::new(document, &certificate, &PEOPLE[0], at(SIGNED)).der();
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
fn a_signature_given_after_the_document_expired_is_told() {
    let mut late = evidence();
    let mut document = application();
    document["expires_at"] = "2026-06-01T09:50:00Z".into();
    late.applied = exhibit(&document, person(RESIDENT), By::Person(RESIDENT));
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
fn whoever_lists_altered_files_anew_has_no_stamp_over_them() {
    let mut forged = evidence();
    forged.consents[0].exhibit.report = b"{\"forged\":true}".to_vec();
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
    let document = &revoked.applied.document;
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
    revoked.applied.signature = augment(&bare, &additions).expect("raised");
    let report = judged(&sealed(revoked), LATER);
    let finding = Finding::Signature("documents/application.json".to_owned());
    assert_eq!(report.findings, [finding]);
    assert_eq!(Policy::national().rules().revocation, Revocation::Required);
}
