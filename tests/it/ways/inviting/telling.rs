//! Who is told of an invitation, and of what became of it.

use chrono::TimeDelta;
use serde_json::Value;

use super::{cancels, declines, invited_by, offer, using};
use crate::office::{ONE_OWNER, Office, TWO_OWNERS, proposal};
use crate::registers::iin_of;
use crate::service::Service;

/// Who has which notices of invitations, newest first.
async fn told(offices: &[&Office]) -> Vec<(&'static str, Vec<String>)> {
    let mut all = Vec::new();
    for office in offices {
        let notices = office.get("/api/v1/notices?language=en").await;
        let items = notices.body["items"].as_array().unwrap().iter();
        let topics = items.filter(|one| one["invitation"].is_string());
        let topics = topics.map(|one| one["topic"].as_str().unwrap().to_owned());
        all.push((office.person.character.slug, topics.collect()));
    }
    all
}

#[tokio::test]
async fn who_is_invited_is_told_and_the_owner_of_what_became_of_it_and_nobody_else() {
    let service = Service::for_long().await;
    let owner = Office::enter(&service, "owner-2").await;
    let resident = Office::enter(&service, "resident-1").await;
    let co_owner = Office::enter(&service, "owner-3").await;
    let stranger = Office::enter(&service, "resident-2").await;
    let everybody = [&owner, &resident, &co_owner, &stranger];
    let of = |owner: &[&str], resident: &[&str]| {
        let topics = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        vec![
            ("owner-2", topics(owner)),
            ("resident-1", topics(resident)),
            ("owner-3", Vec::new()),
            ("resident-2", Vec::new()),
        ]
    };
    let first = invited_by(&owner, TWO_OWNERS).await;
    assert_eq!(told(&everybody).await, of(&[], &["invited"]));
    let notices = resident.get("/api/v1/notices?language=en").await;
    let notice = &notices.body["items"][0];
    assert_eq!(notice["invitation"], first.body["id"]);
    assert_eq!(notice["application"], Value::Null);
    let text = notice["text"].as_str().unwrap();
    assert!(text.starts_with("An owner invites you"), "{text}");
    assert!(!text.contains("It concerns"), "{text}");

    service.pass(TimeDelta::seconds(1));
    cancels(&owner, &first).await;
    let both = ["invitation_cancelled", "invited"];
    assert_eq!(told(&everybody).await, of(&[], &both));

    service.pass(TimeDelta::seconds(1));
    let second = invited_by(&owner, TWO_OWNERS).await;
    let drafted = resident.asks(using(&second, proposal(TWO_OWNERS))).await;
    assert_eq!(drafted.status, 201, "{:?}", drafted.body);
    let three = ["invited", "invitation_cancelled", "invited"];
    assert_eq!(told(&everybody).await, of(&["invitation_used"], &three));

    service.pass(TimeDelta::seconds(1));
    invited_by(&owner, TWO_OWNERS).await;
    service.pass(TimeDelta::days(11));
    assert_eq!(service.house.expire_invitations(10).await.unwrap(), 1);
    let ended = ["invitation_expired", "invitation_used"];
    let four = ["invited", "invited", "invitation_cancelled", "invited"];
    assert_eq!(told(&everybody).await, of(&ended, &four));
}

#[tokio::test]
async fn the_owner_is_told_of_a_no_and_whoever_said_it_is_not() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let resident = Office::enter(&service, "resident-1").await;
    let invitation = invited_by(&owner, ONE_OWNER).await;
    service.pass(TimeDelta::seconds(1));
    declines(&resident, &invitation).await;
    let topics = |topic: &str| vec![topic.to_owned()];
    let expected = vec![
        ("owner-1", topics("invitation_declined")),
        ("resident-1", topics("invited")),
    ];
    assert_eq!(told(&[&owner, &resident]).await, expected);
}

#[tokio::test]
async fn an_owner_learns_from_no_notice_whether_there_is_such_a_person() {
    let service = Service::for_long().await;
    let owner = Office::enter(&service, "owner-1").await;
    let mut texts = Vec::new();
    // The second is in no register.
    for person in [iin_of("resident-1").as_str(), "900101300007"] {
        let invited = owner
            .post("/api/v1/invitations", offer(ONE_OWNER, person))
            .await;
        assert_eq!(invited.status, 201, "{:?}", invited.body);
        service.pass(TimeDelta::days(11));
        assert_eq!(service.house.expire_invitations(10).await.unwrap(), 1);
        let notices = owner.get("/api/v1/notices?language=en").await;
        let notice = &notices.body["items"][0];
        assert_eq!(notice["invitation"], invited.body["id"]);
        texts.push((notice["topic"].clone(), notice["text"].clone()));
    }
    assert_eq!(texts[0], texts[1]);
}
