//! Each refusal names its row in the list of negative cases.

use super::super::{
    Content, Digest, Fault, Moment, Outcome, Policy, Remark, Revocation, SubIndication as Sub,
    Trust,
    der::tag,
    oid::{attribute, extension},
    signature::traced,
    testing::{
        der::{algorithm, bare_algorithm, bits, element, integer, octets, oid, sequence, set},
        key::{self, Key},
        message::{self, Message, attribute, sha256},
        pki::{Draft, List, at, name, policies, purposes},
        scene::{
            AUTHORITY, DOCUMENT, IIN, PERSON, ROOT, SIGNED, STRANGER, Scene, authority, issue,
            list, message, person, root,
        },
    },
};
use super::verify;

fn certificate() -> Vec<u8> {
    issue(&person())
}

#[test]
fn a_right_signature_passes_and_names_the_person() {
    let verified = Scene::new().passes();
    assert_eq!(verified.signer().iin().map(|iin| iin.as_str()), Some(IIN));
    assert_eq!(verified.signer().names().surname(), Some("ТЕСТОВ"));
    assert_eq!(verified.signer().names().given(), Some("ТЕСТ"));
    assert_eq!(verified.signer().names().patronymic(), Some("ТЕСТОВИЧ"));
    assert_eq!(
        verified.content_digest().as_bytes().as_slice(),
        sha256(DOCUMENT)
    );
    assert!(
        verified
            .report()
            .checks
            .iter()
            .all(|checked| checked.outcome == Outcome::Passed)
    );
    assert_eq!(verified.report().certificates.len(), 3);
}

#[test]
fn each_algorithm_passes() {
    for key in [
        Key::p256(),
        Key::p384(),
        Key::ed25519(),
        Key::rsa(),
        Key::rsa_pss(),
    ] {
        let certificate = issue(&Draft::signer(3, IIN, &key));
        Scene::with_message(&Message::new(DOCUMENT, &certificate, &key, at(SIGNED))).passes();
    }
}

#[test]
fn the_report_says_the_same_twice_and_hides_the_person() {
    let report = || serde_json::to_string(Scene::new().passes().report()).expect("json");
    let first = report();
    assert!(!first.contains(IIN));
    assert!(first.contains("IIN9001********"));
    let scene = Scene::new();
    let json = |scene: &Scene| serde_json::to_string(scene.passes().report()).expect("json");
    assert_eq!(json(&scene), json(&scene));
}

#[test]
fn an_attached_signature_passes() {
    let mut message = message(&certificate());
    message.enclosed = Some(DOCUMENT.to_vec());
    let mut scene = Scene::with_message(&message);
    scene.passes();
    scene.document = None;
    scene.passes();
}

#[test]
fn row_134_ber_that_is_otherwise_right_passes() {
    let mut message = message(&certificate());
    message.enclosed = Some(DOCUMENT.repeat(9));
    message = message.with(
        message::MESSAGE_DIGEST,
        [octets(&sha256(&DOCUMENT.repeat(9)))],
        &PERSON,
    );
    let mut scene = Scene::with_message(&message);
    scene.signature = message.ber();
    scene.document = None;
    scene.passes();
}

#[test]
fn rows_1_and_2_what_is_no_message_is_refused() {
    let mut scene = Scene::new();
    for bytes in [&[][..], &[0x30], &[0x41; 1024], b"MIIB", &[0; 1024]] {
        scene.signature = bytes.to_vec();
        scene.fails(Sub::FormatFailure);
    }
}

#[test]
fn row_3_pem_is_not_der() {
    let mut scene = Scene::new();
    scene.signature = b"-----BEGIN CMS-----\nMIIB\n-----END CMS-----\n".to_vec();
    scene.fails(Sub::FormatFailure);
}

#[test]
fn row_4_other_containers_are_refused() {
    let mut scene = Scene::new();
    for kind in [
        "1.2.840.113549.1.7.1",
        "1.2.840.113549.1.7.3",
        "1.2.840.113549.1.7.5",
    ] {
        scene.signature = message::content_info(kind, &octets(b"content"));
        assert_eq!(scene.fails(Sub::FormatFailure), Fault::NotSignedData);
    }
}

#[test]
fn rows_5_and_6_a_container_without_signature_holds_none() {
    let mut message = message(&certificate());
    message.signature = Vec::new();
    Scene::with_message(&message).fails(Sub::NoSignatureFound);
    message.certificates = Vec::new();
    Scene::with_message(&message).fails(Sub::NoSignatureFound);
}

#[test]
fn row_7_any_bit_of_the_document_matters() {
    for place in 0..DOCUMENT.len() * 8 {
        let mut scene = Scene::new();
        if let Some(octet) = scene
            .document
            .as_mut()
            .and_then(|document| document.get_mut(place / 8))
        {
            *octet ^= 1 << (place % 8);
        }
        scene.fails(Sub::HashFailure);
    }
}

#[test]
fn row_8_a_changed_signature_value_is_refused() {
    let mut message = message(&certificate());
    if let Some(last) = message.signature.last_mut() {
        *last ^= 1;
    }
    Scene::with_message(&message).fails(Sub::SigCryptoFailure);
}

#[test]
fn rows_10_and_56_odd_signature_values_are_refused() {
    let order = [
        0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25,
        0x51,
    ];
    let pair = |r: &[u8], s: &[u8]| sequence([element(tag::INTEGER, r), element(tag::INTEGER, s)]);
    let right = message(&certificate()).signature;
    for value in [
        vec![1],
        vec![0; 64],
        pair(&[0], &[0]),
        pair(&[0], &[1]),
        pair(&order, &order),
        pair(&[0xff], &[1]),
        pair(&[0, 1], &[1]),
        [right.clone(), vec![0]].concat(),
    ] {
        let mut message = message(&certificate());
        message.signature = value;
        Scene::with_message(&message).fails(Sub::SigCryptoFailure);
    }
}

#[test]
fn row_11_a_detached_signature_needs_its_document() {
    let mut scene = Scene::new();
    scene.document = None;
    scene.is_doubted(Sub::SignedDataNotFound);
}

#[test]
fn row_12_a_message_cut_anywhere_is_refused() {
    let mut scene = Scene::new();
    let whole = scene.signature.clone();
    for length in 0..whole.len() {
        scene.signature = whole.get(..length).expect("shorter").to_vec();
        scene.fails(Sub::FormatFailure);
    }
}

#[test]
fn row_13_nothing_may_follow() {
    let mut scene = Scene::new();
    scene.signature.push(0);
    scene.fails(Sub::FormatFailure);
}

#[test]
fn row_15_without_its_certificate_a_signature_is_nobodys() {
    let own = certificate();
    let mut message = message(&own);
    message.certificates = vec![issue(&Draft::signer(4, IIN, &STRANGER))];
    let mut scene = Scene::with_message(&message);
    scene.is_doubted(Sub::NoSigningCertificateFound);
    scene.intermediates.push(own);
    scene.passes();
}

#[test]
fn row_16_a_self_signed_certificate_is_refused() {
    let certificate = person().self_signed(&PERSON);
    let mut scene = Scene::signed_with(&certificate);
    scene.is_doubted(Sub::NoCertificateChainFound);
    scene.anchors.push(certificate);
    scene.is_doubted(Sub::ChainConstraintsFailure);
}

#[test]
fn rows_17_and_18_another_root_is_not_trusted() {
    let mut scene = Scene::new();
    scene.anchors = vec![Draft::authority(9, "Root", &STRANGER).self_signed(&STRANGER)];
    scene.is_doubted(Sub::NoCertificateChainFound);
    scene.anchors = vec![Draft::authority(9, "Other", &STRANGER).self_signed(&STRANGER)];
    scene.is_doubted(Sub::NoCertificateChainFound);
}

#[test]
fn row_19_expired_before_the_document_was_issued() {
    let certificate = issue(&person().valid("2025-06-01T00:00:00Z", "2026-06-01T09:54:59Z"));
    Scene::signed_with(&certificate).fails(Sub::Expired);
}

#[test]
fn row_20_expired_and_nothing_proves_the_signature_older() {
    let certificate = issue(&person().valid("2025-06-01T00:00:00Z", "2026-06-01T09:59:59Z"));
    let mut scene = Scene::signed_with(&certificate);
    scene.is_doubted(Sub::OutOfBoundsNoPoe);
    scene.moment = Moment::at(scene.moment.received);
    scene.is_doubted(Sub::OutOfBoundsNoPoe);
}

#[test]
fn row_21_not_valid_yet() {
    let certificate = issue(&person().valid("2026-06-01T10:00:01Z", "2027-01-01T00:00:00Z"));
    Scene::signed_with(&certificate).fails(Sub::NotYetValid);
}

#[test]
fn row_22_revoked_before_the_document_was_issued() {
    Scene::new()
        .with_list(&list().revoking(3, "2026-06-01T09:54:59Z", Some(1)))
        .fails(Sub::Revoked);
}

#[test]
fn row_23_revoked_while_the_signature_may_have_been_made() {
    let scene = Scene::new().with_list(&list().revoking(3, "2026-06-01T09:57:00Z", None));
    scene.is_doubted(Sub::RevokedNoPoe);
}

#[test]
fn revoked_after_receipt_does_not_undo_the_signature() {
    let mut scene = Scene::new().with_list(&list().revoking(3, "2026-06-01T10:00:01Z", Some(1)));
    scene.moment.now = at("2026-06-02T00:00:00Z");
    assert_eq!(scene.passes().report().remarks, [Remark::RevokedAfterwards]);
}

#[test]
fn a_stolen_key_is_worth_nothing_since_it_was_stolen() {
    let stolen = |reason| {
        let mut list = list().revoking(3, "2026-06-01T10:00:01Z", Some(reason));
        list.invalid_since = Some(at("2026-06-01T09:00:00Z"));
        let mut scene = Scene::new().with_list(&list);
        scene.moment.now = at("2026-06-02T00:00:00Z");
        scene
    };
    stolen(1).fails(Sub::Revoked);
    stolen(4).passes();
}

#[test]
fn row_24_suspended() {
    let scene = Scene::new().with_list(&list().revoking(3, "2026-06-01T09:00:00Z", Some(6)));
    assert_eq!(scene.is_doubted(Sub::TryLater), Fault::Suspended);
}

#[test]
fn row_25_the_issuing_authority_is_revoked() {
    let mut scene = Scene::new();
    scene.crls = vec![
        list().signed(&authority().subject, &AUTHORITY),
        list()
            .revoking(2, "2026-06-01T09:00:00Z", None)
            .signed(&root().subject, &ROOT),
    ];
    scene.is_doubted(Sub::RevokedCaNoPoe);
}

#[test]
fn row_26_sha_1_and_md5_are_refused() {
    for digest in ["1.3.14.3.2.26", "1.2.840.113549.2.5"] {
        let mut message = message(&certificate());
        message.digest_algorithm = algorithm(digest);
        message.digest_algorithms = vec![algorithm(digest)];
        Scene::with_message(&message).is_doubted(Sub::CryptoConstraintsFailureNoPoe);
    }
}

#[test]
fn row_27_weak_keys_are_refused() {
    let short = sequence([
        element(tag::INTEGER, &[&[0], &[0xc1; 128][..]].concat()),
        element(tag::INTEGER, &[1, 0, 1]),
    ]);
    let p192 = sequence([
        oid("1.2.840.10045.2.1".parse().expect("oid")),
        oid("1.2.840.10045.3.1.1".parse().expect("oid")),
    ]);
    for key in [
        sequence([algorithm("1.2.840.113549.1.1.1"), bits(&short)]),
        sequence([p192, bits(&[4; 49])]),
    ] {
        let mut draft = person();
        draft.key = key;
        Scene::signed_with(&issue(&draft)).is_doubted(Sub::CryptoConstraintsFailureNoPoe);
    }
}

#[test]
fn row_28_a_login_key_signs_no_document() {
    let draft = person().with(extension::KEY_USAGE, &[tag::BIT_STRING, 2, 5, 0xa0]);
    let mut scene = Scene::signed_with(&issue(&draft));
    assert_eq!(
        scene.is_doubted(Sub::ChainConstraintsFailure),
        Fault::Purpose("key usage")
    );
    scene.policy = Policy::login();
    scene.passes();
    let mut scene = Scene::signed_with(&issue(&person().without(extension::KEY_USAGE)));
    scene.is_doubted(Sub::ChainConstraintsFailure);
    scene.policy = Policy::login();
    scene.is_doubted(Sub::ChainConstraintsFailure);
}

#[test]
fn row_29_an_organisation_is_no_natural_person() {
    let roles = [
        "1.3.6.1.5.5.7.3.4",
        "1.2.398.3.3.4.1.2",
        "1.2.398.3.3.4.1.2.1",
    ];
    let head = person().with(extension::EXTENDED_KEY_USAGE, &purposes(&roles));
    Scene::signed_with(&issue(&head)).is_doubted(Sub::ChainConstraintsFailure);
    let mut of_company = person();
    of_company.subject = subject(&[(attribute::UNIT, "BIN200140000004")]);
    Scene::signed_with(&issue(&of_company)).is_doubted(Sub::ChainConstraintsFailure);
}

/// Somebody of an organisation with these roles in it.
fn of_organisation(roles: &[&str]) -> Draft {
    let arcs = roles.iter().map(|role| format!("1.2.398.3.3.4.1.2{role}"));
    let all: Vec<_> = ["1.3.6.1.5.5.7.3.4".to_owned()]
        .into_iter()
        .chain(arcs)
        .collect();
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    let mut draft = person().with(extension::EXTENDED_KEY_USAGE, &purposes(&all));
    draft.subject = subject(&[(attribute::UNIT, "BIN200140000004")]);
    draft
}

/// The rules of a profile for organisations, for a signature without a stamp.
fn for_organisations(profile: Policy) -> Policy {
    profile.with(|rules| {
        rules.freshness = Policy::national().rules().freshness;
        rules.time_stamps = Policy::national().rules().time_stamps.clone();
    })
}

#[track_caller]
fn speaks(draft: &Draft, profile: Policy, expected: Result<(), Fault>) {
    let mut scene = Scene::signed_with(&issue(draft));
    scene.policy = for_organisations(profile);
    match expected {
        Ok(()) => {
            let verified = scene.passes();
            let bin = verified.signer().bin().map(|bin| bin.as_str());
            assert_eq!(bin, Some("200140000004"));
            assert_eq!(verified.signer().iin().map(|iin| iin.as_str()), Some(IIN));
        }
        Err(fault) => assert_eq!(scene.is_doubted(Sub::ChainConstraintsFailure), fault),
    }
}

#[test]
fn row_29_only_the_head_and_who_may_sign_bind_an_organisation() {
    let profile = Policy::organisation_lasting;
    for role in [".1", ".2"] {
        speaks(&of_organisation(&["", role]), profile(), Ok(()));
    }
    for role in [".3", ".4", ".5", ".6"] {
        let draft = of_organisation(&["", role]);
        speaks(&draft, profile(), Err(Fault::Purpose("role")));
    }
    speaks(
        &of_organisation(&[""]),
        profile(),
        Err(Fault::Purpose("role")),
    );
}

#[test]
fn row_29_any_employee_attests_but_no_information_system() {
    let profile = Policy::operator_lasting;
    for role in [".1", ".2", ".3", ".4", ".5"] {
        speaks(&of_organisation(&["", role]), profile(), Ok(()));
    }
    let system = of_organisation(&["", ".6"]);
    speaks(&system, profile(), Err(Fault::Purpose("role")));
}

#[test]
fn row_29_a_natural_person_is_no_organisation() {
    let mut without_bin = of_organisation(&["", ".1"]);
    without_bin.subject = subject(&[]);
    for profile in [Policy::organisation_lasting, Policy::operator_lasting] {
        let alone = Fault::Purpose("not of an organisation");
        speaks(&person(), profile(), Err(alone));
        let unnamed = Fault::IdentityAmbiguous("no BIN");
        speaks(&without_bin, profile(), Err(unnamed));
    }
}

#[test]
fn row_30_other_purposes_and_policies_are_refused_of_organisations_too() {
    let server = [
        "1.3.6.1.5.5.7.3.1",
        "1.2.398.3.3.4.1.2",
        "1.2.398.3.3.4.1.2.1",
    ];
    for profile in [Policy::organisation_lasting, Policy::operator_lasting] {
        let head = || of_organisation(&["", ".1"]);
        let other = head().with(extension::EXTENDED_KEY_USAGE, &purposes(&server));
        let fault = Fault::Purpose("extended key usage");
        speaks(&other, profile(), Err(fault));
        let other = head().with(extension::CERTIFICATE_POLICIES, &policies(&["1.2.3.4"]));
        let fault = Fault::Purpose("certificate policy");
        speaks(&other, profile(), Err(fault));
        let login = head().with(extension::KEY_USAGE, &[tag::BIT_STRING, 2, 5, 0xa0]);
        speaks(&login, profile(), Err(Fault::Purpose("key usage")));
    }
}

#[test]
fn people_sign_in_for_themselves_and_for_organisations() {
    let mut nameless = of_organisation(&["", ".6"]);
    nameless.subject = name(&[(attribute::UNIT, "BIN200140000004")]);
    for draft in [
        person(),
        of_organisation(&["", ".1"]),
        of_organisation(&["", ".5"]),
    ] {
        let mut scene = Scene::signed_with(&issue(&draft));
        scene.policy = Policy::login();
        scene.passes();
    }
    let mut scene = Scene::signed_with(&issue(&nameless));
    scene.policy = Policy::login();
    let fault = scene.is_doubted(Sub::ChainConstraintsFailure);
    assert_eq!(fault, Fault::IdentityAmbiguous("no IIN"));
}

#[test]
fn row_30_other_purposes_and_policies_are_refused() {
    let server = person().with(
        extension::EXTENDED_KEY_USAGE,
        &purposes(&["1.3.6.1.5.5.7.3.1"]),
    );
    Scene::signed_with(&issue(&server)).is_doubted(Sub::ChainConstraintsFailure);
    let other = person().with(extension::CERTIFICATE_POLICIES, &policies(&["1.2.3.4"]));
    Scene::signed_with(&issue(&other)).is_doubted(Sub::ChainConstraintsFailure);
    let none = person().without(extension::CERTIFICATE_POLICIES);
    Scene::signed_with(&issue(&none)).is_doubted(Sub::ChainConstraintsFailure);
}

#[test]
fn row_31_signed_attributes_are_due() {
    let mut message = message(&certificate());
    message.written_attributes = None;
    message.signature = PERSON.sign(DOCUMENT);
    assert_eq!(
        Scene::with_message(&message).is_doubted(Sub::SigConstraintsFailure),
        Fault::Attributes("absent")
    );
}

#[test]
fn rows_32_35_36_each_demanded_attribute_is_due() {
    for kind in [
        message::MESSAGE_DIGEST,
        message::CONTENT_TYPE,
        message::SIGNING_CERTIFICATE_V2,
    ] {
        let message = message(&certificate()).without(kind, &PERSON);
        Scene::with_message(&message).is_doubted(Sub::SigConstraintsFailure);
    }
}

#[test]
fn row_33_two_values_are_refused() {
    let digest = octets(&sha256(DOCUMENT));
    let message =
        message(&certificate()).with(message::MESSAGE_DIGEST, [digest.clone(), digest], &PERSON);
    Scene::with_message(&message).fails(Sub::FormatFailure);
}

#[test]
fn row_34_a_message_digest_of_another_type_is_refused() {
    for value in [
        integer(1),
        sequence([]),
        element(tag::UTF8_STRING, b"digest"),
        element(0x24, &[]),
    ] {
        let message = message(&certificate()).with(message::MESSAGE_DIGEST, [value], &PERSON);
        let report = Scene::with_message(&message).verdict().expect_err("passed");
        assert!(matches!(
            report.sub_indication,
            Some(Sub::FormatFailure | Sub::SigCryptoFailure)
        ));
    }
}

#[test]
fn row_35_another_content_type_is_refused() {
    let tst = oid("1.2.840.113549.1.9.16.1.4".parse().expect("oid"));
    let message = message(&certificate()).with(message::CONTENT_TYPE, [tst], &PERSON);
    Scene::with_message(&message).is_doubted(Sub::SigConstraintsFailure);
}

#[test]
fn rows_37_38_39_40_references_to_other_certificates_are_refused() {
    let own = certificate();
    let other = issue(&Draft::signer(4, IIN, &PERSON));
    let v2 = |certificate: &[u8]| sequence([sequence([sequence([octets(&sha256(certificate))])])]);
    let sha1 = |certificate: &[u8]| {
        ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, certificate)
    };
    let v1 =
        |certificate: &[u8]| sequence([sequence([sequence([octets(sha1(certificate).as_ref())])])]);

    let wrong = message(&own).with(message::SIGNING_CERTIFICATE_V2, [v2(&other)], &PERSON);
    Scene::with_message(&wrong).is_doubted(Sub::NoSigningCertificateFound);
    let disagreeing = message(&own).with(message::SIGNING_CERTIFICATE, [v1(&other)], &PERSON);
    Scene::with_message(&disagreeing).is_doubted(Sub::NoSigningCertificateFound);
    let agreeing = message(&own).with(message::SIGNING_CERTIFICATE, [v1(&own)], &PERSON);
    Scene::with_message(&agreeing).passes();
    let only_v1 = agreeing.without(message::SIGNING_CERTIFICATE_V2, &PERSON);
    Scene::with_message(&only_v1).is_doubted(Sub::CryptoConstraintsFailure);

    let issuer = sequence([element(tag::explicit(4), &authority().subject)]);
    let with_serial = |serial: u8| {
        let id = sequence([
            octets(&sha256(&own)),
            sequence([issuer.clone(), integer(serial)]),
        ]);
        message(&own).with(
            message::SIGNING_CERTIFICATE_V2,
            [sequence([sequence([id])])],
            &PERSON,
        )
    };
    Scene::with_message(&with_serial(3)).passes();
    Scene::with_message(&with_serial(4)).is_doubted(Sub::NoSigningCertificateFound);
}

#[test]
fn row_37_a_reference_given_twice_is_refused() {
    let mut message = message(&certificate());
    let reference = message.attributes.last().cloned().expect("the reference");
    message.attributes.push(reference);
    message.sign(&PERSON);
    Scene::with_message(&message).is_doubted(Sub::SigConstraintsFailure);
}

#[test]
fn row_41_attributes_that_are_not_der_are_not_what_was_signed() {
    let mut unsorted = message(&certificate());
    unsorted.written_attributes = Some(
        unsorted
            .attributes
            .iter()
            .rev()
            .flatten()
            .copied()
            .collect(),
    );
    unsorted.signature = PERSON.sign(&element(
        tag::SET,
        unsorted.written_attributes.as_ref().expect("written"),
    ));
    Scene::with_message(&unsorted).fails(Sub::SigCryptoFailure);

    let mut long_length = message(&certificate());
    let first = oid("1.2.840.113549.1.9.3".parse().expect("oid"));
    let long = [
        &[0x30, 0x81, 0x18],
        first.as_slice(),
        &set([oid("1.2.840.113549.1.7.1".parse().expect("oid"))]),
    ]
    .concat();
    long_length.attributes[0] = long;
    long_length.sign(&PERSON);
    Scene::with_message(&long_length).fails(Sub::SigCryptoFailure);
}

#[test]
fn row_42_an_attribute_type_given_twice_is_refused() {
    let mut message = message(&certificate());
    message.attributes.push(attribute(
        message::SIGNING_TIME,
        [super::super::testing::pki::time(at("2026-06-01T09:58:00Z"))],
    ));
    message.sign(&PERSON);
    Scene::with_message(&message).fails(Sub::FormatFailure);
}

#[test]
fn row_43_an_unlisted_attribute_is_refused() {
    let message = message(&certificate()).with("1.2.3.4.5", [integer(1)], &PERSON);
    Scene::with_message(&message).is_doubted(Sub::SigConstraintsFailure);
}

#[test]
fn rows_44_and_46_one_container_holds_one_signature() {
    let mut message = message(&certificate());
    let second = Message::new(
        DOCUMENT,
        &issue(&Draft::signer(4, IIN, &STRANGER)),
        &STRANGER,
        at(SIGNED),
    );
    message.others = vec![second.signer_info()];
    Scene::with_message(&message).fails(Sub::FormatFailure);
    let mut broken = second;
    broken.signature = vec![1, 2, 3];
    message.others = vec![broken.signer_info()];
    Scene::with_message(&message).fails(Sub::FormatFailure);
}

#[test]
fn row_48_an_ambiguous_key_identifier_is_refused() {
    let mut message = message(&certificate());
    message.version = 3;
    message.identifier = element(tag::context(0), &[3; 20]);
    Scene::with_message(&message).passes();
    let mut twin = Draft::signer(4, IIN, &PERSON);
    twin = twin.with(extension::SUBJECT_KEY_IDENTIFIER, &octets(&[3; 20]));
    message.certificates.push(issue(&twin));
    Scene::with_message(&message).is_doubted(Sub::NoSigningCertificateFound);
}

#[test]
fn row_50_a_thousand_certificates_are_refused() {
    let mut message = message(&certificate());
    message.certificates = vec![certificate(); 1000];
    assert_eq!(
        Scene::with_message(&message).fails(Sub::FormatFailure),
        Fault::TooLarge("certificates")
    );
}

#[test]
fn row_51_the_digest_is_named_the_same_everywhere() {
    let mut message = message(&certificate());
    message.digest_algorithms = vec![algorithm("2.16.840.1.101.3.4.2.2")];
    Scene::with_message(&message).is_doubted(Sub::SigConstraintsFailure);
    message.digest_algorithms = vec![algorithm("2.16.840.1.101.3.4.2.1")];
    message.signature_algorithm = bare_algorithm("1.2.840.10045.4.3.3");
    Scene::with_message(&message).is_doubted(Sub::SigConstraintsFailure);
}

#[test]
fn row_52_weak_pss_parameters_are_refused() {
    let sha256 = "2.16.840.1.101.3.4.2.1";
    let rsa = Key::rsa_pss();
    let certificate = issue(&Draft::signer(3, IIN, &rsa));
    let mut message = Message::new(DOCUMENT, &certificate, &rsa, at(SIGNED));
    for parameters in [
        key::pss(sha256, "1.3.14.3.2.26", 32),
        key::pss(sha256, sha256, 0),
        key::pss("1.3.14.3.2.26", "1.3.14.3.2.26", 20),
        sequence([
            oid("1.2.840.113549.1.1.10".parse().expect("oid")),
            sequence([]),
        ]),
    ] {
        message.signature_algorithm = parameters;
        Scene::with_message(&message).is_doubted(Sub::CryptoConstraintsFailureNoPoe);
    }
}

#[test]
fn row_54_odd_rsa_keys_are_refused() {
    let modulus = [&[0], &[0xc1; 255][..], &[0xcb]].concat();
    let even = [&[0], &[0xc1; 255][..], &[0xca]].concat();
    let huge = [0x7f; 40];
    for (modulus, exponent) in [
        (&modulus, &[1][..]),
        (&modulus, &[3]),
        (&modulus, &[1, 0, 0]),
        (&modulus, &huge),
        (&even, &[1, 0, 1]),
        (&[&[0], &[0xff; 256][..]].concat(), &[1, 0, 1]),
        (&traced(), &[1, 0, 1]),
    ] {
        let key = sequence([
            element(tag::INTEGER, modulus),
            element(tag::INTEGER, exponent),
        ]);
        let mut draft = person();
        draft.key = sequence([algorithm("1.2.840.113549.1.1.1"), bits(&key)]);
        Scene::signed_with(&issue(&draft)).is_doubted(Sub::CryptoConstraintsFailureNoPoe);
    }
}

#[test]
fn row_73_unusable_lists_do_not_count() {
    let expired = List::new("2026-05-01T00:00:00Z", "2026-06-01T09:59:59Z");
    let future = List::new("2026-06-01T10:00:01Z", "2026-07-01T00:00:00Z");
    for list in [expired, future] {
        Scene::new()
            .with_list(&list)
            .is_doubted(Sub::CertificateChainGeneralFailure);
    }
    let mut scene = Scene::new();
    scene.crls[0] = list().signed(&authority().subject, &STRANGER);
    scene.is_doubted(Sub::CertificateChainGeneralFailure);
    scene.crls.remove(0);
    assert_eq!(scene.is_doubted(Sub::TryLater), Fault::NoRevocationData);
    scene.policy = Policy::national().with(|rules| rules.revocation = Revocation::IfPresent);
    assert_eq!(scene.passes().report().remarks, [Remark::RevocationUnknown]);
}

#[test]
fn row_75_a_list_of_another_scope_does_not_count() {
    let point = |number: u8, content: &[u8]| sequence([element(tag::context(number), content)]);
    for scope in [point(2, &[0xff]), point(5, &[0xff]), point(3, &[6, 0x40])] {
        let scene = Scene::new().with_list(&list().with(
            extension::ISSUING_DISTRIBUTION_POINT,
            true,
            &scope,
        ));
        scene.is_doubted(Sub::TryLater);
    }
}

#[test]
fn rows_76_and_77_lists_that_are_not_understood_do_not_count() {
    let unknown = list().with("1.2.3.4".parse().expect("oid"), true, &integer(1));
    Scene::new()
        .with_list(&unknown)
        .is_doubted(Sub::CertificateChainGeneralFailure);
    let delta = list().with(extension::DELTA_CRL_INDICATOR, true, &integer(1));
    Scene::new().with_list(&delta).is_doubted(Sub::TryLater);
    let removing = list().revoking(3, "2026-06-01T09:00:00Z", Some(8));
    Scene::new()
        .with_list(&removing)
        .is_doubted(Sub::CertificateChainGeneralFailure);
}

#[test]
fn row_83_a_signing_time_far_from_receipt_is_refused() {
    for time in [
        "2020-01-01T00:00:00Z",
        "2026-06-01T09:49:59Z",
        "2026-06-01T10:10:01Z",
    ] {
        let message = Message::new(DOCUMENT, &certificate(), &PERSON, at(time));
        Scene::with_message(&message).is_doubted(Sub::SigConstraintsFailure);
    }
}

#[test]
fn row_85_a_signature_policy_that_is_not_at_hand_is_not_guessed() {
    let identifier = sequence([oid(crate::eds::Oid::new("1.2.3.4"))]);
    let kind = "1.2.840.113549.1.9.16.2.15";
    let message = message(&certificate()).with(kind, [identifier], &PERSON);
    Scene::with_message(&message).is_doubted(Sub::SignaturePolicyNotAvailable);
}

#[test]
fn row_85_a_known_signature_policy_is_the_document_that_is_known() {
    let kind = "1.2.840.113549.1.9.16.2.15";
    let naming = |hash: &str, document: &[u8]| {
        let digest = sequence([algorithm(hash), octets(&sha256(document))]);
        let policy = oid(crate::eds::Oid::new("1.2.398.9.1"));
        let message = message(&certificate()).with(kind, [sequence([policy, digest])], &PERSON);
        Scene::with_message(&message)
    };
    let sha256 = "2.16.840.1.101.3.4.2.1";
    let rules = format!(
        "[signature-policies]\n\"1.2.398.9.1\" = \"{}\"",
        Digest::of(b"what signing means")
    );
    let knowing = Policy::from_toml(&rules).expect("a policy");
    assert_ne!(knowing.hash(), Policy::national().hash());
    let judged = |mut scene: Scene| {
        scene.policy = knowing.clone();
        scene
    };
    judged(naming(sha256, b"what signing means")).passes();
    judged(naming(sha256, b"what signing meant")).is_doubted(Sub::PolicyProcessingError);
    let unknown = Sub::SignaturePolicyNotAvailable;
    judged(naming("2.16.840.1.101.3.4.2.3", b"what signing means")).is_doubted(unknown);
    naming(sha256, b"what signing means").is_doubted(unknown);
    let implied = message(&certificate()).with(kind, [vec![tag::NULL, 0]], &PERSON);
    judged(Scene::with_message(&implied)).is_doubted(unknown);
    assert!(Policy::from_toml("[signature-policies]\n\"1.2.3\" = \"ab\"").is_err());
}

#[test]
fn row_86_attributes_presented_as_a_document_are_refused() {
    let genuine = message(&certificate());
    let attributes = set(genuine.attributes.clone());
    let mut forged = genuine.clone();
    forged.written_attributes = None;
    forged.enclosed = Some(attributes.clone());
    let mut scene = Scene::with_message(&forged);
    scene.document = Some(attributes);
    scene.is_doubted(Sub::SigConstraintsFailure);
}

#[test]
fn row_87_a_signature_over_attributes_as_bare_content_is_refused() {
    let document = set(message(&certificate()).attributes);
    let mut bare = message(&certificate());
    bare.written_attributes = None;
    bare.signature = PERSON.sign(&document);
    let mut scene = Scene::with_message(&bare);
    scene.document = Some(document);
    scene.is_doubted(Sub::SigConstraintsFailure);
}

#[test]
fn row_88_a_substituted_certificate_of_the_same_key_is_refused() {
    let substitute = issue(
        &Draft::signer(4, "850101300000", &PERSON)
            .with(extension::SUBJECT_KEY_IDENTIFIER, &octets(&[3; 20])),
    );
    let mut message = message(&certificate());
    message.version = 3;
    message.identifier = element(tag::context(0), &[3; 20]);
    message.certificates = vec![substitute];
    Scene::with_message(&message).is_doubted(Sub::NoSigningCertificateFound);
    let stripped = message.without(message::SIGNING_CERTIFICATE_V2, &PERSON);
    Scene::with_message(&stripped).is_doubted(Sub::SigConstraintsFailure);
}

#[test]
fn row_90_explicit_curve_parameters_are_refused() {
    let parameters = sequence([
        oid("1.2.840.10045.2.1".parse().expect("oid")),
        sequence([integer(1)]),
    ]);
    let mut draft = person();
    draft.key = sequence([parameters, bits(&[4; 65])]);
    Scene::signed_with(&issue(&draft)).fails(Sub::FormatFailure);
}

#[test]
fn row_91_a_person_issues_no_certificates() {
    let mut scene =
        Scene::signed_with(&person().signed(&Draft::signer(5, IIN, &STRANGER).subject, &STRANGER));
    let mut between = Draft::signer(5, IIN, &STRANGER);
    between.subject = crate::eds::testing::pki::person(IIN);
    scene.intermediates.push(issue(&between));
    scene.is_doubted(Sub::CertificateChainGeneralFailure);
}

#[test]
fn row_92_paths_are_bounded() {
    let subject = |n: u8| name(&[(attribute::COMMON_NAME, &format!("Level {n}"))]);
    let level = |n: u8| {
        let mut draft = Draft::authority(n, "x", &AUTHORITY);
        draft.subject = subject(n);
        draft
    };
    let scene = |levels: u8| {
        let leaf = person().signed(&subject(levels), &AUTHORITY);
        let mut scene = Scene::signed_with(&leaf);
        scene.policy = Policy::national().with(|rules| rules.revocation = Revocation::Ignored);
        scene.intermediates = vec![level(1).signed(&root().subject, &ROOT)];
        scene
            .intermediates
            .extend((2..=levels).map(|n| level(n).signed(&subject(n - 1), &AUTHORITY)));
        scene
    };
    scene(6).passes();
    scene(7).is_doubted(Sub::CertificateChainGeneralFailure);
    let mut cycle = scene(2);
    cycle.intermediates = vec![
        level(1).signed(&subject(2), &AUTHORITY),
        level(2).signed(&subject(1), &AUTHORITY),
    ];
    cycle.is_doubted(Sub::NoCertificateChainFound);
    let mut short = scene(2);
    let limited = sequence([vec![tag::BOOLEAN, 1, 0xff], integer(0)]);
    short.intermediates[0] = level(1)
        .with(extension::BASIC_CONSTRAINTS, &limited)
        .signed(&root().subject, &ROOT);
    short.is_doubted(Sub::CertificateChainGeneralFailure);
}

#[test]
fn row_94_critical_and_doubled_extensions_are_refused() {
    let unknown = person().and_critical("1.2.3.4".parse().expect("oid"), &integer(1));
    Scene::signed_with(&issue(&unknown)).is_doubted(Sub::CertificateChainGeneralFailure);
    for draft in [
        person().and_critical(extension::KEY_USAGE, &[tag::BIT_STRING, 2, 6, 0xc0]),
        Draft {
            version: None,
            ..person()
        },
        Draft {
            version: Some(0),
            ..person()
        },
    ] {
        let mut scene = Scene::new();
        let mut message = message(&certificate());
        message.certificates = vec![issue(&draft)];
        scene.signature = message.der();
        scene.fails(Sub::FormatFailure);
    }
}

#[test]
fn row_96_a_certificate_that_waives_revocation_is_refused() {
    let waiving = person().with(extension::NO_REVOCATION_AVAILABLE, &[tag::NULL, 0]);
    Scene::signed_with(&issue(&waiving)).is_doubted(Sub::CertificateChainGeneralFailure);
    let waiving = person().with(extension::OCSP_NO_CHECK, &[tag::NULL, 0]);
    Scene::signed_with(&issue(&waiving)).is_doubted(Sub::CertificateChainGeneralFailure);
}

fn subject(more: &[(super::super::Oid, &str)]) -> Vec<u8> {
    let own = [
        (attribute::COMMON_NAME, "ТЕСТОВ ТЕСТ"),
        (attribute::SERIAL_NUMBER, "IIN900101300007"),
    ];
    name(&[&own, more].concat())
}

#[test]
fn row_99_an_ambiguous_person_is_refused() {
    let common = (attribute::COMMON_NAME, "ТЕСТОВ ТЕСТ");
    let serial = attribute::SERIAL_NUMBER;
    for subject in [
        subject(&[(serial, "IIN851230400006")]),
        name(&[(attribute::COMMON_NAME, "IIN900101300007")]),
        name(&[common, (serial, "PNO900101300007")]),
        name(&[common, (serial, "IIN90010130000")]),
        name(&[common, (serial, "IIN9001013000070")]),
        name(&[common, (serial, "IIN900101300008")]),
        name(&[common, (serial, "IIN９００１０１３００００７")]),
        name(&[common, (serial, "iin900101300007")]),
        name(&[
            (attribute::COMMON_NAME, "ТЕСТОВ\u{202e} ТЕСТ"),
            (serial, "IIN900101300007"),
        ]),
        subject(&[(attribute::COMMON_NAME, "ДРУГОЙ")]),
    ] {
        let draft = Draft {
            subject,
            ..person()
        };
        let fault = Scene::signed_with(&issue(&draft)).is_doubted(Sub::ChainConstraintsFailure);
        assert!(matches!(fault, Fault::IdentityAmbiguous(_)), "{fault:?}");
    }
}

#[test]
fn row_135_depth_is_refused_quickly() {
    let mut scene = Scene::new();
    scene.signature = [0x30, 0x80].repeat(500_000);
    let begin = std::time::Instant::now();
    scene.fails(Sub::FormatFailure);
    assert!(begin.elapsed().as_millis() < 50);
}

#[test]
fn a_memory_changes_no_verdict() {
    let good = Scene::new();
    let trust = Trust::new(&good.anchors, &good.intermediates, &good.crls)
        .expect("trust")
        .remembering(16);
    let judge = |scene: &Scene| {
        let content = Content::Detached(DOCUMENT);
        verify(
            &scene.signature,
            content,
            &trust,
            &scene.policy,
            scene.moment,
        )
        .map(|verified| verified.report().clone())
    };
    let first = judge(&good).expect("passes");
    assert_eq!(judge(&good).expect("passes"), first);
    let mut changed = certificate();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    let forged = Scene::signed_with(&changed);
    assert!(judge(&forged).is_err());
    let mut later = good.clone();
    later.moment = Moment::at(at("2027-01-01T00:00:00Z"));
    assert!(judge(&later).is_err());
}
