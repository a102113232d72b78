//! Each refusal names its row in the list of negative cases.

use std::sync::LazyLock;

use chrono::TimeDelta;

use super::{Judge, Reason, Request, Response, Verdict, judge};
use crate::eds::{
    Digest, Fault, Freshness, Indication, Oid, Policy, Revocation, Source, SubIndication as Sub,
    Trust,
    budget::Budget,
    certificate::Certificate,
    crl,
    der::{self, tag},
    enclosed::Pile,
    oid::extension,
    path::Search,
    testing::{
        der::integer,
        national::object,
        pki::{Draft, at, purposes},
        responder::{
            Answer, appointed, by_key, extended, refusal, responder, revoked, sha1_id, sha256_id,
            unknown,
        },
        scene::{AUTHORITY, PERSON, ROOT, STRANGER, Scene, authority, issue, list, person, root},
    },
};

const NOW: &str = "2026-06-01T10:00:00Z";

fn answer() -> Answer {
    Answer::good(&LEAF, &ISSUER, NOW)
}

/// ECDSA signatures differ each time, so one certificate serves a whole test.
static LEAF: LazyLock<Vec<u8>> = LazyLock::new(|| issue(&person()));
static ISSUER: LazyLock<Vec<u8>> = LazyLock::new(|| authority().signed(&root().subject, &ROOT));

fn trust() -> Trust {
    Trust::new(
        &[root().self_signed(&ROOT)],
        std::slice::from_ref(&*ISSUER),
        &[],
    )
    .expect("trust")
}

#[track_caller]
fn judged_by(response: &[u8], policy: &Policy) -> Result<Verdict, Fault> {
    let response = Response::read(response)?;
    judge(&response, &LEAF, &ISSUER, &trust(), policy, at(NOW)).map(|answer| answer.verdict)
}

#[track_caller]
fn judged(response: &[u8]) -> Result<Verdict, Fault> {
    judged_by(response, &Policy::national())
}

#[track_caller]
fn refused(response: &[u8], sub_indication: Sub) -> Fault {
    let fault = judged(response).expect_err("accepted");
    assert_eq!(
        fault.verdict(),
        (Indication::Indeterminate, sub_indication),
        "{fault}"
    );
    fault
}

/// Says "good" through a responder whose certificate this is.
fn delegated(draft: &Draft) -> Vec<u8> {
    answer().by(&appointed(draft)).signed(&STRANGER)
}

#[test]
fn the_issuer_may_answer_itself() {
    assert_eq!(judged(&answer().by_authority()), Ok(Verdict::Good));
}

#[test]
fn a_responder_that_the_issuer_appointed_may_answer() {
    assert_eq!(judged(&delegated(&responder(&STRANGER))), Ok(Verdict::Good));
    let certificate = appointed(&responder(&STRANGER));
    let mut answer = answer().by(&certificate);
    answer.responder = by_key(&certificate);
    assert_eq!(judged(&answer.signed(&STRANGER)), Ok(Verdict::Good));
}

#[test]
fn the_hashes_may_be_of_any_digest_known() {
    let mut answer = answer();
    answer.id = sha1_id(&LEAF, &ISSUER);
    assert_eq!(judged(&answer.by_authority()), Ok(Verdict::Good));
}

#[test]
fn each_status_is_told_apart() {
    let says = |status| judged(&answer().saying(status).by_authority());
    let since = at("2026-05-01T00:00:00Z");
    assert_eq!(
        says(revoked("2026-05-01T00:00:00Z", Some(1))),
        Ok(Verdict::Revoked {
            since,
            reason: Some(Reason::KeyCompromise)
        })
    );
    assert_eq!(
        says(revoked("2026-05-01T00:00:00Z", None)),
        Ok(Verdict::Revoked {
            since,
            reason: None
        })
    );
    assert_eq!(
        says(revoked("2026-05-01T00:00:00Z", Some(6))),
        Ok(Verdict::Suspended { since })
    );
    assert_eq!(
        says(revoked("1970-01-01T00:00:00Z", Some(6))),
        Ok(Verdict::NeverIssued)
    );
    assert_eq!(says(unknown()), Ok(Verdict::Unknown));
    assert_eq!(
        says(revoked("2026-05-01T00:00:00Z", Some(8))),
        Err(Fault::Malformed("revocation reason"))
    );
}

#[test]
fn one_answer_among_several_is_found() {
    let other = Answer::good(&issue(&other_person()), &ISSUER, NOW)
        .saying(revoked("2026-05-01T00:00:00Z", None));
    let mut both = answer();
    both.others = vec![other.single()];
    assert_eq!(judged(&both.by_authority()), Ok(Verdict::Good));
}

#[test]
fn two_answers_about_one_certificate_are_none() {
    let mut twice = answer();
    twice.others = vec![answer().saying(revoked(NOW, None)).single()];
    refused(&twice.by_authority(), Sub::CertificateChainGeneralFailure);
}

fn other_person() -> Draft {
    let mut other = person();
    other.serial = vec![77];
    other
}

#[test]
fn row_59_an_error_status_is_no_answer() {
    for status in [1, 2, 3, 5, 6] {
        refused(&refusal(status), Sub::TryLater);
    }
    assert_eq!(
        judged(&refusal(4)),
        Err(Fault::Malformed("response status"))
    );
}

#[test]
fn row_60_an_answer_about_another_serial_number_is_refused() {
    let other = Answer::good(&issue(&other_person()), &ISSUER, NOW);
    refused(&other.by_authority(), Sub::CertificateChainGeneralFailure);
    let request = Request::new(&LEAF, &ISSUER, None).expect("request");
    assert_eq!(
        Response::to(&request, &other.by_authority()).expect_err("accepted"),
        Fault::RevocationUnusable("answers for another certificate")
    );
}

#[test]
fn row_61_an_answer_for_the_same_serial_of_another_authority_is_refused() {
    let stranger = Draft::authority(2, "Authority", &STRANGER).self_signed(&STRANGER);
    let mut answer = answer();
    answer.id = sha256_id(&LEAF, &stranger);
    refused(&answer.by_authority(), Sub::CertificateChainGeneralFailure);
}

#[test]
fn row_62_a_signature_by_another_key_is_refused() {
    assert_eq!(
        refused(
            &answer().signed(&STRANGER),
            Sub::CertificateChainGeneralFailure
        ),
        Fault::RevocationUnusable("signature does not verify")
    );
    let certificate = appointed(&responder(&STRANGER));
    refused(
        &answer().by(&certificate).signed(&PERSON),
        Sub::CertificateChainGeneralFailure,
    );
}

#[test]
fn a_flipped_bit_anywhere_in_the_signed_bytes_is_refused() {
    let right = answer().until("2026-06-02T00:00:00Z").by_authority();
    let response = Response::read(&right).expect("a response");
    let signed = response.tbs().to_vec();
    let start = right
        .windows(signed.len())
        .position(|window| window == signed)
        .expect("a place");
    for place in start..start + signed.len() {
        let mut changed = right.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(judged(&changed).is_err(), "octet {place}");
    }
}

#[test]
fn row_63_a_certificate_that_is_not_for_answering_is_refused() {
    let ordinary = responder(&STRANGER).without(extension::EXTENDED_KEY_USAGE);
    let mail = responder(&STRANGER).with(
        extension::EXTENDED_KEY_USAGE,
        &purposes(&["1.3.6.1.5.5.7.3.4"]),
    );
    let any = responder(&STRANGER).with(extension::EXTENDED_KEY_USAGE, &purposes(&["2.5.29.37.0"]));
    let usage = responder(&STRANGER).with(extension::KEY_USAGE, &[tag::BIT_STRING, 2, 5, 0x20]);
    for draft in [ordinary, mail, any, usage] {
        assert_eq!(
            refused(&delegated(&draft), Sub::CertificateChainGeneralFailure),
            Fault::RevocationUnusable("responder not entitled")
        );
    }
}

#[test]
fn row_64_a_responder_of_another_authority_is_refused() {
    let by_root = responder(&STRANGER).signed(&root().subject, &ROOT);
    refused(
        &answer().by(&by_root).signed(&STRANGER),
        Sub::CertificateChainGeneralFailure,
    );
    let by_namesake = responder(&STRANGER).signed(&authority().subject, &PERSON);
    refused(
        &answer().by(&by_namesake).signed(&STRANGER),
        Sub::CertificateChainGeneralFailure,
    );
    let by_itself = responder(&STRANGER).self_signed(&STRANGER);
    refused(
        &answer().by(&by_itself).signed(&STRANGER),
        Sub::CertificateChainGeneralFailure,
    );
}

#[test]
fn row_64_a_responder_appointed_by_a_subordinate_is_refused() {
    let between = Draft::authority(5, "Between", &PERSON);
    let below = responder(&STRANGER).signed(&between.subject, &PERSON);
    let mut answer = answer().by(&below);
    answer.certificates.push(appointed(&between));
    refused(
        &answer.signed(&STRANGER),
        Sub::CertificateChainGeneralFailure,
    );
}

#[test]
fn row_65_a_responder_out_of_its_time_is_refused() {
    for (from, to) in [
        ("2025-01-01T00:00:00Z", "2026-05-31T00:00:00Z"),
        ("2026-06-02T00:00:00Z", "2026-12-31T00:00:00Z"),
    ] {
        refused(
            &delegated(&responder(&STRANGER).valid(from, to)),
            Sub::RevocationOutOfBoundsNoPoe,
        );
    }
}

#[test]
fn row_68_a_nonce_must_come_back() {
    let nonce = [7; 16];
    let request = Request::new(&LEAF, &ISSUER, Some(&nonce)).expect("request");
    let answered = |answer: Answer| Response::to(&request, &answer.by_authority());
    assert!(answered(answer().echoing(&nonce)).is_ok());
    for answer in [
        answer(),
        answer().echoing(&[8; 16]),
        answer().echoing(&[7; 15]),
    ] {
        let fault = answered(answer).expect_err("accepted");
        assert_eq!(fault.verdict(), (Indication::Indeterminate, Sub::TryLater));
    }
}

#[test]
fn row_69_an_answer_of_the_future_is_refused() {
    refused(
        &Answer::good(&LEAF, &ISSUER, "2026-06-01T10:05:01Z").by_authority(),
        Sub::TryLater,
    );
    let mut early = answer();
    early.produced_at = at("2026-06-01T10:05:01Z");
    refused(&early.by_authority(), Sub::TryLater);
    let within = Answer::good(&LEAF, &ISSUER, "2026-06-01T10:05:00Z");
    assert_eq!(judged(&within.by_authority()), Ok(Verdict::Good));
}

#[test]
fn row_70_an_answer_out_of_date_is_refused() {
    let of = |time| Answer::good(&LEAF, &ISSUER, time);
    assert_eq!(
        judged(&of("2026-06-01T09:55:00Z").by_authority()),
        Ok(Verdict::Good)
    );
    refused(&of("2026-06-01T09:54:59Z").by_authority(), Sub::TryLater);
    refused(
        &of("2026-06-01T09:56:00Z")
            .until("2026-06-01T09:59:59Z")
            .by_authority(),
        Sub::TryLater,
    );
    refused(
        &of(NOW).until("2026-06-01T09:59:59Z").by_authority(),
        Sub::CertificateChainGeneralFailure,
    );
}

#[test]
fn row_71_yesterdays_answer_does_not_count_whatever_it_promises() {
    let replayed =
        Answer::good(&LEAF, &ISSUER, "2026-05-31T10:00:00Z").until("2026-06-07T10:00:00Z");
    refused(&replayed.by_authority(), Sub::TryLater);
    assert_eq!(
        judged_by(&replayed.by_authority(), &Policy::generic()),
        Err(Fault::NotFresh("out of date"))
    );
}

#[test]
fn unknown_critical_extensions_are_refused() {
    let unknown = extended(Oid::new("1.2.3.4"), true, &integer(1));
    let mut outer = answer();
    outer.extensions = vec![unknown.clone()];
    refused(&outer.by_authority(), Sub::CertificateChainGeneralFailure);
    let mut inner = answer();
    inner.single_extensions = vec![unknown];
    refused(&inner.by_authority(), Sub::CertificateChainGeneralFailure);
    let mut harmless = answer();
    harmless.extensions = vec![extended(Oid::new("1.2.3.4"), false, &integer(1))];
    assert_eq!(judged(&harmless.by_authority()), Ok(Verdict::Good));
}

#[test]
fn nocheck_in_either_form_counts_as_the_policy_says() {
    let empty = delegated(&responder(&STRANGER).with(extension::OCSP_NO_CHECK, &[]));
    assert_eq!(judged(&empty), Ok(Verdict::Good));
    let strict = Policy::generic().with(|rules| rules.revocation = Revocation::Required);
    assert_eq!(judged_by(&empty, &strict), Err(Fault::NoRevocationData));
    assert_eq!(
        judged_by(&delegated(&responder(&STRANGER)), &strict),
        Ok(Verdict::Good)
    );
}

#[test]
fn without_nocheck_the_responders_own_status_must_be_known() {
    let bare = responder(&STRANGER).without(extension::OCSP_NO_CHECK);
    let response = Response::read(&delegated(&bare)).expect("a response");
    let said = |lists: &[Vec<u8>]| {
        let anchors = [root().self_signed(&ROOT)];
        let trust = Trust::new(&anchors, std::slice::from_ref(&*ISSUER), lists).expect("trust");
        let policy = Policy::national();
        judge(&response, &LEAF, &ISSUER, &trust, &policy, at(NOW)).map(|answer| answer.verdict)
    };
    assert_eq!(said(&[]), Err(Fault::NoRevocationData));
    let clean = list().signed(&authority().subject, &AUTHORITY);
    assert_eq!(said(&[clean]), Ok(Verdict::Good));
    let named = list().revoking(9, "2026-05-01T00:00:00Z", None);
    assert_eq!(
        said(&[named.signed(&authority().subject, &AUTHORITY)]),
        Err(Fault::RevocationUnusable("responder revoked"))
    );
}

#[test]
fn a_request_is_der_and_names_the_certificate_by_sha256() {
    let request = Request::new(&LEAF, &ISSUER, Some(&[7; 32])).expect("request");
    assert_eq!(der::check(request.der()), Ok(()));
    let id = sha256_id(&LEAF, &ISSUER);
    assert!(request.der().windows(id.len()).any(|window| window == id));
    assert_eq!(
        Request::new(&LEAF, &ISSUER, Some(&[])),
        Err(Fault::Malformed("nonce"))
    );
}

/// A scene whose evidence is these answers and a list for the authority alone.
fn scene(answers: &[&Answer]) -> Scene {
    let mut scene = Scene::signed_with(&LEAF);
    scene.intermediates = vec![ISSUER.clone()];
    scene.crls = vec![list().signed(&root().subject, &ROOT)];
    scene.responses = answers.iter().map(|answer| answer.by_authority()).collect();
    scene
}

#[test]
fn a_fresh_good_answer_counts_where_the_policy_demands_revocation_data() {
    scene(&[&answer()]).passes();
    assert_eq!(
        scene(&[]).is_doubted(Sub::TryLater),
        Fault::NoRevocationData
    );
}

#[test]
fn the_report_names_the_data_it_rests_on() {
    let verified = scene(&[&answer()]).passes();
    let used = &verified.report().revocation;
    let sources: Vec<_> = used.iter().map(|used| used.source).collect();
    assert_eq!(sources, [Source::List, Source::Answer]);
    let about: Vec<_> = used.iter().map(|used| used.certificate).collect();
    assert_eq!(about, [Digest::of(&ISSUER), Digest::of(&LEAF)]);
    assert_eq!(used[1].issued_at, at(NOW));
}

#[test]
fn rows_22_and_24_an_answer_revokes_or_suspends_like_a_list() {
    let says = |status| scene(&[&answer().saying(status)]);
    says(revoked("2026-05-01T00:00:00Z", Some(1))).fails(Sub::Revoked);
    says(revoked("2026-06-01T09:58:00Z", Some(1))).is_doubted(Sub::RevokedNoPoe);
    says(revoked("2026-05-01T00:00:00Z", Some(6))).is_doubted(Sub::TryLater);
}

#[test]
fn row_58_unknown_and_never_issued_are_never_good() {
    let says = |status| scene(&[&answer().saying(status)]);
    assert_eq!(
        says(unknown()).is_doubted(Sub::TryLater),
        Fault::StatusUnknown
    );
    let mut denied = says(revoked("1970-01-01T00:00:00Z", Some(6)));
    assert_eq!(denied.is_doubted(Sub::TryLater), Fault::NeverIssued);
    denied
        .crls
        .push(list().signed(&authority().subject, &AUTHORITY));
    assert_eq!(denied.is_doubted(Sub::TryLater), Fault::NeverIssued);
}

#[test]
fn a_revocation_counts_whatever_another_answer_says() {
    let revoked = answer().saying(revoked("2026-05-01T00:00:00Z", Some(1)));
    scene(&[&answer(), &revoked]).fails(Sub::Revoked);
    scene(&[&revoked, &answer()]).fails(Sub::Revoked);
}

/// The scene under a policy that wants data younger than the signature, which
/// was in our hands at ten o'clock.
fn after_signing(mut scene: Scene, now: &str) -> Scene {
    scene.moment.now = at(now);
    scene.policy = scene
        .policy
        .with(|rules| rules.freshness = Freshness::AfterSigning);
    scene
}

#[test]
fn row_72_an_answer_older_than_the_signature_is_too_old() {
    let at_time = |time| Answer::good(&LEAF, &ISSUER, time);
    let before = after_signing(scene(&[&at_time("2026-06-01T09:59:59Z")]), NOW);
    assert_eq!(
        before.is_doubted(Sub::TryLater),
        Fault::NotFresh("issued before the signature")
    );
    after_signing(scene(&[&at_time(NOW)]), NOW).passes();
    let before_and_after = [&at_time("2026-06-01T09:59:59Z"), &at_time(NOW)];
    after_signing(scene(&before_and_after), NOW).passes();
}

#[test]
fn row_72_a_list_older_than_the_signature_is_too_old_unless_it_revokes() {
    let later = "2026-06-01T12:00:00Z";
    let listed = |list: &crate::eds::testing::pki::List| {
        let mut scene = scene(&[]);
        scene
            .crls
            .push(list.signed(&authority().subject, &AUTHORITY));
        after_signing(scene, later)
    };
    assert_eq!(
        listed(&list()).is_doubted(Sub::TryLater),
        Fault::NotFresh("issued before the signature")
    );
    listed(&list().revoking(3, "2026-05-01T00:00:00Z", None)).fails(Sub::Revoked);
    let mut young = list();
    young.this_update = at("2026-06-01T11:00:00Z");
    listed(&young).passes();
}

#[test]
fn an_answer_about_another_person_says_nothing() {
    let other = Answer::good(&issue(&other_person()), &ISSUER, NOW);
    assert_eq!(
        scene(&[&other]).is_doubted(Sub::TryLater),
        Fault::NoRevocationData
    );
}

#[test]
fn truncated_responses_are_malformed() {
    let whole = answer().by_authority();
    for length in 0..whole.len() {
        assert!(matches!(
            Response::read(&whole[..length]),
            Err(Fault::Malformed(_))
        ));
    }
}

/// The national responder's word about a certificate with this serial number.
#[track_caller]
fn national(response: &[u8], serial: &str) -> Option<Result<Verdict, Fault>> {
    let anchors = [object("ca-test/root_test_gost_2022.cer")?];
    let issuer = object("ca-test/nca_gost2022_test.cer")?;
    let trust = Trust::new(&anchors, std::slice::from_ref(&issuer), &[]).expect("trust");
    let issuer = Certificate::read(&issuer).expect("an issuer");
    // The certificates are not at hand; a name and a number are all that is asked about.
    let mut draft = person();
    draft.serial = (0..serial.len())
        .step_by(2)
        .map(|place| u8::from_str_radix(&serial[place..place + 2], 16).expect("hexadecimal"))
        .collect();
    let certificate = draft.signed(issuer.subject().der(), &AUTHORITY);
    let certificate = Certificate::read(&certificate).expect("a certificate");
    let response = match Response::read(response) {
        Ok(response) => response,
        Err(fault) => return Some(Err(fault)),
    };
    let policy = Policy::national();
    let now = at("2022-09-02T17:00:00Z");
    let judge = Judge {
        responses: Pile::of(std::slice::from_ref(&response)),
        lists: crl::Judge {
            crls: Pile::of(&[]),
            search: Search::new(&trust, &[], &policy, now),
            anchor: &trust.anchors[0],
            now,
            oldest: TimeDelta::seconds(policy.rules().oldest_list_seconds.into()),
            since: None,
        },
    };
    let answer = judge.answer(&certificate, &issuer, &mut Budget::new());
    let answer = answer
        .expect("within the budget")
        .unwrap_or(Err(Fault::NoRevocationData));
    Some(answer.map(|(answer, _)| answer.verdict))
}

const HELD: &str = "3a90343e720594c55204b19cb9a402422ef0e622";

#[test]
fn the_national_responder_is_understood() {
    let (Some(held), Some(denied)) = (
        object("ocsp/gost512_revoked_certificate_hold.der"),
        object("ocsp/gost512_never_issued.der"),
    ) else {
        return;
    };
    assert_eq!(
        national(&held, HELD),
        Some(Ok(Verdict::Suspended {
            since: at("2022-07-27T10:25:30Z")
        }))
    );
    assert_eq!(
        national(&denied, "0ff06211dc82beb00253ffa000f1de84abef454f"),
        Some(Ok(Verdict::NeverIssued))
    );
    assert_eq!(national(&denied, HELD), Some(Err(Fault::NoRevocationData)));
}

#[test]
fn a_flipped_bit_anywhere_in_the_national_answer_is_refused() {
    let Some(held) = object("ocsp/gost512_revoked_certificate_hold.der") else {
        return;
    };
    // From the responder's name to the end of the signature value.
    for place in (34..520).step_by(9) {
        let mut changed = held.clone();
        changed[place] ^= 1 << (place % 8);
        let said = national(&changed, HELD).expect("data");
        assert!(said.is_err(), "octet {place}");
    }
}
