//! The search forms of the offices, and the way to what is older.

use chrono::TimeDelta;
use serde_json::json;

use super::browser::{Browser, Shown};
use crate::office::{ONE_OWNER, Office, TWO_OWNERS};
use crate::registers::iin_of;
use crate::service::Service;

impl Shown {
    /// How many cards stand on the page.
    fn cards(&self) -> usize {
        assert_eq!(self.status, 200, "{}", self.text);
        self.text.matches("<li class=\"card\">").count()
    }

    /// The address of the page of older ones, as a browser reads it.
    fn older(&self) -> String {
        let links = self.text.split("href=\"").skip(1);
        let mut links = links.map(|rest| rest.split('"').next().unwrap());
        let found = links.find(|link| link.contains("cursor="));
        let found = found.unwrap_or_else(|| panic!("nothing older: {}", self.text));
        found.replace("&amp;", "&")
    }
}

/// Somebody who is registered twice, once with an end.
async fn registered(service: &Service) -> (Browser<'_>, Browser<'_>) {
    let resident = Office::enter(service, "resident-1").await;
    let owner = Office::enter(service, "owner-1").await;
    for leaves in [true, false] {
        let applied = resident.apply(service, ONE_OWNER).await;
        let done = owner.consent(service, applied.id()).await;
        if leaves {
            let left = resident.leaves(service, done.registration()).await;
            assert_eq!(left.status, 200, "{:?}", left.body);
        }
    }
    (
        Browser::signed_in(service, "resident-1").await,
        Browser::signed_in(service, "owner-1").await,
    )
}

#[tokio::test]
async fn registrations_are_looked_for_on_both_pages_that_show_them() {
    let service = Service::start().await;
    let (resident, owner) = registered(&service).await;
    let dwelling = format!("/en/dwellings/{ONE_OWNER}");
    for (browser, path) in [(&resident, "/en/registrations"), (&owner, &dwelling)] {
        let all = browser.get(path).await;
        assert_eq!(all.cards(), 2);
        assert!(all.text.contains("stands (1)"), "{}", all.text);
        assert!(all.text.contains("over (1)"), "{}", all.text);
        for (query, cards) in [
            ("text=&standing=&kind=&rka=&from=&until=", 2),
            ("text=ӘСЕЛ&standing=active", 1),
            ("standing=ended&kind=temporary", 1),
            ("kind=permanent", 0),
            ("rka=0201999000000011", 2),
            ("rka=0201999000000028", 0),
            ("from=2027-02-02", 0),
            ("until=2026-11-01&cursor=", 2),
        ] {
            let found = browser.get(&format!("{path}?{query}")).await;
            assert_eq!(found.cards(), cards, "{path}?{query}");
            assert_eq!(found.text.contains("Nothing was found"), cards == 0);
        }
        let found = browser.get(&format!("{path}?text=%22%3Cb%3E")).await;
        assert!(
            found.text.contains("value=\"&#34;&#60;b&#62;\""),
            "{}",
            found.text
        );
    }
}

#[tokio::test]
async fn nonsense_in_a_search_is_a_problem_in_words() {
    let service = Service::start().await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let long = format!("registrations?text={}", "a".repeat(101));
    for query in [
        "registrations?from=yesterday",
        "registrations?standing=sitting",
        "registrations?cursor=first",
        &long,
        "applications?until=2026-02-30",
        "applications?kind=eternal",
        "applications?state=lost",
        "invitations?role=operator",
        "notices?cursor=first",
    ] {
        let page = resident.get(&format!("/en/{query}")).await;
        assert_eq!(page.status, 400, "{query}");
        assert!(page.text.contains("<html lang=\"en\">"), "{query}");
    }
    for query in ["dwellings?cursor=12", "applications?rka=12"] {
        let page = resident.get(&format!("/en/{query}")).await;
        assert_eq!(page.status, 422, "{query}");
    }
    let operator = Browser::signed_in(&service, "operator").await;
    for query in ["reports?reason=not_agreed", "reports?reason=lost"] {
        let page = operator.get(&format!("/en/desk/{query}")).await;
        assert_eq!(page.status, 400, "{query}");
    }
}

#[tokio::test]
async fn what_was_looked_for_is_kept_on_the_way_to_older_ones() {
    let service = Service::start().await;
    let office = Office::enter(&service, "resident-1").await;
    for _ in 0..21 {
        office.draft(ONE_OWNER).await;
        service.pass(TimeDelta::seconds(1));
    }
    office.draft(TWO_OWNERS).await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let query = "text=%D3%98%D0%A1%D0%95%D0%9B+11&state=draft&kind=temporary&from=2026-11-01";
    let first = resident.get(&format!("/en/applications?{query}")).await;
    assert_eq!(first.cards(), 20);
    let older = first.older();
    for part in [
        "role=resident",
        "text=%D3%98%D0%A1%D0%95%D0%9B%2011",
        "state=draft",
        "kind=temporary",
        "from=2026-11-01",
    ] {
        assert!(older.contains(part), "{part}: {older}");
    }
    assert_eq!(resident.get(&older).await.cards(), 1);
}

#[tokio::test]
async fn an_owner_looks_for_a_dwelling_by_its_address() {
    let service = Service::start().await;
    let owner = Browser::signed_in(&service, "owner-1").await;
    assert_eq!(owner.get("/en/dwellings").await.cards(), 3);
    assert_eq!(owner.get("/en/dwellings?text=9000000011").await.cards(), 1);
    let none = owner.get("/en/dwellings?text=nowhere").await;
    assert!(none.text.contains("Nothing was found"), "{}", none.text);
    let resident = Browser::signed_in(&service, "resident-2").await;
    let none = resident.get("/en/dwellings").await;
    assert!(!none.text.contains("Nothing was found"), "{}", none.text);
}

#[tokio::test]
async fn each_side_of_the_invitations_goes_on_by_itself() {
    let service = Service::start().await;
    let office = Office::enter(&service, "owner-1").await;
    let resident = iin_of("resident-1");
    for _ in 0..21 {
        let offer = json!({"rka": ONE_OWNER, "resident": resident.as_str(),
            "starts_on": "2026-11-01", "months": 3});
        let invited = office.post("/api/v1/invitations", offer).await;
        assert_eq!(invited.status, 201, "{:?}", invited.body);
        service.pass(TimeDelta::seconds(1));
    }
    for (person, role) in [("owner-1", "owner"), ("resident-1", "resident")] {
        let browser = Browser::signed_in(&service, person).await;
        let both = browser.get("/en/invitations").await;
        assert_eq!(both.cards(), 20);
        let older = both.older();
        assert!(older.contains(&format!("role={role}")), "{older}");
        let rest = browser.get(&older).await;
        assert_eq!(rest.cards(), 1);
        assert_eq!(rest.text.matches("<section").count(), 1, "{}", rest.text);
    }
}

#[tokio::test]
async fn the_desk_shows_the_latest_reports_and_the_way_to_all() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    for number in 0..6 {
        let applied = resident.apply(&service, ONE_OWNER).await;
        let reason = ["unknown_person", "not_my_dwelling"][number % 2];
        let declined = owner.declines(applied.id(), reason).await;
        assert_eq!(declined.status, 200, "{:?}", declined.body);
        service.pass(TimeDelta::seconds(1));
    }
    let operator = Browser::signed_in(&service, "operator").await;
    let desk = operator.get("/en/desk?text=&state=").await;
    assert_eq!(desk.cards(), 5);
    let all = operator.get(&desk.link("/desk/reports")).await;
    assert_eq!(all.cards(), 6);
    for (reason, cards) in [("unknown_person", 3), ("not_my_dwelling", 3), ("", 6)] {
        let path = format!("/en/desk/reports?reason={reason}");
        assert_eq!(operator.get(&path).await.cards(), cards, "{reason}");
    }
    let nothing = operator.get("/en/desk?text=nobody&state=draft").await;
    assert!(
        nothing.text.contains("Nothing was found"),
        "{}",
        nothing.text
    );
    let stranger = Browser::signed_in(&service, "resident-1").await;
    assert_eq!(stranger.get("/en/desk/reports").await.status, 403);
}
