//! The pages beside the two-party flow: invitations, the desk of a service centre,
//! sessions, administration, and checking a file.

use kelisim::domain::FourEyes;
use serde_json::json;

use super::browser::Browser;
use super::drafted;
use crate::attachments::SCAN;
use crate::office::{ONE_OWNER, OWNED_BY_A_CHILD, Office, TWO_OWNERS, proposal};
use crate::registers::iin_of;
use crate::service::Service;

/// What a camera reads on a page: the only QR code that stands there, which says in
/// words too what it is.
fn scanned(page: &str) -> String {
    let (_, image) = page
        .split_once("<img src=\"data:image/svg+xml;charset=utf-8,")
        .unwrap();
    let (image, rest) = image.split_once('"').unwrap();
    let (alternative, _) = rest.split_once('>').unwrap();
    assert!(alternative.contains("alt=\"QR code"), "{alternative}");
    let mut octets = Vec::new();
    let mut rest = image;
    while let Some((plain, escaped)) = rest.split_once('%') {
        octets.extend_from_slice(plain.as_bytes());
        octets.push(u8::from_str_radix(&escaped[..2], 16).unwrap());
        rest = &escaped[2..];
    }
    octets.extend_from_slice(rest.as_bytes());
    read(&String::from_utf8(octets).unwrap())
}

/// The text of a code that is drawn by rectangles of an SVG path.
fn read(image: &str) -> String {
    let between = |from: &str| {
        let (_, rest) = image.split_once(from).unwrap();
        rest.split_once('"').unwrap().0
    };
    let size: usize = between("width=\"").parse().unwrap();
    let mut dots = vec![255_u8; size * size];
    for rectangle in between(" d=\"M").split('M') {
        let numbers = rectangle.split(['h', 'v', 'H', 'V', ' ']);
        let numbers: Vec<usize> = numbers.map(|one| one.parse().unwrap()).collect();
        let [left, top, width, height, ..] = numbers[..] else {
            panic!("{rectangle}");
        };
        for row in top..top + height {
            dots[row * size + left..row * size + left + width].fill(0);
        }
    }
    let dot = |x: usize, y: usize| dots[y * size + x];
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(size, size, dot);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

#[tokio::test]
async fn whoever_is_late_reads_what_the_law_provides_and_where() {
    let service = Service::start().await;
    let office = Office::enter(&service, "resident-1").await;
    let mut late = proposal(ONE_OWNER);
    late["arrived_on"] = json!("2026-09-20");
    let late = office.asks(late).await;
    let in_time = office.asks(proposal(TWO_OWNERS)).await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    for (language, said) in [
        (
            "en",
            [
                "Rules of registration of the population",
                "7 monthly calculation indices (30",
                "article 492, part 2",
                "If repeated within a year",
                "article 493, part 1",
            ],
        ),
        (
            "ru",
            [
                "Правила регистрации населения",
                "7 месячных расчётных показателей (30",
                "Статья 492, часть 2",
                "При повторении в течение года",
                "Статья 493, часть 1",
            ],
        ),
        (
            "kk",
            [
                "Халықты тіркеу қағидалары",
                "7 айлық есептік көрсеткіш (30",
                "492-бабының 2-бөлігі",
                "Бір жыл ішінде қайталанса",
                "493-бабының 1-бөлігі",
            ],
        ),
    ] {
        let page = resident
            .get(&format!("/{language}/applications/{}", late.id()))
            .await;
        for words in said {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let page = resident
            .get(&format!("/{language}/applications/{}", in_time.id()))
            .await;
        assert!(page.text.contains(said[0]), "{}", page.text);
        assert!(!page.text.contains(said[3]), "{}", page.text);
    }
}

#[tokio::test]
async fn an_owner_invites_and_only_who_is_invited_uses_the_link() {
    let service = Service::start().await;
    let owner = Browser::signed_in(&service, "owner-1").await;
    let page = owner
        .get(&format!("/en/invitations/new?rka={ONE_OWNER}"))
        .await;
    assert!(page.text.contains(ONE_OWNER), "{}", page.text);
    let (form, key) = (page.field("form"), page.last_field("key"));
    let resident = iin_of("resident-1");
    let fields = [
        ("form", form.as_str()),
        ("key", &key),
        ("rka", ONE_OWNER),
        ("resident", resident.as_str()),
        ("kind", "temporary"),
        ("starts_on", "2026-11-24"),
        ("months", "3"),
    ];
    let invited = owner.post("/en/invitations/new", &fields).await;
    assert_eq!(invited.status, 200, "{}", invited.text);
    let link = invited
        .text
        .split("https://office.test/invitations/")
        .nth(1);
    let code = link.unwrap().split('<').next().unwrap();
    let scanned = scanned(&invited.text);
    assert_eq!(scanned, format!("https://office.test/invitations/{code}"));
    let resident = Browser::signed_in(&service, "resident-1").await;
    let opened = resident.get(&format!("/invitations/{code}")).await;
    assert_eq!(
        opened.leads_to(),
        format!("/kk/applications/new?code={code}")
    );
    let form = resident
        .get(&format!("/en/applications/new?code={code}"))
        .await;
    assert!(form.text.contains("value=\"2026-11-24\""), "{}", form.text);
    let stranger = Browser::signed_in(&service, "resident-2").await;
    let nothing = stranger
        .get(&format!("/en/applications/new?code={code}"))
        .await;
    assert_eq!(nothing.status, 404);
    let listed = owner.get("/en/invitations").await;
    let cancel = listed
        .text
        .split("action=\"")
        .find(|rest| rest.contains("/cancel\""));
    let cancel = cancel.unwrap().split('"').next().unwrap().to_owned();
    let (form, key) = (listed.field("form"), "cancel-once".to_owned());
    let gone = owner.post(&cancel, &[("form", &form), ("key", &key)]).await;
    assert_eq!(gone.leads_to(), "/en/invitations?done=cancelled");
    let over = resident.get("/en/invitations").await;
    assert!(over.text.contains("taken back"), "{}", over.text);
}

/// Where an operator finds the application that they wrote for somebody.
async fn written(operator: &Browser<'_>, rka: &str, resident: &str) -> String {
    let path = format!("/en/applications/new?rka={rka}&standpoint=operator");
    let page = operator.get(&path).await;
    let (form, key) = (page.field("form"), page.last_field("key"));
    let fields = [
        ("form", form.as_str()),
        ("key", &key),
        ("rka", rka),
        ("kind", "temporary"),
        ("starts_on", "2026-11-23"),
        ("months", "3"),
        ("arrived_on", "2026-11-20"),
        ("standpoint", "operator"),
        ("residents", resident),
    ];
    let drafted = operator.post("/en/applications", &fields).await;
    drafted.leads_to().split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_operator_attaches_attests_and_signs_at_the_desk() {
    let service = Service::decided(|settings| settings.rules.four_eyes = FourEyes::Waived).await;
    let operator = Browser::signed_in(&service, "operator").await;
    assert_eq!(operator.get("/en/desk").await.status, 200);
    let resident = iin_of("resident-1");
    let application = written(&operator, ONE_OWNER, resident.as_str()).await;
    let seen = operator.get(&application).await;
    let desk = seen.link(&application.replace("/en/applications", "/desk"));
    let page = operator.get(&desk).await;
    let attached = operator.attach(&desk, &page, SCAN).await;
    assert!(attached.leads_to().ends_with("?done=attached"));
    let page = operator.get(&desk).await;
    assert!(page.text.contains("scan.pdf"), "{}", page.text);
    let form = page.field("form");
    let fields = [
        ("form", form.as_str()),
        ("key", "attest-once"),
        ("resident-0-number", resident.as_str()),
        ("resident-0-document", "identity_card"),
        ("resident-0-last_four", "1234"),
        ("resident-0-issuer", "МВД РК"),
        ("owner-0-number", iin_of("owner-1").as_str()),
        ("owner-0-how", "present"),
        ("owner-0-document", "passport"),
        ("owner-0-last_four", "5678"),
        ("owner-0-issuer", "МВД РК"),
        ("owner-0-paper", ""),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let fields: Vec<_> = { fields.iter() }
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let attested = operator.post(&format!("{desk}/attestation"), &fields).await;
    assert!(attested.leads_to().ends_with("?done=attested"));
    let signed = operator.sign_at(&format!("{application}/sign")).await;
    assert!(signed.leads_to().contains("?done=signed"));
    let seen = operator.get(&application).await;
    assert!(seen.text.contains("at a public service centre"));
    let resident = Browser::signed_in(&service, "resident-2").await;
    assert_eq!(resident.get("/en/desk").await.status, 403);
    assert_eq!(resident.get(&desk).await.status, 404);
}

#[tokio::test]
async fn the_desk_offers_those_who_may_speak_for_whoever_cannot_act_alone() {
    /// Fifteen years old; `guardian` acts for him, and he owns a flat.
    const CHILD: &str = "110305599805";
    let service = Service::decided(|settings| settings.rules.four_eyes = FourEyes::Waived).await;
    let operator = Browser::signed_in(&service, "operator").await;
    let application = written(&operator, OWNED_BY_A_CHILD, CHILD).await;
    let desk = application.replace("/en/applications", "/en/desk");
    let page = operator.get(&desk).await;
    let guardian = iin_of("guardian");
    let offered = format!("ҚАМҚОРОВА ЛӘЗЗАТ ҮЛГІҚЫЗЫ, {}", guardian.as_str());
    assert_eq!(page.text.matches(&offered).count(), 2, "{}", page.text);
    assert!(page.text.contains(r#"value="legal_representative""#));
    assert!(!page.text.contains(r#"value="present""#), "{}", page.text);
    let form = page.field("form");
    let mut fields = vec![("form", form.as_str()), ("key", "attest-once")];
    fields.extend([
        ("resident-0-number", CHILD),
        ("resident-0-document", "birth_certificate"),
        ("resident-0-last_four", "1234"),
        ("resident-0-issuer", "МВД РК"),
        ("resident-0-representative", guardian.as_str()),
        ("owner-0-number", CHILD),
        ("owner-0-how", "legal_representative"),
        ("owner-0-representative", guardian.as_str()),
    ]);
    for (document, last_four, issuer) in [
        (
            "resident-representative-0-document",
            "resident-representative-0-last_four",
            "resident-representative-0-issuer",
        ),
        (
            "owner-representative-0-document",
            "owner-representative-0-last_four",
            "owner-representative-0-issuer",
        ),
    ] {
        assert!(
            page.text.contains(&format!(r#"name="{document}""#)),
            "{document}"
        );
        fields.extend([
            (document, "identity_card"),
            (last_four, "4321"),
            (issuer, "МВД РК"),
        ]);
    }
    let attested = operator.post(&format!("{desk}/attestation"), &fields).await;
    assert!(attested.leads_to().ends_with("?done=attested"));
}

#[tokio::test]
async fn a_person_ends_the_other_sessions() {
    let service = Service::start().await;
    let here = Browser::signed_in(&service, "resident-1").await;
    let there = Browser::signed_in(&service, "resident-1").await;
    let page = here.get("/en/sessions").await;
    let form = page.field("form");
    let fields = [("form", form.as_str()), ("key", "end")];
    let ended = here.post("/en/sessions/others/end", &fields).await;
    assert_eq!(ended.leads_to(), "/en/sessions?done=ended");
    assert_eq!(there.get("/en/office").await.status, 303);
    assert_eq!(here.get("/en/office").await.status, 200);
    let out = here.post("/en/sign-out", &fields).await;
    assert_eq!(out.leads_to(), "/en?done=signed-out");
    let cookie = out.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-sid=;"), "{cookie}");
    assert_eq!(here.get("/en/office").await.status, 303);
}

#[tokio::test]
async fn who_signs_in_anew_leaves_the_session_before() {
    let service = Service::start().await;
    let browser = Browser::signed_in(&service, "resident-1").await;
    let outside = Browser::new(&service, "resident-1");
    let page = outside.get("/en").await;
    let answer = browser.signs_in(&page, "").await;
    assert_eq!(answer.leads_to(), "/en/office");
    assert_eq!(browser.get("/en/office").await.status, 303);
}

#[tokio::test]
async fn whoever_runs_the_service_sees_how_it_is_and_nobody_else() {
    let service = Service::decided(|settings| {
        settings.administrators = [iin_of("operator-2")].into();
    })
    .await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    drafted(&resident).await;
    assert_eq!(resident.get("/en/administration").await.status, 403);
    let administrator = Browser::signed_in(&service, "operator-2").await;
    let page = administrator.get("/en/administration?state=waiting").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("application.drafted"), "{}", page.text);
    let form = page.field("form");
    let iin = iin_of("resident-1");
    let fields = [
        ("form", form.as_str()),
        ("key", "end"),
        ("iin", iin.as_str()),
    ];
    let end = "/en/administration/sessions/end";
    assert_eq!(administrator.post(end, &fields).await.status, 303);
    assert_eq!(resident.get("/en/office").await.status, 303);
}

#[tokio::test]
async fn anybody_checks_a_signed_file_and_nothing_is_kept() {
    let service = Service::start().await;
    let browser = Browser::new(&service, "resident-1");
    let office = Office::outside(&service, "resident-1");
    assert_eq!(browser.get("/en/validate").await.status, 200);
    let content = b"some text".as_slice();
    let signature = office.sign(&service, content);
    for (content, word) in [(content, "TOTAL-PASSED"), (b"other text", "TOTAL-FAILED")] {
        let files = [
            ("file", "signature.sig", signature.as_bytes()),
            ("content", "text.txt", content),
        ];
        let verdict = browser.hand_over("/en/validate", &[], &files).await;
        assert_eq!(verdict.status, 200, "{}", verdict.text);
        assert!(verdict.text.contains(word), "{}", verdict.text);
    }
    let files = [("file", "broken.asice", b"PK\x03\x04nothing".as_slice())];
    let verdict = browser.hand_over("/ru/validate", &[], &files).await;
    assert!(verdict.text.contains("TOTAL-FAILED"), "{}", verdict.text);
}

#[tokio::test]
async fn anybody_with_the_code_of_a_certificate_reads_whether_it_stands() {
    let service = Service::start().await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let application = drafted(&resident).await;
    resident.sign_at(&format!("{application}/sign")).await;
    let owner = Browser::signed_in(&service, "owner-1").await;
    let request = owner.get(&application).await;
    owner.sign_at(&request.link("/sign")).await;
    let seen = resident.get(&application).await;
    let registration = seen.text.split("/en/registrations/").nth(1).unwrap();
    let registration = registration.split('"').next().unwrap();
    let page = resident
        .get(&format!("/en/registrations/{registration}"))
        .await;
    let paper = page.link("/certificate?language=en");
    let certificate = resident.request(reqwest::Method::GET, &paper);
    let certificate = certificate.send().await.unwrap();
    assert_eq!(certificate.headers()["content-type"], "application/pdf");
    let office = Office::enter(&service, "resident-1").await;
    let code = crate::certificates::code(&office, registration).await;
    let anybody = Browser::new(&service, "resident-2");
    let opened = anybody.get(&format!("/verify/{code}")).await;
    assert_eq!(opened.leads_to(), format!("/kk/verify/{code}"));
    let typed = anybody
        .get(&format!("/en/verify?code={}", code.to_lowercase()))
        .await;
    assert_eq!(typed.leads_to(), format!("/en/verify/{code}"));
    let told = anybody.get(&format!("/en/verify/{code}")).await;
    assert_eq!(told.status, 200);
    assert!(told.text.contains("********"), "{}", told.text);
    assert!(!told.text.contains(iin_of("resident-1").as_str()));
    for wrong in ["0000-0000-0000-0000-0000-0000-0000", "nothing"] {
        let unknown = anybody.get(&format!("/en/verify/{wrong}")).await;
        assert_eq!(unknown.status, 404, "{wrong}");
        assert!(unknown.text.contains("No certificate has this code"));
    }
}

#[tokio::test]
async fn who_asks_too_often_by_codes_reads_so_in_words() {
    let service = Service::with_verifications(1).await;
    let anybody = Browser::new(&service, "resident-1");
    let path = "/ru/verify/0000-0000-0000-0000-0000-0000-0000";
    let mut answers = Vec::new();
    for _ in 0..30 {
        answers.push(anybody.get(path).await);
    }
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    assert!(refused.headers.contains_key("retry-after"));
    assert!(
        refused.text.contains("<html lang=\"ru\">"),
        "{}",
        refused.text
    );
}
