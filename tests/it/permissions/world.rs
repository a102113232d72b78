//! What there is in the tests of permissions, and who has which right to it.

use kelisim::domain::FourEyes;
use kelisim::domain::register::{Capacity, Individual};
use kelisim::eds::Bin;
use reqwest::Client;
use serde_json::json;

use super::asking::browser;
use super::table::Right;
use crate::administering::notary;
use crate::attachments::{Scan, present};
use crate::office::{
    Answer, DORMITORY, OWNED_WITH_ECDSA, OWNED_WITH_GOST, Office, STATE_FLAT, TWO_OWNERS, proposal,
    proposal_for,
};
use crate::registers::iin_of;
use crate::service::Service;
use crate::service_centre::{attested, in_person};

/// Everybody who asks, and what they are to what [`World::set`] sets.
pub(super) const PEOPLE: [(&str, &str); 16] = [
    ("guardian", "applies for a family, and is registered"),
    ("resident-2", "of that family: a co-resident, by now a ward"),
    ("owner-1", "owner of their dwelling; has demanded a removal"),
    ("delegate", "of that owner"),
    ("owner-2", "a former owner, who consented; that lodger"),
    ("owner-3", "a co-owner, who bought the share"),
    ("resident-gost", "applies to the organisation"),
    (
        "organisation",
        "its head, who is asked, and petitions for a lodger",
    ),
    (
        "employee",
        "works for it; it keeps a service centre too: another one",
    ),
    ("operator", "has lodged a draft at a service centre"),
    ("operator-2", "works for the same centre"),
    (
        "resident-ecdsa",
        "for whom that draft is; since the co-resident lost capacity, their guardian",
    ),
    ("resident-1", "applies in state housing"),
    ("tenant", "of that flat"),
    ("owner-ecdsa", "has invited somebody"),
    (
        "owner-gost",
        "is invited, and was registered by a service centre",
    ),
];

/// Somebody or nobody.
pub(super) type Slug = &'static str;

/// What there is, and who has which right to it.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) id: String,
    /// The application to which it belongs, when it is a consent.
    pub(super) within: Option<String>,
    /// The papers that were scanned for it.
    pub(super) papers: Vec<String>,
    /// Whether it still waits for somebody: otherwise there is nothing to sign.
    pub(super) waits: bool,
    pub(super) rights: Vec<(Right, Vec<Slug>)>,
}

/// Everybody, and everything about which they ask.
pub(super) struct World {
    pub(super) service: Service,
    pub(super) offices: Vec<(Slug, Office)>,
    pub(super) nobody: Office,
    pub(super) browser: Client,
    pub(super) applications: Vec<Thing>,
    pub(super) consents: Vec<Thing>,
    pub(super) registrations: Vec<Thing>,
    pub(super) invitations: Vec<Thing>,
    pub(super) dwellings: Vec<Thing>,
    pub(super) notices: Vec<Thing>,
    pub(super) sessions: Vec<Thing>,
}

impl Thing {
    pub(super) fn new(id: &str, rights: &[(Right, &[Slug])]) -> Thing {
        let rights = rights.iter().map(|(right, who)| (*right, who.to_vec()));
        Thing {
            id: id.to_owned(),
            within: None,
            papers: Vec::new(),
            waits: true,
            rights: rights.collect(),
        }
    }

    pub(super) fn within(mut self, application: &str) -> Thing {
        self.within = Some(application.to_owned());
        self
    }

    /// Nothing of it waits for a signature.
    pub(super) fn over(mut self) -> Thing {
        self.waits = false;
        self
    }

    pub(super) fn with_paper(mut self, paper: &Answer) -> Thing {
        self.papers.push(paper.id().to_owned());
        self
    }

    pub(super) fn who(&self, right: Right) -> Vec<Slug> {
        let own = self.rights.iter().find(|(one, _)| *one == right);
        own.map(|(_, who)| who.clone()).unwrap_or_default()
    }
}

impl World {
    /// A family that is registered, and whose owners changed since; an application
    /// to an organisation, one in state housing and a petition that wait for an answer; a draft
    /// at a service centre; an invitation.
    pub(super) async fn set() -> World {
        let mut world = World::empty().await;
        world.fill().await;
        world.seal().await;
        world
    }

    /// Everybody has signed in, and nothing is there.
    pub(super) async fn empty() -> World {
        let service = Service::by_settings(|settings| {
            // The organisation with the dormitory keeps another service centre.
            settings.centres.insert(Bin::parse("190540099905").unwrap());
            settings.administrators = [iin_of("employee")].into();
            settings.rules.four_eyes = FourEyes::Waived;
        })
        .await;
        let mut world = World {
            nobody: Office::outside(&service, "owner-gost"),
            browser: browser(),
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
        world
    }

    pub(super) async fn fill(&mut self) {
        self.family().await;
        self.waiting().await;
        self.petition().await;
        self.centre().await;
        self.registered_at_a_centre().await;
        self.invitation().await;
        self.dwellings();
        self.notices().await;
        self.sessions().await;
    }

    fn dwellings(&mut self) {
        let owned: [(&str, &[Slug]); 5] = [
            (TWO_OWNERS, &["owner-1", "owner-2", "owner-3", "delegate"]),
            (DORMITORY, &["organisation"]),
            (OWNED_WITH_ECDSA, &["owner-ecdsa"]),
            (OWNED_WITH_GOST, &["owner-gost"]),
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

    pub(super) fn office(&self, slug: &str) -> &Office {
        let mut all = self.offices.iter();
        &all.find(|(one, _)| *one == slug).unwrap().1
    }

    /// The consent that a person is asked for.
    pub(super) async fn asks(&mut self, application: &str, first: Slug, others: &[Slug]) {
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
        self.asks(&id, "owner-1", &[]).await;
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
        let guardian = iin_of("resident-ecdsa");
        let ward = |person: &mut Individual| {
            person.capacity = Capacity::None;
            person.representatives = [guardian.clone()].into();
        };
        let co_resident = iin_of("resident-2");
        self.service.change_person(co_resident.as_str(), ward).await;
        for consent in &mut self.consents {
            consent.waits = false;
        }
        let readers: &[Slug] = &[
            "guardian",
            "resident-2",
            "owner-1",
            "delegate",
            "owner-2",
            "owner-3",
            "resident-ecdsa",
        ];
        let rights = [(Right::Read, readers), (Right::Apply, &["guardian"])];
        self.applications.push(Thing::new(&id, &rights));
        for registration in done.body["registrations"].as_array().unwrap() {
            let own = registration["resident_iin"] == "9702********";
            let leaver: Slug = if own { "resident-ecdsa" } else { "guardian" };
            let rights: [(Right, &[Slug]); 3] = [
                (Right::Read, readers),
                (Right::Leave, &[leaver]),
                (Right::Remove, &["owner-1", "owner-3", "delegate"]),
            ];
            let thing = Thing::new(registration["id"].as_str().unwrap(), &rights);
            self.registrations.push(thing);
        }
        let first = self.registrations[0].id.clone();
        let demanded = self.office("owner-1").removes(&self.service, &first).await;
        assert_eq!(demanded.status, 200, "{:?}", demanded.body);
        self.registrations[0].waits = false;
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

    /// The administration of a dormitory asks for somebody who stays there.
    async fn petition(&mut self) {
        let lodger = iin_of("owner-2");
        let mut body = proposal_for(DORMITORY, &[lodger.as_str()]);
        body["standpoint"] = json!("administration");
        let applied = self.office("organisation").applies(&self.service, body);
        let applied = applied.await;
        assert_eq!(applied.state(), "awaiting_consent");
        let rights: [(Right, &[Slug]); 2] = [
            (Right::Read, &["organisation", "owner-2"]),
            (Right::Apply, &["organisation"]),
        ];
        self.applications.push(Thing::new(applied.id(), &rights));
        self.asks(applied.id(), "owner-2", &[]).await;
    }

    async fn centre(&mut self) {
        let resident = iin_of("resident-ecdsa");
        let mut body = proposal_for(OWNED_WITH_ECDSA, &[resident.as_str()]);
        body["standpoint"] = json!("operator");
        let drafted = self.office("operator").asks(body).await;
        assert_eq!(drafted.status, 201, "{:?}", drafted.body);
        let seen = attested("resident-ecdsa", &[in_person("owner-ecdsa")]);
        let scan = Scan::of("other");
        let paper = self.office("operator").attach(drafted.id(), scan).await;
        let ready = self.office("operator").attest(drafted.id(), seen).await;
        assert_eq!(ready.status, 200, "{:?}", ready.body);
        let rights: [(Right, &[Slug]); 4] = [
            (Right::Read, &["operator"]),
            (Right::Apply, &["operator"]),
            (Right::Attest, &["operator"]),
            (Right::Papers, &["operator", "operator-2"]),
        ];
        let thing = Thing::new(drafted.id(), &rights).with_paper(&paper);
        self.applications.push(thing);
    }

    /// What an operator lodged for somebody, with a paper that was scanned.
    async fn registered_at_a_centre(&mut self) {
        let operator = self.office("operator");
        let body = present("owner-gost", OWNED_WITH_ECDSA);
        let drafted = operator.asks(body).await;
        assert_eq!(drafted.status, 201, "{:?}", drafted.body);
        let paper = operator.attach(drafted.id(), Scan::of("other")).await;
        let seen = attested("owner-gost", &[in_person("owner-ecdsa")]);
        let ready = operator.attest(drafted.id(), seen).await;
        let done = operator.sign_draft(&self.service, &ready).await;
        assert_eq!(done.state(), "registered", "{:?}", done.body);
        let readers: &[Slug] = &["operator", "operator-2", "owner-gost", "owner-ecdsa"];
        let rights: [(Right, &[Slug]); 4] = [
            (Right::Read, readers),
            (Right::Apply, &["operator"]),
            (Right::Attest, &["operator"]),
            (Right::Papers, &["operator", "operator-2", "owner-gost"]),
        ];
        let thing = Thing::new(done.id(), &rights).with_paper(&paper).over();
        let rights: [(Right, &[Slug]); 3] = [
            (Right::Read, readers),
            (Right::Leave, &["owner-gost"]),
            (Right::Remove, &["owner-ecdsa"]),
        ];
        let registration = Thing::new(done.registration(), &rights);
        self.applications.push(thing);
        self.registrations.push(registration);
    }

    async fn invitation(&mut self) {
        let offer = json!({
            "rka": OWNED_WITH_ECDSA, "resident": iin_of("owner-gost").as_str(),
            "starts_on": "2026-11-01", "months": 3,
        });
        let owner = self.office("owner-ecdsa");
        let invited = owner.post("/api/v1/invitations", offer).await;
        let rights: [(Right, &[Slug]); 2] = [
            (Right::Cancel, &["owner-ecdsa"]),
            (Right::Invited, &["owner-gost"]),
        ];
        self.invitations.push(Thing::new(invited.id(), &rights));
    }

    /// So that for each record it can be proven that it is in the log.
    pub(super) async fn seal(&self) {
        let sealed = self.service.house.checkpoint(&notary(), 100_000).await;
        assert!(sealed.unwrap().is_some());
    }

    /// Everything that a call could have changed.
    pub(super) async fn all_there_is(&self) -> Vec<i64> {
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
            "SELECT count(*) FROM invitations",
            "SELECT count(*) FROM invitations WHERE stage = 'open'",
            "SELECT count(*) FROM attachments",
            "SELECT count(*) FROM received_signatures",
        ] {
            all.push(self.service.count(query).await);
        }
        all
    }
}
