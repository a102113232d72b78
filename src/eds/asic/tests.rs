use super::*;

fn package() -> Package {
    let files = [("b.json", "{}"), ("a/one.txt", "one"), ("a/empty", "")];
    let files = files.map(|(name, content)| (name.to_owned(), content.as_bytes().to_vec()));
    Package::new(files).expect("a package")
}

#[track_caller]
fn refused(octets: &[u8]) -> Broken {
    Package::read(octets).expect_err("read")
}

#[test]
fn what_is_written_is_read() {
    let package = package();
    let octets = package.write();
    assert_eq!(Package::read(&octets).as_ref(), Ok(&package));
    assert_eq!(octets, package.write());
    assert_eq!(package.listed(), Ok(()));
    assert!(octets.starts_with(b"PK\x03\x04"));
    // Programs that look for the type without reading the archive find it here.
    assert_eq!(octets.get(30..38), Some(&b"mimetype"[..]));
    assert_eq!(
        octets.get(38..38 + MIME_TYPE.len()),
        Some(MIME_TYPE.as_bytes())
    );
}

#[test]
fn the_order_in_which_files_are_given_does_not_matter() {
    let backwards = ["b.json", "a/one.txt", "a/empty"].map(|name| {
        (
            name.to_owned(),
            package().file(name).expect("a file").to_vec(),
        )
    });
    assert_eq!(
        Package::new(backwards).expect("a package").write(),
        package().write()
    );
}

#[test]
fn no_flipped_bit_is_read() {
    let octets = package().write();
    for place in 0..octets.len() {
        for bit in 0..8 {
            let mut changed = octets.clone();
            changed[place] ^= 1 << bit;
            refused(&changed);
        }
    }
}

#[test]
fn no_cut_no_gap_and_no_tail_is_read() {
    let octets = package().write();
    for length in 0..octets.len() {
        refused(&octets[..length]);
    }
    refused(&[&octets[..], &[0]].concat());
    refused(&[&[0], &octets[..]].concat());
    for place in (0..=octets.len()).step_by(7) {
        refused(&[&octets[..place], b"PK\x03\x04", &octets[place..]].concat());
    }
}

#[test]
fn sizes_that_lie_reserve_nothing() {
    let mut octets = package().write();
    octets[18..26].copy_from_slice(&[0xff; 8]);
    assert_eq!(refused(&octets), Broken::NotAPackage("truncated"));
    refused(b"PK\x03\x04");
    refused(b"PK\x05\x06");
    refused(&vec![0; LONGEST + 1]);
}

#[test]
fn names_lead_nowhere_else() {
    for name in [
        "",
        "/etc/passwd",
        "../up",
        "a/../b",
        "a//b",
        "a/",
        ".hidden",
        "a\\b",
        "c:x",
        "имя",
        "nul\0",
        "META-INF/x",
        "mimetype",
        &"a".repeat(201),
    ] {
        let packed = Package::new([(name.to_owned(), Vec::new())]);
        assert!(matches!(packed, Err(Broken::Name(_))), "{name:?}");
    }
    let twice = [("a", "1"), ("a", "2")].map(|(name, text)| (name.to_owned(), text.into()));
    assert_eq!(Package::new(twice), Err(Broken::Name("twice")));
    let many = (0..=MOST).map(|number| (format!("f{number}"), Vec::new()));
    assert_eq!(Package::new(many), Err(Broken::TooLarge("files")));
}

#[test]
fn everything_is_listed_and_nothing_else() {
    let listed = |package: &Package| package.listed().expect_err("listed");
    assert_eq!(
        listed(&package().with_file("more", Some(b""))),
        Broken::Unlisted("more".to_owned())
    );
    assert_eq!(
        listed(&package().with_file("b.json", None)),
        Broken::Missing("b.json".to_owned())
    );
    assert_eq!(
        listed(&package().with_file("b.json", Some(b"{ }"))),
        Broken::Altered("b.json".to_owned())
    );
    assert_eq!(
        listed(&package().with_file("META-INF/other.xml", Some(b""))),
        Broken::Unlisted("META-INF/other.xml".to_owned())
    );
    assert_eq!(
        listed(&package().with_file(FIRST_MANIFEST, None)),
        Broken::Missing(FIRST_MANIFEST.to_owned())
    );
}

#[test]
fn a_manifest_has_one_form_too() {
    let manifest = package().to_stamp(DigestName::Sha256);
    let text = String::from_utf8(manifest).expect("text");
    for changed in [
        text.replace("\n", "\r\n"),
        text.replace("ds:", "dsig:"),
        text.replace(" URI", "  URI"),
        text.replace("</asic:ASiCManifest>", "<!-- --></asic:ASiCManifest>"),
        format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{text}"),
        String::new(),
    ] {
        let package = package().with_file(FIRST_MANIFEST, Some(changed.as_bytes()));
        let broken = Broken::Manifest(FIRST_MANIFEST.to_owned());
        assert_eq!(package.listed(), Err(broken), "{changed}");
    }
}

#[test]
fn a_stamp_over_something_else_is_not_taken() {
    let manifest = package().to_stamp(DigestName::Sha256);
    assert_eq!(
        package().stamped(&manifest, b"no token"),
        Err(Broken::Stamp)
    );
}
