//! Certificates that return: judged from memory they are judged as without one,
//! around every instant at which anything changes.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{certificate, message::Received, validate_certificate, verify};
use crate::eds::{
    Content, Freshness, Limit, Moment, Policy, Report, SignatureName, Signer, Trust,
    budget::Budget,
    certificate::Certificate,
    judgement::Question,
    ledger::Ledger,
    ocsp::Response,
    testing::{
        pki::{List, at},
        responder::Answer,
        scene::{
            AUTHORITY, DOCUMENT, ISSUED, PERSON, RECEIVED, ROOT, Scene, authority, issue, list,
            message, person, root,
        },
    },
};

fn remembering(scene: &Scene) -> Trust {
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls);
    trust.expect("trust").remembering(1000)
}

/// The same trust with what is known of signatures, but of no certificate.
fn forgetful(trust: &Trust) -> Trust {
    trust.clone().remembering_with(trust)
}

fn read(der: &[u8]) -> Certificate {
    Certificate::read(der).expect("a certificate")
}

fn is_known(
    der: &[u8],
    received: &[Certificate],
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> bool {
    let question = Question {
        certificate: &read(der),
        received: &Received::certificates(received.to_vec()),
        trust,
        policy,
        moment,
    };
    question.recalled(&mut Budget::new()).is_some()
}

fn shown(answer: Result<(Signer, Report), Box<Report>>) -> Value {
    match answer {
        Ok((signer, report)) => json!([signer.names().common(), report]),
        Err(report) => json!(report),
    }
}

/// Everything begins and ends at another time, the algorithm too.
fn staggered() -> (Scene, Vec<u8>) {
    let leaf = person().valid("2026-03-01T00:00:00Z", "2026-09-01T00:00:00Z");
    let middle = authority().valid("2026-02-01T00:00:00Z", "2026-10-01T00:00:00Z");
    let certificate = issue(&leaf);
    let mut scene = Scene::signed_with(&certificate);
    scene.intermediates = vec![middle.signed(&root().subject, &ROOT)];
    let lists = |from, to| List::new(from, to);
    scene.crls = vec![
        lists("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z").signed(&middle.subject, &AUTHORITY),
        lists("2026-04-15T00:00:00Z", "2026-08-01T00:00:00Z").signed(&middle.subject, &AUTHORITY),
        lists("2026-04-10T00:00:00Z", "2026-08-05T00:00:00Z").signed(&root().subject, &ROOT),
    ];
    let end = Limit::Until(at("2026-06-15T00:00:00Z"));
    scene.policy = Policy::national().with(|rules| {
        rules.oldest_list_seconds = 90 * 24 * 60 * 60;
        rules.signatures.insert(SignatureName::Ecdsa, end);
    });
    (scene, certificate)
}

/// A second before, at, and after each instant that stands in the scene.
fn instants() -> Vec<DateTime<Utc>> {
    let oldest = TimeDelta::days(90);
    let written = [
        "2026-01-01T00:00:00Z",
        "2026-02-01T00:00:00Z",
        "2026-03-01T00:00:00Z",
        "2026-04-01T00:00:00Z",
        "2026-04-10T00:00:00Z",
        "2026-04-15T00:00:00Z",
        "2026-05-01T00:00:00Z",
        "2026-06-15T00:00:00Z",
        "2026-08-01T00:00:00Z",
        "2026-08-05T00:00:00Z",
        "2026-09-01T00:00:00Z",
        "2026-10-01T00:00:00Z",
    ]
    .map(at);
    let ages = [3, 4, 5].map(|list| written[list] + oldest);
    let around = |instant: DateTime<Utc>| [-1, 0, 1].map(|by| instant + TimeDelta::seconds(by));
    written.into_iter().chain(ages).flat_map(around).collect()
}

#[test]
fn around_every_boundary_the_report_is_the_same() {
    let (scene, certificate) = staggered();
    let trust = remembering(&scene);
    let instants = instants();
    let issues = [None, Some(at(ISSUED)), Some(at("2026-12-01T00:00:00Z"))];
    let mut moments = Vec::new();
    for issued in issues {
        for &received in &instants {
            moments.extend(instants.iter().map(|&now| Moment {
                issued,
                received,
                now,
            }));
        }
    }
    // First forwards, then backwards: what is remembered is now the past, now the future.
    let (mut known, mut passed) = (0, 0);
    for &moment in moments.iter().chain(moments.iter().rev()) {
        let judge = |trust: &Trust| {
            let none: [&[u8]; 0] = [];
            shown(validate_certificate(
                &certificate,
                &none,
                trust,
                &scene.policy,
                moment,
            ))
        };
        known += usize::from(is_known(&certificate, &[], &trust, &scene.policy, moment));
        let anew = judge(&forgetful(&trust));
        passed += usize::from(anew.is_array());
        assert_eq!(judge(&trust).to_string(), anew.to_string(), "{moment:?}");
    }
    assert!(
        known > 250 && known < passed,
        "{known} of {passed} were known"
    );
}

#[test]
fn a_signature_is_judged_from_memory_as_without() {
    let (mut scene, _) = staggered();
    scene.moment = Moment::between(at(ISSUED), at(RECEIVED));
    let trust = remembering(&scene);
    let judge = |trust: &Trust| {
        let content = Content::Detached(DOCUMENT);
        let verified = verify(
            &scene.signature,
            content,
            trust,
            &scene.policy,
            scene.moment,
        );
        let verified = verified.expect("passes");
        let holder = verified.signer().names().common().to_owned();
        json!([holder, verified.certificate(), verified.report()]).to_string()
    };
    let (first, second) = (judge(&trust), judge(&trust));
    assert_eq!(first, second);
    assert_eq!(first, judge(&forgetful(&trust)));
}

/// Judges twice and says whether the second time was from memory.
#[track_caller]
fn is_remembered(scene: &Scene, certificate: &[u8], moment: Moment) -> bool {
    let trust = remembering(scene);
    let judge = || {
        let none: [&[u8]; 0] = [];
        shown(validate_certificate(
            certificate,
            &none,
            &trust,
            &scene.policy,
            moment,
        ))
    };
    let first = judge();
    let known = is_known(certificate, &[], &trust, &scene.policy, moment);
    assert_eq!(judge(), first);
    known
}

#[test]
fn what_has_a_fault_or_a_remark_is_never_remembered() {
    let good = issue(&person());
    let moment = Moment::at(at(RECEIVED));
    assert!(is_remembered(&Scene::new(), &good, moment));

    let revoked = |date, reason| Scene::new().with_list(&list().revoking(3, date, reason));
    for scene in [
        revoked("2026-05-01T00:00:00Z", Some(1)),
        revoked("2026-05-01T00:00:00Z", Some(6)),
    ] {
        assert!(!is_remembered(&scene, &good, moment));
    }
    // Revoked after receipt: the signature holds, with a remark.
    let afterwards = revoked("2026-06-02T00:00:00Z", Some(1));
    let later = Moment {
        now: at("2026-06-03T00:00:00Z"),
        ..moment
    };
    assert!(!is_remembered(&afterwards, &good, later));

    let expired = issue(&person().valid("2026-01-01T00:00:00Z", "2026-05-01T00:00:00Z"));
    assert!(!is_remembered(&Scene::new(), &expired, moment));
    let stale = Moment::at(at("2026-06-20T00:00:00Z"));
    assert!(!is_remembered(&Scene::new(), &good, stale));
    let fresh = |rules: &mut crate::eds::Rules| rules.freshness = Freshness::AfterSigning;
    let mut scene = Scene::new();
    scene.policy = scene.policy.with(fresh);
    let before_the_list = Moment {
        received: at("2026-05-31T00:00:00Z"),
        ..moment
    };
    assert!(!is_remembered(&scene, &good, before_the_list));
}

#[test]
fn a_judgement_belongs_to_one_trust_one_policy_and_what_was_received() {
    let scene = Scene::new();
    let leaf = issue(&person());
    let trust = remembering(&scene);
    let moment = Moment::at(at(RECEIVED));
    let received = [read(&leaf)];
    validate_certificate(&leaf, &[&leaf], &trust, &scene.policy, moment).expect("passes");
    let known = |received: &[Certificate], trust: &Trust, policy: &Policy| {
        is_known(&leaf, received, trust, policy, moment)
    };
    assert!(known(&received, &trust, &scene.policy));
    assert!(known(&received, &trust.clone(), &scene.policy));

    assert!(!known(&[], &trust, &scene.policy));
    let more = [read(&leaf), read(&scene.intermediates[0])];
    assert!(!known(&more, &trust, &scene.policy));
    assert!(!known(&received, &trust, &Policy::login()));

    // Another list, in which the certificate is revoked, on the same memory.
    let revoking = scene
        .clone()
        .with_list(&list().revoking(3, "2026-05-01T00:00:00Z", Some(1)));
    let other = Trust::new(&revoking.anchors, &revoking.intermediates, &revoking.crls);
    let other = other.expect("trust").remembering_with(&trust);
    assert!(!known(&received, &other, &scene.policy));
    assert!(validate_certificate(&leaf, &[&leaf], &other, &scene.policy, moment).is_err());
    assert!(known(&received, &trust, &scene.policy));

    let answer = Answer::good(&leaf, &scene.intermediates[0], RECEIVED).by_authority();
    let answered = trust
        .clone()
        .with_responses(vec![Response::read(&answer).expect("a response")]);
    assert!(!known(&received, &answered, &scene.policy));
    validate_certificate(&leaf, &[&leaf], &answered, &scene.policy, moment).expect("passes");
    assert!(!known(&received, &answered, &scene.policy));
}

#[test]
fn a_budget_runs_out_exactly_as_without_a_memory() {
    let scene = Scene::new();
    let trust = remembering(&scene);
    let leaf = read(&issue(&person()));
    let nobody = Received::certificates(Vec::new());
    let judge = |trust: &Trust, mut budget: Budget| {
        let mut ledger = Ledger::new(&scene.policy, scene.moment);
        let policy = &scene.policy;
        let signer = certificate::judge(&leaf, &nobody, trust, policy, &mut ledger, &mut budget);
        let end = signer.map(|signer| signer.names().common().to_owned());
        (json!(ledger.passed()), end, budget.rest())
    };
    judge(&trust, Budget::new()).1.expect("passes");
    for signatures in 0..8 {
        for comparisons in 0..40 {
            let budget = || Budget::of(signatures, comparisons);
            let anew = judge(&forgetful(&trust), budget());
            assert_eq!(judge(&trust, budget()), anew);
        }
    }
}

#[test]
fn several_signatures_of_one_certificate_pay_for_its_path_once() {
    let leaf = issue(&person());
    let mut twice = message(&leaf);
    twice.sign(&PERSON);
    let scene = Scene::with_message(&twice);
    let trust = remembering(&scene);
    let leaf = read(&leaf);
    let nobody = Received::certificates(Vec::new());
    let judge = |trust: &Trust| {
        let mut budget = Budget::new();
        for _ in 0..2 {
            let mut ledger = Ledger::new(&scene.policy, scene.moment);
            let policy = &scene.policy;
            certificate::judge(&leaf, &nobody, trust, policy, &mut ledger, &mut budget)
                .expect("good");
        }
        budget.rest()
    };
    let anew = judge(&forgetful(&trust));
    assert_eq!(judge(&trust), anew);
    assert_eq!(judge(&trust), anew);
}

#[test]
fn what_is_wanted_is_told_also_of_a_certificate_that_returned() {
    let leaf = issue(&person());
    let scene = Scene::signed_with(&leaf);
    let trust = remembering(&scene);
    let content = Content::Detached(DOCUMENT);
    let wanted = |trust: &Trust| {
        let (policy, moment) = (&scene.policy, scene.moment);
        crate::eds::wants(&scene.signature, content, trust, policy, moment)
    };
    let before = wanted(&forgetful(&trust));
    assert!(!before.is_empty());
    verify(
        &scene.signature,
        content,
        &trust,
        &scene.policy,
        scene.moment,
    )
    .expect("passes");
    let (policy, moment) = (&scene.policy, scene.moment);
    assert!(is_known(&leaf, &[read(&leaf)], &trust, policy, moment));
    assert_eq!(wanted(&trust), before);
}
