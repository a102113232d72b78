//! Several people sign one document, one after the other: row 101 and 102 with more
//! than one signature.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::eds::{
    Container, Content, Indication, gost,
    testing::{
        key::Key,
        pki::Draft,
        scene::{PERSON, Scene, issue},
        xml,
    },
};

const CONTENT: &str = "<consent Id=\"c\"><to>dwelling</to></consent>";

/// Keys of three kinds, each with its certificate.
static SIGNERS: LazyLock<[(&'static Key, Vec<u8>); 3]> = LazyLock::new(|| {
    static RSA: LazyLock<Key> = LazyLock::new(Key::rsa);
    static GOST: LazyLock<Key> =
        LazyLock::new(|| Key::gost(gost::Algorithm::Gost2015With512, 0x21));
    let signer = |serial, iin, key: &'static Key| {
        let certificate = issue(&Draft::signer(serial, iin, key));
        (key, certificate)
    };
    [
        signer(3, "900101300007", &PERSON),
        signer(4, "850101300015", &RSA),
        signer(5, "920315400020", &GOST),
    ]
});

/// The content signed by these, one after the other.
fn signed(signers: &[usize]) -> String {
    let sign = |document: String, &signer: &usize| {
        let (key, certificate) = &SIGNERS[signer];
        xml::signed(&document, key, certificate)
    };
    signers.iter().fold(CONTENT.to_owned(), sign)
}

/// What the signatures of a document say, in their order: what is wrong, and whose
/// certificate it was.
type Said = Vec<(Option<Fault>, Option<usize>)>;

#[track_caller]
fn said(document: &str) -> Said {
    let scene = Scene::new();
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls).unwrap();
    let verdicts = validate_xml(document.as_bytes(), &trust, &scene.policy, scene.moment);
    let signer = |report: &Report| {
        let used = report.certificates.first()?.sha256;
        SIGNERS.iter().position(|(_, der)| Digest::of(der) == used)
    };
    let tell = |verdict: &Verdict| match verdict {
        Ok((verified, content)) => {
            assert_eq!(str::from_utf8(content), Ok(CONTENT));
            assert_eq!(verified.content_digest(), &Digest::of(CONTENT.as_bytes()));
            (None, signer(verified.report()))
        }
        Err(report) => (report.reason, signer(report)),
    };
    verdicts.iter().map(tell).collect()
}

const CHANGED: (Option<Fault>, Option<usize>) = (Some(Fault::DigestMismatch), None);

fn forged(signer: usize) -> (Option<Fault>, Option<usize>) {
    (Some(Fault::SignatureMismatch), Some(signer))
}

fn holds(signer: usize) -> (Option<Fault>, Option<usize>) {
    (None, Some(signer))
}

const HEAD: &str = "<consent Id=\"c\"><to>dwelling</to>";
const TAIL: &str = "</consent>";

/// The signatures of a document as they stand.
fn signatures(document: &str) -> Vec<String> {
    let rest = document.strip_prefix(HEAD).expect("the content");
    let body = rest.strip_suffix(TAIL).expect("the content");
    let signatures = body.split_inclusive("</ds:Signature>");
    signatures.map(str::to_owned).collect()
}

/// The document with these parts in their place.
fn put(parts: &[&str]) -> String {
    format!("{HEAD}{}{TAIL}", parts.concat())
}

/// With another signature value in the signature of this place.
fn with_forged(document: &str, place: usize) -> String {
    let mut signatures = signatures(document);
    let value = signatures[place].find("<ds:SignatureValue>").unwrap() + 19;
    let other = if &signatures[place][value..=value] == "A" {
        "B"
    } else {
        "A"
    };
    signatures[place].replace_range(value..=value, other);
    put(&signatures.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn each_of_several_signers_gets_a_verdict() {
    for signers in [
        &[0, 1][..],
        &[1, 2],
        &[2, 0],
        &[0, 1, 2],
        &[2, 1, 0],
        &[1, 0, 2],
        &[0, 1, 2, 0, 1, 2, 0, 1],
    ] {
        let expected: Said = signers.iter().map(|&signer| holds(signer)).collect();
        assert_eq!(said(&signed(signers)), expected);
    }
}

#[test]
fn a_forged_signature_in_the_middle_fails_and_so_does_what_covers_it() {
    let forged_later = with_forged(&signed(&[0, 1, 2]), 1);
    assert_eq!(said(&forged_later), [holds(0), forged(1), CHANGED]);
    // Who signs over a bad signature signs well, and mends nothing.
    let (key, certificate) = &SIGNERS[2];
    let forged_before = xml::signed(&with_forged(&signed(&[0, 1]), 1), key, certificate);
    assert_eq!(said(&forged_before), [holds(0), forged(1), holds(2)]);
    let forged_first = with_forged(&signed(&[1, 0]), 0);
    assert_eq!(said(&forged_first), [forged(1), CHANGED]);
    let forged_last = with_forged(&signed(&[1, 0]), 1);
    assert_eq!(said(&forged_last), [holds(1), forged(0)]);
}

#[test]
fn half_a_number_is_the_fault_of_its_signature_alone() {
    let signatures = signatures(&signed(&[1, 0]));
    let (before, rest) = signatures[1].split_once("<ds:SignatureValue>").unwrap();
    let (_, after) = rest.split_once("</ds:SignatureValue>").unwrap();
    let odd = format!("{before}<ds:SignatureValue>AAAA</ds:SignatureValue>{after}");
    assert_eq!(said(&put(&[&signatures[0], &odd])), [holds(1), forged(0)]);
}

#[test]
fn a_changed_document_fails_under_all_signatures() {
    let document = signed(&[0, 1, 2]).replace("dwelling", "palace");
    assert_eq!(said(&document), [CHANGED; 3]);
}

#[test]
fn signatures_that_were_removed_moved_or_repeated_do_not_count() {
    let signatures = signatures(&signed(&[0, 1, 2]));
    let [first, second, third] = [0, 1, 2].map(|place| signatures[place].as_str());
    assert_eq!(said(&put(&[first, second])), [holds(0), holds(1)]);
    assert_eq!(said(&put(&[first, third])), [holds(0), CHANGED]);
    assert_eq!(said(&put(&[second, third])), [CHANGED, CHANGED]);
    assert_eq!(said(&put(&[third])), [CHANGED]);
    assert_eq!(said(&put(&[second, first])), [CHANGED, CHANGED]);
    assert_eq!(
        said(&put(&[first, third, second])),
        [holds(0), CHANGED, CHANGED]
    );
    assert_eq!(said(&put(&[first, first])), [holds(0), CHANGED]);
    // What stands between or behind them was signed by none of those before.
    let added = "<to>palace</to>";
    assert_eq!(said(&put(&[first, added, second])), [CHANGED, CHANGED]);
    assert_eq!(said(&put(&[first, second, added])), [CHANGED, CHANGED]);
    assert_eq!(said(&put(&[first, " ", second])), [CHANGED, CHANGED]);
}

#[test]
fn rows_101_and_102_two_signatures_that_stand_or_mean_otherwise_are_refused() {
    let signatures = signatures(&signed(&[0, 1]));
    let [first, second] = [&signatures[0], &signatures[1]].map(String::as_str);
    let within = first.replace("</ds:Signature>", &format!("{second}</ds:Signature>"));
    let object = format!("<ds:Object>{second}</ds:Object></ds:Signature>");
    let original = CONTENT.replace("</consent>", &format!("{first}</consent>"));
    let by_name = second.replace("URI=\"\"", "URI=\"#c\"");
    let other = second.replace("URI=\"\"", "URI=\"#e\"");
    for document in [
        put(&[&format!("<old>{first}</old>"), second]),
        put(&[first, &format!("<old>{second}</old>")]),
        put(&[&within]),
        put(&[&first.replace("</ds:Signature>", &object)]),
        put(&[first, &by_name]),
        put(&[first, "<to Id=\"e\"></to>", &other]),
        format!("<consent><to>palace</to>{original}{second}</consent>"),
        first.replace("</ds:Signature>", &format!("{second}</ds:Signature>")),
    ] {
        assert_eq!(said(&document), [(Some(Fault::SeveralSignatures), None)]);
    }
    let itself = second.replace("enveloped-signature", "");
    let hiding = second.replace("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object></ds:Object>");
    for (odd, fault) in [
        (itself, "canonicalization or transform of xml"),
        (hiding, "children of an xml signature"),
        ("<ds:Signature></ds:Signature>".to_owned(), "xml"),
    ] {
        let fault = (Some(Fault::Malformed(fault)), None);
        assert_eq!(said(&put(&[first, &odd])), [fault]);
    }
}

#[test]
fn more_than_eight_signatures_or_too_much_under_them_are_not_read() {
    let many = Fault::TooLarge("number of xml signatures");
    assert_eq!(said(&signed(&[0; 9])), [(Some(many), None)]);

    // The first is the last that is looked at, when there is no room any more.
    let (key, certificate) = &SIGNERS[0];
    let long = format!("<a>{}</a>", "x".repeat(400 << 10));
    let three = (0..3).fold(long, |document, _| xml::signed(&document, key, certificate));
    let scene = Scene::new();
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls).unwrap();
    let verdicts = validate_xml(three.as_bytes(), &trust, &scene.policy, scene.moment);
    let reasons = verdicts
        .iter()
        .map(|verdict| verdict.as_ref().err()?.reason);
    let too_large = Some(Fault::TooLarge("canonical xml"));
    assert_eq!(reasons.collect::<Vec<_>>(), [too_large, None, None]);
}

#[test]
fn a_consent_still_takes_one_signature() {
    let scene = Scene::new();
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls).unwrap();
    for coverage in [Coverage::Document, Coverage::Element] {
        let document = signed(&[0, 1]);
        let (policy, moment) = (&scene.policy, scene.moment);
        let report = verify_xml(document.as_bytes(), coverage, &trust, policy, moment)
            .expect_err("two signatures");
        assert_eq!(report.reason, Some(Fault::SeveralSignatures));
    }
}

#[test]
fn the_worst_verdict_is_that_of_the_file_and_the_content_is_the_same_for_all() {
    let scene = Scene::new();
    let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls).unwrap();
    let judged = |document: &str, content| {
        let container = Container::of(document.as_bytes());
        container.validate(content, &trust, &scene.policy, scene.moment)
    };
    let document = signed(&[2, 1]);
    for content in [
        Content::Attached,
        Content::Detached(CONTENT.as_bytes()),
        Content::Digest(Digest::of(CONTENT.as_bytes())),
    ] {
        let found = judged(&document, content);
        assert_eq!(found.indication, Indication::TotalPassed);
        let named = found.signatures.iter().filter(|one| one.signer.is_some());
        assert_eq!(named.count(), 2);
    }
    let other = judged(&document, Content::Detached(b"<consent></consent>"));
    let reasons = other.signatures.iter().map(|one| one.report.reason);
    assert_eq!(
        reasons.collect::<Vec<_>>(),
        [Some(Fault::ContentDiffers); 2]
    );
    let forged = judged(&with_forged(&document, 1), Content::Attached);
    assert_eq!(forged.indication, Indication::TotalFailed);
    assert_eq!(
        forged.signatures[0].report.indication,
        Indication::TotalPassed
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(60)
    })]

    /// Whatever is done to a document with two signatures: what holds says what was
    /// signed, which `said` looks at.
    #[test]
    fn a_changed_document_is_refused_or_says_the_same(
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..3),
    ) {
        static TWO: LazyLock<String> = LazyLock::new(|| signed(&[0, 1]));
        let mut document = TWO.clone().into_bytes();
        for (place, change) in places {
            let at = place.index(document.len());
            match change % 3 {
                0 => document[at] = change,
                1 => drop(document.remove(at)),
                _ => document.swap(at, usize::from(change)),
            }
        }
        if let Ok(document) = String::from_utf8(document) {
            prop_assert!(!said(&document).is_empty());
        }
    }
}
