//! Each way in which the development server can be wrong is seen over HTTP to
//! be what it says, and is found out by our verifier.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use chrono::TimeDelta;
use kelisim::eds::DigestName;
use kelisim::pki::{Behaviour, Failure, Family, Refusal, Service, Signer};

use super::serving::Asked;
use crate::material::{now, person};
use crate::openssl::run;

/// What comes of asking for the status of people of all families.
async fn asked_for_status(behaviour: Behaviour) -> String {
    let asked = Asked::behaving(Service::Ocsp, behaviour);
    let mut all = Vec::new();
    for slug in ["owner-1", "owner-ecdsa", "owner-gost"] {
        let answer = asked.status_of(person(slug)).await;
        all.push(format!("{:?}", answer.map(|answer| answer.verdict)));
    }
    all.dedup();
    all.join(", ")
}

/// What comes of asking the authorities of all families for a time-stamp.
async fn asked_for_stamp(behaviour: Behaviour) -> String {
    let asked = Asked::behaving(Service::TimeStamps, behaviour);
    let mut all = Vec::new();
    for family in [Family::Rsa, Family::Ecdsa, Family::Gost] {
        let address = asked.server.front().time_stamps();
        let address = format!("{address}/{}", family.slug());
        let stamp = asked.stamp_at(address, DigestName::Sha256).await;
        all.push(format!(
            "{:?}",
            stamp.map(|stamp| (stamp.time() - now()).num_seconds())
        ));
    }
    all.dedup();
    all.join(", ")
}

#[tokio::test]
async fn false_answers_about_the_status_are_found_out() {
    let hour = TimeDelta::hours(1);
    let since = now() - hour;
    let mut table = String::new();
    for behaviour in [
        Behaviour::Honest,
        Behaviour::Old(hour),
        Behaviour::Future(hour),
        Behaviour::BadSignature,
        Behaviour::WrongNonce,
        Behaviour::NoNonce,
        Behaviour::WrongSerial,
        Behaviour::OtherIssuer,
        Behaviour::Unknown,
        Behaviour::NeverIssued,
        Behaviour::RevokedSince(since),
        Behaviour::Signer(Signer::WithoutPurpose),
        Behaviour::Signer(Signer::OfAnotherAuthority),
        Behaviour::Signer(Signer::Expired),
        Behaviour::Refusal(Refusal::MalformedRequest),
        Behaviour::Refusal(Refusal::InternalError),
        Behaviour::Refusal(Refusal::TryLater),
        Behaviour::Refusal(Refusal::SignatureRequired),
        Behaviour::Refusal(Refusal::Unauthorized),
    ] {
        let found = asked_for_status(behaviour).await;
        table.push_str(&format!("{behaviour:?}: {found}\n"));
    }
    insta::assert_snapshot!(table, @r#"
    Honest: Ok(Good)
    Old(TimeDelta { secs: 3600, nanos: 0 }): Err(NotFresh("out of date"))
    Future(TimeDelta { secs: 3600, nanos: 0 }): Err(NotFresh("issued in the future"))
    BadSignature: Err(RevocationUnusable("signature does not verify"))
    WrongNonce: Err(NotFresh("nonce absent or different"))
    NoNonce: Err(NotFresh("nonce absent or different"))
    WrongSerial: Err(RevocationUnusable("answers for another certificate"))
    OtherIssuer: Err(RevocationUnusable("answers for another certificate"))
    Unknown: Ok(Unknown)
    NeverIssued: Ok(NeverIssued)
    RevokedSince(2026-11-01T11:00:00Z): Ok(Revoked { since: 2026-11-01T11:00:00Z, reason: Some(KeyCompromise) })
    Signer(WithoutPurpose): Err(RevocationUnusable("responder not entitled"))
    Signer(OfAnotherAuthority): Err(RevocationUnusable("responder of another authority"))
    Signer(Expired): Err(ResponderOutOfBounds)
    Refusal(MalformedRequest): Err(NoAnswer("malformed request"))
    Refusal(InternalError): Err(NoAnswer("internal error"))
    Refusal(TryLater): Err(NoAnswer("try later"))
    Refusal(SignatureRequired): Err(NoAnswer("signature required"))
    Refusal(Unauthorized): Err(NoAnswer("unauthorized"))
    "#);
}

#[tokio::test]
async fn false_time_stamps_are_found_out() {
    let hour = TimeDelta::hours(1);
    let mut table = String::new();
    for behaviour in [
        Behaviour::Honest,
        Behaviour::OlderReference,
        Behaviour::Old(hour),
        Behaviour::Future(hour),
        Behaviour::BadSignature,
        Behaviour::WrongNonce,
        Behaviour::NoNonce,
        Behaviour::WrongImprint,
        Behaviour::WrongPolicy,
        Behaviour::Signer(Signer::WithoutPurpose),
        Behaviour::Signer(Signer::WithAnotherPurpose),
        Behaviour::Signer(Signer::NotCritical),
        Behaviour::Signer(Signer::OfAnotherAuthority),
        Behaviour::Signer(Signer::Expired),
        Behaviour::Rejection(Failure::TimeNotAvailable),
    ] {
        let found = asked_for_stamp(behaviour).await;
        table.push_str(&format!("{behaviour:?}: {found}\n"));
    }
    insta::assert_snapshot!(table, @r#"
    Honest: Ok(0)
    OlderReference: Ok(0)
    Old(TimeDelta { secs: 3600, nanos: 0 }): Ok(-3600)
    Future(TimeDelta { secs: 3600, nanos: 0 }): Err(TimeStamp("of the future"))
    BadSignature: Err(SignatureMismatch)
    WrongNonce: Err(TimeStamp("nonce absent or different"))
    NoNonce: Err(TimeStamp("nonce absent or different"))
    WrongImprint: Err(TimeStamp("over something else"))
    WrongPolicy: Err(TimeStamp("policy not accepted"))
    Signer(WithoutPurpose): Err(Purpose("not for time-stamping alone"))
    Signer(WithAnotherPurpose): Err(Purpose("not for time-stamping alone"))
    Signer(NotCritical): Err(Purpose("not for time-stamping alone"))
    Signer(OfAnotherAuthority): Err(NoPath)
    Signer(Expired): Err(TimeStamp("made outside the authority's time"))
    Rejection(TimeNotAvailable): Err(TimeStamp("not granted"))
    "#);
}

#[tokio::test]
async fn a_rejection_names_its_reason() {
    for (failure, said) in [
        (
            Failure::BadAlgorithm,
            "unrecognized or unsupported algorithm identifier",
        ),
        (
            Failure::BadRequest,
            "transaction not permitted or supported",
        ),
        (
            Failure::BadDataFormat,
            "the data submitted has the wrong format",
        ),
        (
            Failure::TimeNotAvailable,
            "the TSA's time source is not available",
        ),
        (
            Failure::UnacceptedPolicy,
            "the requested TSA policy is not supported by the TSA",
        ),
        (
            Failure::UnacceptedExtension,
            "the requested extension is not supported by the TSA",
        ),
        (
            Failure::SystemFailure,
            "the request cannot be handled due to system failure",
        ),
    ] {
        let asked = Asked::behaving(Service::TimeStamps, Behaviour::Rejection(failure));
        let folder = crate::openssl::Folder::new();
        let address = asked.server.own(Service::TimeStamps).time_stamps();
        folder.put("reply", asked.octets(address, b"").await);
        let output = run(&folder, "ts -reply -in reply -text");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("Status: Rejected."), "{text}");
        assert!(text.contains(said), "{failure:?}: {text}");
    }
}

#[tokio::test]
async fn a_service_that_refuses_has_its_door_closed_and_opens_it_again() {
    for service in [Service::Ocsp, Service::TimeStamps, Service::Lists] {
        let asked = Asked::behaving(service, Behaviour::Refused);
        let own = asked.server.own(service).0.clone();
        for _ in 0..2 {
            let fault = asked.post(own.clone(), b"").await.unwrap_err();
            assert!(fault.is_connect(), "{fault:?}");
        }
        assert_eq!(asked.server.requests(service), 0);
        asked.server.behave(service, Behaviour::Honest).unwrap();
        // Nothing is there, but somebody says so.
        assert_eq!(asked.post(own, b"").await.unwrap().status(), 404);
    }
}

#[tokio::test]
async fn the_front_door_stays_open_for_the_others_when_one_refuses() {
    let asked = Asked::behaving(Service::Ocsp, Behaviour::Refused);
    let front = asked.server.front();
    let fault = asked.post(front.ocsp(), b"").await.unwrap_err();
    assert!(!fault.is_connect(), "{fault:?}");
    let stamped = asked
        .stamp_at(front.time_stamps(), DigestName::Sha256)
        .await;
    assert!(stamped.is_ok());
}

#[tokio::test]
async fn a_connection_is_reset_without_an_answer() {
    let asked = Asked::behaving(Service::Ocsp, Behaviour::Reset);
    let address = asked.server.own(Service::Ocsp).ocsp();
    let fault = asked.post(address, b"question").await.unwrap_err();
    assert!(
        format!("{fault:?}").contains("ConnectionReset"),
        "{fault:?}"
    );
    assert_eq!(asked.server.requests(Service::Ocsp), 1);
}

#[tokio::test]
async fn silence_lasts_longer_than_anybody_waits() {
    let asked = Asked::behaving(Service::TimeStamps, Behaviour::Silent);
    let address = asked.server.own(Service::TimeStamps).time_stamps();
    let request = asked.client.post(address).body("question");
    let fault = request.timeout(Duration::from_millis(300)).send().await;
    assert!(fault.unwrap_err().is_timeout());
    assert_eq!(asked.server.requests(Service::TimeStamps), 1);
}

#[tokio::test]
async fn a_slow_answer_comes_too_late_for_who_does_not_wait() {
    let late = Duration::from_millis(400);
    let asked = Asked::behaving(Service::Ocsp, Behaviour::Slow(late));
    let address = asked.server.own(Service::Ocsp).ocsp();
    let impatient = asked.client.post(address).body("question");
    let fault = impatient.timeout(late / 4).send().await;
    assert!(fault.unwrap_err().is_timeout());
    let begun = std::time::Instant::now();
    asked.status_of(person("owner-1")).await.unwrap();
    assert!(begun.elapsed() >= late);
}

#[tokio::test]
async fn an_answer_drips_one_octet_a_second() {
    let asked = Asked::behaving(Service::Lists, Behaviour::Drip);
    let address = asked.server.own(Service::Lists).0.clone();
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    let patience = Duration::from_millis(700);
    stream.set_read_timeout(Some(patience)).unwrap();
    let request = b"GET /crl/issuing.crl HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(request).unwrap();
    let mut octets = [0; 64];
    assert_eq!(stream.read(&mut octets).unwrap(), 1);
    let next = stream.read(&mut octets).unwrap_err();
    assert_eq!(next.kind(), std::io::ErrorKind::WouldBlock);
    assert_eq!(stream.read(&mut octets).unwrap(), 1);
}

#[tokio::test]
async fn other_answers_of_http_come_in_place_of_ours() {
    let asked = Asked::behaving(Service::Ocsp, Behaviour::Status(503));
    let address = asked.server.own(Service::Ocsp).ocsp();
    let answer = asked.post(address.clone(), b"").await.unwrap();
    assert_eq!(answer.status(), 503);
    asked.server.behave(Service::Ocsp, Behaviour::Html).unwrap();
    let answer = asked.post(address.clone(), b"").await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/html");
    assert!(answer.text().await.unwrap().contains("<title>"));
    asked.server.behave(Service::Ocsp, Behaviour::Huge).unwrap();
    assert_eq!(asked.octets(address, b"").await.len(), 10_000_000);
}

/// What `openssl` says of the list of the issuing authority.
async fn list(behaviour: Behaviour) -> String {
    let asked = Asked::behaving(Service::Lists, behaviour);
    let folder = super::authorities();
    let list = asked
        .got(asked.server.own(Service::Lists).crl("issuing"))
        .await;
    folder.put("list.crl", list);
    let said = run(
        &folder,
        "crl -inform DER -in list.crl -noout -lastupdate -nextupdate -CAfile authorities.pem",
    );
    String::from_utf8([said.stdout, said.stderr].concat()).unwrap()
}

#[tokio::test]
async fn lists_are_old_or_of_the_future_or_signed_by_somebody_else() {
    let honest = list(Behaviour::Honest).await;
    assert!(
        honest.contains("lastUpdate=Nov  1 12:00:00 2026 GMT"),
        "{honest}"
    );
    assert!(honest.contains("verify OK"), "{honest}");
    let old = list(Behaviour::Old(TimeDelta::days(40))).await;
    assert!(old.contains("nextUpdate=Oct 22 12:00:00 2026 GMT"), "{old}");
    assert!(old.contains("verify OK"), "{old}");
    let future = list(Behaviour::Future(TimeDelta::days(1))).await;
    assert!(
        future.contains("lastUpdate=Nov  2 12:00:00 2026 GMT"),
        "{future}"
    );
    for behaviour in [
        Behaviour::BadSignature,
        Behaviour::Signer(Signer::OfAnotherAuthority),
    ] {
        let wrong = list(behaviour).await;
        assert!(!wrong.contains("verify OK"), "{behaviour:?}: {wrong}");
    }
}

#[tokio::test]
async fn a_running_server_is_broken_and_mended_by_hand() {
    let asked = Asked::set();
    let told = async |service: &str, behaviour: &'static str| {
        let address = format!("{}/behaviour/{service}", asked.server.url());
        let answer = asked.client.put(address).body(behaviour).send().await;
        answer.unwrap().status().as_u16()
    };
    assert_eq!(told("ocsp", "refusal:try-later").await, 200);
    let answer = asked.status_of(person("owner-1")).await;
    assert!(answer.is_err());
    assert_eq!(told("ocsp", "honest\n").await, 200);
    let answer = asked.status_of(person("owner-1")).await;
    assert!(answer.is_ok());
    assert_eq!(told("ocsp", "wrong-imprint").await, 400);
    assert_eq!(told("ocsp", "nonsense").await, 400);
    assert_eq!(told("nothing", "honest").await, 400);
}

#[test]
fn a_service_cannot_be_wrong_in_what_it_has_not() {
    let asked = Asked::set();
    for (service, behaviour) in [
        (Service::Lists, Behaviour::WrongNonce),
        (Service::Ocsp, Behaviour::WrongImprint),
        (Service::Ocsp, Behaviour::Signer(Signer::NotCritical)),
        (Service::TimeStamps, Behaviour::WrongSerial),
        (Service::Lists, Behaviour::Signer(Signer::Expired)),
    ] {
        assert!(asked.server.behave(service, behaviour).is_err());
    }
}
