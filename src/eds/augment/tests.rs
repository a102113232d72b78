//! What a signature carries is worth as much as if the caller had it, and no more.

use std::sync::LazyLock;

use super::*;
use crate::eds::{
    Content, Enclosed, Indication, Moment, Policy, Remark, Report, Source, SubIndication as Sub,
    Trust, Verified, gost,
    ocsp::Response,
    testing::{
        der as write,
        key::Key,
        message::{Message, attribute, content_info},
        pki::{Draft, List, at},
        responder::{Answer, revoked},
        scene::{
            AUTHORITY, DOCUMENT, ISSUED, RECEIVED, ROOT, SIGNED, STRANGER, authority, issue, list,
            message, person, root,
        },
        stamper::{self, Stamp, stamper},
    },
    verify,
};

static STAMPER: LazyLock<Key> = LazyLock::new(Key::p256);
static LEAF: LazyLock<Vec<u8>> = LazyLock::new(|| issue(&person()));
static ISSUER: LazyLock<Vec<u8>> = LazyLock::new(|| authority().signed(&root().subject, &ROOT));
static ANCHOR: LazyLock<Vec<u8>> = LazyLock::new(|| root().self_signed(&ROOT));

const STAMPED: &str = "2026-06-01T09:59:30Z";

/// Everything that is put beside a signature in one test.
#[derive(Clone, Default)]
struct Beside {
    time_stamps: Vec<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
    lists: Vec<Vec<u8>>,
    responses: Vec<Vec<u8>>,
}

impl Beside {
    /// Whatever a verifier needs who has the anchor only.
    fn all(signature: &[u8]) -> Self {
        let value = signature_value(signature).expect("a signature");
        let authority_of_time = stamper::appointed(&stamper(&STAMPER));
        let token = Stamp::new(&value, at(STAMPED)).token(&authority_of_time, &STAMPER);
        Self {
            time_stamps: vec![token],
            certificates: vec![ISSUER.clone()],
            lists: lists(&list()),
            responses: vec![Answer::good(&LEAF, &ISSUER, RECEIVED).by_authority()],
        }
    }

    fn only_lists(lists: Vec<Vec<u8>>) -> Self {
        Self {
            certificates: vec![ISSUER.clone()],
            lists,
            ..Self::default()
        }
    }

    fn put(&self, signature: &[u8]) -> Result<Vec<u8>, Fault> {
        augment(
            signature,
            &Additions {
                time_stamps: &self.time_stamps,
                certificates: &self.certificates,
                lists: &self.lists,
                responses: &self.responses,
            },
        )
    }
}

/// This list of the authority, and an empty one of the root.
fn lists(own: &List) -> Vec<Vec<u8>> {
    vec![
        own.signed(&authority().subject, &AUTHORITY),
        list().signed(&root().subject, &ROOT),
    ]
}

/// What a verifier says who has the anchor and these lists.
fn judged(signature: &[u8], known: &[Vec<u8>], policy: &Policy) -> Result<Verified, Box<Report>> {
    let anchors = [ANCHOR.clone()];
    let trust = Trust::new(&anchors, &[], known).expect("trust");
    let moment = Moment::between(at(ISSUED), at(RECEIVED));
    verify(
        signature,
        Content::Detached(DOCUMENT),
        &trust,
        policy,
        moment,
    )
}

#[track_caller]
fn passes(signature: &[u8]) -> Verified {
    match judged(signature, &[], &Policy::national()) {
        Ok(verified) => verified,
        Err(report) => panic!("refused: {:?}", report.reason),
    }
}

#[track_caller]
fn refused(signature: &[u8]) -> Fault {
    let report = judged(signature, &[], &Policy::national()).expect_err("passed");
    report.reason.expect("a reason")
}

#[test]
fn a_raised_signature_is_judged_with_nothing_but_the_anchor() {
    let signature = message(&LEAF).der();
    assert_eq!(refused(&signature), Fault::NoPath);
    let raised = Beside::all(&signature).put(&signature).expect("raised");
    let verified = passes(&raised);
    assert_eq!(verified.signed_at(), at(STAMPED));
    let report = verified.report();
    assert_eq!(report.remarks, []);
    let sources: Vec<_> = report.revocation.iter().map(|one| one.source).collect();
    assert_eq!(sources, [Source::List, Source::Answer, Source::List]);
}

#[test]
fn a_list_or_an_answer_alone_is_enough_for_the_signer() {
    let signature = message(&LEAF).der();
    let roots = vec![list().signed(&root().subject, &ROOT)];
    let by_answer = Beside {
        responses: vec![Answer::good(&LEAF, &ISSUER, RECEIVED).by_authority()],
        ..Beside::only_lists(roots)
    };
    for beside in [by_answer, Beside::only_lists(lists(&list()))] {
        passes(&beside.put(&signature).expect("raised"));
    }
}

#[test]
fn what_was_signed_stays_octet_for_octet() {
    let mut attached = message(&LEAF);
    attached.enclosed = Some(DOCUMENT.to_vec());
    for signature in [attached.der(), attached.ber()] {
        let raised = Beside::all(&signature).put(&signature).expect("raised");
        let (before, after) = (parts(&signature), parts(&raised));
        assert_eq!(before.content, after.content);
        assert_eq!(
            before.signer.signed_attributes,
            after.signer.signed_attributes
        );
        assert_eq!(before.signer.signature, after.signer.signature);
        assert_eq!(before.signer.identifier, after.signer.identifier);
        passes(&raised);
    }
}

fn parts(signature: &[u8]) -> Parts<'_> {
    Parts::read(signature).expect("a container")
}

#[test]
fn ber_goes_in_and_der_comes_out() {
    let mut attached = message(&LEAF);
    attached.enclosed = Some(DOCUMENT.to_vec());
    let beside = Beside::all(&attached.der());
    let raised = beside.put(&attached.ber()).expect("raised");
    assert_eq!(crate::eds::der::check(&raised), Ok(()));
    assert_eq!(beside.put(&attached.der()), Ok(raised));
}

#[test]
fn adding_what_is_there_changes_nothing() {
    let signature = message(&LEAF).der();
    let beside = Beside::all(&signature);
    let once = beside.put(&signature).expect("raised");
    assert_eq!(beside.put(&once).as_ref(), Ok(&once));
    assert_eq!(Beside::default().put(&once).as_ref(), Ok(&once));
    let twice = Beside {
        certificates: vec![ISSUER.clone(), ISSUER.clone(), LEAF.clone()],
        ..beside
    };
    assert_eq!(twice.put(&signature).as_ref(), Ok(&once));
}

#[test]
fn tokens_are_taken_bare_or_as_the_authority_answered() {
    let signature = message(&LEAF).der();
    let bare = Beside::all(&signature);
    let answered = Beside {
        time_stamps: vec![stamper::response(0, Some(&bare.time_stamps[0]))],
        ..bare.clone()
    };
    assert_eq!(answered.put(&signature), bare.put(&signature));
}

#[test]
fn a_second_token_stands_beside_the_first() {
    let signature = message(&LEAF).der();
    let raised = Beside::all(&signature).put(&signature).expect("raised");
    let both = Beside::all(&signature).put(&raised).expect("raised");
    let container = SignedData::read(&both, Padding::Refused).expect("a container");
    assert_eq!(container.signers[0].time_stamps.len(), 2);
    passes(&both);
}

#[test]
fn gost_signatures_are_raised_likewise() {
    let key = Key::gost(gost::Algorithm::Gost2015With512, 7);
    let certificate = issue(&Draft::signer(3, "900101300007", &key));
    let signature = Message::new(DOCUMENT, &certificate, &key, at(SIGNED)).der();
    let value = signature_value(&signature).expect("a signature");
    let stamping = Key::gost(gost::Algorithm::Gost2015With512, 9);
    let stamp = Stamp::new(&value, at(STAMPED));
    let beside = Beside {
        time_stamps: vec![stamp.token(&stamper::appointed(&stamper(&stamping)), &stamping)],
        ..Beside::only_lists(lists(&list()))
    };
    let verified = passes(&beside.put(&signature).expect("raised"));
    assert_eq!(verified.signed_at(), at(STAMPED));
}

#[test]
fn only_one_signature_is_raised_at_a_time() {
    let mut two = message(&LEAF);
    two.others = vec![message(&LEAF).signer_info()];
    assert_eq!(
        Beside::default().put(&two.der()),
        Err(Fault::SeveralSignatures)
    );
    let mut none = message(&LEAF);
    none.signature.clear();
    assert_eq!(Beside::default().put(&none.der()), Err(Fault::NoSignature));
}

#[test]
fn signed_attributes_that_are_not_der_are_refused_as_the_verifier_does() {
    let mut backwards = message(&LEAF);
    backwards.attributes.sort();
    backwards.attributes.reverse();
    backwards.written_attributes = Some(backwards.attributes.concat());
    assert_eq!(
        Beside::default().put(&backwards.der()),
        Err(Fault::SignatureMismatch)
    );
}

#[test]
fn additions_must_be_what_they_are_called() {
    let signature = message(&LEAF).der();
    let good = Beside::all(&signature);
    let other = message(&LEAF).der();
    let refuse = |beside: Beside| beside.put(&signature).expect_err("taken");
    let stamps = Beside::all(&other).time_stamps;
    assert_eq!(
        refuse(Beside {
            time_stamps: stamps,
            ..good.clone()
        }),
        Fault::TimeStamp("over something else")
    );
    assert_eq!(
        refuse(Beside {
            time_stamps: vec![signature.clone()],
            ..good.clone()
        }),
        Fault::TimeStamp("the content is none")
    );
    for beside in [
        Beside {
            certificates: good.lists.clone(),
            ..good.clone()
        },
        Beside {
            lists: good.certificates.clone(),
            ..good.clone()
        },
        Beside {
            responses: good.lists.clone(),
            ..good.clone()
        },
    ] {
        assert!(matches!(refuse(beside), Fault::Malformed(_)));
    }
}

#[test]
fn anchors_that_come_along_are_none() {
    let signature = message(&LEAF).der();
    let mut beside = Beside::all(&signature);
    beside.certificates.push(ANCHOR.clone());
    let raised = beside.put(&signature).expect("raised");
    let nothing = Trust::new::<&[u8]>(&[], &[], &[]).expect("trust");
    let moment = Moment::between(at(ISSUED), at(RECEIVED));
    let content = Content::Detached(DOCUMENT);
    let report = verify(&raised, content, &nothing, &Policy::national(), moment);
    assert_eq!(report.expect_err("passed").reason, Some(Fault::NoPath));
}

#[test]
fn forged_and_foreign_lists_never_help() {
    let signature = message(&LEAF).der();
    let foreign = Draft::authority(7, "Another", &STRANGER);
    let forged = list().signed(&authority().subject, &STRANGER);
    let mut flipped = list().signed(&authority().subject, &AUTHORITY);
    *flipped.last_mut().expect("octets") ^= 1;
    for (useless, fault) in [
        (
            forged,
            Fault::RevocationUnusable("signature does not verify"),
        ),
        (
            list().signed(&foreign.subject, &STRANGER),
            Fault::NoRevocationData,
        ),
        (
            flipped,
            Fault::RevocationUnusable("signature does not verify"),
        ),
    ] {
        let roots = list().signed(&root().subject, &ROOT);
        let mut beside = Beside::only_lists(vec![useless, roots]);
        beside.certificates.push(foreign.self_signed(&STRANGER));
        let raised = beside.put(&signature).expect("raised");
        assert_eq!(refused(&raised), fault);
    }
}

#[test]
fn forged_and_foreign_answers_never_help() {
    let signature = message(&LEAF).der();
    let roots = vec![list().signed(&root().subject, &ROOT)];
    let by_stranger = Answer::good(&LEAF, &ISSUER, RECEIVED).signed(&STRANGER);
    let about_another = Answer::good(&ISSUER, &ANCHOR, RECEIVED).by_authority();
    let self_made = Draft::authority(7, "Authority", &STRANGER).self_signed(&STRANGER);
    let appointed_by_nobody = Answer::good(&LEAF, &ISSUER, RECEIVED)
        .by(&self_made)
        .signed(&STRANGER);
    for (useless, fault) in [
        (
            by_stranger,
            Fault::RevocationUnusable("signature does not verify"),
        ),
        (about_another, Fault::NoRevocationData),
        (
            appointed_by_nobody,
            Fault::RevocationUnusable("signature does not verify"),
        ),
    ] {
        let beside = Beside {
            responses: vec![useless],
            ..Beside::only_lists(roots.clone())
        };
        assert_eq!(refused(&beside.put(&signature).expect("raised")), fault);
    }
}

#[test]
fn what_the_caller_knows_better_overrules_an_older_list_that_came_along() {
    let signature = message(&LEAF).der();
    let raised = Beside::only_lists(lists(&list()));
    let raised = raised.put(&signature).expect("raised");
    let mut newer = list().revoking(3, "2026-06-01T08:00:00Z", None);
    newer.this_update = at("2026-06-01T08:30:00Z");
    let report = judged(&raised, &lists(&newer), &Policy::national()).expect_err("passed");
    assert_eq!(report.sub_indication, Some(Sub::Revoked));
}

#[test]
fn a_revocation_that_came_along_counts_too() {
    let signature = message(&LEAF).der();
    let since = "2026-06-01T08:00:00Z";
    let answer = Answer::good(&LEAF, &ISSUER, RECEIVED).saying(revoked(since, Some(1)));
    let beside = Beside {
        responses: vec![answer.by_authority()],
        ..Beside::only_lists(lists(&list()))
    };
    let raised = beside.put(&signature).expect("raised");
    assert_eq!(refused(&raised), Fault::Revoked);
}

#[test]
fn forged_evidence_does_not_undo_what_the_caller_knows() {
    let signature = message(&LEAF).der();
    let revoking = list().revoking(3, "2026-06-01T08:00:00Z", None);
    let forged = revoking.signed(&authority().subject, &STRANGER);
    let since = "2026-06-01T08:00:00Z";
    let answer = Answer::good(&LEAF, &ISSUER, RECEIVED).saying(revoked(since, Some(1)));
    let beside = Beside {
        responses: vec![answer.signed(&STRANGER)],
        ..Beside::only_lists(vec![forged])
    };
    let raised = beside.put(&signature).expect("raised");
    let verdict = judged(&raised, &lists(&list()), &Policy::national());
    assert_eq!(
        verdict.map(|verified| verified.report.remarks).ok(),
        Some(vec![])
    );
}

#[test]
fn a_policy_may_pass_over_what_came_along() {
    let signature = message(&LEAF).der();
    let raised = Beside::all(&signature).put(&signature).expect("raised");
    let fresh_only = Policy::national().with(|rules| rules.enclosed = Enclosed::Ignored);
    let report = judged(&raised, &[], &fresh_only).expect_err("passed");
    assert_eq!(report.reason, Some(Fault::NoRevocationData));
    let verified = judged(&raised, &lists(&list()), &fresh_only).expect("passed");
    assert!(
        !verified
            .report()
            .remarks
            .contains(&Remark::TimeStampUnusable)
    );
}

#[test]
fn a_thousand_answers_are_refused() {
    let signature = message(&LEAF).der();
    let answers: Vec<_> = (0..1_000)
        .map(|number| {
            let mut answer = Answer::good(&LEAF, &ISSUER, RECEIVED);
            answer = answer.echoing(&u16::to_be_bytes(number));
            answer.by_authority()
        })
        .collect();
    let beside = Beside {
        responses: answers,
        ..Beside::only_lists(lists(&list()))
    };
    let too_many = Fault::TooLarge("revocation data");
    assert_eq!(beside.put(&signature), Err(too_many));
    let additions = Additions {
        responses: &beside.responses,
        ..Additions::default()
    };
    let sent_all_the_same = written(&parts(&signature), &additions, &[]);
    let known = lists(&list());
    let report = judged(&sent_all_the_same, &known, &Policy::national()).expect_err("passed");
    assert_eq!(report.reason, Some(too_many));
    assert_eq!(report.indication, Indication::TotalFailed);
}

#[test]
fn a_list_that_is_too_long_is_neither_put_nor_looked_at() {
    let signature = message(&LEAF).der();
    let mut long = list();
    long.revoked = (0..20_000_u32)
        .map(|number| {
            (
                [&[9][..], &number.to_be_bytes()].concat(),
                at(ISSUED),
                Some(1),
            )
        })
        .collect();
    let beside = Beside::only_lists(lists(&long));
    assert_eq!(
        beside.put(&signature),
        Err(Fault::TooLarge("revocation lists"))
    );
    let additions = Additions {
        certificates: &beside.certificates,
        lists: &beside.lists,
        ..Additions::default()
    };
    let sent_all_the_same = written(&parts(&signature), &additions, &[]);
    assert_eq!(refused(&sent_all_the_same), Fault::NoRevocationData);
}

#[test]
fn older_signers_put_revocation_data_into_an_attribute() {
    let answer = Answer::good(&LEAF, &ISSUER, RECEIVED).by_authority();
    let basic = basic(&answer);
    let values = write::sequence([
        write::element(tag::explicit(0), &write::sequence(lists(&list()))),
        write::element(tag::explicit(1), &write::sequence([basic])),
    ]);
    let mut older = message(&LEAF);
    older.certificates.push(ISSUER.clone());
    older.unsigned = vec![attribute("1.2.840.113549.1.9.16.2.24", [values])];
    let report = passes(&older.der());
    assert_eq!(report.report().revocation.len(), 3);
}

#[test]
fn an_answer_without_its_status_is_read_too() {
    let signature = message(&LEAF).der();
    let answer = Answer::good(&LEAF, &ISSUER, RECEIVED).by_authority();
    let raised = Beside {
        responses: vec![answer.clone()],
        ..Beside::only_lists(vec![list().signed(&root().subject, &ROOT)])
    };
    let raised = raised.put(&signature).expect("raised");
    let parts = parts(&raised);
    let format = write::oid("1.3.6.1.5.5.7.48.1.1".parse().expect("an OID"));
    let bare = write::element(tag::explicit(1), &[format, basic(&answer)].concat());
    let swapped = parts
        .revocation
        .iter()
        .map(|choice| match choice.first() {
            Some(&tag::SEQUENCE) => choice.to_vec(),
            _ => bare.clone(),
        })
        .collect::<Vec<_>>();
    let swapped = Parts {
        revocation: swapped.iter().map(Vec::as_slice).collect(),
        ..parts
    };
    passes(&written(&swapped, &Additions::default(), &[]));
}

/// The BasicOCSPResponse within a response.
fn basic(response: &[u8]) -> Vec<u8> {
    Response::read(response)
        .expect("a response")
        .basic_der()
        .to_vec()
}

#[test]
fn a_flipped_bit_in_anything_signed_is_found() {
    let mut attached = message(&LEAF);
    attached.enclosed = Some(DOCUMENT.to_vec());
    let signature = attached.der();
    let raised = Beside::all(&signature).put(&signature).expect("raised");
    let good = passes(&raised);
    let parts = parts(&raised);
    let content = DOCUMENT;
    let signed = [
        parts.signer.signed_attributes.expect("attributes"),
        parts.signer.signature.as_ref(),
        content,
        good.certificate(),
    ];
    let mut looked_at = 0;
    for octets in signed {
        let start = raised
            .windows(octets.len())
            .position(|window| window == octets)
            .expect("a slice");
        for place in start..start + octets.len() {
            let mut changed = raised.clone();
            changed[place] ^= 1 << (place % 8);
            let report = judged(&changed, &[], &Policy::national());
            assert!(report.is_err(), "place {place} of {}", raised.len());
            looked_at += 1;
        }
    }
    assert!(looked_at > 600, "{looked_at}");
}

#[test]
fn no_change_of_what_came_along_makes_another_signer_or_an_earlier_time() {
    let signature = message(&LEAF).der();
    let raised = Beside::all(&signature).put(&signature).expect("raised");
    let good = passes(&raised);
    for place in (0..raised.len()).step_by(3) {
        let mut changed = raised.clone();
        changed[place] ^= 0x10;
        if let Ok(verified) = judged(&changed, &[], &Policy::national()) {
            assert_eq!(verified.certificate(), good.certificate());
            assert!(verified.signed_at() >= good.signed_at(), "place {place}");
        }
    }
}

#[test]
fn whoever_may_not_sign_stays_so_whatever_comes_along() {
    let other = content_info("1.2.840.113549.1.7.1", &write::octets(b"data"));
    assert_eq!(signature_value(&other), Err(Fault::NotSignedData));
    let mut stranger = message(&LEAF);
    stranger.sign(&STRANGER);
    let signature = stranger.der();
    let raised = Beside::all(&signature).put(&signature).expect("raised");
    assert_eq!(refused(&raised), Fault::SignatureMismatch);
}

#[test]
fn a_token_carries_answers_where_readers_of_pkcs_7_pass_over_them() {
    let draft = stamper(&STAMPER);
    let certificate = stamper::appointed(&draft);
    let token = Stamp::new(b"stamped", at(STAMPED)).token(&certificate, &STAMPER);
    let answer = Answer::good(&certificate, &ISSUER, RECEIVED).by_authority();
    let beside = Beside {
        responses: vec![answer],
        ..Beside::only_lists(vec![list().signed(&root().subject, &ROOT)])
    };
    let raised = beside.put(&token).expect("raised");
    assert_eq!(beside.put(&raised).as_ref(), Ok(&raised));
    assert_eq!(parts(&raised).revocation.len(), 1);
    let trust = Trust::new(std::slice::from_ref(&*ANCHOR), &[], &[]).expect("trust");
    let judged = |token: &[u8]| {
        let stamped = timestamp::Stamped::Octets(b"stamped");
        let moment = Moment::at(at(RECEIVED));
        timestamp::verify(token, stamped, &trust, &Policy::national(), moment)
    };
    assert_eq!(judged(&raised).map(|stamp| stamp.time()), Ok(at(STAMPED)));
    assert_eq!(judged(&token), Err(Fault::NoPath));
}
