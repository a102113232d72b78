//! Nothing in a package can be changed unnoticed.

use super::stage::*;
use crate::domain::evidence::verify;
use crate::eds::asic::Package;
use crate::eds::testing::pki::at;
use crate::eds::{Indication, Policy};

fn both() -> [&'static Package; 2] {
    [&WHOLE, &FAMILY]
}

#[test]
fn no_flipped_bit_anywhere_in_the_octets_passes() {
    for octets in both().map(Package::write) {
        let places = (0..octets.len()).step_by(octets.len() / 1_000);
        let mut tampered = 0;
        for place in places {
            let mut changed = octets.clone();
            changed[place] ^= 1 << (place % 8);
            let report = verify(&changed, &trust(), &Policy::national(), at(PACKED));
            assert_ne!(report.indication, Indication::TotalPassed, "{place}");
            tampered += 1;
        }
        assert!(tampered >= 1_000);
    }
}

#[test]
fn no_flipped_bit_in_a_file_passes_though_the_archive_is_written_anew() {
    let mut tampered = 0;
    let files =
        |package: &'static Package| package.all().into_iter().map(move |file| (package, file));
    for (package, (name, content)) in both().into_iter().flat_map(files) {
        for place in (0..content.len()).step_by((content.len() / 40).max(1)) {
            let mut changed = content.clone();
            changed[place] ^= 1 << (place % 8);
            let package = package.clone().with_file(&name, Some(&changed));
            let report = judged(&package, PACKED);
            assert_ne!(report.indication, Indication::TotalPassed, "{name} {place}");
            tampered += 1;
        }
    }
    assert!(tampered >= 400, "{tampered}");
}

#[test]
fn no_file_is_removed_added_renamed_or_swapped_unnoticed() {
    both().into_iter().for_each(is_whole_or_nothing);
}

fn is_whole_or_nothing(whole: &Package) {
    let all = whole.all();
    let refuse = |package: Package| {
        let report = judged(&package, PACKED);
        assert_ne!(report.indication, Indication::TotalPassed);
    };
    refuse(whole.clone().with_file("records/more.json", Some(b"[]")));
    refuse(whole.clone().with_file("META-INF/more.tst", Some(b"[]")));
    for (name, content) in &all {
        let without = whole.clone().with_file(name, None);
        refuse(without.clone());
        refuse(without.with_file(&format!("{name}x"), Some(content)));
    }
    for (one, other) in all.iter().zip(all.iter().skip(1)) {
        let swapped = whole.clone().with_file(&one.0, Some(&other.1));
        refuse(swapped.with_file(&other.0, Some(&one.1)));
    }
}
