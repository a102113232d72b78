//! Inputs from which the others are bred: all signed with keys that are the same in
//! every run, beside them the real objects where they are at hand.

use std::sync::LazyLock;

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::signature::Ed25519KeyPair;

use crate::eds::{
    gost,
    oid::extension,
    testing::{
        der::{element, integer, oid, sequence, text},
        key::Key,
        message::Message,
        national::{folder, object},
        pki::{Draft, List, at, name, policies},
        responder::{self, Answer},
        scene::{DOCUMENT, IIN, RECEIVED, SIGNED},
        stamper, xml,
    },
};

pub(super) static ROOT: LazyLock<Key> = LazyLock::new(|| key(1));
pub(super) static AUTHORITY: LazyLock<Key> = LazyLock::new(|| key(2));
pub(super) static PERSON: LazyLock<Key> = LazyLock::new(|| key(3));
static RESPONDER: LazyLock<Key> = LazyLock::new(|| key(4));

fn key(seed: u8) -> Key {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a key");
    Key::Ed25519(Box::new(pair))
}

/// How a part is signed again after it was changed.
#[derive(Clone, Copy)]
pub(super) enum Signing {
    /// A certificate, list or basic response at the end of this way into the part.
    Object(&'static [usize], &'static LazyLock<Key>),
    /// The signed attributes of the message.
    Attributes(&'static LazyLock<Key>),
    /// The signer's certificate, with the message made anew around it.
    Certificate,
}

/// An input to begin with.
#[derive(Clone)]
pub(super) struct Seed {
    pub(super) parts: Vec<Vec<u8>>,
    /// The parts that a stranger may change.
    pub(super) foreign: Vec<usize>,
    /// What may be changed and signed again.
    pub(super) signings: Vec<(usize, Signing)>,
    /// Costly ones are used less.
    pub(super) costly: bool,
}

const OBJECT: Signing = Signing::Object(&[0], &AUTHORITY);

/// The seeds of the target.
#[track_caller]
pub(super) fn of(target: &str) -> Vec<Seed> {
    match target {
        "certificate" => certificates(),
        "crl" => lists(),
        "ocsp" => responses(),
        "cms" => messages(),
        "token" => tokens(),
        "xml" => documents(),
        "verify" => whole(),
        _ => panic!("no target {target}"),
    }
}

fn seed(parts: Vec<Vec<u8>>, foreign: &[usize], signings: &[(usize, Signing)]) -> Seed {
    Seed {
        parts,
        foreign: foreign.to_vec(),
        signings: signings.to_vec(),
        costly: false,
    }
}

/// Real objects; none where they are absent.
fn real(parts: &[&str], foreign: &[usize]) -> Option<Seed> {
    let parts = parts.iter().map(|name| match *name {
        "" => Some(Vec::new()),
        name => object(name),
    });
    Some(Seed {
        costly: true,
        ..seed(parts.collect::<Option<_>>()?, foreign, &[])
    })
}

fn root() -> Vec<u8> {
    Draft::authority(1, "Root", &ROOT).self_signed(&ROOT)
}

fn authority() -> Draft {
    Draft::authority(2, "Authority", &AUTHORITY)
}

fn authority_certificate() -> Vec<u8> {
    authority().signed(&Draft::authority(1, "Root", &ROOT).subject, &ROOT)
}

/// An authority with every constraint there is.
fn constrained() -> Vec<u8> {
    let one = "1.2.398.3.3.2";
    let subtree = |tag, name: &[u8]| sequence([element(tag, name)]);
    let permitted = [
        subtree(0x82, b"example.kz"),
        subtree(0x81, b"example.kz"),
        subtree(0x87, &[10, 0, 0, 0, 255, 0, 0, 0]),
        subtree(0xa4, &sequence([])),
    ];
    let excluded = [subtree(0x82, b"bad.example.kz"), subtree(0x86, b".bad.kz")];
    let mapping = sequence([oid(one.parse().unwrap()), oid("1.2.3.4".parse().unwrap())]);
    authority()
        .with(
            extension::NAME_CONSTRAINTS,
            &sequence([
                element(0xa0, &permitted.concat()),
                element(0xa1, &excluded.concat()),
            ]),
        )
        .with(
            extension::CERTIFICATE_POLICIES,
            &policies(&[one, "1.2.3.4", "2.5.29.32.0"]),
        )
        .with(extension::POLICY_MAPPINGS, &sequence([mapping]))
        .with(
            extension::POLICY_CONSTRAINTS,
            &sequence([element(0x80, &[3]), element(0x81, &[3])]),
        )
        .with(extension::INHIBIT_ANY_POLICY, &integer(2))
        .with(
            extension::AUTHORITY_KEY_IDENTIFIER,
            &sequence([element(0x80, &[1; 20])]),
        )
        .signed(&Draft::authority(1, "Root", &ROOT).subject, &ROOT)
}

pub(super) fn person() -> Vec<u8> {
    Draft::signer(3, IIN, &PERSON).signed(&authority().subject, &AUTHORITY)
}

/// A certificate with names of every kind and a place where to find lists.
fn talkative() -> Vec<u8> {
    let names = [
        element(0x82, b"www.example.kz"),
        element(0x81, b"person@example.kz"),
        element(0x87, &[10, 1, 2, 3]),
        element(0x86, b"https://www.example.kz/"),
        element(0xa4, &name(&[])),
        element(
            0xa0,
            &[oid("1.2.3".parse().unwrap()), element(0xa0, &text(12, "a"))].concat(),
        ),
    ];
    let point = element(
        0xa0,
        &element(0xa0, &element(0x86, b"http://crl.example.kz/a")),
    );
    Draft::signer(3, IIN, &PERSON)
        .with(extension::SUBJECT_ALTERNATIVE_NAME, &sequence(names))
        .with(
            extension::CRL_DISTRIBUTION_POINTS,
            &sequence([sequence([point])]),
        )
        .with(
            extension::AUTHORITY_KEY_IDENTIFIER,
            &sequence([element(0x80, &[2; 20])]),
        )
        .signed(&authority().subject, &AUTHORITY)
}

fn certificates() -> Vec<Seed> {
    let signings = [
        (0, OBJECT),
        (2, Signing::Object(&[0], &ROOT)),
        (1, Signing::Object(&[0], &ROOT)),
    ];
    let chain = |leaf, between| seed(vec![leaf, root(), between], &[0, 2], &signings);
    let mut seeds = vec![
        chain(person(), authority_certificate()),
        chain(talkative(), constrained()),
    ];
    let real_ones = [
        ["ca-prod/nca_gost_2022.pem", "ca-prod/root_gost_2022.pem"],
        ["ca-prod/nca_rsa_2022.cer", "ca-prod/root_rsa_2020.cer"],
        [
            "users/ceo_valid_sign_2004_gost.cer",
            "ca-test/nca_gost_test.crt",
        ],
        [
            "users/individual_valid_sign_2004_rsa.cer",
            "ca-test/nca_rsa_test.crt",
        ],
    ];
    seeds.extend(real_ones.iter().filter_map(|names| real(names, &[0])));
    seeds
}

fn list() -> List {
    List::new("2026-06-01T00:00:00Z", "2026-06-08T00:00:00Z")
}

fn list_of_authority(list: &List) -> Vec<u8> {
    list.signed(&authority().subject, &AUTHORITY)
}

fn lists() -> Vec<Seed> {
    let many = (10..60).fold(
        list().revoking(3, "2026-05-01T00:00:00Z", Some(1)),
        |list, serial| list.revoking(serial, "2026-05-01T00:00:00Z", None),
    );
    let scoped = list()
        .with(extension::CRL_NUMBER, false, &integer(7))
        .with(
            extension::ISSUING_DISTRIBUTION_POINT,
            true,
            &sequence([
                element(
                    0xa0,
                    &element(0xa0, &element(0x86, b"http://crl.example.kz/a")),
                ),
                element(0x84, &[0xff]),
            ]),
        )
        .revoking(9, "2026-05-01T00:00:00Z", Some(6));
    let delta = list()
        .with(extension::CRL_NUMBER, false, &integer(8))
        .with(extension::DELTA_CRL_INDICATOR, true, &integer(7))
        .revoking(3, "2026-05-02T00:00:00Z", Some(8));
    let issuer = authority().self_signed(&AUTHORITY);
    let about = |list: &List, leaf: Vec<u8>, others: Vec<Vec<u8>>| {
        let parts = [vec![list_of_authority(list), leaf, issuer.clone()], others].concat();
        seed(parts, &[0], &[(0, OBJECT)])
    };
    let full = list_of_authority(&list().with(extension::CRL_NUMBER, false, &integer(7)));
    let mut seeds = vec![
        about(&list(), person(), vec![]),
        about(&many, person(), vec![]),
        about(&scoped, talkative(), vec![]),
        about(&delta, person(), vec![full]),
    ];
    let signer = "cms/individual_signer.cer";
    let issuer = "ca-test/nca_gost2022_test.cer";
    let full = "crl/nca_gost2022_test.crl";
    seeds.extend(real(&[full, signer, issuer], &[0]));
    seeds.extend(real(
        &["crl/nca_gost2022_d_test.crl", signer, issuer, full],
        &[0, 3],
    ));
    seeds
}

fn responses() -> Vec<Seed> {
    const BASIC: &[usize] = &[0, 1, 0, 1, 0];
    let issuer = authority_certificate();
    let good = Answer::good(&person(), &issuer, "2026-06-01T09:58:00Z");
    let appointed = responder::responder(&RESPONDER).signed(&authority().subject, &AUTHORITY);
    let about = |answer: &Answer, key: &'static LazyLock<Key>| {
        let parts = vec![answer.signed(key), person(), issuer.clone(), root()];
        let signings = [(0, Signing::Object(BASIC, key))];
        seed(parts, &[0], &signings)
    };
    let revoked = responder::revoked("2026-05-01T00:00:00Z", Some(1));
    let mut seeds = vec![
        about(&good, &AUTHORITY),
        about(&good.clone().by(&appointed).echoing(&[7; 16]), &RESPONDER),
        about(
            &good.clone().saying(revoked).until("2026-06-02T00:00:00Z"),
            &AUTHORITY,
        ),
        about(&good.saying(responder::unknown()), &AUTHORITY),
    ];
    let signer = "cms/individual_signer.cer";
    let (issuer, root) = (
        "ca-test/nca_gost2022_test.cer",
        "ca-test/root_test_gost_2022.cer",
    );
    for response in [
        "gost512_never_issued.der",
        "gost512_revoked_certificate_hold.der",
    ] {
        let response = format!("ocsp/{response}");
        seeds.extend(real(&[&response, signer, issuer, root], &[0]));
    }
    seeds
}

/// What the person sends, around this certificate.
pub(super) fn message(certificate: &[u8]) -> Message {
    Message::new(DOCUMENT, certificate, &PERSON, at(SIGNED))
}

fn enclosing() -> Message {
    let mut enclosing = message(&person());
    enclosing.enclosed = Some(DOCUMENT.to_vec());
    enclosing
}

fn armoured(der: &[u8]) -> Vec<u8> {
    let body = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = body.as_bytes().chunks(64).collect();
    let begin = b"-----BEGIN CMS-----\n".as_slice();
    [begin, &lines.join(&b'\n'), b"\n-----END CMS-----\n"].concat()
}

fn messages() -> Vec<Seed> {
    let signed = |message: Vec<u8>, content: &[u8]| {
        let parts = vec![message, content.to_vec(), root(), authority_certificate()];
        seed(parts, &[0, 1], &[(0, Signing::Attributes(&PERSON))])
    };
    let mut two = message(&person());
    two.others = vec![two.signer_info()];
    let mut bare = enclosing();
    bare.written_attributes = None;
    bare.signature = PERSON.sign(DOCUMENT);
    let mut seeds = vec![
        signed(message(&person()).der(), DOCUMENT),
        signed(enclosing().der(), b""),
        signed(enclosing().ber(), b""),
        signed(two.der(), DOCUMENT),
        signed(bare.der(), b""),
        seed(
            vec![
                armoured(&enclosing().der()),
                vec![],
                root(),
                authority_certificate(),
            ],
            &[0],
            &[],
        ),
    ];
    let (issuer, root) = (
        "ca-test/nca_gost2022_test.cer",
        "ca-test/root_test_gost_2022.cer",
    );
    let attached = [
        "individual_attached.der",
        "test_gost512_no_signing_certificate_attached.der",
    ];
    for message in attached.map(|name| format!("cms/{name}")) {
        seeds.extend(real(&[&message, "", root, issuer], &[0]));
    }
    let detached = ["cms/individual_detached.der", "cms/individual_document.txt"];
    seeds.extend(real(&[detached[0], detached[1], root, issuer], &[0, 1]));
    seeds
}

/// A stamp over the document by an authority that the authority appointed.
fn stamp(stamped: &[u8]) -> Message {
    let holder = stamper::stamper(&RESPONDER).signed(&authority().subject, &AUTHORITY);
    stamper::Stamp::new(stamped, at(SIGNED)).message(&holder, &RESPONDER)
}

fn tokens() -> Vec<Seed> {
    let own = |token: Vec<u8>| {
        let parts = vec![token, DOCUMENT.to_vec(), root(), authority_certificate()];
        seed(parts, &[0], &[(0, Signing::Attributes(&RESPONDER))])
    };
    let mut seeds = vec![
        own(stamp(DOCUMENT).der()),
        own(stamp(DOCUMENT).ber()),
        own(stamper::response(0, Some(&stamp(DOCUMENT).der()))),
    ];
    let token = "tsp/individual_attached_0.tst";
    let stamped = "tsp/individual_attached_0.stamped-signature.bin";
    let authorities = ["ca-prod/root_gost_2022.pem", "ca-prod/nca_gost_2022.pem"];
    if let Some(folder) = folder() {
        let file = |name: &str| std::fs::read(folder.join("eds").join(name)).expect("a file");
        let known = authorities.map(|name| object(name).expect("an object"));
        let parts = [[file(token), file(stamped)], known].concat();
        seeds.push(Seed {
            costly: true,
            ..seed(parts, &[0], &[])
        });
    }
    seeds
}

fn documents() -> Vec<Seed> {
    let own = |document: &str| {
        let parts = vec![
            document.as_bytes().to_vec(),
            root(),
            authority_certificate(),
        ];
        seed(parts, &[0], &[])
    };
    let mut seeds = vec![
        own(&document("<consent><to>dwelling</to></consent>")),
        own(&document(
            "<a xmlns=\"urn:a\" b=\"1\"><b:c xmlns:b=\"urn:b\" b:d=\"&lt;\">\u{49b}</b:c></a>",
        )),
        own(&[8, 9].into_iter().fold(
            document("<consent><to>dwelling</to></consent>"),
            signed_also,
        )),
        own(include_str!("../xml/tests/whole-rsa.xml")),
        own(include_str!("../xml/tests/identified-root-rsa.xml")),
        own(include_str!("../xml/tests/part-ecdsa.xml")),
    ];
    if let Some(folder) = folder() {
        let sample = "eds/xml/ncalayer-rs_test_gost512.xml_simple.xml";
        let sample = std::fs::read_to_string(folder.join(sample)).expect("a file");
        seeds.push(own(&sample));
    }
    seeds
}

/// `content`, which must be canonical, signed by a person with a GOST key.
fn document(content: &str) -> String {
    signed_also(content.to_owned(), 7)
}

/// The same document signed by one more, with a key of this seed.
fn signed_also(document: String, seed: u8) -> String {
    let key = Key::gost(gost::Algorithm::Gost2015With256, seed);
    let mut person = Draft::signer(seed, IIN, &PERSON);
    person.key = key.public();
    let certificate = person.signed(&authority().subject, &AUTHORITY);
    xml::signed(&document, &key, &certificate)
}

fn whole() -> Vec<Seed> {
    let lists = || {
        let roots = list().signed(&Draft::authority(1, "Root", &ROOT).subject, &ROOT);
        [list_of_authority(&list()), roots]
    };
    let issuer = authority_certificate();
    let answer = Answer::good(&person(), &issuer, "2026-06-01T09:58:00Z").signed(&AUTHORITY);
    let parts = |head: [u8; 5], signature: Vec<u8>, certificates: [Vec<u8>; 2]| {
        let parts = [
            vec![head.to_vec(), signature, DOCUMENT.to_vec()],
            certificates.to_vec(),
        ];
        [parts.concat(), lists().to_vec(), vec![answer.clone()]].concat()
    };
    let signings = [
        (1, Signing::Attributes(&PERSON)),
        (1, Signing::Attributes(&PERSON)),
        (1, Signing::Certificate),
        (4, Signing::Object(&[0], &ROOT)),
        (5, OBJECT),
        (6, Signing::Object(&[0], &ROOT)),
        (7, Signing::Object(&[0, 1, 0, 1, 0], &AUTHORITY)),
    ];
    let own = |head, signature, between| {
        let parts = parts(head, signature, [root(), between]);
        seed(parts, &[1, 1, 1, 1, 2, 4, 5, 6, 7], &signings)
    };
    let detached = || message(&person()).der();
    let stamped = || {
        let message = message(&person());
        let token = stamp(&message.signature).der();
        stamper::stamped(message, &[token]).der()
    };
    let mut seeds = vec![
        own([0, 0, 1, 1, 2], detached(), issuer.clone()),
        own([0, 1, 1, 1, 2], message(&talkative()).der(), issuer.clone()),
        own([0, 2, 1, 1, 2], enclosing().der(), issuer.clone()),
        own([2, 2, 1, 1, 2], enclosing().ber(), issuer.clone()),
        own([2, 0, 1, 1, 2], message(&talkative()).der(), constrained()),
        own([0, 0, 1, 1, 2], stamped(), issuer.clone()),
    ];
    let (signature, document) = ("cms/individual_detached.der", "cms/individual_document.txt");
    let (issuer, root) = (
        "ca-test/nca_gost2022_test.cer",
        "ca-test/root_test_gost_2022.cer",
    );
    if let Some(mut real) = real(&["", signature, document, root, issuer], &[1, 2]) {
        real.parts[0] = vec![2, 0, 1, 1, 0];
        seeds.push(real);
    }
    seeds
}

mod tests {
    use super::super::entries::ENTRIES;
    use super::*;

    #[test]
    fn the_first_seed_of_each_target_passes() {
        assert_eq!(at(RECEIVED).timestamp(), 1_780_308_000);
        for (target, entry) in ENTRIES {
            let seen = entry(&of(target)[0].parts);
            assert!(!seen.claims.is_empty(), "{target}: {:?}", seen.reports);
        }
    }
    #[test]
    fn each_of_several_signers_of_a_document_is_claimed() {
        let mut entries = ENTRIES.iter();
        let (_, entry) = entries.find(|(name, _)| *name == "xml").expect("a target");
        let several = documents().into_iter().map(|seed| entry(&seed.parts));
        let most = several.map(|seen| seen.claims.len()).max();
        assert_eq!(most, Some(3));
    }
}
