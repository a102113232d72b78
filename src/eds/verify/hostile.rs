//! Whatever arrives, the verifier answers, and answers soon.

use std::time::{Duration, Instant};

use crate::eds::{
    Content, Fault, Trust,
    certificate::Certificate,
    crl::Crl,
    gost::Algorithm,
    ocsp,
    oid::extension,
    testing::{
        der::{element, octets, sequence},
        key::Key,
        message::Message,
        pki::{Draft, at, name},
        responder,
        scene::{
            AUTHORITY, DOCUMENT, IIN, PERSON, SIGNED, Scene, authority, issue, list, message,
            person, root,
        },
        stamper,
    },
    timestamp, validate, verify,
};

/// What one input may cost: 50 ms, or ten times that without optimisation; on a
/// busy machine the best of ten runs counts.
const LIMIT: Duration = Duration::from_millis(if cfg!(debug_assertions) { 500 } else { 50 });

#[track_caller]
fn in_time<T>(run: impl Fn() -> T) -> T {
    let mut best = Duration::MAX;
    for _ in 0..10 {
        let start = Instant::now();
        let answer = run();
        best = best.min(start.elapsed());
        if best <= LIMIT {
            return answer;
        }
    }
    panic!("took {best:?}");
}

/// A small generator of changes, the same in each run (Marsaglia's xorshift).
struct Changes(u64);

impl Changes {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % limit.max(1)
    }

    fn octet(&mut self) -> u8 {
        u8::try_from(self.below(256)).expect("an octet")
    }

    /// Flips, sets, drops, doubles or moves a few octets.
    fn changed(&mut self, seed: &[u8]) -> Vec<u8> {
        let mut octets = seed.to_vec();
        for _ in 0..=self.below(3) {
            let place = self.below(octets.len());
            let length = self.below(8).min(octets.len() - place);
            match self.below(5) {
                0 => octets[place] ^= 1 << self.below(8),
                1 => octets[place] = self.octet(),
                2 => drop(octets.drain(place..place + length)),
                3 => octets.extend_from_within(place..place + length),
                _ => octets.swap(place, seed.len() % (place + 1)),
            }
            if octets.is_empty() {
                octets.push(0x30);
            }
        }
        octets
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut attached = message(&issue(&person()));
    attached.enclosed = Some(DOCUMENT.to_vec());
    vec![
        message(&issue(&person())).der(),
        attached.der(),
        attached.ber(),
    ]
}

#[test]
fn changed_messages_neither_pass_nor_take_long() {
    let scene = Scene::new();
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls).expect("trust");
    let mut changes = Changes(0x9e37_79b9_7f4a_7c15);
    for seed in seeds() {
        for _ in 0..1500 {
            let octets = changes.changed(&seed);
            for content in [Content::Detached(DOCUMENT), Content::Attached] {
                let verdict =
                    in_time(|| verify(&octets, content, &trust, &scene.policy, scene.moment));
                // A change may hit what is not signed: the version, an unused field of the envelope.
                if let Ok(verified) = verdict {
                    assert_eq!(verified.signer().iin().map(|iin| iin.as_str()), Some(IIN));
                    assert_eq!(verified.content_digest(), &crate::eds::Digest::of(DOCUMENT));
                }
            }
            in_time(|| {
                validate(
                    &octets,
                    Content::Attached,
                    &trust,
                    &scene.policy,
                    scene.moment,
                )
            });
        }
    }
}

#[test]
fn changed_certificates_and_lists_are_read_or_refused() {
    let certificate = issue(&person());
    let crl = list()
        .revoking(3, "2026-06-01T09:00:00Z", Some(1))
        .signed(&authority().subject, &AUTHORITY);
    let mut changes = Changes(0xd1b5_4a32_d192_ed03);
    for _ in 0..4000 {
        let octets = changes.changed(&certificate);
        if let Ok(read) = in_time(|| Certificate::read(&octets)) {
            assert_eq!(read.der(), octets);
            read.summary();
        }
        let octets = changes.changed(&crl);
        if let Ok(read) = in_time(|| Crl::read(&octets)) {
            read.entry(read.issuer(), &[3]);
        }
    }
}

#[test]
fn changed_answers_of_responders_say_nothing_else_and_soon() {
    let scene = Scene::new();
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &[]).expect("trust");
    let (certificate, issuer) = (issue(&person()), &scene.intermediates[0]);
    let key = Key::p256();
    let holder = responder::appointed(&responder::responder(&key));
    let now = "2026-06-01T10:00:00Z";
    let said = responder::Answer::good(&certificate, issuer, now)
        .by(&holder)
        .until("2026-06-02T10:00:00Z")
        .echoing(&[7; 16])
        .signed(&key);
    let mut changes = Changes(0x2545_f491_4f6c_dd1d);
    for _ in 0..2000 {
        let octets = changes.changed(&said);
        let judged = |response| {
            ocsp::judge(
                &response,
                &certificate,
                issuer,
                &trust,
                &scene.policy,
                at(now),
            )
        };
        if let Ok(answer) = in_time(|| ocsp::Response::read(&octets).and_then(judged)) {
            assert_eq!(answer.verdict, ocsp::Verdict::Good);
        }
    }
}

#[test]
fn changed_time_stamps_tell_no_other_time_and_soon() {
    let scene = Scene::new();
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls).expect("trust");
    let key = Key::p256();
    let holder = stamper::appointed(&stamper::stamper(&key));
    let stamp = stamper::Stamp::new(DOCUMENT, at(SIGNED)).message(&holder, &key);
    let mut changes = Changes(0x5851_f42d_4c95_7f2d);
    for seed in [stamp.der(), stamp.ber()] {
        let whole = stamper::response(0, Some(&seed));
        for _ in 0..1000 {
            let octets = changes.changed(&whole);
            let stamped = timestamp::Stamped::Octets(DOCUMENT);
            let verdict = in_time(|| {
                timestamp::verify(&octets, stamped, &trust, &scene.policy, scene.moment)
            });
            if let Ok(stamp) = verdict {
                assert_eq!(stamp.time(), at(SIGNED));
            }
        }
    }
}

/// Sixty certificates, each of which might be the responder's.
#[test]
fn a_crowd_of_responders_is_given_up_in_time() {
    let scene = Scene::new();
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &[]).expect("trust");
    let (certificate, issuer) = (issue(&person()), &scene.intermediates[0]);
    let now = "2026-06-01T10:00:00Z";
    let key = Key::p256();
    let mut answer = responder::Answer::good(&certificate, issuer, now)
        .by(&responder::appointed(&responder::responder(&key)));
    answer.certificates = (0..60)
        .map(|_| responder::appointed(&responder::responder(&Key::p256())))
        .collect();
    let response = ocsp::Response::read(&answer.signed(&key)).expect("a response");
    let verdict = in_time(|| {
        let policy = &scene.policy;
        ocsp::judge(&response, &certificate, issuer, &trust, policy, at(now))
    });
    assert_eq!(verdict, Err(Fault::BudgetSpent));
}

/// Twelve authorities of one name and one key identifier, each of which could
/// have issued each other: 12! paths, none of which leads anywhere.
#[test]
fn a_tangle_of_issuers_is_given_up_in_time() {
    let subject = authority().subject;
    let keys: Vec<Key> = (0..12).map(|_| Key::p256()).collect();
    let mut scene = Scene::new();
    scene.anchors = vec![root().self_signed(&Key::p384())];
    scene.intermediates = Vec::new();
    for (serial, own) in (10..).zip(&keys) {
        for signer in &keys {
            let draft = Draft {
                subject: subject.clone(),
                ..Draft::authority(serial, "x", own)
            };
            scene.intermediates.push(draft.signed(&subject, signer));
        }
    }
    let leaf = person().signed(&subject, &keys[0]);
    scene.signature = message(&leaf).der();
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls).expect("trust");
    let content = Content::Detached(DOCUMENT);
    assert!(
        in_time(|| verify(
            &scene.signature,
            content,
            &trust,
            &scene.policy,
            scene.moment
        ))
        .is_err()
    );
}

/// Ten thousand names against a thousand constraints.
#[test]
fn a_flood_of_name_constraints_is_given_up_in_time() {
    let dns = |n: usize, tail: &str| element(0x82, format!("host{n}.{tail}").as_bytes());
    let subtrees: Vec<Vec<u8>> = (0..1000)
        .map(|n| sequence([dns(n, "example.kz")]))
        .collect();
    let constraints = sequence([element(0xa1, &subtrees.concat())]);
    let names: Vec<Vec<u8>> = (0..2000).map(|n| dns(n, "other.kz")).collect();
    let constrained = authority().with(extension::NAME_CONSTRAINTS, &constraints);
    let leaf = issue(&person().with(extension::SUBJECT_ALTERNATIVE_NAME, &sequence(names)));
    let mut scene = Scene::signed_with(&leaf);
    scene.intermediates =
        vec![constrained.signed(&root().subject, &crate::eds::testing::scene::ROOT)];
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls).expect("trust");
    let content = Content::Detached(DOCUMENT);
    assert!(
        in_time(|| verify(
            &scene.signature,
            content,
            &trust,
            &scene.policy,
            scene.moment
        ))
        .is_err()
    );
}

#[test]
fn a_name_of_a_thousand_parts_is_compared_in_time() {
    let parts: Vec<_> = (0..1000)
        .map(|_| (crate::eds::oid::attribute::UNIT, "a  B"))
        .collect();
    let other: Vec<_> = (0..1000)
        .map(|_| (crate::eds::oid::attribute::UNIT, "A b"))
        .collect();
    let mut scene = Scene::new();
    let certificate = person().signed(&name(&parts), &AUTHORITY);
    let message = Message::new(DOCUMENT, &certificate, &PERSON, at(SIGNED));
    scene.signature = message.der();
    scene.intermediates = (0..40)
        .map(|serial| Draft {
            subject: name(&other),
            ..Draft::authority(serial, "x", &Key::p256())
        })
        .map(|draft| {
            draft
                .with(extension::SUBJECT_KEY_IDENTIFIER, &octets(&[7; 20]))
                .signed(&name(&other), &AUTHORITY)
        })
        .collect();
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls).expect("trust");
    let content = Content::Detached(DOCUMENT);
    assert!(
        in_time(|| verify(
            &scene.signature,
            content,
            &trust,
            &scene.policy,
            scene.moment
        ))
        .is_err()
    );
}

/// Sixteen authorities of one name, whose long certificates have the slowest of all
/// digests: each could have issued each, and each step finds the right one last.
#[test]
fn a_crowd_of_long_certificates_is_given_up_in_time() {
    let keys: Vec<Key> = (1..=16)
        .map(|scalar| Key::gost(Algorithm::Gost2004, scalar))
        .collect();
    let subject = authority().subject;
    let filler = octets(&vec![7; 60_000]);
    let long = |draft: Draft| draft.with("1.2.3.4".parse().expect("an OID"), &filler);
    let issued = (0..15u8).rev().map(|place| {
        let own = usize::from(place);
        let draft = Draft {
            subject: subject.clone(),
            ..Draft::authority(place + 10, "x", &keys[own])
        };
        long(draft).signed(&subject, &keys[own + 1])
    });
    let others: Vec<_> = issued.collect();
    let leaf = long(Draft::signer(3, IIN, &PERSON)).signed(&subject, &keys[0]);
    let mut message = message(&leaf);
    message.certificates.extend(others);
    let mut scene = Scene::with_message(&message);
    scene.intermediates = Vec::new();
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls).expect("trust");
    let content = Content::Detached(DOCUMENT);
    let verdict = in_time(|| {
        let (policy, moment) = (&scene.policy, scene.moment);
        verify(&scene.signature, content, &trust, policy, moment)
    });
    let report = verdict.expect_err("leads nowhere");
    assert_eq!(report.reason, Some(Fault::BudgetSpent));
}
