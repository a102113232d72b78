//! A family applies together.

use serde_json::json;

use super::{CHILD, all_consent, each};
use crate::office::{ONE_OWNER, Office, TWO_OWNERS, proposal, proposal_for};
use crate::registers::iin_of;
use crate::service::Service;

async fn family(service: &Service, rka: &str) -> crate::office::Answer {
    let guardian = Office::enter(service, "guardian").await;
    let grown = iin_of("resident-2");
    let all = [guardian.iin(), CHILD, grown.as_str()];
    guardian.applies(service, proposal_for(rka, &all)).await
}

#[tokio::test]
async fn a_family_is_registered_by_one_consent_of_each_owner_that_names_all_of_them() {
    let service = Service::start().await;
    let applied = family(&service, TWO_OWNERS).await;
    let parties = each(&applied.body["consents"], "party");
    assert_eq!(parties.iter().filter(|party| **party == "owner").count(), 2);
    assert_eq!(
        parties.iter().filter(|party| **party == "resident").count(),
        1
    );

    let owner = Office::enter(&service, "owner-2").await;
    let path = owner.consent_path(applied.id()).await;
    let document = owner.get(&format!("{path}/document?language=ru")).await;
    let numbers = each(&document.body["residents"], "iin");
    let grown = iin_of("resident-2");
    assert_eq!(
        numbers,
        [iin_of("guardian").as_str(), CHILD, grown.as_str()]
    );
    for resident in document.body["residents"].as_array().unwrap() {
        let name = resident["name"].as_str().unwrap();
        assert!(document.text("statement").contains(name), "{name}");
    }

    let everybody = ["owner-2", "owner-3", "resident-2"];
    let done = all_consent(&service, applied.id(), &everybody).await;
    assert_eq!(done.state(), "registered");
    assert_eq!(each(&done.body["registrations"], "standing"), ["active"; 3]);
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 3);
}

#[tokio::test]
async fn an_adult_of_the_family_who_does_not_join_stops_it_for_all() {
    let service = Service::start().await;
    let applied = family(&service, ONE_OWNER).await;
    all_consent(&service, applied.id(), &["owner-1"]).await;
    let grown = Office::enter(&service, "resident-2").await;
    let declined = grown.declines(applied.id(), "not_agreed").await;
    assert_eq!((declined.status, declined.state()), (200, "declined"));
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
}

#[tokio::test]
async fn where_an_adult_of_the_family_is_registered_the_applicant_does_not_learn_but_they_themselves()
 {
    let service = Service::start().await;
    let grown = Office::enter(&service, "resident-2").await;
    let elsewhere = grown.apply(&service, TWO_OWNERS).await;
    let elsewhere = all_consent(&service, elsewhere.id(), &["owner-2", "owner-3"]).await;
    let guardian = Office::enter(&service, "guardian").await;
    let all = [guardian.iin(), grown.iin()];
    let family = proposal_for(ONE_OWNER, &all);
    let applied = guardian.applies(&service, family).await;
    assert_eq!(applied.state(), "awaiting_consent");

    let answer = grown.consent(&service, applied.id()).await;
    answer.refused(409, "already-registered", None);
    assert_eq!(
        guardian.sees(applied.id()).await.state(),
        "awaiting_consent"
    );
    grown.leaves(&service, elsewhere.registration()).await;
    let done = all_consent(&service, applied.id(), &["owner-1", "resident-2"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn each_of_a_family_leaves_alone_and_the_others_stay() {
    let service = Service::start().await;
    let applied = family(&service, ONE_OWNER).await;
    let done = all_consent(&service, applied.id(), &["owner-1", "resident-2"]).await;
    let grown = Office::enter(&service, "resident-2").await;
    let own = done.body["registrations"].as_array().unwrap().iter();
    let mut own = own.filter(|one| one["resident_iin"] == "9702********");
    let own = own.next().unwrap()["id"].as_str().unwrap().to_owned();
    let left = grown.leaves(&service, &own).await;
    assert_eq!((left.status, left.state()), (200, "registered"));
    let mut standing = each(&left.body["registrations"], "standing");
    standing.sort_unstable();
    assert_eq!(standing, ["active", "active", "left"]);
}

#[tokio::test]
async fn the_same_person_twice_in_a_family_or_more_than_twenty_people_are_no_application() {
    let service = Service::start().await;
    let guardian = Office::enter(&service, "guardian").await;
    let twice = proposal_for(ONE_OWNER, &[CHILD, CHILD]);
    let answer = guardian.asks(twice).await;
    answer.refused(400, "malformed-request", None);
    let mut crowd = proposal(ONE_OWNER);
    crowd["residents"] = json!(vec![CHILD; 21]);
    let answer = guardian.asks(crowd).await;
    answer.refused(400, "malformed-request", None);
}

/// What the register says of somebody else is not for everybody to find out.
#[tokio::test]
async fn nobody_learns_by_applying_whether_another_adult_lives_and_has_capacity() {
    use kelisim::domain::register::{Capacity, Individual};
    let changes: [fn(&mut Individual); 3] = [
        |person| person.died = "2026-10-31".parse().ok(),
        |person| person.capacity = Capacity::None,
        |person| person.capacity = Capacity::Limited,
    ];
    let mut answers = Vec::new();
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let other = iin_of("resident-2");
    for change in changes {
        service.change_person(other.as_str(), change).await;
        let both = proposal_for(ONE_OWNER, &[resident.iin(), other.as_str()]);
        answers.push(resident.asks(both).await);
        let restored = |person: &mut Individual| {
            (person.died, person.capacity) = (None, Capacity::Full);
        };
        service.change_person(other.as_str(), restored).await;
    }
    // A number that the register does not know.
    let unknown = proposal_for(ONE_OWNER, &[resident.iin(), "850101300015"]);
    answers.push(resident.asks(unknown).await);
    for answer in &answers {
        answer.refused(422, "not-eligible", None);
        assert_eq!(answer.body["detail"], answers[0].body["detail"]);
    }
}
