//! Responders that answer, and those that do not, over real HTTP; each refusal
//! names its row in the list of negative cases.

use std::sync::LazyLock;

use chrono::TimeDelta;
use ring::rand::SystemRandom;
use tokio::time::{Instant, timeout};

use super::*;
use crate::eds::testing::{
    key::Key,
    pki::{Draft, at},
    responder::{
        Answer, ISSUER as ISSUERS_PLACE, RESPONDER, appointed, asked_nonce, naming, refusal,
        responder, revoked, unknown,
    },
    scene::{AUTHORITY, RECEIVED, ROOT, STRANGER, authority, issue, list, person, root},
};
use crate::eds::{Fault, Indication, SubIndication as Sub};
use crate::remote::http::Failure;
use crate::remote::sources::Places;
use crate::remote::testing::{BUDGET, BlackHole, Desk, IMPATIENT, Reply, SHORT, nobody, run};

type Answering = fn(&[u8]) -> Reply;

static LEAF: LazyLock<Vec<u8>> = LazyLock::new(|| issue(&person()));
static ISSUER: LazyLock<Vec<u8>> = LazyLock::new(|| authority().signed(&root().subject, &ROOT));
static TRUST: LazyLock<Arc<Trust>> = LazyLock::new(|| {
    let lists = [
        list().signed(&authority().subject, &AUTHORITY),
        list().signed(&root().subject, &ROOT),
    ];
    let issuers = std::slice::from_ref(&*ISSUER);
    Arc::new(Trust::new(&[root().self_signed(&ROOT)], issuers, &lists).unwrap())
});
static STRANGERS: LazyLock<Key> = LazyLock::new(Key::p256);

const KIND: &str = "application/ocsp-response";

fn now() -> DateTime<Utc> {
    at(RECEIVED)
}

fn wanted() -> StatusWanted {
    StatusWanted {
        certificate: LEAF.clone(),
        issuer: ISSUER.clone(),
        since: None,
    }
}

/// "Good", to this question.
fn good(question: &[u8]) -> Answer {
    Answer::good(&LEAF, &ISSUER, RECEIVED).echoing(&asked_nonce(question))
}

fn right(question: &[u8]) -> Reply {
    Reply::Answer(good(question).by_authority())
}

/// Those who may be asked about certificates of the issuing authority.
fn sources(urls: &[&Url]) -> Sources {
    let places = Places {
        ocsp: urls.iter().map(|url| (*url).clone()).collect(),
        ..Places::default()
    };
    Sources {
        authorities: [(Digest::of(&ISSUER), places)].into(),
        ..Sources::default()
    }
}

fn responders_of(sources: &Sources) -> Responders {
    Responders::new(sources, SHORT, IMPATIENT, Arc::new(SystemRandom::new())).unwrap()
}

fn responders(urls: &[&Url]) -> Responders {
    responders_of(&sources(urls))
}

async fn ask(responders: &Responders) -> Result<Verdict, Unanswered> {
    let answered = ask_about(responders, &wanted()).await;
    answered.map(|answered| answered.answer.verdict)
}

async fn ask_about(responders: &Responders, wanted: &StatusWanted) -> Result<Answered, Unanswered> {
    let policy = Policy::national();
    responders.ask(wanted, &TRUST, &policy, now()).await
}

/// Demands that an answer made like this is refused with this verdict.
#[track_caller]
fn refused(
    sub_indication: Sub,
    reply: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static,
) -> Unanswered {
    let desk = Desk::open(KIND, move |_, question| Reply::Answer(reply(question)));
    let trouble = run(ask(&responders(&[&desk.url]))).expect_err("accepted");
    let verdict = (Indication::Indeterminate, sub_indication);
    assert_eq!(trouble.verdict(), verdict, "{trouble}");
    assert_eq!(desk.asked(), 2, "each question has two tries");
    trouble
}

#[test]
fn an_answer_is_verified_and_handed_out() {
    let desk = Desk::open(KIND, |_, question| right(question));
    run(async {
        let responders = responders(&[&desk.url]);
        let answered = ask_about(&responders, &wanted()).await.unwrap();
        assert_eq!(answered.answer.verdict, Verdict::Good);
        assert!(
            Response::read(answered.response.der()).is_ok(),
            "it can be kept"
        );
    });
    assert_eq!(desk.asked(), 1);
}

#[test]
fn a_revocation_is_an_answer() {
    let since = "2026-05-01T00:00:00Z";
    let desk = Desk::open(KIND, move |_, question| {
        Reply::Answer(
            good(question)
                .saying(revoked(since, Some(1)))
                .by_authority(),
        )
    });
    let verdict = run(ask(&responders(&[&desk.url]))).unwrap();
    assert!(matches!(verdict, Verdict::Revoked { since: found, .. } if found == at(since)));
}

#[test]
fn a_denial_is_an_answer_and_is_not_kept() {
    let desk = Desk::open(KIND, |_, question| {
        let denied = revoked("1970-01-01T00:00:00Z", Some(6));
        Reply::Answer(good(question).saying(denied).by_authority())
    });
    let responders = responders(&[&desk.url]);
    run(async {
        assert_eq!(ask(&responders).await, Ok(Verdict::NeverIssued));
        assert_eq!(ask(&responders).await, Ok(Verdict::NeverIssued));
    });
    assert_eq!(desk.asked(), 2);
}

#[test]
fn row_58_a_responder_that_does_not_know_gives_no_answer() {
    let trouble = refused(Sub::TryLater, |question| {
        good(question).saying(unknown()).by_authority()
    });
    assert_eq!(trouble, Unanswered::Unusable(Fault::StatusUnknown));
}

#[test]
fn row_59_an_error_status_is_no_answer() {
    for status in [1, 2, 3, 5, 6] {
        refused(Sub::TryLater, move |_| refusal(status));
    }
}

#[test]
fn row_60_an_answer_about_another_serial_is_refused() {
    refused(Sub::CertificateChainGeneralFailure, |question| {
        let mut other = person();
        other.serial = vec![4];
        let other = Answer::good(&issue(&other), &ISSUER, RECEIVED);
        other.echoing(&asked_nonce(question)).by_authority()
    });
}

#[test]
fn row_61_an_answer_about_another_issuers_certificate_is_refused() {
    refused(Sub::CertificateChainGeneralFailure, |question| {
        let namesake = Draft::authority(2, "Authority", &STRANGER);
        let namesake = namesake.signed(&root().subject, &ROOT);
        let answer = Answer::good(&LEAF, &namesake, RECEIVED);
        answer.echoing(&asked_nonce(question)).by_authority()
    });
}

#[test]
fn row_62_an_answer_that_nobody_signed_is_refused() {
    refused(Sub::CertificateChainGeneralFailure, |question| {
        good(question).signed(&STRANGER)
    });
}

/// "Good" by somebody whose certificate this is.
fn by(certificate: &[u8], question: &[u8]) -> Vec<u8> {
    good(question).by(certificate).signed(&STRANGERS)
}

#[test]
fn a_responder_that_the_issuer_appointed_may_answer() {
    let desk = Desk::open(KIND, |_, question| {
        Reply::Answer(by(&appointed(&responder(&STRANGERS)), question))
    });
    assert_eq!(run(ask(&responders(&[&desk.url]))), Ok(Verdict::Good));
}

#[test]
fn row_63_a_certificate_for_something_else_does_not_answer() {
    refused(Sub::CertificateChainGeneralFailure, |question| {
        let mut draft = Draft::signer(9, "900101300007", &STRANGERS);
        draft.subject = responder(&STRANGERS).subject;
        by(&appointed(&draft), question)
    });
}

#[test]
fn row_64_a_responder_of_another_authority_is_refused() {
    refused(Sub::CertificateChainGeneralFailure, |question| {
        let elsewhere = responder(&STRANGERS).signed(&root().subject, &ROOT);
        by(&elsewhere, question)
    });
}

#[test]
fn row_65_a_responder_whose_certificate_has_expired_is_out_of_bounds() {
    let trouble = refused(Sub::RevocationOutOfBoundsNoPoe, |question| {
        let draft = responder(&STRANGERS).valid("2026-01-01T00:00:00Z", "2026-05-31T00:00:00Z");
        by(&appointed(&draft), question)
    });
    assert_eq!(trouble, Unanswered::Unusable(Fault::ResponderOutOfBounds));
}

#[test]
fn row_68_an_answer_without_the_nonce_or_with_another_is_refused() {
    refused(Sub::TryLater, |_| {
        Answer::good(&LEAF, &ISSUER, RECEIVED).by_authority()
    });
    refused(Sub::TryLater, |_| {
        let other = Answer::good(&LEAF, &ISSUER, RECEIVED).echoing(&[7; 32]);
        other.by_authority()
    });
}

#[test]
fn row_69_an_answer_of_the_future_is_refused() {
    refused(Sub::TryLater, |question| {
        let tomorrow = Answer::good(&LEAF, &ISSUER, "2026-06-01T10:05:01Z");
        tomorrow.echoing(&asked_nonce(question)).by_authority()
    });
}

#[test]
fn rows_70_and_71_an_answer_of_yesterday_is_refused() {
    refused(Sub::TryLater, |question| {
        let yesterday = Answer::good(&LEAF, &ISSUER, "2026-05-31T10:00:00Z");
        yesterday.echoing(&asked_nonce(question)).by_authority()
    });
    refused(Sub::TryLater, |question| {
        let over = Answer::good(&LEAF, &ISSUER, "2026-06-01T09:59:00Z");
        let over = over.until("2026-06-01T09:59:59Z");
        over.echoing(&asked_nonce(question)).by_authority()
    });
    // A replay has no right nonce.
    let kept = good(&[1; 32]).by_authority();
    refused(Sub::TryLater, move |_| kept.clone());
}

#[test]
fn row_72_what_was_said_before_the_signature_is_no_answer() {
    let desk = Desk::open(KIND, |before, question| {
        let times = ["2026-06-01T09:59:59Z", "2026-06-01T09:59:59Z", RECEIVED];
        let answer = Answer::good(&LEAF, &ISSUER, times[before]);
        Reply::Answer(answer.echoing(&asked_nonce(question)).by_authority())
    });
    let after = StatusWanted {
        since: Some(now()),
        ..wanted()
    };
    let responders = responders(&[&desk.url]);
    run(async {
        let early = ask_about(&responders, &after).await;
        let fault = Fault::NotFresh("issued before the signature");
        assert_eq!(early.err(), Some(Unanswered::Unusable(fault)));
        assert!(ask_about(&responders, &after).await.is_ok());
    });
}

/// Demands that a server which behaves like this is no answer, within the time
/// of two tries.
#[track_caller]
fn fails(failure: Failure, url: &Url) {
    run(async {
        let started = Instant::now();
        let trouble = ask(&responders(&[url])).await.expect_err("accepted");
        assert_eq!(trouble, Unanswered::Unreachable(failure));
        let verdict = (Indication::Indeterminate, Sub::TryLater);
        assert_eq!(trouble.verdict(), verdict);
        assert!(started.elapsed() <= BUDGET, "{:?}", started.elapsed());
    });
}

#[test]
fn row_57_a_server_that_does_not_answer_is_given_up_in_time() {
    fails(Failure::Timeout, &BlackHole::open().url);
    fails(Failure::ConnectionRefused, &nobody());
    let desk = |reply: fn(&[u8]) -> Reply| Desk::open(KIND, move |_, question| reply(question)).url;
    fails(Failure::Timeout, &desk(|_| Reply::Silence));
    fails(Failure::NoAnswer, &desk(|_| Reply::Reset));
    let slowly = |question: &[u8]| Reply::Trickle(good(question).by_authority());
    fails(Failure::Timeout, &desk(slowly));
    fails(Failure::Status(500), &desk(|_| Reply::Status(500)));
    let html = |_: &[u8]| Reply::As("text/html", b"<html>Login</html>".to_vec());
    fails(Failure::OtherKind, &desk(html));
    let huge = |_: &[u8]| Reply::As(KIND, vec![0x30; 10_000_000]);
    fails(Failure::TooLarge, &desk(huge));
}

#[test]
fn nobody_is_followed_elsewhere() {
    let elsewhere = Desk::open(KIND, |_, question| right(question));
    let target = elsewhere.url.clone();
    let desk = Desk::open(KIND, move |_, _| Reply::Redirect(target.clone()));
    fails(Failure::Status(307), &desk.url);
    assert_eq!(elsewhere.asked(), 0);
}

#[test]
fn the_second_address_answers_for_the_first() {
    let desk = Desk::open(KIND, |_, question| right(question));
    for first in [nobody(), BlackHole::open().url] {
        assert_eq!(
            run(ask(&responders(&[&first, &desk.url]))),
            Ok(Verdict::Good)
        );
    }
    let liar = Desk::open(KIND, |_, question| {
        Reply::Answer(good(question).signed(&STRANGER))
    });
    assert_eq!(
        run(ask(&responders(&[&liar.url, &desk.url]))),
        Ok(Verdict::Good)
    );
    assert_eq!(liar.asked(), 1);
}

#[test]
fn a_server_that_is_down_is_left_in_peace_and_found_again() {
    let desk = Desk::open(KIND, |before, question| match before {
        0..4 => Reply::Status(500),
        _ => right(question),
    });
    let responders = responders(&[&desk.url]);
    run(async {
        let down = Unanswered::Unreachable(Failure::Status(500));
        assert_eq!(ask(&responders).await, Err(down));
        assert_eq!(ask(&responders).await, Err(down));
        assert_eq!(desk.asked(), 3, "the third failure in a row is the last");
        assert_eq!(ask(&responders).await, Err(Unanswered::Resting));
        assert_eq!(desk.asked(), 3);
        let recovered = async {
            while ask(&responders).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        timeout(IMPATIENT.rest * 20, recovered)
            .await
            .expect("an answer");
        assert_eq!(desk.asked(), 5, "one probe failed, the next did not");
    });
}

#[test]
fn fifty_who_ask_at_once_share_one_request_and_its_failure() {
    let failing = |_: &[u8]| Reply::Status(500);
    let cases: [(Answering, usize); 2] = [(right, 1), (failing, 2)];
    for (reply, asked) in cases {
        let desk = Desk::open(KIND, move |_, question| reply(question));
        let responders = responders(&[&desk.url]);
        run(async {
            let mut askers = tokio::task::JoinSet::new();
            for _ in 0..50 {
                let responders = responders.clone();
                askers.spawn(async move { ask(&responders).await.is_ok() });
            }
            let answers = askers.join_all().await;
            assert_eq!(answers, [asked == 1; 50]);
        });
        assert_eq!(desk.asked(), asked);
    }
}

#[test]
fn whoever_asked_first_may_go_away() {
    let desk = Desk::open(KIND, |_, question| right(question));
    let responders = responders(&[&desk.url]);
    run(async {
        tokio::select! {
            biased;
            _ = ask(&responders) => panic!("answered at once"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(ask(&responders).await, Ok(Verdict::Good));
    });
    assert_eq!(desk.asked(), 1);
}

#[test]
fn an_answer_is_used_again_as_long_as_the_policy_lets_it_count() {
    let desk = Desk::open(KIND, |before, question| {
        let times = [RECEIVED, "2026-06-01T10:05:01Z", "2026-06-01T10:06:02Z"];
        let answer = Answer::good(&LEAF, &ISSUER, times[before]);
        Reply::Answer(answer.echoing(&asked_nonce(question)).by_authority())
    });
    let responders = responders(&[&desk.url]);
    let ask_at = async |seconds, policy: &Policy, since| {
        let now = now() + TimeDelta::seconds(seconds);
        let wanted = StatusWanted { since, ..wanted() };
        responders.ask(&wanted, &TRUST, policy, now).await.unwrap();
    };
    run(async {
        let national = Policy::national();
        ask_at(0, &national, None).await;
        ask_at(300, &national, None).await;
        ask_at(300, &national, Some(now())).await;
        assert_eq!(desk.asked(), 1);
        ask_at(301, &national, None).await;
        assert_eq!(desk.asked(), 2, "older than five minutes");
        ask_at(301, &national, Some(now() + TimeDelta::seconds(301))).await;
        assert_eq!(desk.asked(), 2, "just said");
        let strict = national.with(|rules| rules.oldest_response_seconds = 60);
        ask_at(362, &strict, None).await;
    });
    assert_eq!(desk.asked(), 3);
}

#[test]
fn whom_nobody_wrote_down_is_not_asked() {
    let desk = Desk::open(KIND, |_, question| right(question));
    let mut other = sources(&[&desk.url]);
    let places = std::mem::take(&mut other.authorities).into_values().next();
    other.authorities = [(Digest::of(b"another"), places.unwrap())].into();
    let trouble = run(ask(&responders_of(&other)));
    assert_eq!(trouble, Err(Unanswered::NoAddress));
    assert_eq!(desk.asked(), 0);
}

/// Asks about a certificate that names this address of something, with these
/// hosts allow-listed.
async fn ask_where_it_names(
    what: &str,
    address: &str,
    allowed: &str,
) -> Result<Verdict, Unanswered> {
    let toml = format!("allow-listed-hosts = [{allowed}]");
    let sources = Sources::parse(&toml, std::path::Path::new("")).unwrap();
    let wanted = StatusWanted {
        certificate: issue(&naming(person(), what, address)),
        ..wanted()
    };
    let answered = ask_about(&responders_of(&sources), &wanted).await;
    answered.map(|answered| answered.answer.verdict)
}

#[test]
fn row_97_a_certificate_sends_nobody_anywhere() {
    let desk = Desk::open(KIND, |_, question| right(question));
    let port = desk.url.port().unwrap();
    let listed = "\"ocsp.example\", \"127.0.0.1:1\", \"localhost\"";
    let here = [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://127.1:{port}/"),
        format!("http://ocsp.example@127.0.0.1:{port}/"),
        format!("http://127.0.0.1:{port}/ocsp.example"),
        format!("http://[::1]:{port}/"),
    ];
    let elsewhere = [
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "ldap://ocsp.example/",
        "http://ocsp.example.evil.example/",
        "http://ocsp.example:81/",
        "",
        "not an address",
    ];
    let all = here.iter().map(String::as_str).chain(elsewhere);
    for address in all {
        for allowed in ["", listed] {
            let trouble = run(ask_where_it_names(RESPONDER, address, allowed));
            assert_eq!(trouble, Err(Unanswered::NoAddress), "{address}");
        }
    }
    assert_eq!(desk.asked(), 0);
}

#[test]
fn an_allow_listed_host_is_asked_where_nobody_is_written_down() {
    let desk = Desk::open(KIND, |_, question| right(question));
    let port = desk.url.port().unwrap();
    let address = format!("http://127.0.0.1:{port}/ocsp");
    let allowed = format!("\"127.0.0.1:{port}\"");
    let answered = run(ask_where_it_names(RESPONDER, &address, &allowed));
    assert_eq!(answered, Ok(Verdict::Good));
    assert_eq!(desk.asked(), 1);
}

#[test]
fn row_98_no_certificate_is_fetched_from_where_a_certificate_says() {
    let desk = Desk::open("application/pkix-cert", |_, _| {
        Reply::Answer(ISSUER.clone())
    });
    let port = desk.url.port().unwrap();
    let address = format!("http://127.0.0.1:{port}/issuer.cer");
    let allowed = format!("\"127.0.0.1:{port}\"");
    let asked = run(ask_where_it_names(ISSUERS_PLACE, &address, &allowed));
    assert_eq!(asked, Err(Unanswered::NoAddress));
    assert_eq!(desk.asked(), 0);
}
