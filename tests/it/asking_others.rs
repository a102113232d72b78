//! Asking responders and time-stamp authorities for evidence over real HTTP: the
//! development server in all its moods, and `openssl`, which knows nothing of us.

mod independent;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use kelisim::eds::ocsp::Verdict;
use kelisim::eds::{
    self, Additions, Content, Fault, Indication, Moment, Policy, StampWanted, StatusEvidence,
    StatusWanted, SubIndication as Sub, TimeStamps, Trust, Verified, Wants,
};
use kelisim::pki::{
    Behaviour, Failure, Family, Infrastructure, Options, Packaging, Person, Reason, Refusal,
    Server, Service, Signer, SigningKey, profile, sign,
};
use kelisim::remote::http::{self, Limits};
use kelisim::remote::ocsp::{Answered, Responders, Unanswered};
use kelisim::remote::server::Patience;
use kelisim::remote::sources::Sources;
use kelisim::remote::timestamp::{Authorities, Stamped};
use ring::rand::SystemRandom;

use crate::material::{key, now, person, pki};

const DOCUMENT: &[u8] = "Келісім".as_bytes();

/// Limits that keep tests short, where it is not the limits that are tested.
const SHORT: Limits = Limits {
    connect: Duration::from_secs(2),
    total: Duration::from_secs(2),
};

/// The clients of the service.
struct Clients {
    responders: Responders,
    authorities: Authorities,
}

/// What is trusted while nothing is known about revocation but of the roots.
fn trust_of(pki: &Infrastructure) -> Arc<Trust> {
    let all = pki.hierarchies();
    let anchors = all.map(|it| it.root.certificate.clone());
    let issuers = all.map(|it| it.issuing.certificate.clone());
    let lists = all.map(|it| it.root_crl.clone());
    Arc::new(Trust::new(&anchors, &issuers, &lists).unwrap())
}

/// The file that an operator would write for this server.
fn sources(pki: &Infrastructure, ocsp: &[String], time_stamps: &[String]) -> Sources {
    let mut text = String::new();
    for hierarchy in pki.hierarchies() {
        for authority in [&hierarchy.root, &hierarchy.issuing] {
            let fingerprint = eds::Digest::of(&authority.certificate);
            text += "[[authority]]\n";
            text += &format!("certificate = \"{fingerprint}\"\nocsp = {ocsp:?}\n");
        }
    }
    for url in time_stamps {
        for (digest, policy) in [("sha-256", 2), ("streebog-512", 4)] {
            text += "[[time-stamp-authority]]\n";
            text += &format!("url = {url:?}\ndigest = {digest:?}\n");
            text += &format!("policy = \"1.2.398.3.3.2.6.{policy}\"\n");
        }
    }
    Sources::parse(&text, Path::new("")).unwrap()
}

impl Clients {
    fn of(sources: &Sources, limits: Limits, patience: Patience) -> Self {
        let random = || Arc::new(SystemRandom::new());
        Self {
            responders: Responders::new(sources, limits, patience, random()).unwrap(),
            authorities: Authorities::new(sources, limits, patience, random()).unwrap(),
        }
    }
}

/// A development server, and the clients that ask it.
struct Asked {
    server: Server,
    clients: Clients,
    trust: Arc<Trust>,
    policy: Policy,
}

impl Asked {
    fn set() -> Self {
        Self::within(SHORT, Patience::default())
    }

    fn within(limits: Limits, patience: Patience) -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = Server::start(pki(), Arc::new(now), any).unwrap();
        let ocsp = server.own(Service::Ocsp).ocsp();
        let stamps = server.own(Service::TimeStamps).time_stamps();
        let clients = Clients::of(&sources(pki(), &[ocsp], &[stamps]), limits, patience);
        Self {
            server,
            clients,
            trust: trust_of(pki()),
            policy: Policy::national(),
        }
    }

    fn behaving(service: Service, behaviour: Behaviour) -> Self {
        let asked = Self::set();
        asked.server.behave(service, behaviour).unwrap();
        asked
    }

    async fn status(&self, wanted: &StatusWanted) -> Result<Answered, Unanswered> {
        let responders = &self.clients.responders;
        responders
            .ask(wanted, &self.trust, &self.policy, now())
            .await
    }

    async fn status_of(&self, slug: &str) -> Result<Verdict, Unanswered> {
        let answered = self.status(&about(person(slug))).await;
        answered.map(|answered| answered.answer.verdict)
    }

    async fn stamp(&self, wanted: &StampWanted) -> Result<Stamped, Unanswered> {
        let authorities = &self.clients.authorities;
        authorities
            .stamp(wanted, &self.trust, &self.policy, now())
            .await
    }

    async fn any_stamp(&self) -> Result<Stamped, Unanswered> {
        let wanted = StampWanted {
            value: b"a signature value".to_vec(),
            digest: eds::DigestName::Sha256,
        };
        self.stamp(&wanted).await
    }
}

fn about(person: &Person) -> StatusWanted {
    let issuing = &pki().hierarchy(person.character.family).issuing;
    StatusWanted {
        certificate: person.certificate.clone(),
        issuer: issuing.certificate.clone(),
        since: None,
    }
}

/// A responder that behaves like this gives no answer, for this reason.
async fn no_answer(behaviour: Behaviour, sub_indication: Sub) {
    let asked = Asked::behaving(Service::Ocsp, behaviour);
    let trouble = asked.status_of("owner-1").await.expect_err("accepted");
    let verdict = (Indication::Indeterminate, sub_indication);
    assert_eq!(trouble.verdict(), verdict, "{behaviour:?}: {trouble}");
    asked
        .server
        .behave(Service::Ocsp, Behaviour::Honest)
        .unwrap();
    assert_eq!(asked.status_of("owner-1").await, Ok(Verdict::Good));
}

#[tokio::test]
async fn rows_58_and_59_what_says_nothing_is_no_answer() {
    no_answer(Behaviour::Unknown, Sub::TryLater).await;
    for refusal in [
        Refusal::MalformedRequest,
        Refusal::InternalError,
        Refusal::TryLater,
        Refusal::SignatureRequired,
        Refusal::Unauthorized,
    ] {
        no_answer(Behaviour::Refusal(refusal), Sub::TryLater).await;
    }
}

#[tokio::test]
async fn rows_60_to_65_what_is_about_another_or_by_another_is_no_answer() {
    let failure = Sub::CertificateChainGeneralFailure;
    no_answer(Behaviour::WrongSerial, failure).await;
    no_answer(Behaviour::OtherIssuer, failure).await;
    no_answer(Behaviour::BadSignature, failure).await;
    no_answer(Behaviour::Signer(Signer::WithoutPurpose), failure).await;
    no_answer(Behaviour::Signer(Signer::OfAnotherAuthority), failure).await;
    let expired = Behaviour::Signer(Signer::Expired);
    no_answer(expired, Sub::RevocationOutOfBoundsNoPoe).await;
}

#[tokio::test]
async fn rows_68_to_71_what_is_not_of_now_is_no_answer() {
    no_answer(Behaviour::NoNonce, Sub::TryLater).await;
    no_answer(Behaviour::WrongNonce, Sub::TryLater).await;
    no_answer(Behaviour::Future(TimeDelta::seconds(301)), Sub::TryLater).await;
    no_answer(Behaviour::Old(TimeDelta::seconds(301)), Sub::TryLater).await;
    no_answer(Behaviour::Old(TimeDelta::days(1)), Sub::TryLater).await;
}

#[tokio::test]
async fn row_72_what_was_said_before_the_signature_is_no_answer() {
    let asked = Asked::behaving(Service::Ocsp, Behaviour::Old(TimeDelta::seconds(1)));
    let wanted = StatusWanted {
        since: Some(now()),
        ..about(person("owner-1"))
    };
    let fault = Fault::NotFresh("issued before the signature");
    let early = asked.status(&wanted).await.err();
    assert_eq!(early, Some(Unanswered::Unusable(fault)));
    asked
        .server
        .behave(Service::Ocsp, Behaviour::Honest)
        .unwrap();
    assert!(asked.status(&wanted).await.is_ok());
}

#[tokio::test]
async fn a_revocation_is_an_answer_for_every_family() {
    let asked = Asked::set();
    for person in &pki().people {
        let slug = person.character.slug;
        let verdict = asked.status_of(slug).await.unwrap();
        let revoked = matches!(verdict, Verdict::Revoked { .. });
        let standing = person.character.standing;
        assert_eq!(
            revoked,
            standing == kelisim::pki::Standing::Revoked,
            "{slug}"
        );
    }
    let since = now() - TimeDelta::minutes(5);
    let never = Behaviour::NeverIssued;
    let denied = Asked::behaving(Service::Ocsp, never);
    assert_eq!(denied.status_of("owner-1").await, Ok(Verdict::NeverIssued));
    let revoked = Asked::behaving(Service::Ocsp, Behaviour::RevokedSince(since));
    let verdict = revoked.status_of("owner-1").await;
    assert!(matches!(verdict, Ok(Verdict::Revoked { since: found, .. }) if found == since));
}

/// An authority that behaves like this stamps nothing that counts.
async fn no_stamp(behaviour: Behaviour, sub_indication: Sub) {
    let asked = Asked::behaving(Service::TimeStamps, behaviour);
    let trouble = asked.any_stamp().await.expect_err("accepted");
    let verdict = (Indication::Indeterminate, sub_indication);
    assert_eq!(trouble.verdict(), verdict, "{behaviour:?}: {trouble}");
    let honest = Behaviour::Honest;
    asked.server.behave(Service::TimeStamps, honest).unwrap();
    assert!(asked.any_stamp().await.is_ok());
}

#[tokio::test]
async fn row_81_a_token_that_is_not_what_was_asked_for_is_none() {
    for behaviour in [
        Behaviour::WrongNonce,
        Behaviour::NoNonce,
        Behaviour::WrongPolicy,
        Behaviour::WrongImprint,
        Behaviour::Rejection(Failure::UnacceptedPolicy),
        Behaviour::Rejection(Failure::SystemFailure),
        Behaviour::Old(TimeDelta::seconds(301)),
        Behaviour::Future(TimeDelta::seconds(301)),
        Behaviour::Signer(Signer::Expired),
    ] {
        no_stamp(behaviour, Sub::SigConstraintsFailure).await;
    }
}

#[tokio::test]
async fn row_80_a_token_by_somebody_who_may_not_stamp_is_none() {
    for signer in [
        Signer::WithoutPurpose,
        Signer::WithAnotherPurpose,
        Signer::NotCritical,
    ] {
        no_stamp(Behaviour::Signer(signer), Sub::ChainConstraintsFailure).await;
    }
}

/// How a server fails to answer at all, and what is told of it.
const FAILURES: [(Behaviour, http::Failure); 8] = [
    (Behaviour::Refused, http::Failure::ConnectionRefused),
    (Behaviour::Reset, http::Failure::NoAnswer),
    (Behaviour::Silent, http::Failure::Timeout),
    (
        Behaviour::Slow(Duration::from_secs(30)),
        http::Failure::Timeout,
    ),
    (Behaviour::Drip, http::Failure::Timeout),
    (Behaviour::Status(500), http::Failure::Status(500)),
    (Behaviour::Html, http::Failure::OtherKind),
    (Behaviour::Huge, http::Failure::TooLarge),
];

/// Two tries of three seconds, and what a busy machine adds.
const BUDGET: Duration = Duration::from_secs(8);

/// Each of them at once: what is measured is how long the slowest takes.
async fn at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut ended = Vec::new();
    for task in tasks {
        ended.push(task.await.unwrap());
    }
    ended
}

#[tokio::test]
async fn row_57_a_responder_that_does_not_answer_is_given_up_in_time_and_found_again() {
    at_once(FAILURES.map(|(behaviour, failure)| async move {
        let asked = Asked::within(Limits::EVIDENCE, Patience::default());
        asked.server.behave(Service::Ocsp, behaviour).unwrap();
        let started = Instant::now();
        let trouble = asked.status_of("owner-1").await;
        assert_eq!(trouble, Err(Unanswered::Unreachable(failure)));
        let took = started.elapsed();
        assert!(took < BUDGET, "{behaviour:?} took {took:?}");
        asked
            .server
            .behave(Service::Ocsp, Behaviour::Honest)
            .unwrap();
        assert_eq!(asked.status_of("owner-1").await, Ok(Verdict::Good));
    }))
    .await;
}

#[tokio::test]
async fn a_stamper_that_does_not_answer_is_given_up_in_time_and_found_again() {
    at_once(FAILURES.map(|(behaviour, failure)| async move {
        let asked = Asked::within(Limits::EVIDENCE, Patience::default());
        asked.server.behave(Service::TimeStamps, behaviour).unwrap();
        let started = Instant::now();
        let trouble = asked.any_stamp().await.err();
        assert_eq!(trouble, Some(Unanswered::Unreachable(failure)));
        let took = started.elapsed();
        assert!(took < BUDGET, "{behaviour:?} took {took:?}");
        let honest = Behaviour::Honest;
        asked.server.behave(Service::TimeStamps, honest).unwrap();
        assert!(asked.any_stamp().await.is_ok());
    }))
    .await;
}

#[tokio::test]
async fn who_was_given_up_altogether_is_found_again_by_itself() {
    let patience = Patience {
        failures: 3,
        rest: Duration::from_secs(1),
    };
    let asked = Asked::within(SHORT, patience);
    asked
        .server
        .behave(Service::Ocsp, Behaviour::Refused)
        .unwrap();
    let mut last = Ok(Verdict::Good);
    for _ in 0..3 {
        last = asked.status_of("owner-1").await;
    }
    assert_eq!(last, Err(Unanswered::Resting));
    let before = asked.server.requests(Service::Ocsp);
    asked
        .server
        .behave(Service::Ocsp, Behaviour::Honest)
        .unwrap();
    assert_eq!(asked.status_of("owner-1").await, Err(Unanswered::Resting));
    assert_eq!(asked.server.requests(Service::Ocsp), before);
    let found = async {
        while asked.status_of("owner-1").await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    let time = patience.rest * 20;
    tokio::time::timeout(time, found).await.expect("an answer");
}

#[tokio::test]
async fn fifty_who_ask_at_once_make_one_request_and_the_next_none() {
    let asked = Arc::new(Asked::set());
    let ask = |_| {
        let asked = Arc::clone(&asked);
        async move { asked.status_of("owner-1").await }
    };
    for verdict in at_once((0..50).map(ask)).await {
        assert_eq!(verdict, Ok(Verdict::Good));
    }
    assert_eq!(asked.status_of("owner-1").await, Ok(Verdict::Good));
    assert_eq!(asked.server.requests(Service::Ocsp), 1);
    assert_eq!(asked.status_of("resident-1").await, Ok(Verdict::Good));
    assert_eq!(asked.server.requests(Service::Ocsp), 2);
}

/// A signature on its way to its verdict.
struct Case<'a> {
    asked: &'a Asked,
    signature: Vec<u8>,
    moment: Moment,
}

impl<'a> Case<'a> {
    fn by(asked: &'a Asked, certificate: &[u8], key: &SigningKey) -> Self {
        let time = now() - TimeDelta::seconds(10);
        let signature = sign(DOCUMENT, certificate, key, time, Packaging::Detached);
        Self {
            asked,
            signature: signature.unwrap(),
            moment: Moment::between(now() - TimeDelta::minutes(5), now()),
        }
    }

    fn wants(&self, trust: &Trust) -> Wants {
        let content = Content::Detached(DOCUMENT);
        let policy = &self.asked.policy;
        eds::wants(&self.signature, content, trust, policy, self.moment)
    }

    fn verdict(&self, trust: &Trust) -> Result<Verified, Option<Fault>> {
        let content = Content::Detached(DOCUMENT);
        let policy = &self.asked.policy;
        let verdict = eds::verify(&self.signature, content, trust, policy, self.moment);
        verdict.map_err(|report| report.reason)
    }

    /// Brings what is wanted, as often as something is.
    async fn bring(&mut self) -> Trust {
        let mut trust = (*self.asked.trust).clone();
        let mut responses = Vec::new();
        for _ in 0..3 {
            let wants = self.wants(&trust);
            if let Some(stamp) = &wants.time_stamp {
                let stamped = self.asked.stamp(stamp).await.unwrap();
                let tokens = [stamped.token];
                let additions = Additions {
                    time_stamps: &tokens,
                    ..Additions::default()
                };
                self.signature = eds::augment(&self.signature, &additions).unwrap();
            }
            for wanted in &wants.statuses {
                let answered = self.asked.status(wanted).await.unwrap();
                responses.push((*answered.response).clone());
            }
            trust = trust.with_responses(responses.clone());
        }
        trust
    }
}

/// An answer about the signer, and a stamp, and no list but the roots'.
fn demanding() -> Asked {
    let policy = Policy::national().with(|rules| {
        rules.evidence = StatusEvidence::Responder;
        rules.time_stamps.demand = TimeStamps::Required;
    });
    Asked {
        policy,
        ..Asked::set()
    }
}

#[tokio::test]
async fn what_is_wanted_is_brought_and_the_signature_passes_in_every_family() {
    let asked = demanding();
    for (family, spare) in [
        (Family::Rsa, "spare-rsa"),
        (Family::Ecdsa, "spare-ecdsa"),
        (Family::Gost, "spare-gost"),
    ] {
        let (key, issuing) = (key(spare, family.key()), &pki().hierarchy(family).issuing);
        let (public, options) = (key.public_key().unwrap(), Options::default());
        let mut character = person("owner-1").character.clone();
        character.family = family;
        let template = profile(issuing, &character, public, &options, now());
        let certificate = template.sign(&issuing.key).unwrap();
        asked.server.register(&certificate).unwrap();

        let mut case = Case::by(&asked, &certificate, &key);
        assert!(case.verdict(&asked.trust).is_err());
        let trust = case.bring().await;
        assert_eq!(case.wants(&trust), Wants::default(), "{family:?}");
        let verified = case.verdict(&trust).unwrap();
        assert_eq!(verified.report().time_stamps.len(), 1);
    }
}

#[tokio::test]
async fn what_is_revoked_is_refused_by_the_answer_that_was_brought() {
    let (asked, owner) = (demanding(), person("owner-1"));
    let since = now() - TimeDelta::minutes(6);
    let (server, reason) = (&asked.server, Reason::KeyCompromise);
    server.revoke(&owner.certificate, since, reason).unwrap();
    let mut case = Case::by(&asked, &owner.certificate, &owner.key);
    let trust = case.bring().await;
    assert_eq!(case.verdict(&trust).err(), Some(Some(Fault::Revoked)));
    assert_eq!(case.wants(&trust), Wants::default());
}
