//! The code that a phone reads, and the words that it shows.

use super::*;
use crate::domain::{DocumentId, NONCE_LENGTH, Nonce, Purpose};
use uuid::Uuid;

const ADDRESS: &str =
    "https://office.example/api/v1/mobile/Zm9yIHRoZSBwaG9uZSBvbmx5LCAyNTYgYml0cyE";

fn document(bytes: &str) -> Document {
    let issued_at = "2026-11-01T12:00:00Z".parse().unwrap();
    Document {
        id: DocumentId::new(Uuid::from_u128(1)),
        purpose: Purpose::Login,
        signatory: None,
        language: Language::Ru,
        bytes: bytes.as_bytes().to_vec(),
        nonce: Nonce([0; NONCE_LENGTH]),
        issued_at,
        expires_at: issued_at,
    }
}

/// The modules of the image, as a camera would see them.
fn modules(image: &str) -> Vec<Vec<bool>> {
    let between = |from: &str, to: &str| {
        let (_, rest) = image.split_once(from).unwrap();
        rest.split_once(to).unwrap().0
    };
    let size: usize = between("width=\"", "\"").parse().unwrap();
    let mut modules = vec![vec![false; size]; size];
    for rectangle in between(" d=\"M", "\"").split('M') {
        let numbers = rectangle.split(['h', 'v', 'H', 'V', ' ']);
        let numbers: Vec<usize> = numbers.map(|one| one.parse().unwrap()).collect();
        let [left, top, width, height, _, _] = numbers[..] else {
            panic!("{rectangle}");
        };
        for row in &mut modules[top..top + height] {
            row[left..left + width].fill(true);
        }
    }
    modules
}

#[test]
fn the_code_is_read_by_an_independent_reader() {
    let call = call(ADDRESS).unwrap();
    let modules = modules(&call.qr);
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(modules.len(), modules.len(), |x, y| {
            if modules[y][x] { 0 } else { 255 }
        });
    let found = image.detect_grids();
    assert_eq!(found.len(), 1);
    let (about, text) = found[0].decode().unwrap();
    assert_eq!(text, format!("mobileSign:{ADDRESS}"));
    assert_eq!(about.ecc_level, 0, "level M (ISO/IEC 18004, table 12)");
}

#[test]
fn the_image_stands_in_a_page_that_allows_no_inline_styles() {
    let image = call(ADDRESS).unwrap().qr;
    assert!(image.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    assert!(image.ends_with("</svg>"));
    for forbidden in ["style", "<script", "<?xml", "class="] {
        assert!(!image.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn an_address_that_fits_no_code_is_refused() {
    let long = format!("https://{}.example/", "a".repeat(3000));
    assert_eq!(call(&long), Err(TooLong));
}

#[test]
fn the_links_bear_the_whole_address() {
    let call = call("https://office.example:8443/api/v1/mobile/a_b-c~d?x=1&y=ж").unwrap();
    insta::assert_snapshot!(call.link, @"https://mgovsign.page.link/?link=https%3A%2F%2Foffice.example%3A8443%2Fapi%2Fv1%2Fmobile%2Fa_b-c~d%3Fx%3D1%26y%3D%D0%B6&isi=1476128386&ibi=kz.egov.mobile&apn=kz.mobile.mgov");
    insta::assert_snapshot!(call.business_link, @"https://egovbusiness.page.link/?link=https%3A%2F%2Foffice.example%3A8443%2Fapi%2Fv1%2Fmobile%2Fa_b-c~d%3Fx%3D1%26y%3D%D0%B6&isi=1597880144&ibi=kz.mobile.mgov.business&apn=kz.mobile.mgov.business");
}

#[test]
fn every_kind_of_document_has_a_title_in_each_language() {
    let kinds = [LOGIN, APPLICATION, CONSENT, LEAVING, REMOVAL, CONFIRMATION];
    let mut titles = Vec::new();
    for kind in kinds {
        let bytes = format!(r#"{{"purpose":"{kind}","statement":"Я прошу","more":[1]}}"#);
        let shown = shown(&document(&bytes)).unwrap();
        assert_eq!(
            (shown.label, shown.statement.as_str()),
            ("Что вы подписываете", "Я прошу")
        );
        titles.extend(Language::ALL.map(|language| shown.title.in_language(language)));
    }
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), kinds.len() * 3);
}

#[test]
fn the_description_names_the_site_and_the_kind() {
    let shown = shown(&document(
        r#"{"purpose":"kelisim/login/v1","statement":""}"#,
    ))
    .unwrap();
    let described = |language| description(&shown, "https://office.example", language);
    assert_eq!(
        described(Language::Ru),
        "https://office.example: Вход в личный кабинет"
    );
    assert_eq!(
        described(Language::Kk),
        "https://office.example: Жеке кабинетке кіру"
    );
}

#[test]
fn bytes_that_are_no_document_of_ours_are_shown_as_none() {
    for bytes in [
        "",
        "[]",
        r#"{"purpose":"kelisim/login/v1"}"#,
        r#"{"purpose":"kelisim/login/v2","statement":""}"#,
    ] {
        assert_eq!(shown(&document(bytes)), None, "{bytes}");
    }
}
