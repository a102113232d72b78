//! Many applications in every state there is, so that a pair drawn by chance is about
//! somebody else's as a rule.

use chrono::TimeDelta;
use kelisim::pki::{Behaviour, Service as Served};

use super::table::Right;
use super::world::{Slug, Thing, World};
use crate::office::{ONE_OWNER, OWNED_WITH_ECDSA, OWNED_WITH_GOST, proposal};

/// An applicant, a dwelling, and who is asked: its only owner, and a delegate.
type Pair = (Slug, &'static str, &'static [Slug]);

const PAIRS: [Pair; 5] = [
    ("resident-1", ONE_OWNER, &["owner-1", "delegate"]),
    ("owner-2", ONE_OWNER, &["owner-1", "delegate"]),
    ("owner-3", OWNED_WITH_GOST, &["owner-gost"]),
    ("resident-gost", OWNED_WITH_ECDSA, &["owner-ecdsa"]),
    ("tenant", OWNED_WITH_ECDSA, &["owner-ecdsa"]),
];

impl World {
    /// The world with fifty applications: nine more of each pair, one in each state.
    pub(super) async fn town() -> World {
        let mut world = World::empty().await;
        for pair in PAIRS {
            world.lapsed(pair).await;
        }
        world.service.pass(TimeDelta::hours(73));
        world.service.house.lapse_overdue(3).await.unwrap();
        world.fill().await;
        world.pending().await;
        for pair in PAIRS {
            world.drafted(pair).await;
            world.written_anew(pair).await;
            world.awaiting(pair).await;
            world.declined(pair).await;
            world.withdrawn(pair).await;
            world.ended(pair).await;
            world.registered(pair).await;
        }
        world.seal().await;
        assert!(
            world.applications.len() >= 50,
            "{}",
            world.applications.len()
        );
        world
    }

    /// Signed by the applicant, and put to the owner.
    async fn applied(&mut self, (applicant, rka, asked): Pair) -> String {
        let body = proposal(rka);
        let applied = self.office(applicant).applies(&self.service, body).await;
        assert_eq!(applied.state(), "awaiting_consent");
        let id = applied.id().to_owned();
        self.asks(&id, asked[0], &asked[1..]).await;
        id
    }

    /// What both may read, and the applicant may change as far as its state allows.
    fn keep(&mut self, id: &str, (applicant, _, asked): Pair) {
        let readers = [&[applicant][..], asked].concat();
        let rights: [(Right, &[Slug]); 2] = [(Right::Read, &readers), (Right::Apply, &[applicant])];
        self.applications.push(Thing::new(id, &rights));
    }

    /// What nobody but the applicant knows of.
    fn keep_apart(&mut self, id: &str, applicant: Slug) {
        let rights: [(Right, &[Slug]); 2] =
            [(Right::Read, &[applicant]), (Right::Apply, &[applicant])];
        self.applications.push(Thing::new(id, &rights));
    }

    /// The question that was put last is no question any more.
    fn over(&mut self) {
        self.consents.last_mut().unwrap().waits = false;
    }

    async fn lapsed(&mut self, pair: Pair) {
        let id = self.applied(pair).await;
        self.keep(&id, pair);
        self.over();
    }

    async fn drafted(&mut self, (applicant, rka, _): Pair) {
        let drafted = self.office(applicant).draft(rka).await;
        let id = drafted.id().to_owned();
        self.keep_apart(&id, applicant);
    }

    /// An edition that nobody was asked about yet, after one that somebody was.
    async fn written_anew(&mut self, pair: Pair) {
        let id = self.applied(pair).await;
        let (applicant, rka, _) = pair;
        let body = proposal(rka);
        let again = self.office(applicant).rewrites(&id, body).await;
        assert_eq!((again.status, again.state()), (200, "draft"));
        self.keep_apart(&id, applicant);
        self.consents.last_mut().unwrap().rights.clear();
    }

    async fn awaiting(&mut self, pair: Pair) {
        let id = self.applied(pair).await;
        self.keep(&id, pair);
    }

    async fn declined(&mut self, pair: Pair) {
        let id = self.applied(pair).await;
        let declined = self.office(pair.2[0]).declines(&id, "not_agreed").await;
        assert_eq!(declined.state(), "declined");
        self.keep(&id, pair);
        self.over();
    }

    async fn withdrawn(&mut self, pair: Pair) {
        let id = self.applied(pair).await;
        let withdrawn = self.office(pair.0).withdraws(&id).await;
        assert_eq!(withdrawn.state(), "withdrawn");
        self.keep(&id, pair);
        self.over();
    }

    async fn registered(&mut self, pair: Pair) -> String {
        let id = self.applied(pair).await;
        let (applicant, _, asked) = pair;
        let done = self.office(asked[0]).consent(&self.service, &id).await;
        let registration = done.registration().to_owned();
        self.keep(&id, pair);
        self.over();
        // Nobody else can answer in the owner's place any more.
        let consent = self.consents.last_mut().unwrap();
        consent.rights = vec![(Right::Answer, vec![asked[0]])];
        let readers = [&[applicant][..], asked].concat();
        let rights: [(Right, &[Slug]); 3] = [
            (Right::Read, &readers),
            (Right::Leave, &[applicant]),
            (Right::Remove, asked),
        ];
        self.registrations.push(Thing::new(&registration, &rights));
        registration
    }

    async fn ended(&mut self, pair: Pair) {
        let registration = self.registered(pair).await;
        let office = self.office(pair.0);
        let left = office.leaves(&self.service, &registration).await;
        assert_eq!(left.state(), "ended", "{:?}", left.body);
        self.registrations.last_mut().unwrap().waits = false;
    }

    /// Signed while nobody says how the certificate stands.
    async fn pending(&mut self) {
        self.service.pass(TimeDelta::minutes(6));
        let authority = &self.service.authority;
        authority.behave(Served::Ocsp, Behaviour::Refused).unwrap();
        for (applicant, rka, _) in PAIRS {
            let drafted = self.office(applicant).draft(rka).await;
            let office = self.office(applicant);
            let signed = office.sign_draft(&self.service, &drafted).await;
            assert_eq!(signed.status, 202, "{:?}", signed.body);
            self.keep_apart(signed.id(), applicant);
        }
        let authority = &self.service.authority;
        authority.behave(Served::Ocsp, Behaviour::Honest).unwrap();
    }
}
