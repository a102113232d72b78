use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;
use crate::eds::testing::{
    der::{element, sequence},
    pki::{Draft, List, at, person},
    scene::{AUTHORITY, ROOT, STRANGER, authority, list, root},
};

/// The list in both forms.
#[track_caller]
fn both(list: &List) -> [Crl; 2] {
    let der = list.signed(&authority().subject, &AUTHORITY);
    let signer = authority().signed(&root().subject, &ROOT);
    let signer = Certificate::read(&signer).expect("a certificate");
    let whole = Crl::read(&der).expect("a list");
    let compact = whole.compacted(&[&signer]).expect("a list");
    assert!(compact.is_compact() && !whole.is_compact());
    [whole, compact]
}

/// Random octets that are always the same (xorshift).
fn chance() -> impl FnMut() -> u8 {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    }
}

#[test]
fn each_entry_of_a_long_list_is_found_and_no_other() {
    let mut octet = chance();
    let mut list = list();
    let date = at("2026-05-01T00:00:00Z");
    // Enough for two, one and no octets that are told by the place.
    for (count, length) in [(40_000, 20), (300, 2), (100, 9), (1, 1)] {
        for number in 0..count {
            let mut serial: Vec<u8> = (0..length).map(|_| octet()).collect();
            serial[0] = serial[0] % 0x7f + 1;
            let reason = [None, Some(1), Some(6), Some(8)][number % 4];
            list.revoked.push((serial, date, reason));
        }
    }
    let [whole, compact] = both(&list);
    assert_eq!((whole.len(), compact.len()), (40_401, 40_401));
    let issuer = whole.issuer();
    for (serial, _, _) in &list.revoked {
        let found = whole.entry(issuer, serial);
        assert!(found.is_some());
        assert_eq!(compact.entry(issuer, serial), found, "{serial:02x?}");
        let mut absent = serial.clone();
        let last = absent.len() - 1;
        absent[last] ^= 1;
        assert_eq!(
            compact.entry(issuer, &absent),
            whole.entry(issuer, &absent),
            "{absent:02x?}"
        );
    }
    for absent in [&[][..], &[0], &[0; 20], &[0x7f; 20], &[0x7f; 21]] {
        assert_eq!(compact.entry(issuer, absent), None, "{absent:?}");
        assert_eq!(whole.entry(issuer, absent), None, "{absent:?}");
    }
}

#[test]
fn an_entry_counts_for_certificates_of_the_lists_issuer_only() {
    let lists = both(&list().revoking(5, "2026-05-01T00:00:00Z", None));
    let other = Draft {
        subject: person("900101300007"),
        ..authority()
    };
    for list in lists {
        assert!(list.entry(list.issuer(), &[5]).is_some());
        assert_eq!(list.entry(Name::known(&other.subject), &[5]), None);
    }
}

#[test]
fn a_large_list_is_kept_without_its_octets_only_if_somebody_at_hand_signed_it() {
    let mut long = list();
    let date = at("2026-05-01T00:00:00Z");
    long.revoked = (0..4_000_u32)
        .map(|number| ([&[1], &number.to_be_bytes()[..]].concat(), date, Some(1)))
        .collect();
    let subject = authority().subject;
    let (own, forged) = (
        long.signed(&subject, &AUTHORITY),
        long.signed(&subject, &STRANGER),
    );
    let trust = |lists: &[Vec<u8>]| {
        let issuer = authority().signed(&root().subject, &ROOT);
        crate::eds::Trust::new(&[root().self_signed(&ROOT)], &[issuer], lists).expect("trust")
    };
    let small = list().signed(&subject, &AUTHORITY);
    let read = trust(&[own.clone(), forged, small]);
    let compact: Vec<_> = read.crls.iter().map(|list| list.is_compact()).collect();
    assert_eq!(compact, [true, false, false]);
    // What was read is not read again.
    let again = read.renewed(&[], &[], &[own]).expect("trust");
    assert!(std::sync::Arc::ptr_eq(&again.crls[0], &read.crls[0]));
}

#[test]
fn a_list_with_dates_out_of_range_keeps_its_octets() {
    let signer = authority().signed(&root().subject, &ROOT);
    let signer = Certificate::read(&signer).expect("a certificate");
    let form = |list: &List| {
        let der = list.signed(&authority().subject, &AUTHORITY);
        let compact = Crl::read(&der).expect("a list").compacted(&[&signer]);
        compact.expect("a list").is_compact()
    };
    assert!(form(&list().revoking(5, "2086-02-06T06:28:15Z", None)));
    assert!(!form(&list().revoking(5, "2086-02-06T06:28:16Z", None)));
    assert!(!form(&list().revoking(5, "1949-12-31T23:59:59Z", None)));
}

#[test]
fn the_key_counts_however_it_is_written() {
    let [_, compact] = both(&list());
    let Form::Compact(compact) = compact.form else {
        panic!("whole")
    };
    let (own, other) = (AUTHORITY.public(), STRANGER.public());
    assert!(compact.signed_with(&PublicKey::read(&own).expect("a key")));
    assert!(!compact.signed_with(&PublicKey::read(&other).expect("a key")));
}

prop_compose! {
    /// Few different octets, so that serial numbers meet.
    fn serial()(first in 1_u8..4, rest in vec(select(&[0_u8, 1, 0x7f, 0x80, 0xff][..]), 0..4)) -> Vec<u8> {
        [vec![first], rest].concat()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn both_forms_of_a_list_say_the_same(
        revoked in vec(
            (serial(), 0_i64..4_000_000_000, option::of(select(&[0_u8, 1, 2, 3, 6, 8, 9][..]))),
            0..400,
        ),
        since in option::of(0_i64..4_000_000_000),
        asked in vec(serial(), 0..60),
    ) {
        let instant = |seconds| DateTime::from_timestamp(seconds - 600_000_000, 0).expect("an instant");
        let mut list = list();
        list.invalid_since = since.map(instant);
        list.revoked = revoked
            .into_iter()
            .map(|(serial, date, reason)| (serial, instant(date), reason))
            .collect();
        let identifier = sequence([element(tag::context(0), &[2; 20])]);
        let list = list
            .with(oid::AUTHORITY_KEY_IDENTIFIER, false, &identifier)
            .with(oid::CRL_NUMBER, false, &[tag::INTEGER, 2, 1, 7])
            .with(oid::DELTA_CRL_INDICATOR, true, &[tag::INTEGER, 1, 5]);
        let [whole, compact] = both(&list);
        let issuer = whole.issuer();
        let inside = list.revoked.iter().map(|(serial, _, _)| serial);
        for serial in inside.chain(&asked) {
            prop_assert_eq!(compact.entry(issuer, serial), whole.entry(issuer, serial));
        }
        for part in [
            &whole.extensions().number,
            &whole.extensions().base_number,
            &whole.extensions().authority_key_identifier,
        ] {
            let part = part.as_ref().expect("a part");
            prop_assert_eq!(compact.part(part), whole.part(part));
        }
        prop_assert_eq!(compact.sha256(), whole.sha256());
        prop_assert_eq!(compact.issuer().to_string(), whole.issuer().to_string());
        prop_assert_eq!(compact.part(&whole.head.signature), whole.part(&whole.head.signature));
        prop_assert_eq!(
            compact.signature_algorithm().map(|algorithm| algorithm.kind),
            whole.signature_algorithm().map(|algorithm| algorithm.kind)
        );
    }
}
