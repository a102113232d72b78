//! Each refusal names its row in the list of negative cases.

use std::sync::LazyLock;

use super::{Request, Stamped, TimeStamp, verify, verify_response};
use crate::eds::{
    Content, DigestName, Fault, Indication, Limit, Moment, Policy, References, Remark, Revocation,
    SubIndication as Sub, TimeStamps, Trust, Verified,
    der::{self, tag},
    oid::extension,
    testing::{
        der::{element, integer, octets, sequence, text},
        key::Key,
        message::{Message, SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2, sha256},
        national::object,
        pki::{Draft, at, purposes},
        responder::extended,
        scene::{
            AUTHORITY, DOCUMENT, PERSON, ROOT, STRANGER, Scene, authority, issue, list, message,
            person, root,
        },
        stamper::{Stamp, appointed, imprint, response, stamped, stamper},
    },
    verify as verify_signature,
};

const TIME: &str = "2026-06-01T09:59:30Z";
const NOW: &str = "2026-06-01T10:00:00Z";
const OCTETS: &[u8] = b"a signature value";

static STAMPER: LazyLock<Key> = LazyLock::new(Key::p256);
static CERTIFICATE: LazyLock<Vec<u8>> = LazyLock::new(|| appointed(&stamper(&STAMPER)));

fn stamp() -> Stamp {
    Stamp::new(OCTETS, at(TIME))
}

fn trust_with(lists: &[Vec<u8>]) -> Trust {
    let issuer = authority().signed(&root().subject, &ROOT);
    Trust::new(&[root().self_signed(&ROOT)], &[issuer], lists).expect("trust")
}

fn policy() -> Policy {
    Policy::national().with(|rules| rules.revocation = Revocation::IfPresent)
}

fn judged_by(token: &[u8], policy: &Policy) -> Result<TimeStamp, Fault> {
    verify(
        token,
        Stamped::Octets(OCTETS),
        &trust_with(&[]),
        policy,
        Moment::at(at(NOW)),
    )
}

fn judged(token: &[u8]) -> Result<TimeStamp, Fault> {
    judged_by(token, &policy())
}

#[track_caller]
fn refused(token: &[u8], sub_indication: Sub) -> Fault {
    let fault = judged(token).expect_err("accepted");
    assert_eq!(fault.verdict().1, sub_indication, "{fault}");
    fault
}

/// Stamped by the holder of this certificate, whose key is the stamper's.
fn by(draft: &Draft) -> Vec<u8> {
    stamp().token(&appointed(draft), &STAMPER)
}

fn token_of(stamp: &Stamp) -> Vec<u8> {
    stamp.token(&CERTIFICATE, &STAMPER)
}

#[test]
fn a_right_token_tells_the_time_and_who_stamped() {
    let stamp = judged(&token_of(&stamp())).expect("holds");
    assert_eq!(stamp.time(), at(TIME));
    assert_eq!(stamp.policy().to_string(), "1.2.398.3.3.2.6.2");
    assert_eq!(stamp.serial(), "07");
    assert_eq!(stamp.accuracy(), None);
    assert_eq!(stamp.certificates().len(), 3);
    assert_eq!(stamp.certificates()[0].subject, "CN=Stamper");
}

#[test]
fn a_whole_response_is_taken_too() {
    let token = token_of(&stamp());
    for status in [0, 1] {
        let whole = response(status, Some(&token));
        assert_eq!(judged(&whole).expect("holds").time(), at(TIME));
    }
}

#[test]
fn a_token_in_ber_is_followed() {
    let ber = stamp().message(&CERTIFICATE, &STAMPER).ber();
    assert_eq!(judged(&ber).expect("holds").time(), at(TIME));
}

#[test]
fn fraction_and_accuracy_are_read() {
    let mut fine = stamp();
    fine.time = text(tag::GENERALIZED_TIME, "20260601095930.25Z");
    fine.accuracy = Some(sequence([
        integer(1),
        element(tag::context(0), &[2]),
        element(tag::context(1), &[3]),
    ]));
    let stamp = judged(&token_of(&fine)).expect("holds");
    assert_eq!(stamp.time(), at("2026-06-01T09:59:30.25Z"));
    let accuracy = stamp.accuracy().expect("an accuracy");
    assert_eq!(accuracy.num_microseconds(), Some(1_002_003));
}

#[test]
fn the_digest_alone_will_do() {
    let token = token_of(&stamp());
    let judged = |digest: &[u8]| {
        verify(
            &token,
            Stamped::Digest(digest),
            &trust_with(&[]),
            &policy(),
            Moment::at(at(NOW)),
        )
    };
    assert!(judged(&sha256(OCTETS)).is_ok());
    let something_else = Fault::TimeStamp("over something else");
    assert_eq!(judged(&sha256(b"another")), Err(something_else));
    assert_eq!(judged(&sha256(OCTETS)[..31]), Err(something_else));
    assert_eq!(judged(&[]), Err(something_else));
}

#[test]
fn a_token_over_other_octets_is_refused() {
    let other = token_of(&Stamp::new(b"another", at(TIME)));
    assert_eq!(
        refused(&other, Sub::SigConstraintsFailure),
        Fault::TimeStamp("over something else")
    );
    let mut short = stamp();
    short.imprint = imprint("2.16.840.1.101.3.4.2.1", &sha256(OCTETS)[..31]);
    refused(&token_of(&short), Sub::SigConstraintsFailure);
}

#[test]
fn an_imprint_by_an_old_digest_is_refused_where_the_policy_says_so() {
    let sha1 = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, OCTETS);
    let mut old = stamp();
    old.imprint = imprint("1.3.14.3.2.26", sha1.as_ref());
    refused(&token_of(&old), Sub::CryptoConstraintsFailureNoPoe);
    let lenient = policy().with(|rules| _ = rules.digests.insert(DigestName::Sha1, Limit::None));
    assert!(judged_by(&token_of(&old), &lenient).is_ok());
}

#[test]
fn row_80_a_certificate_not_for_stamping_alone_is_refused() {
    let usage = &[tag::BIT_STRING, 2, 7, 0x80];
    let with = |all: &[&str]| {
        stamper(&STAMPER)
            .without(extension::EXTENDED_KEY_USAGE)
            .and_critical(extension::EXTENDED_KEY_USAGE, &purposes(all))
    };
    let absent = stamper(&STAMPER).without(extension::EXTENDED_KEY_USAGE);
    let not_critical = stamper(&STAMPER).with(
        extension::EXTENDED_KEY_USAGE,
        &purposes(&["1.3.6.1.5.5.7.3.8"]),
    );
    for draft in [
        absent,
        not_critical,
        with(&["1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.4"]),
        with(&["1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.8"]),
        with(&["1.3.6.1.5.5.7.3.4"]),
        with(&["2.5.29.37.0"]),
        stamper(&STAMPER).with(extension::KEY_USAGE, &[tag::BIT_STRING, 2, 5, 0x20]),
    ] {
        refused(&by(&draft), Sub::ChainConstraintsFailure);
    }
    assert!(judged(&by(&stamper(&STAMPER).with(extension::KEY_USAGE, usage))).is_ok());
}

#[test]
fn row_81_a_response_that_grants_nothing_is_refused() {
    let token = token_of(&stamp());
    for status in [2, 3, 4, 5] {
        assert_eq!(
            refused(&response(status, None), Sub::SigConstraintsFailure),
            Fault::TimeStamp("not granted")
        );
        refused(&response(status, Some(&token)), Sub::SigConstraintsFailure);
    }
    refused(&response(0, None), Sub::SigConstraintsFailure);
}

#[test]
fn row_81_a_policy_that_is_not_accepted_is_refused() {
    let mut other = stamp();
    other.policy = "1.2.3.4".parse().expect("an OID");
    refused(&token_of(&other), Sub::SigConstraintsFailure);
    let any = policy().with(|rules| rules.time_stamps.policies.clear());
    assert!(judged_by(&token_of(&other), &any).is_ok());
}

#[test]
fn row_81_the_answer_must_be_to_the_question() {
    let nonce = [0x00, 0x80, 1, 2, 3, 4, 5, 6];
    let kind = stamp().policy;
    let request = Request::new(OCTETS, DigestName::Sha256, Some(kind), &nonce).expect("a request");
    assert_eq!(der::check(request.der()), Ok(()));
    let answered = |stamp: &Stamp| {
        verify_response(
            &request,
            &response(0, Some(&token_of(stamp))),
            &trust_with(&[]),
            &policy(),
            Moment::at(at(NOW)),
        )
        .map(|stamp| stamp.time())
    };
    let mut right = stamp();
    right.nonce = Some(nonce.to_vec());
    assert_eq!(answered(&right), Ok(at(TIME)));

    let mut other_nonce = right.clone();
    other_nonce.nonce = Some(vec![7]);
    let mut other_policy = right.clone();
    other_policy.policy = "1.2.398.3.3.2.6.4".parse().expect("an OID");
    let mut other_octets = right.clone();
    other_octets.imprint = Stamp::new(b"another", at(TIME)).imprint;
    for wrong in [stamp(), other_nonce, other_policy, other_octets] {
        let fault = answered(&wrong).expect_err("accepted");
        assert_eq!(
            fault.verdict(),
            (Indication::Indeterminate, Sub::SigConstraintsFailure)
        );
    }
}

#[test]
fn row_84_a_token_with_two_signatures_or_none_is_refused() {
    let mut twice = stamp().message(&CERTIFICATE, &STAMPER);
    twice.others = vec![twice.signer_info()];
    assert_eq!(
        refused(&twice.der(), Sub::SigConstraintsFailure),
        Fault::TimeStamp("not exactly one signature")
    );
    let mut none = stamp().message(&CERTIFICATE, &STAMPER);
    none.signature.clear();
    refused(&none.der(), Sub::SigConstraintsFailure);
}

#[test]
fn row_84_a_token_that_does_not_name_its_certificate_is_refused() {
    let token = stamp().message(&CERTIFICATE, &STAMPER);
    assert_eq!(
        refused(
            &token
                .clone()
                .without(SIGNING_CERTIFICATE_V2, &STAMPER)
                .der(),
            Sub::SigConstraintsFailure
        ),
        Fault::TimeStamp("signing certificate absent")
    );
    let other = sequence([sequence([sequence([octets(&sha256(b"another"))])])]);
    refused(
        &token.with(SIGNING_CERTIFICATE_V2, [other], &STAMPER).der(),
        Sub::NoSigningCertificateFound,
    );
}

/// A token with a reference of the first version, made with SHA-1.
fn first_version(of: &[u8]) -> Vec<u8> {
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, of);
    let reference = sequence([sequence([sequence([octets(digest.as_ref())])])]);
    stamp()
        .message(&CERTIFICATE, &STAMPER)
        .without(SIGNING_CERTIFICATE_V2, &STAMPER)
        .with(SIGNING_CERTIFICATE, [reference], &STAMPER)
        .der()
}

#[test]
fn a_reference_of_the_first_version_counts_as_the_policy_says() {
    assert!(judged(&first_version(&CERTIFICATE)).is_ok());
    refused(&first_version(b"another"), Sub::NoSigningCertificateFound);
    let strict = policy().with(|rules| rules.time_stamps.references = References::AcceptedDigests);
    assert_eq!(
        judged_by(&first_version(&CERTIFICATE), &strict),
        Err(Fault::ReferenceAlgorithmNotAllowed)
    );
}

#[test]
fn the_content_must_be_a_stamp_of_version_one() {
    let mut second = stamp();
    second.version = 2;
    assert_eq!(
        judged(&token_of(&second)),
        Err(Fault::Malformed("time-stamp version"))
    );
    let plain = Message::new(OCTETS, &CERTIFICATE, &STAMPER, at(TIME));
    assert_eq!(
        judged(&plain.der()),
        Err(Fault::TimeStamp("the content is none"))
    );
}

#[test]
fn a_critical_extension_is_not_understood() {
    let kind = "1.2.3.4".parse().expect("an OID");
    let mut with = stamp();
    with.extensions = Some(extended(kind, true, &integer(1)));
    refused(&token_of(&with), Sub::SigConstraintsFailure);
    with.extensions = Some(extended(kind, false, &integer(1)));
    assert!(judged(&token_of(&with)).is_ok());
}

#[test]
fn the_authority_is_judged_at_the_stamped_time() {
    let expired_since = stamper(&STAMPER).valid("2026-01-01T00:00:00Z", "2026-06-01T09:59:45Z");
    assert!(judged(&by(&expired_since)).is_ok());
    let not_yet = stamper(&STAMPER).valid("2026-06-01T09:59:31Z", "2026-12-01T00:00:00Z");
    refused(&by(&not_yet), Sub::SigConstraintsFailure);
    let over = stamper(&STAMPER).valid("2026-01-01T00:00:00Z", "2026-06-01T09:59:29Z");
    refused(&by(&over), Sub::SigConstraintsFailure);
}

#[test]
fn an_authority_without_a_path_is_refused() {
    let by_itself = stamper(&STAMPER).self_signed(&STAMPER);
    refused(
        &stamp().token(&by_itself, &STAMPER),
        Sub::NoCertificateChainFound,
    );
}

#[test]
fn an_authority_once_revoked_proves_nothing() {
    let token = token_of(&stamp());
    let judged = |lists: &[Vec<u8>], policy: &Policy| {
        let trust = trust_with(lists);
        let moment = Moment::at(at(NOW));
        verify(&token, Stamped::Octets(OCTETS), &trust, policy, moment).map(|stamp| stamp.time())
    };
    let revoked = list().revoking(8, "2026-06-01T09:59:45Z", None);
    let revoked = revoked.signed(&authority().subject, &AUTHORITY);
    assert_eq!(
        judged(&[revoked], &policy()),
        Err(Fault::TimeStamp("authority revoked"))
    );
    let demanding = Policy::national();
    assert_eq!(judged(&[], &demanding), Err(Fault::NoRevocationData));
    let clean = [
        list().signed(&authority().subject, &AUTHORITY),
        list().signed(&root().subject, &ROOT),
    ];
    assert_eq!(judged(&clean, &demanding), Ok(at(TIME)));
}

#[test]
fn a_stamp_of_the_future_is_refused() {
    let later = Stamp::new(OCTETS, at("2026-06-01T10:05:01Z"));
    refused(&token_of(&later), Sub::SigConstraintsFailure);
    let within = Stamp::new(OCTETS, at("2026-06-01T10:05:00Z"));
    assert!(judged(&token_of(&within)).is_ok());
}

#[test]
fn a_signature_by_another_key_is_refused() {
    assert_eq!(
        judged(&stamp().token(&CERTIFICATE, &STRANGER)),
        Err(Fault::SignatureMismatch)
    );
}

#[test]
fn a_flipped_bit_anywhere_in_the_stamp_is_refused() {
    let message = stamp().message(&CERTIFICATE, &STAMPER);
    let (right, content) = (message.der(), message.enclosed.expect("a content"));
    let start = right
        .windows(content.len())
        .position(|window| window == content)
        .expect("a place");
    for place in start..start + content.len() {
        let mut changed = right.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(judged(&changed).is_err(), "octet {place}");
    }
}

#[test]
fn a_truncated_token_is_refused() {
    let whole = response(0, Some(&token_of(&stamp())));
    for length in 0..whole.len() {
        assert!(judged(&whole[..length]).is_err(), "{length}");
    }
}

/// The person's signature with stamps at these times.
fn scene(times: &[&str]) -> Scene {
    scene_with(&issue(&person()), times)
}

fn scene_with(certificate: &[u8], times: &[&str]) -> Scene {
    let message = message(certificate);
    let tokens: Vec<_> = times
        .iter()
        .map(|time| token_of(&Stamp::new(&message.signature, at(time))))
        .collect();
    Scene::with_message(&stamped(message, &tokens))
}

fn requiring(mut scene: Scene) -> Scene {
    scene.policy = scene
        .policy
        .with(|rules| rules.time_stamps.demand = TimeStamps::Required);
    scene
}

#[test]
fn the_earliest_stamp_tells_since_when_a_signature_exists() {
    let verified = scene(&["2026-06-01T09:59:50Z", "2026-06-01T09:59:20Z"]).passes();
    assert_eq!(verified.signed_at(), at("2026-06-01T09:59:20Z"));
    assert_eq!(verified.report().time_stamps.len(), 2);
    assert_eq!(scene(&[]).passes().signed_at(), at(NOW));
}

#[test]
fn row_78_a_stamp_that_is_due_and_absent_is_missed() {
    requiring(scene(&[TIME])).passes();
    assert_eq!(
        requiring(scene(&[])).is_doubted(Sub::SigConstraintsFailure),
        Fault::TimeStamp("absent")
    );
}

#[test]
fn row_78_a_stamp_over_another_signature_does_not_serve() {
    let message = message(&issue(&person()));
    let foreign = token_of(&Stamp::new(b"another signature", at(TIME)));
    let scene = Scene::with_message(&stamped(message, &[foreign]));
    requiring(scene.clone()).is_doubted(Sub::SigConstraintsFailure);
    let verified = scene.passes();
    assert_eq!(verified.signed_at(), at(NOW));
    assert_eq!(verified.report().remarks, [Remark::TimeStampUnusable]);
}

#[test]
fn a_broken_stamp_does_not_make_a_good_signature_fail_for_ever() {
    for broken in [vec![0x30, 0x00], token_of(&stamp())[..100].to_vec()] {
        let scene = Scene::with_message(&stamped(message(&issue(&person())), &[broken]));
        if scene.verdict().is_ok() {
            requiring(scene).is_doubted(Sub::SigConstraintsFailure);
        }
    }
}

#[test]
fn row_80_a_signature_needs_a_stamp_by_a_stamper() {
    let message = message(&issue(&person()));
    let not_critical = stamper(&STAMPER).with(
        extension::EXTENDED_KEY_USAGE,
        &purposes(&["1.3.6.1.5.5.7.3.8"]),
    );
    let token = Stamp::new(&message.signature, at(TIME)).token(&appointed(&not_critical), &STAMPER);
    requiring(Scene::with_message(&stamped(message, &[token])))
        .is_doubted(Sub::ChainConstraintsFailure);
}

#[test]
fn row_21_a_stamp_before_the_certificate_began_proves_a_fraud() {
    let young = person().valid("2026-06-01T09:59:40Z", "2026-12-31T00:00:00Z");
    scene_with(&issue(&young), &[TIME]).fails(Sub::NotYetValid);
    scene_with(&issue(&young), &["2026-06-01T09:59:40Z"]).passes();
}

#[test]
fn row_20_a_stamp_keeps_a_signature_alive_after_its_certificate_expired() {
    let short = issue(&person().valid("2026-01-01T00:00:00Z", "2026-06-01T09:59:45Z"));
    scene_with(&short, &[]).is_doubted(Sub::OutOfBoundsNoPoe);
    scene_with(&short, &[TIME]).passes();
}

#[test]
fn row_23_a_revocation_before_the_stamp_counts_and_one_after_does_not() {
    let revoked = |date| {
        let mut scene = scene(&[TIME]);
        scene.crls[0] = list()
            .revoking(3, date, Some(1))
            .signed(&authority().subject, &AUTHORITY);
        scene
    };
    revoked("2026-06-01T09:59:00Z").is_doubted(Sub::RevokedNoPoe);
    let verified = revoked("2026-06-01T09:59:45Z").passes();
    assert_eq!(verified.report().remarks, [Remark::RevokedAfterwards]);
}

#[test]
fn row_83_the_claimed_time_is_held_against_the_stamp() {
    let certificate = issue(&person());
    let claimed = |claimed, stamped_at| {
        let message = Message::new(DOCUMENT, &certificate, &PERSON, at(claimed));
        let token = token_of(&Stamp::new(&message.signature, at(stamped_at)));
        let mut scene = Scene::with_message(&stamped(message, &[token]));
        scene.moment = Moment::at(at("2026-06-02T10:00:00Z"));
        scene
    };
    claimed("2026-06-01T09:59:00Z", TIME).passes();
    claimed("2016-06-01T09:59:00Z", TIME).is_doubted(Sub::SigConstraintsFailure);
}

#[test]
fn a_stamp_older_than_the_document_is_out_of_order() {
    assert_eq!(
        scene(&["2026-06-01T09:49:59Z"]).is_doubted(Sub::TimestampOrderFailure),
        Fault::TimeStampOrder
    );
    // Two clocks may differ a little; then the document's own time counts.
    let verified = scene(&["2026-06-01T09:54:00Z"]).passes();
    assert_eq!(verified.signed_at(), at("2026-06-01T09:55:00Z"));
}

#[test]
fn too_many_stamps_are_refused() {
    let times = [TIME; 9];
    assert_eq!(
        scene(&times).fails(Sub::FormatFailure),
        Fault::TooLarge("time-stamps")
    );
}

/// The token that the production authority made for the individual's signature.
fn national(
    token: &str,
    octets: &[u8],
    policy: &Policy,
    now: &str,
) -> Option<Result<TimeStamp, Fault>> {
    let trust = national_trust()?;
    Some(verify(
        &object(token)?,
        Stamped::Octets(octets),
        &trust,
        policy,
        Moment::at(at(now)),
    ))
}

fn national_trust() -> Option<Trust> {
    Some(
        Trust::new(
            &[
                object("ca-prod/root_gost_2022.pem")?,
                object("ca-test/root_test_gost_2022.cer")?,
                object("ca-test/nca_gost_test.crt")?,
            ],
            &[
                object("ca-prod/nca_gost_2022.pem")?,
                object("ca-test/nca_gost2022_test.cer")?,
            ],
            &[],
        )
        .expect("trust"),
    )
}

#[test]
fn the_production_authoritys_token_holds() {
    let Some(octets) = octets_of("tsp/individual_attached_0.stamped-signature.bin") else {
        return;
    };
    let token = "tsp/individual_attached_0.tst";
    let test = Policy::national_test();
    let stamp = national(token, &octets, &test, "2026-07-20T10:00:00Z")
        .expect("data")
        .expect("holds");
    assert_eq!(stamp.time(), at("2026-07-20T09:08:07Z"));
    assert_eq!(stamp.policy().to_string(), "1.2.398.3.3.2.6.4");
    assert_eq!(
        national(token, b"another", &test, "2026-07-20T10:00:00Z"),
        Some(Err(Fault::TimeStamp("over something else")))
    );
}

#[test]
fn a_flipped_bit_anywhere_in_the_production_authoritys_stamp_is_refused() {
    let (Some(octets), Some(token), Some(trust)) = (
        octets_of("tsp/individual_attached_0.stamped-signature.bin"),
        octets_of("tsp/individual_attached_0.tst"),
        national_trust(),
    ) else {
        return;
    };
    let policy = Policy::national_test();
    let moment = Moment::at(at("2026-07-20T10:00:00Z"));
    let judged = |token: &[u8]| {
        verify(token, Stamped::Octets(&octets), &trust, &policy, moment).map(|stamp| stamp.time())
    };
    assert!(judged(&token).is_ok());
    // The content, the attributes and the signature value are all signed.
    for place in (64..210).chain(1390..1568).chain(1590..1715).step_by(7) {
        let mut changed = token.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(judged(&changed).is_err(), "octet {place}");
    }
}

fn octets_of(name: &str) -> Option<Vec<u8>> {
    let folder = crate::eds::testing::national::folder()?;
    Some(std::fs::read(folder.join("eds").join(name)).expect("a file"))
}

/// The test authority's stamps of 2022, whose imprints are made with SHA-1.
#[test]
fn the_test_authoritys_tokens_hold_where_sha1_may_be_used() {
    let trust = national_trust();
    let Some(trust) = trust else { return };
    let judged = |policy: &Policy, name: &str| {
        let token = octets_of(name).expect("data");
        let digest = [
            0x14, 0x65, 0xda, 0xd1, 0x26, 0xd3, 0x2b, 0xf7, 0xaa, 0x5d, 0x3b, 0x95, 0xa5, 0xc7,
            0xc3, 0x31, 0xcd, 0xff, 0x34, 0xdf,
        ];
        let moment = Moment::at(at("2022-09-18T14:00:00Z"));
        verify(&token, Stamped::Digest(&digest), &trust, policy, moment).map(|stamp| stamp.time())
    };
    let lenient = Policy::national_test()
        .with(|rules| _ = rules.digests.insert(DigestName::Sha1, Limit::None));
    for name in ["tsp/tsp_response.bin", "tsp/tsp_token.bin"] {
        let time = judged(&lenient, name).expect("holds");
        assert_eq!(time, at("2022-09-18T13:20:14Z"), "{name}");
        assert_eq!(
            judged(&Policy::national_test(), name),
            Err(Fault::AlgorithmNotAllowed("digest"))
        );
    }
}

/// Judges the individual's signature of 2026.
fn individual(demand: TimeStamps, now: &str) -> Option<Result<Verified, Fault>> {
    let policy = Policy::national_test().with(|rules| rules.time_stamps.demand = demand);
    let verdict = verify_signature(
        &object("cms/individual_attached.der")?,
        Content::Attached,
        &national_trust()?,
        &policy,
        Moment::at(at(now)),
    );
    Some(verdict.map_err(|report| report.reason.expect("a reason")))
}

#[test]
fn the_signature_of_the_individual_outlives_its_certificate_by_its_stamp() {
    let Some(verdict) = individual(TimeStamps::Required, "2029-01-01T00:00:00Z") else {
        return;
    };
    let verified = verdict.expect("passes");
    assert_eq!(verified.report().indication, Indication::TotalPassed);
    assert_eq!(verified.signed_at(), at("2026-07-20T09:08:07Z"));
    assert_eq!(verified.report().time_stamps.len(), 1);
    let without = individual(TimeStamps::Ignored, "2029-01-01T00:00:00Z").expect("data");
    assert!(without.is_err());
}

#[test]
fn a_name_in_a_token_proves_nothing() {
    // A token of a certificate that bears the stamper's name and number, by another issuer.
    let forged = stamper(&STRANGER).signed(&authority().subject, &STRANGER);
    let mut message = stamp().message(&forged, &STRANGER);
    refused(&message.der(), Sub::NoCertificateChainFound);
    message.certificates.push(CERTIFICATE.clone());
    refused(&message.der(), Sub::NoSigningCertificateFound);
}
