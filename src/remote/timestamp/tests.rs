//! Time-stamp authorities that stamp, and those that do not, over real HTTP.

use std::sync::LazyLock;

use reqwest::Url;
use ring::rand::SystemRandom;
use tokio::time::{Instant, timeout};

use super::*;
use crate::eds::testing::{
    key::Key,
    pki::{Draft, at},
    scene::{AUTHORITY, RECEIVED, ROOT, STRANGER, authority, list, root},
    stamper::{Asked, POLICY, Stamp, appointed, response, stamper},
};
use crate::eds::{DigestName, Indication, SubIndication as Sub};
use crate::remote::http::Failure;
use crate::remote::testing::{BUDGET, BlackHole, Desk, IMPATIENT, Reply, SHORT, nobody, run};

static STAMPER: LazyLock<Key> = LazyLock::new(Key::p256);
static CERTIFICATE: LazyLock<Vec<u8>> = LazyLock::new(|| appointed(&stamper(&STAMPER)));

const KIND: &str = "application/timestamp-reply";
const OTHER_POLICY: &str = "1.2.398.3.3.2.6.4";

/// There is no list yet that could tell whether the stamper is revoked.
fn trust_with(lists: &[Vec<u8>]) -> Trust {
    let issuer = authority().signed(&root().subject, &ROOT);
    Trust::new(&[root().self_signed(&ROOT)], &[issuer], lists).unwrap()
}

fn wanted() -> StampWanted {
    StampWanted {
        value: b"a signature value".to_vec(),
        digest: DigestName::Sha256,
    }
}

fn terms(url: &Url) -> Stamper {
    Stamper {
        url: url.clone(),
        policy: Some(POLICY.parse().unwrap()),
        digest: DigestName::Sha256,
    }
}

fn authorities_of(stampers: Vec<Stamper>) -> Authorities {
    let sources = Sources {
        stampers,
        ..Sources::default()
    };
    Authorities::new(&sources, SHORT, IMPATIENT, Arc::new(SystemRandom::new())).unwrap()
}

fn authorities(urls: &[&Url]) -> Authorities {
    authorities_of(urls.iter().map(|url| terms(url)).collect())
}

async fn stamp(authorities: &Authorities) -> Result<Stamped, Unanswered> {
    let (trust, policy) = (trust_with(&[]), Policy::national());
    authorities
        .stamp(&wanted(), &trust, &policy, at(RECEIVED))
        .await
}

/// What was asked for.
fn granted(question: &[u8]) -> Stamp {
    Asked::read(question).granted(at(RECEIVED))
}

fn whole(stamp: &Stamp) -> Vec<u8> {
    response(0, Some(&stamp.token(&CERTIFICATE, &STAMPER)))
}

fn signed(stamp: &Stamp) -> Reply {
    Reply::Answer(whole(stamp))
}

fn right(question: &[u8]) -> Reply {
    signed(&granted(question))
}

/// Demands that a reply made like this is refused with this verdict.
#[track_caller]
fn refused(
    sub_indication: Sub,
    reply: impl Fn(&[u8]) -> Reply + Send + Sync + 'static,
) -> Unanswered {
    let desk = Desk::open(KIND, move |_, question| reply(question));
    let trouble = run(stamp(&authorities(&[&desk.url]))).expect_err("accepted");
    let verdict = (Indication::Indeterminate, sub_indication);
    assert_eq!(trouble.verdict(), verdict, "{trouble}");
    assert_eq!(desk.asked(), 2, "each question has two tries");
    trouble
}

#[test]
fn a_token_is_verified_and_handed_out() {
    let desk = Desk::open(KIND, |_, question| right(question));
    let stamped = run(stamp(&authorities(&[&desk.url]))).unwrap();
    assert_eq!(stamped.stamp.time(), at(RECEIVED));
    let lists = [
        list().signed(&authority().subject, &AUTHORITY),
        list().signed(&root().subject, &ROOT),
    ];
    let again = timestamp::verify(
        &stamped.token,
        timestamp::Stamped::Octets(&wanted().value),
        &trust_with(&lists),
        &Policy::national(),
        Moment::at(at(RECEIVED)),
    );
    assert_eq!(again.map(|stamp| stamp.time()), Ok(at(RECEIVED)));
}

#[test]
fn what_the_authority_is_asked_is_what_is_wanted() {
    let desk = Desk::open(KIND, |_, question| {
        let asked = Asked::read(question);
        assert_eq!(asked.policy, POLICY.parse().ok());
        assert!(asked.nonce.len() > 8);
        right(question)
    });
    assert!(run(stamp(&authorities(&[&desk.url]))).is_ok());
}

#[test]
fn row_81_a_wrong_nonce_policy_or_status_is_refused() {
    refused(Sub::SigConstraintsFailure, |question| {
        let nonce = Some(vec![7]);
        signed(&Stamp {
            nonce,
            ..granted(question)
        })
    });
    refused(Sub::SigConstraintsFailure, |question| {
        signed(&Stamp {
            nonce: None,
            ..granted(question)
        })
    });
    refused(Sub::SigConstraintsFailure, |question| {
        let policy = OTHER_POLICY.parse().unwrap();
        signed(&Stamp {
            policy,
            ..granted(question)
        })
    });
    for status in [2, 3, 4, 5] {
        refused(Sub::SigConstraintsFailure, move |_| {
            Reply::Answer(response(status, None))
        });
    }
}

#[test]
fn a_token_over_something_else_is_refused() {
    refused(Sub::SigConstraintsFailure, |question| {
        let other = Stamp::new(b"another value", at(RECEIVED));
        signed(&Stamp {
            imprint: other.imprint,
            ..granted(question)
        })
    });
}

#[test]
fn a_token_by_a_clock_that_is_wrong_is_refused() {
    for time in ["2026-06-01T09:54:59Z", "2026-06-01T10:05:01Z"] {
        refused(Sub::SigConstraintsFailure, move |question| {
            signed(&Asked::read(question).granted(at(time)))
        });
    }
}

#[test]
fn a_token_by_somebody_who_may_not_stamp_is_refused() {
    refused(Sub::ChainConstraintsFailure, |question| {
        let mut person = Draft::signer(8, "900101300007", &STAMPER);
        person.subject = stamper(&STAMPER).subject;
        let token = granted(question).token(&appointed(&person), &STAMPER);
        Reply::Answer(response(0, Some(&token)))
    });
    refused(Sub::NoCertificateChainFound, |question| {
        let unknown =
            stamper(&STAMPER).signed(&Draft::authority(1, "Else", &STRANGER).subject, &STRANGER);
        let token = granted(question).token(&unknown, &STAMPER);
        Reply::Answer(response(0, Some(&token)))
    });
}

#[test]
fn a_revoked_authority_is_refused_though_the_status_need_not_be_known() {
    let desk = Desk::open(KIND, |_, question| right(question));
    let revoking = list().revoking(8, "2026-05-01T00:00:00Z", Some(1));
    let trust = trust_with(&[revoking.signed(&authority().subject, &AUTHORITY)]);
    let trouble = run(async {
        let (authorities, policy) = (authorities(&[&desk.url]), Policy::national());
        let wanted = wanted();
        let stamped = authorities.stamp(&wanted, &trust, &policy, at(RECEIVED));
        stamped.await.expect_err("accepted")
    });
    let fault = Fault::TimeStamp("authority revoked");
    assert_eq!(trouble, Unanswered::Unusable(fault));
}

/// Demands that a server which behaves like this stamps nothing, within the
/// time of two tries.
#[track_caller]
fn fails(failure: Failure, url: &Url) {
    run(async {
        let started = Instant::now();
        let trouble = stamp(&authorities(&[url])).await.expect_err("accepted");
        assert_eq!(trouble, Unanswered::Unreachable(failure));
        assert!(started.elapsed() <= BUDGET, "{:?}", started.elapsed());
    });
}

#[test]
fn an_authority_that_does_not_answer_is_given_up_in_time() {
    fails(Failure::Timeout, &BlackHole::open().url);
    fails(Failure::ConnectionRefused, &nobody());
    let desk = |reply: fn(&[u8]) -> Reply| Desk::open(KIND, move |_, question| reply(question)).url;
    fails(Failure::Timeout, &desk(|_| Reply::Silence));
    fails(Failure::NoAnswer, &desk(|_| Reply::Reset));
    let slowly = |question: &[u8]| Reply::Trickle(whole(&granted(question)));
    fails(Failure::Timeout, &desk(slowly));
    fails(Failure::Status(500), &desk(|_| Reply::Status(500)));
    let html = |_: &[u8]| Reply::As("text/html", b"<html>Login</html>".to_vec());
    fails(Failure::OtherKind, &desk(html));
    let huge = |_: &[u8]| Reply::As(KIND, vec![0x30; 10_000_000]);
    fails(Failure::TooLarge, &desk(huge));
}

#[test]
fn the_second_authority_stamps_for_the_first() {
    let desk = Desk::open(KIND, |_, question| right(question));
    let liar = Desk::open(KIND, |_, question| {
        signed(&Stamp {
            nonce: None,
            ..granted(question)
        })
    });
    for first in [nobody(), BlackHole::open().url, liar.url] {
        assert!(run(stamp(&authorities(&[&first, &desk.url]))).is_ok());
    }
    assert_eq!(desk.asked(), 3);
}

#[test]
fn an_authority_that_is_down_is_left_in_peace_and_found_again() {
    let desk = Desk::open(KIND, |before, question| match before {
        0..4 => Reply::Silence,
        _ => right(question),
    });
    let authorities = authorities(&[&desk.url]);
    run(async {
        let down = Unanswered::Unreachable(Failure::Timeout);
        assert_eq!(stamp(&authorities).await.err(), Some(down));
        assert_eq!(stamp(&authorities).await.err(), Some(down));
        assert_eq!(stamp(&authorities).await.err(), Some(Unanswered::Resting));
        assert_eq!(desk.asked(), 3);
        let recovered = async {
            while stamp(&authorities).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        let time = IMPATIENT.rest * 20;
        timeout(time, recovered).await.expect("a token");
        assert_eq!(desk.asked(), 5);
    });
}

#[test]
fn the_authority_of_the_signatures_family_is_asked_first() {
    let (one, other) = (
        Desk::open(KIND, |_, question| right(question)),
        Desk::open(KIND, |_, question| right(question)),
    );
    let gost = Stamper {
        digest: DigestName::Streebog512,
        policy: None,
        ..terms(&one.url)
    };
    let fitting = authorities_of(vec![gost.clone(), terms(&other.url)]);
    assert!(run(stamp(&fitting)).is_ok());
    assert_eq!((one.asked(), other.asked()), (0, 1));
    assert!(run(stamp(&authorities_of(vec![gost]))).is_ok());
    assert_eq!((one.asked(), other.asked()), (1, 1));
}

#[test]
fn without_an_authority_nobody_stamps() {
    let trouble = run(stamp(&authorities(&[])));
    assert_eq!(trouble.err(), Some(Unanswered::NoAddress));
}
