//! Each test takes something away and sees it asked for; what was asked for is
//! then brought, and the signature passes.

use std::sync::LazyLock;

use crate::eds::{
    Additions, DigestName, Fault, Freshness, Revocation, StampWanted, StatusEvidence, StatusWanted,
    SubIndication as Sub, TimeStamps, Wants, augment,
    certificate::Certificate,
    gost::Algorithm,
    oid::extension,
    testing::{
        key::Key,
        message::Message,
        pki::{Draft, List, at, purposes},
        responder::{Answer, revoked, unknown},
        scene::{
            DOCUMENT, PERSON, RECEIVED, ROOT, SIGNED, Scene, authority, issue, list, message,
            person, root,
        },
        stamper::{Stamp, appointed, stamped, stamper},
    },
};

static STAMPER: LazyLock<Key> = LazyLock::new(Key::p256);
static STAMPERS: LazyLock<Vec<u8>> = LazyLock::new(|| appointed(&stamper(&STAMPER)));
static LEAF: LazyLock<Vec<u8>> = LazyLock::new(|| issue(&person()));
static ISSUER: LazyLock<Vec<u8>> = LazyLock::new(|| authority().signed(&root().subject, &ROOT));
static ANCHOR: LazyLock<Vec<u8>> = LazyLock::new(|| root().self_signed(&ROOT));

/// Everything is as it should be, and all certificates are the same each time.
fn scene_of(message: &Message) -> Scene {
    Scene {
        anchors: vec![ANCHOR.clone()],
        intermediates: vec![ISSUER.clone()],
        ..Scene::with_message(message)
    }
}

fn scene() -> Scene {
    scene_of(&message(&LEAF))
}

/// The signature carries these tokens.
fn scene_with(tokens: &[Stamp]) -> Scene {
    let tokens: Vec<_> = tokens
        .iter()
        .map(|stamp| stamp.token(&STAMPERS, &STAMPER))
        .collect();
    scene_of(&stamped(SIGNED_MESSAGE.clone(), &tokens))
}

/// One signature value for all: what stamps are over must not change.
static SIGNED_MESSAGE: LazyLock<Message> = LazyLock::new(|| message(&LEAF));

fn stamp() -> Stamp {
    Stamp::new(&SIGNED_MESSAGE.signature, at("2026-06-01T09:59:30Z"))
}

impl Scene {
    fn without_lists(mut self) -> Self {
        self.crls.clear();
        self
    }

    fn with_answer(mut self, answer: &Answer) -> Self {
        self.responses.push(answer.by_authority());
        self
    }

    fn by_rule(mut self, evidence: StatusEvidence) -> Self {
        self.policy = self.policy.with(|rules| rules.evidence = evidence);
        self
    }

    fn demanding(mut self, revocation: Revocation) -> Self {
        self.policy = self.policy.with(|rules| rules.revocation = revocation);
        self
    }

    fn requiring_stamp(mut self) -> Self {
        let required = TimeStamps::Required;
        self.policy = self
            .policy
            .with(|rules| rules.time_stamps.demand = required);
        self
    }

    #[track_caller]
    fn wants_nothing(&self) {
        assert_eq!(self.wants(), Wants::default());
    }

    /// Demands that only the statuses of these certificates are wanted, each
    /// named by "subject < issuer".
    #[track_caller]
    fn wants_statuses(&self, of: &[&str]) {
        let wants = self.wants();
        assert_eq!(wants.time_stamp, None);
        let name = |der: &[u8]| {
            let read = Certificate::read(der).expect("a certificate");
            let parts = read.subject().der().to_vec();
            ["Root", "Authority", "Stamper"]
                .into_iter()
                .find(|name| {
                    parts
                        .windows(name.len())
                        .any(|part| part == name.as_bytes())
                })
                .unwrap_or("person")
        };
        let pairs = wants.statuses.iter();
        let pairs = pairs.map(|one| format!("{} < {}", name(&one.certificate), name(&one.issuer)));
        assert_eq!(pairs.collect::<Vec<_>>(), of);
    }
}

const SIGNER: &str = "person < Authority";
const ISSUING: &str = "Authority < Root";
const STAMPING: &str = "Stamper < Authority";

fn good() -> Answer {
    Answer::good(&LEAF, &ISSUER, RECEIVED)
}

fn roots_list() -> Vec<u8> {
    list().signed(&root().subject, &ROOT)
}

#[test]
fn a_fresh_answer_is_wanted_though_a_list_would_do() {
    scene().passes();
    scene().wants_statuses(&[SIGNER]);
    let answered = scene().with_answer(&good());
    answered.wants_nothing();
    answered.passes();
}

#[test]
fn by_lists_nothing_is_wanted_that_a_list_settles() {
    let by_lists = |scene: Scene| scene.by_rule(StatusEvidence::Lists);
    by_lists(scene()).wants_nothing();
    by_lists(scene().without_lists()).wants_statuses(&[ISSUING, SIGNER]);
    by_lists(scene().without_lists().with_answer(&good())).wants_statuses(&[ISSUING]);
}

#[test]
fn without_lists_the_whole_path_is_wanted_at_once() {
    let bare = scene().without_lists();
    assert_eq!(bare.is_doubted(Sub::TryLater), Fault::NoRevocationData);
    bare.wants_statuses(&[ISSUING, SIGNER]);
    let mut brought = bare.with_answer(&good());
    brought.wants_statuses(&[ISSUING]);
    brought.crls.push(roots_list());
    brought.wants_nothing();
    brought.passes();
}

#[test]
fn a_list_that_is_out_of_date_does_not_settle() {
    let old = List::new("2026-05-01T00:00:00Z", "2026-05-08T00:00:00Z");
    let stale = scene().with_list(&old).by_rule(StatusEvidence::Lists);
    stale.wants_statuses(&[SIGNER]);
}

#[test]
fn an_answer_that_is_too_old_or_says_nothing_is_wanted_anew() {
    let yesterday = Answer::good(&LEAF, &ISSUER, "2026-06-01T09:54:59Z");
    scene().with_answer(&yesterday).wants_statuses(&[SIGNER]);
    let ignorant = good().saying(unknown());
    scene().with_answer(&ignorant).wants_statuses(&[SIGNER]);
}

#[test]
fn freshness_of_zero_wants_what_is_said_after_the_signature() {
    let after = |mut scene: Scene| {
        scene.moment.now = at("2026-06-01T10:01:00Z");
        scene.policy = scene
            .policy
            .with(|rules| rules.freshness = Freshness::AfterSigning);
        scene
    };
    let before = Answer::good(&LEAF, &ISSUER, "2026-06-01T09:59:59Z");
    let early = after(scene().with_answer(&before));
    assert_eq!(
        early.wants().statuses,
        [StatusWanted {
            certificate: LEAF.clone(),
            issuer: ISSUER.clone(),
            since: Some(at(RECEIVED)),
        }]
    );
    let brought = after(scene().with_answer(&good()));
    brought.wants_nothing();
    brought.passes();
}

#[test]
fn a_stamp_moves_the_instant_since_when_answers_count() {
    let mut stamped = scene_with(&[stamp()]);
    stamped.policy = stamped
        .policy
        .with(|rules| rules.freshness = Freshness::AfterSigning);
    let since = stamped
        .wants()
        .statuses
        .first()
        .and_then(|wanted| wanted.since);
    assert_eq!(since, Some(at("2026-06-01T09:59:30Z")));
}

#[test]
fn where_less_is_demanded_less_is_wanted() {
    let bare = |demand| scene().without_lists().demanding(demand);
    bare(Revocation::Leaf).wants_statuses(&[SIGNER]);
    bare(Revocation::IfPresent).wants_nothing();
    bare(Revocation::Ignored).wants_nothing();
}

#[test]
fn nobody_is_asked_about_a_signature_that_can_never_pass() {
    let mut other_document = scene();
    other_document.document = Some(b"{}".to_vec());
    other_document.wants_nothing();

    let mut forged = scene();
    let last = forged.signature.len() - 1;
    forged.signature[last] ^= 1;
    forged.wants_nothing();

    let mut untrusted = scene();
    untrusted.anchors = vec![Draft::authority(1, "Root", &PERSON).self_signed(&PERSON)];
    untrusted.wants_nothing();

    let expired = person().valid("2026-01-01T00:00:00Z", "2026-05-31T00:00:00Z");
    scene_of(&message(&issue(&expired))).wants_nothing();
    let login = person().with(
        extension::EXTENDED_KEY_USAGE,
        &purposes(&["1.3.6.1.5.5.7.3.2"]),
    );
    scene_of(&message(&issue(&login))).wants_nothing();
    scene_of(&message(&issue(&expired)))
        .requiring_stamp()
        .wants_nothing();
}

#[test]
fn what_is_revoked_for_good_wants_nothing_and_what_is_on_hold_another_word() {
    let listed = |code| scene().with_list(&list().revoking(3, "2026-05-01T00:00:00Z", code));
    listed(Some(1)).wants_nothing();
    let held = listed(Some(6));
    assert_eq!(held.is_doubted(Sub::TryLater), Fault::Suspended);
    held.wants_statuses(&[SIGNER]);
    held.with_answer(&good()).passes();
    let revoked = good().saying(revoked("2026-05-01T00:00:00Z", None));
    scene().with_answer(&revoked).wants_nothing();
}

#[test]
fn a_list_alone_clears_nobody_where_an_answer_is_demanded() {
    let strict = |scene: Scene| scene.by_rule(StatusEvidence::Responder);
    let listed = strict(scene());
    assert_eq!(listed.is_doubted(Sub::TryLater), Fault::NoRevocationData);
    listed.wants_statuses(&[SIGNER]);
    strict(scene().with_answer(&good())).passes();
    strict(scene().with_answer(&good())).wants_nothing();

    let ignorant = strict(scene().with_answer(&good().saying(unknown())));
    assert_eq!(ignorant.is_doubted(Sub::TryLater), Fault::StatusUnknown);
    let old = Answer::good(&LEAF, &ISSUER, "2026-06-01T09:54:59Z");
    let stale = strict(scene().with_answer(&old));
    assert_eq!(
        stale.is_doubted(Sub::TryLater),
        Fault::NotFresh("out of date")
    );
}

#[test]
fn a_list_revokes_though_an_answer_is_demanded() {
    let revoking = list().revoking(3, "2026-05-01T00:00:00Z", Some(1));
    let strict = scene()
        .with_list(&revoking)
        .by_rule(StatusEvidence::Responder);
    assert_eq!(strict.fails(Sub::Revoked), Fault::Revoked);
    let answered = strict.with_answer(&good());
    assert_eq!(answered.fails(Sub::Revoked), Fault::Revoked);
}

#[test]
fn a_stamp_that_is_demanded_and_absent_is_wanted_with_the_statuses() {
    let mut unstamped = scene().requiring_stamp();
    unstamped.moment.now = unstamped.moment.received;
    let wants = unstamped.wants();
    let stamp = wants.time_stamp.expect("a stamp");
    assert_eq!(stamp.digest, DigestName::Sha256);
    assert_eq!(wants.statuses.len(), 1);
    scene().by_rule(StatusEvidence::Lists).wants_nothing();
}

#[test]
fn the_stamp_that_is_wanted_is_over_the_signature_value() {
    let unstamped = scene_with(&[])
        .by_rule(StatusEvidence::Lists)
        .requiring_stamp();
    let wanted = Some(StampWanted {
        value: SIGNED_MESSAGE.signature.clone(),
        digest: DigestName::Sha256,
    });
    assert_eq!(unstamped.wants().time_stamp, wanted);
    let brought = scene_with(&[stamp()])
        .by_rule(StatusEvidence::Lists)
        .requiring_stamp();
    brought.wants_nothing();
    brought.passes();
}

#[test]
fn a_stamp_over_something_else_or_by_nobody_is_wanted_anew() {
    let other = Stamp::new(b"another", at("2026-06-01T09:59:30Z"));
    let misused = scene_with(&[other]).requiring_stamp();
    assert!(misused.wants().time_stamp.is_some());
    let token = stamp().token(&LEAF, &PERSON);
    let by_nobody = scene_of(&stamped(SIGNED_MESSAGE.clone(), &[token])).requiring_stamp();
    assert!(by_nobody.wants().time_stamp.is_some());
}

#[test]
fn the_status_of_a_stamper_is_wanted_and_no_second_stamp() {
    let mut bare = scene_with(&[stamp()])
        .with_answer(&good())
        .requiring_stamp()
        .without_lists();
    bare.wants_statuses(&[ISSUING, STAMPING]);
    bare.crls.push(roots_list());
    bare.wants_statuses(&[STAMPING]);
    let brought = bare.with_answer(&Answer::good(&STAMPERS, &ISSUER, RECEIVED));
    brought.wants_nothing();
    brought.passes();
}

#[test]
fn a_stampers_status_is_wanted_where_its_stamp_is_not_demanded_too() {
    let mut bare = scene_with(&[stamp()]).with_answer(&good()).without_lists();
    bare.crls.push(roots_list());
    bare.passes();
    bare.wants_statuses(&[STAMPING]);
}

#[test]
fn a_revoked_stamper_is_not_asked_about_again() {
    let revoking = list().revoking(8, "2026-05-01T00:00:00Z", Some(1));
    let fallen = scene_with(&[stamp()])
        .with_list(&revoking)
        .with_answer(&good())
        .requiring_stamp();
    let wants = fallen.wants();
    assert_eq!(wants.statuses, []);
    assert!(wants.time_stamp.is_some());
}

#[test]
fn the_digest_is_that_of_the_signatures_family() {
    for (algorithm, digest) in [
        (Algorithm::Gost2015With512, DigestName::Streebog512),
        (Algorithm::Gost2015With256, DigestName::Streebog512),
        (Algorithm::Gost2004, DigestName::Gost94),
    ] {
        let key = Key::gost(algorithm, 7);
        let mut draft = person();
        draft.key = key.public();
        let message = Message::new(DOCUMENT, &issue(&draft), &key, at(SIGNED));
        let wants = scene_of(&message).requiring_stamp().wants();
        assert_eq!(wants.time_stamp.map(|stamp| stamp.digest), Some(digest));
    }
}

#[test]
fn what_the_signature_carries_is_not_wanted() {
    let mut bare = scene().without_lists();
    let additions = Additions {
        lists: &[roots_list()],
        responses: &[good().by_authority()],
        ..Additions::default()
    };
    bare.signature = augment(&bare.signature, &additions).expect("augmented");
    bare.wants_nothing();
    bare.passes();
}
