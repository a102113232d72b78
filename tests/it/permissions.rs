//! Who may do what: every role, every call, objects of unrelated applications.
//!
//! What is expected stands in two tables: which kind of right each call needs
//! ([`CALLS`]), and who has which right to what ([`World::set`]). A call that is in
//! neither the first table nor the description of the API fails the test.

use std::collections::BTreeSet;
use std::sync::Arc;

use kelisim::eds::Bin;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::office::{
    DORMITORY, OWNED_WITH_ECDSA, Office, STATE_FLAT, TWO_OWNERS, proposal, proposal_for,
};
use crate::registers::iin_of;
use crate::service::Service;
use crate::service_centre::{attested, in_person};

/// Whom a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Right {
    /// Everybody, signed in or not.
    Everybody,
    /// Everybody who has signed in, about themselves.
    SignedIn,
    /// Those whom the application or registration concerns.
    Read,
    /// The applicant.
    Apply,
    /// Those who answer this consent.
    Answer,
    /// Whoever speaks for the person who is registered.
    Leave,
    /// The owners of today.
    Remove,
    /// The owner who invited.
    Cancel,
    /// The owners of a dwelling, and former ones about what they agreed to.
    Own,
    /// Whom a notice is for.
    Heed,
    /// Whose session it is.
    SignOut,
    /// Those who run the service; see `administering.rs`.
    Administer,
    /// Those who work for a service centre.
    Operate,
    /// The operator who lodged it, and whom the scanned papers are for; see
    /// `attachments.rs` and `service_centre.rs`.
    Scan,
}

/// Every call, and whom it is for.
const CALLS: [(&str, &str, Right); 65] = {
    use Right::{
        Administer, Answer, Apply, Cancel, Everybody, Heed, Leave, Operate, Own, Read, Remove,
        Scan, SignOut, SignedIn,
    };
    [
        ("post", "/api/v1/auth/challenges", Everybody),
        ("post", "/api/v1/auth/sessions", Everybody),
        ("get", "/api/v1/verifications/{code}", Everybody),
        ("get", "/api/v1/audit/checkpoints/latest", Everybody),
        ("get", "/api/v1/audit/consistency", Everybody),
        ("get", "/health/live", Everybody),
        ("get", "/health/ready", Everybody),
        ("get", "/metrics", Everybody),
        ("post", "/api/v1/mobile-signings", Everybody),
        (
            "get",
            "/api/v1/mobile-signings/{token}/signature",
            Everybody,
        ),
        ("get", "/api/v1/mobile/{token}", Everybody),
        ("get", "/api/v1/mobile/{token}/documents", Everybody),
        ("put", "/api/v1/mobile/{token}/documents", Everybody),
        ("get", "/api/v1/auth/sessions", SignedIn),
        ("delete", "/api/v1/auth/sessions/current", SignedIn),
        ("delete", "/api/v1/auth/sessions/others", SignedIn),
        ("delete", "/api/v1/auth/sessions/{id}", SignOut),
        ("get", "/api/v1/me", SignedIn),
        ("get", "/api/v1/me/export", SignedIn),
        ("get", "/api/v1/applications/counts", SignedIn),
        ("get", "/api/v1/registrations", SignedIn),
        ("get", "/api/v1/registrations/counts", SignedIn),
        ("get", "/api/v1/dwellings", SignedIn),
        ("get", "/api/v1/notices", SignedIn),
        ("get", "/api/v1/notices/unread", SignedIn),
        ("post", "/api/v1/notices/read-all", SignedIn),
        ("get", "/api/v1/administration/health", Administer),
        ("get", "/api/v1/administration/deliveries", Administer),
        (
            "post",
            "/api/v1/administration/deliveries/{id}/retry",
            Administer,
        ),
        ("post", "/api/v1/administration/sessions/end", Administer),
        ("get", "/api/v1/reports", Operate),
        ("get", "/api/v1/dwellings/{id}/registrations", Own),
        ("post", "/api/v1/notices/{id}/read", Heed),
        ("get", "/api/v1/applications", SignedIn),
        ("post", "/api/v1/applications", SignedIn),
        ("get", "/api/v1/invitations", SignedIn),
        ("post", "/api/v1/invitations", SignedIn),
        ("post", "/api/v1/invitations/redeem", SignedIn),
        ("post", "/api/v1/signatures/validate", Everybody),
        ("post", "/api/v1/certificates/inspect", Everybody),
        ("post", "/api/v1/state-register/answers", Everybody),
        ("get", "/api/v1/applications/{id}/attachments", Scan),
        ("post", "/api/v1/applications/{id}/attachments", Scan),
        (
            "get",
            "/api/v1/applications/{id}/attachments/{attachment}",
            Scan,
        ),
        (
            "delete",
            "/api/v1/applications/{id}/attachments/{attachment}",
            Scan,
        ),
        ("post", "/api/v1/applications/{id}/attestation", Scan),
        ("get", "/api/v1/applications/{id}", Read),
        ("get", "/api/v1/applications/{id}/audit", Read),
        (
            "get",
            "/api/v1/applications/{id}/audit/{sequence}/proof",
            Read,
        ),
        ("get", "/api/v1/applications/{id}/document", Apply),
        ("put", "/api/v1/applications/{id}", Apply),
        ("post", "/api/v1/applications/{id}/signature", Apply),
        ("post", "/api/v1/applications/{id}/withdraw", Apply),
        (
            "get",
            "/api/v1/applications/{id}/consents/{consent}/document",
            Answer,
        ),
        (
            "post",
            "/api/v1/applications/{id}/consents/{consent}/signature",
            Answer,
        ),
        (
            "post",
            "/api/v1/applications/{id}/consents/{consent}/decline",
            Answer,
        ),
        (
            "post",
            "/api/v1/applications/{id}/consents/{consent}/take-back",
            Answer,
        ),
        ("get", "/api/v1/registrations/{id}", Read),
        ("get", "/api/v1/registrations/{id}/evidence", Read),
        ("get", "/api/v1/registrations/{id}/certificate", Read),
        ("get", "/api/v1/registrations/{id}/leaving/document", Leave),
        (
            "post",
            "/api/v1/registrations/{id}/leaving/signature",
            Leave,
        ),
        ("get", "/api/v1/registrations/{id}/removal/document", Remove),
        (
            "post",
            "/api/v1/registrations/{id}/removal/signature",
            Remove,
        ),
        ("post", "/api/v1/invitations/{id}/cancel", Cancel),
    ]
};

/// Everybody who asks, and what they are to the applications of [`World::set`].
const PEOPLE: [(&str, &str); 16] = [
    ("guardian", "applies for a family, and is registered"),
    ("resident-2", "of that family: a co-resident"),
    ("owner-1", "owner of their dwelling; has demanded a removal"),
    ("delegate", "of that owner"),
    ("owner-2", "a former owner, who consented"),
    ("owner-3", "a co-owner, who bought the share"),
    ("resident-gost", "applies to the organisation"),
    ("organisation", "its head, who is asked"),
    (
        "employee",
        "works for it; it keeps a service centre too: another one",
    ),
    ("operator", "has lodged a draft at a service centre"),
    ("operator-2", "works for the same centre"),
    ("resident-ecdsa", "for whom that draft is"),
    ("resident-1", "applies in state housing"),
    ("tenant", "of that flat"),
    ("owner-ecdsa", "has invited somebody"),
    (
        "owner-gost",
        "is invited, and a stranger to everything else",
    ),
];

/// Somebody or nobody.
type Slug = &'static str;

/// What there is, and who has which right to it.
struct Thing {
    id: String,
    /// The application to which it belongs, when it is a consent.
    within: Option<String>,
    rights: Vec<(Right, Vec<Slug>)>,
}

struct World {
    service: Service,
    offices: Vec<(Slug, Office)>,
    nobody: Office,
    applications: Vec<Thing>,
    consents: Vec<Thing>,
    registrations: Vec<Thing>,
    invitations: Vec<Thing>,
    dwellings: Vec<Thing>,
    notices: Vec<Thing>,
    sessions: Vec<Thing>,
}

/// A call with its path filled in.
struct Filled {
    method: &'static str,
    route: &'static str,
    path: String,
    allowed: Vec<Slug>,
    readers: Vec<Slug>,
}

impl Thing {
    fn new(id: &str, rights: &[(Right, &[Slug])]) -> Thing {
        let rights = rights.iter().map(|(right, who)| (*right, who.to_vec()));
        Thing {
            id: id.to_owned(),
            within: None,
            rights: rights.collect(),
        }
    }

    fn within(mut self, application: &str) -> Thing {
        self.within = Some(application.to_owned());
        self
    }

    fn who(&self, right: Right) -> Vec<Slug> {
        let own = self.rights.iter().find(|(one, _)| *one == right);
        own.map(|(_, who)| who.clone()).unwrap_or_default()
    }
}

impl World {
    /// A family that is registered, and whose owners changed since; an application
    /// to an organisation and one in state housing that wait for an answer; a draft
    /// at a service centre; an invitation.
    async fn set() -> World {
        let service = Service::by_settings(|settings| {
            // The organisation with the dormitory keeps another service centre.
            settings.centres.insert(Bin::parse("190540099905").unwrap());
        })
        .await;
        let mut world = World {
            nobody: Office::outside(&service, "owner-gost"),
            service,
            offices: Vec::new(),
            applications: Vec::new(),
            consents: Vec::new(),
            registrations: Vec::new(),
            invitations: Vec::new(),
            dwellings: Vec::new(),
            notices: Vec::new(),
            sessions: Vec::new(),
        };
        for (slug, _) in PEOPLE {
            let office = Office::enter(&world.service, slug).await;
            world.offices.push((slug, office));
        }
        world.family().await;
        world.waiting().await;
        world.centre().await;
        world.invitation().await;
        world.dwellings();
        world.notices().await;
        world.sessions().await;
        world
    }

    fn dwellings(&mut self) {
        let owned: [(&str, &[Slug]); 4] = [
            (TWO_OWNERS, &["owner-1", "owner-2", "owner-3"]),
            (DORMITORY, &["organisation"]),
            (OWNED_WITH_ECDSA, &["owner-ecdsa"]),
            ("0201999000009999", &[]),
        ];
        let owned = owned.map(|(rka, who)| Thing::new(rka, &[(Right::Own, who)]));
        self.dwellings.extend(owned);
    }

    /// The latest notice to everybody who has one.
    async fn notices(&mut self) {
        for (slug, _) in PEOPLE {
            let notices = self.office(slug).get("/api/v1/notices").await;
            if let Some(id) = notices.body["items"][0]["id"].as_str() {
                self.notices.push(Thing::new(id, &[(Right::Heed, &[slug])]));
            }
        }
        assert!(self.notices.len() > 5, "{}", self.notices.len());
    }

    /// A session of everybody beside the one by which they ask.
    async fn sessions(&mut self) {
        for (slug, _) in PEOPLE {
            let office = Office::enter(&self.service, slug).await;
            let sessions = office.get("/api/v1/auth/sessions").await;
            let id = sessions.body["items"].as_array().unwrap();
            let id = id.iter().find(|one| one["current"] == true).unwrap();
            let rights: [(Right, &[Slug]); 1] = [(Right::SignOut, &[slug])];
            self.sessions
                .push(Thing::new(id["id"].as_str().unwrap(), &rights));
        }
    }

    fn office(&self, slug: &str) -> &Office {
        let mut all = self.offices.iter();
        &all.find(|(one, _)| *one == slug).unwrap().1
    }

    /// The consent that a person is asked for.
    async fn asks(&mut self, application: &str, first: Slug, others: &[Slug]) {
        let path = self.office(first).consent_path(application).await;
        let (_, id) = path.rsplit_once('/').unwrap();
        let who = [&[first], others].concat();
        let consent = Thing::new(id, &[(Right::Answer, &who)]);
        self.consents.push(consent.within(application));
    }

    async fn family(&mut self) {
        let flat = TWO_OWNERS;
        self.service
            .add_dwelling(flat, &["owner-1", "owner-2"])
            .await;
        let residents = [iin_of("guardian"), iin_of("resident-2")];
        let residents: Vec<_> = residents.iter().map(|iin| iin.as_str()).collect();
        let body = proposal_for(flat, &residents);
        let applied = self.office("guardian").applies(&self.service, body).await;
        let id = applied.id().to_owned();
        self.asks(&id, "owner-1", &["delegate"]).await;
        self.asks(&id, "owner-2", &[]).await;
        self.asks(&id, "resident-2", &[]).await;
        let mut done = applied;
        for slug in ["owner-1", "owner-2", "resident-2"] {
            done = self.office(slug).consent(&self.service, &id).await;
        }
        assert_eq!(done.state(), "registered", "{:?}", done.body);
        self.service
            .add_dwelling(flat, &["owner-1", "owner-3"])
            .await;
        let readers: &[Slug] = &[
            "guardian",
            "resident-2",
            "owner-1",
            "delegate",
            "owner-2",
            "owner-3",
        ];
        let rights = [(Right::Read, readers), (Right::Apply, &["guardian"])];
        self.applications.push(Thing::new(&id, &rights));
        for registration in done.body["registrations"].as_array().unwrap() {
            let own = registration["resident_iin"] == "9702********";
            let leaver: Slug = if own { "resident-2" } else { "guardian" };
            let rights: [(Right, &[Slug]); 3] = [
                (Right::Read, readers),
                (Right::Leave, &[leaver]),
                (Right::Remove, &["owner-1", "owner-3"]),
            ];
            let thing = Thing::new(registration["id"].as_str().unwrap(), &rights);
            self.registrations.push(thing);
        }
        let first = self.registrations[0].id.clone();
        let demanded = self.office("owner-1").removes(&self.service, &first).await;
        assert_eq!(demanded.status, 200, "{:?}", demanded.body);
        let path = self.office("owner-3").confirmation_path(&first).await;
        let (_, confirmation) = path.rsplit_once('/').unwrap();
        let confirmation = Thing::new(confirmation, &[(Right::Answer, &["owner-3"])]);
        self.consents.push(confirmation.within(&id));
    }

    async fn waiting(&mut self) {
        let waiting: [(Slug, &str, Slug); 2] = [
            ("resident-gost", DORMITORY, "organisation"),
            ("resident-1", STATE_FLAT, "tenant"),
        ];
        for (applicant, rka, asked) in waiting {
            let body = proposal(rka);
            let applied = self.office(applicant).applies(&self.service, body).await;
            assert_eq!(applied.state(), "awaiting_consent");
            let rights: [(Right, &[Slug]); 2] = [
                (Right::Read, &[applicant, asked]),
                (Right::Apply, &[applicant]),
            ];
            self.applications.push(Thing::new(applied.id(), &rights));
            self.asks(applied.id(), asked, &[]).await;
        }
    }

    async fn centre(&mut self) {
        let resident = iin_of("resident-ecdsa");
        let mut body = proposal_for(OWNED_WITH_ECDSA, &[resident.as_str()]);
        body["standpoint"] = json!("operator");
        let drafted = self.office("operator").asks(body).await;
        assert_eq!(drafted.status, 201, "{:?}", drafted.body);
        let seen = attested("resident-ecdsa", &[in_person("owner-ecdsa")]);
        let ready = self.office("operator").attest(drafted.id(), seen).await;
        assert_eq!(ready.status, 200, "{:?}", ready.body);
        let rights: [(Right, &[Slug]); 2] =
            [(Right::Read, &["operator"]), (Right::Apply, &["operator"])];
        self.applications.push(Thing::new(drafted.id(), &rights));
    }

    async fn invitation(&mut self) {
        let offer = json!({
            "rka": OWNED_WITH_ECDSA, "resident": iin_of("owner-gost").as_str(),
            "starts_on": "2026-11-01", "months": 3,
        });
        let owner = self.office("owner-ecdsa");
        let invited = owner.post("/api/v1/invitations", offer).await;
        let cancel: [(Right, &[Slug]); 1] = [(Right::Cancel, &["owner-ecdsa"])];
        self.invitations.push(Thing::new(invited.id(), &cancel));
    }

    /// Every call about every thing, and about things that belong elsewhere or that
    /// do not exist.
    fn calls(&self) -> Vec<Filled> {
        let unknown = Thing::new(&Uuid::now_v7().to_string(), &[]);
        let mut calls = Vec::new();
        for (method, route, right) in CALLS {
            let things = match route {
                _ if !route.contains("{id}") => continue,
                _ if matches!(right, Right::Scan | Right::Administer) => continue,
                _ if route.contains("/applications/") => &self.applications,
                _ if route.contains("/dwellings/") => &self.dwellings,
                _ if route.contains("/notices/") => &self.notices,
                _ if route.contains("/registrations/") => &self.registrations,
                _ if route.contains("/sessions/") => &self.sessions,
                _ => &self.invitations,
            };
            // The code of an address is no identifier; one that nobody knows is there.
            let others = [&unknown].into_iter().filter(|_| right != Right::Own);
            for thing in things.iter().chain(others) {
                let path = route.replace("{id}", &thing.id).replace("{sequence}", "1");
                let filled = |path: String, allowed: Vec<Slug>| Filled {
                    method,
                    route,
                    path,
                    allowed,
                    readers: thing.who(Right::Read),
                };
                if !route.contains("{consent}") {
                    calls.push(filled(path, thing.who(right)));
                    continue;
                }
                for consent in self.consents.iter().chain([&unknown]) {
                    let here = consent.within.as_ref() == Some(&thing.id);
                    let allowed = if here { consent.who(right) } else { Vec::new() };
                    let path = path.replace("{consent}", &consent.id);
                    calls.push(filled(path, allowed));
                }
            }
        }
        calls
    }

    /// What is wrong with the answer to somebody, if anything.
    async fn fault(&self, call: &Filled, who: Option<Slug>) -> Option<String> {
        let office = who.map_or(&self.nobody, |slug| self.office(slug));
        let allowed = who.is_some_and(|slug| call.allowed.contains(&slug));
        let method = call.method.to_uppercase().parse().unwrap();
        let mut request = office.request(method, &call.path);
        if call.method != "get" {
            let key = Uuid::now_v7().to_string();
            let body = body(call.route, allowed);
            request = request.header("Idempotency-Key", key).json(&body);
        }
        let answer = office.send(request).await;
        let reads = who.is_some_and(|slug| call.readers.contains(&slug));
        let expected = match (who, allowed) {
            (None, _) => answer.status == 401,
            (Some(_), true) => !matches!(answer.status, 401 | 403 | 404 | 500..),
            // Whoever may read of it is told whose question it is not.
            (Some(_), false) if answer.status == 409 && reads => {
                answer.body["code"] == "CONSENT/SIGNER_NOT_OWNER"
                    && call.route.ends_with("{consent}/signature")
            }
            (Some(_), false) => answer.status == 404 && tells_nothing(&answer.body),
        };
        let told = (call.method, &call.path, who, answer.status, &answer.body);
        (!expected).then(|| format!("{told:?}"))
    }

    /// Everything that a call could have changed.
    async fn all_there_is(&self) -> Vec<i64> {
        let mut all = Vec::new();
        for query in [
            "SELECT coalesce(sum(version), 0)::bigint AS count FROM applications",
            "SELECT count(*) FROM applications",
            "SELECT count(*) FROM signatures",
            "SELECT count(*) FROM events",
            "SELECT count(*) FROM outbox",
            "SELECT count(*) FROM consents WHERE answer = 'given'",
            "SELECT count(*) FROM registrations WHERE ended_at IS NULL",
            "SELECT count(*) FROM registrations WHERE removal IS NOT NULL",
            "SELECT count(*) FROM invitations WHERE stage = 'open'",
        ] {
            all.push(self.service.count(query).await);
        }
        all
    }
}

/// A body that would have its effect, if the call were somebody's to make; one that
/// is understood by nobody where it is, so that nothing changes.
fn body(route: &str, allowed: bool) -> Value {
    let (_, last) = route.rsplit_once('/').unwrap();
    match last {
        "signature" => json!({"signature": "AAAA"}),
        _ if allowed => json!({"nonsense": true}),
        "decline" => json!({"reason": "not_agreed"}),
        "{id}" => proposal(OWNED_WITH_ECDSA),
        _ => json!({}),
    }
}

/// The answer to whoever asks for what is not there.
fn tells_nothing(body: &Value) -> bool {
    let members = body.as_object().map(|body| body.len());
    body["type"] == "urn:kelisim:problem:not-found" && members == Some(4)
}

#[tokio::test]
async fn every_call_of_the_service_is_described_and_classified() {
    let service = Service::start().await;
    let office = Office::outside(&service, "resident-1");
    let api = office.get("/api/openapi.json").await;
    let mut described = BTreeSet::new();
    for (path, calls) in api.body["paths"].as_object().unwrap() {
        for (method, call) in calls.as_object().unwrap() {
            let open = call["security"].as_array();
            let open = open.is_some_and(|ways| ways.contains(&json!({})));
            // The code of an address stands for a dwelling as an identifier does.
            let path = path.replace("{rka}", "{id}");
            described.insert((method.clone(), path, open));
        }
    }
    let classified = CALLS.iter().map(|(method, path, right)| {
        let open = *right == Right::Everybody;
        ((*method).to_owned(), (*path).to_owned(), open)
    });
    let classified: BTreeSet<_> = classified.collect();
    assert_eq!(described, classified);
    // Every handler that is served is described too.
    let routes = include_str!("../../src/web/routes.rs").split(".service(");
    let routes = routes
        .skip(1)
        .map(|rest| rest.split([')', '(']).next().unwrap());
    let served: BTreeSet<_> = routes.filter(|name| is_handler(name)).collect();
    let lines = include_str!("../../src/web/openapi.rs").lines();
    let lines = lines.filter_map(|line| line.trim().strip_suffix(','));
    let described: BTreeSet<_> = lines.filter(|name| is_handler(name)).collect();
    assert_eq!(served, described);
    assert_eq!(served.len(), CALLS.len());
}

/// Room and name of a handler.
fn is_handler(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c == '_' || c == ':';
    name.contains("::") && !name.starts_with("web::") && name.chars().all(letters)
}

#[tokio::test]
async fn every_role_reaches_what_is_theirs_and_nothing_else_by_every_call() {
    let world = World::set().await;
    let before = world.all_there_is().await;
    let mut faults = Vec::new();
    for call in world.calls() {
        faults.extend(world.fault(&call, None).await);
        for (slug, _) in PEOPLE {
            faults.extend(world.fault(&call, Some(slug)).await);
        }
    }
    assert!(
        faults.is_empty(),
        "{}:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert_eq!(world.all_there_is().await, before);
}

#[tokio::test]
async fn without_a_session_only_what_is_for_everybody_answers() {
    let world = World::set().await;
    for (method, path, right) in CALLS {
        if path.contains('{') {
            continue;
        }
        let method = method.to_uppercase().parse().unwrap();
        let request = world.nobody.request(method, path);
        let answer = world.nobody.send(request.json(&json!({}))).await;
        let kept_out = answer.status == 401;
        let closed = right != Right::Everybody;
        assert_eq!(kept_out, closed, "{path}: {:?}", answer.body);
    }
}

#[tokio::test]
async fn what_is_for_service_centres_is_for_nobody_else() {
    let world = World::set().await;
    for (slug, what) in PEOPLE {
        let answer = world.office(slug).get("/api/v1/reports").await;
        let centre = ["operator", "operator-2", "organisation", "employee"].contains(&slug);
        let status = if centre { 200 } else { 403 };
        assert_eq!(answer.status, status, "{slug}, {what}: {:?}", answer.body);
    }
}

#[tokio::test]
async fn lists_hold_what_a_person_may_read_and_nothing_else() {
    let world = World::set().await;
    for (slug, what) in PEOPLE {
        let mut listed = BTreeSet::new();
        for role in ["resident", "owner"] {
            let path = format!("/api/v1/applications?role={role}&limit=100");
            let list = world.office(slug).get(&path).await;
            for item in list.body["items"].as_array().unwrap() {
                listed.insert(item["id"].as_str().unwrap().to_owned());
            }
        }
        let own = world.applications.iter();
        let own = own.filter(|one| one.who(Right::Read).contains(&slug));
        let own: BTreeSet<_> = own.map(|one| one.id.clone()).collect();
        assert!(listed.is_subset(&own), "{slug}, {what}");
        // A new owner finds it by the registration, not by an application.
        if slug != "owner-3" {
            assert_eq!(listed, own, "{slug}, {what}");
        }
    }
}

/// How many pairs of somebody and something are drawn.
const PAIRS: usize = 10_000;
/// How many are under way at once.
const AT_ONCE: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_ten_thousand_random_pairs_nobody_reads_or_does_what_is_not_theirs() {
    let world = Arc::new(World::set().await);
    let before = world.all_there_is().await;
    let calls = Arc::new(world.calls());
    let mut under_way = tokio::task::JoinSet::new();
    for part in 0..AT_ONCE {
        let (world, calls) = (Arc::clone(&world), Arc::clone(&calls));
        under_way.spawn(async move {
            let mut faults = Vec::new();
            let mut forbidden = 0;
            for pair in (part..PAIRS).step_by(AT_ONCE) {
                let call = &calls[drawn(pair, 1) % calls.len()];
                let who = PEOPLE.get(drawn(pair, 2) % (PEOPLE.len() + 1));
                let who = who.map(|(slug, _)| *slug);
                forbidden += usize::from(who.is_none_or(|slug| !call.allowed.contains(&slug)));
                faults.extend(world.fault(call, who).await);
            }
            (faults, forbidden)
        });
    }
    let (mut faults, mut forbidden) = (Vec::new(), 0);
    while let Some(ended) = under_way.join_next().await {
        let (found, drawn) = ended.unwrap();
        faults.extend(found);
        forbidden += drawn;
    }
    assert!(
        faults.is_empty(),
        "{}:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(forbidden > PAIRS / 2 && forbidden < PAIRS, "{forbidden}");
    assert_eq!(world.all_there_is().await, before);
}

/// A number that looks drawn by chance, the same in each run (splitmix64).
fn drawn(pair: usize, what: u64) -> usize {
    let mut z =
        (u64::try_from(pair).unwrap() + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (what << 56);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((z ^ (z >> 31)) >> 32).unwrap()
}
