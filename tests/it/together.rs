//! Many at the same moment: one effect, never two, never none.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Barrier;

use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS};
use crate::sequences::asked_for;
use crate::service::Service;

/// Pairs of owners who sign at the same moment in the test command; otherwise as
/// many as `KELISIM_PAIRS` says.
const PAIRS: usize = 100;

#[tokio::test]
async fn two_owners_who_sign_at_the_same_moment_lead_to_exactly_one_registration() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let first = Arc::new(Office::enter(&service, "owner-2").await);
    let second = Arc::new(Office::enter(&service, "owner-3").await);
    let (pairs, begun) = (asked_for("KELISIM_PAIRS").unwrap_or(PAIRS), Instant::now());
    for pair in 0..pairs {
        let applied = resident.apply(&service, TWO_OWNERS).await;
        let answers = at_once(&service, &[&first, &second], applied.id()).await;
        let states: Vec<_> = answers.iter().map(Answer::state).collect();
        let registered = states
            .iter()
            .filter(|state| **state == "registered")
            .count();
        assert_eq!(registered, 1, "pair {pair}: {states:?}");
        // The next pair is about the same days again.
        service
            .execute(
                "UPDATE registrations SET ending = 'left', ended_at = registered_at
                WHERE ended_at IS NULL",
            )
            .await;
    }
    println!("{pairs} pairs in {:?}", begun.elapsed());
    let pairs = i64::try_from(pairs).unwrap();
    for query in [
        "SELECT count(*) FROM registrations",
        "SELECT count(*) FROM applications WHERE state = 'registered' AND version = 5",
        "SELECT count(*) FROM events WHERE kind = 'registered'",
        "SELECT count(*) FROM outbox WHERE sequence = 5",
    ] {
        assert_eq!(service.count(query).await, pairs, "{query}");
    }
}

#[tokio::test]
async fn fifty_parallel_copies_of_one_consent_have_one_effect_and_one_answer() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Arc::new(Office::enter(&service, "owner-1").await);
    let applied = resident.apply(&service, ONE_OWNER).await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    let barrier = Arc::new(Barrier::new(50));
    let copies = (0..50).map(|_| {
        let (owner, barrier) = (Arc::clone(&owner), Arc::clone(&barrier));
        let (path, body) = (path.clone(), body.clone());
        tokio::spawn(async move {
            barrier.wait().await;
            owner.post_again(&path, body, "one and the same").await
        })
    });
    let copies: Vec<_> = copies.collect();
    let mut answers = Vec::new();
    for copy in copies {
        answers.push(copy.await.unwrap());
    }
    assert_eq!(answers[0].state(), "registered");
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 1);
    assert_eq!(service.count("SELECT count(*) FROM signatures").await, 2);
    assert_eq!(service.count("SELECT count(*) FROM events").await, 4);
}

#[tokio::test]
async fn copies_under_other_keys_are_told_that_it_is_done() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Arc::new(Office::enter(&service, "owner-1").await);
    let applied = resident.apply(&service, ONE_OWNER).await;
    let answers = at_once(&service, &[&owner, &owner, &owner, &owner], applied.id()).await;
    let done = answers.iter().filter(|answer| answer.status == 200);
    assert_eq!(done.count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
    }
}

/// Everybody's consent, sent at the same moment.
async fn at_once(service: &Service, owners: &[&Arc<Office>], application: &str) -> Vec<Answer> {
    let barrier = Arc::new(Barrier::new(owners.len()));
    let mut sent = Vec::new();
    for owner in owners {
        let (path, body) = owner.signed_consent(service, application).await;
        let (owner, barrier) = (Arc::clone(owner), Arc::clone(&barrier));
        sent.push(tokio::spawn(async move {
            barrier.wait().await;
            owner.post(&path, body).await
        }));
    }
    let mut answers = Vec::new();
    for one in sent {
        answers.push(one.await.unwrap());
    }
    answers
}
