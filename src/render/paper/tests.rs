mod golden;

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::content::told;
use super::face::Faces;
use super::layout::{Page, Role, SHEET, Shape, pages};
use super::*;
use crate::domain::{Agreement, CHANCE, Capacity, Disclosed, Holder, Party, midnight};
use crate::render::testing::{
    OFFICE, OWNER, alone, asked, asked_by, attested, bin, iin, noon, permanent, registered,
};

const ORIGIN: &str = "https://kelisim.example";

/// Two owners agreed: a person and an organisation.
fn agreed() -> Application {
    let mut application = alone();
    let organisation = Holder::Organisation(bin(OFFICE));
    application.owners.insert(organisation.clone());
    application.consents.push(asked(Party::Owner(organisation)));
    application
}

#[test]
fn who_agreed_is_counted() {
    let check = |application: &Application, expected| {
        assert_eq!(Agreement::of(application), expected);
    };
    check(&alone(), Agreement::Owners(1));
    check(&agreed(), Agreement::Owners(2));
    let own = Application {
        owners: [alone().applicant.holder()].into(),
        consents: Vec::new(),
        ..alone()
    };
    check(&own, Agreement::Sole);
    let parent = alone().applicant.iin;
    let tenants = vec![
        asked(Party::Tenant(iin(OWNER))),
        asked(Party::Resident(parent)),
    ];
    let let_by_the_state = Application {
        consents: tenants,
        ..alone()
    };
    check(&let_by_the_state, Agreement::Tenant);
    let centre = asked_by(
        Capacity::Operator(bin(OFFICE)),
        &[crate::render::testing::parent()],
    );
    check(&attested(centre), Agreement::Attested(1));
}

/// What is done with the certificate of this application's registration.
fn with<T>(
    application: &Application,
    change: impl Fn(&mut Registration),
    language: Language,
    what: impl Fn(&Certificate<'_>) -> T,
) -> T {
    let mut registration = registered(application, 0);
    change(&mut registration);
    what(&Certificate {
        application,
        registration: &registration,
        code: &VerificationCode::drawn(&[0x37; CHANCE]),
        origin: ORIGIN,
        language,
        issued_at: noon(),
    })
}

fn laid_out(certificate: &Certificate<'_>) -> Vec<Page> {
    let content = Content::of(certificate, press::EVIDENCE);
    pages(&content, &Faces::open().unwrap()).unwrap()
}

/// The elements of these pages that are text, in the order in which they are read.
fn elements(pages: &[Page]) -> Vec<(Role, String)> {
    let mut elements: Vec<(usize, Role, String)> = Vec::new();
    for mark in pages.iter().flatten() {
        let Shape::Line { text, .. } = &mark.shape else {
            continue;
        };
        let mut known = elements.iter_mut();
        match known.find(|(element, _, _)| *element == mark.element) {
            Some((_, _, said)) => *said += text,
            None => elements.push((mark.element, mark.role, text.clone())),
        }
    }
    let elements = elements.into_iter();
    elements.map(|(_, role, said)| (role, said)).collect()
}

/// The text of a certificate, each label before its value.
fn text(application: &Application, language: Language) -> String {
    let pages = with(application, |_| {}, language, laid_out);
    let mut text = String::new();
    for (role, said) in elements(&pages) {
        let between = if role == Role::Label { " | " } else { "\n" };
        text += &said;
        text += between;
    }
    text
}

#[test]
fn no_certificate_names_an_owner_or_a_whole_number_of_the_resident() {
    let application = agreed();
    for language in Language::ALL {
        let text = text(&application, language);
        let resident = application.residents[0].iin.as_str();
        for hidden in [resident, OWNER, OFFICE] {
            assert!(!text.contains(hidden), "{text}");
        }
    }
}

#[test]
fn whoever_asks_by_the_code_is_told_less_than_stands_on_the_certificate() {
    let mut registration = registered(&alone(), 0);
    registration.address.ru = "г. Ойдан, ул. Абая, д. 12, кв. 7".to_owned();
    let disclosed = Disclosed::of(&alone(), &registration, noon());
    let told = told(&disclosed, Language::Ru);
    let rows = told.rows.iter();
    let rows: Vec<_> = rows
        .map(|(label, value)| format!("{label} | {value}"))
        .collect();
    let said = [
        told.subject,
        &told.state,
        &told.as_of,
        &rows.join("\n"),
        told.effect,
    ];
    assert_snapshot!(said.join("\n"), @r"
    о временной регистрации по месту временного пребывания (проживания)
    Регистрация действует
    по состоянию на 01.11.2026 (время Казахстана)
    Зарегистрирован(а) | Т. Т. Т.
    ИИН | 9001********
    Адрес | г. Ойдан, ул. Абая, д. 12
    Срок | с 01.11.2026 по 01.02.2027 включительно
    Дата регистрации | 01.11.2026
    Временная регистрация не даёт права собственности на жилище и права требовать его.
    ");
}

#[test]
fn a_long_name_and_address_go_on_to_further_pages_and_lose_nothing() {
    let mut application = alone();
    application.residents[0].name = "ТЕСТОВ-ҰЗЫНАТАУ ".repeat(40).trim_end().to_owned();
    let address = "Ойдан қаласы, Ұзынкөше көшесі ".repeat(200);
    let long = |one: &mut Registration| one.address.kk = address.trim_end().to_owned();
    let pages = with(&application, long, Language::Kk, laid_out);
    assert!(pages.len() > 2, "{}", pages.len());
    all_stands_on_a_sheet(&pages);
    let said: Vec<_> = { elements(&pages).into_iter() }
        .filter_map(|(role, said)| (role == Role::Value).then_some(said))
        .collect();
    assert!(said.contains(&application.residents[0].name));
    assert!(said.contains(&address.trim_end().to_owned()));
    let printed = with(&application, long, Language::Kk, |one| {
        certificate(one, Vec::new())
    });
    assert!(printed.is_ok());
}

#[track_caller]
fn all_stands_on_a_sheet(pages: &[Page]) {
    let faces = Faces::open().unwrap();
    for mark in pages.iter().flatten() {
        let (right, bottom) = match &mark.shape {
            Shape::Line { text, style, .. } => {
                // The blank at which a line was broken is not seen.
                let seen = faces.face(style.weight).shape(text.trim_end());
                (mark.x + seen.width * style.size, mark.y)
            }
            Shape::Area(width, height, _) => (mark.x + width, mark.y + height),
            Shape::Code(matrix, side) => {
                let width = f32::from(matrix.width) * side;
                (mark.x + width, mark.y + width)
            }
        };
        assert!(mark.x >= 60.0 && right <= SHEET.0 - 60.0, "{right}");
        assert!(mark.y >= 50.0 && bottom <= SHEET.1 - 40.0, "{bottom}");
    }
}

#[test]
fn an_ordinary_certificate_is_one_sheet() {
    for language in Language::ALL {
        let pages = with(&agreed(), |_| {}, language, laid_out);
        assert_eq!(pages.len(), 1);
        all_stands_on_a_sheet(&pages);
    }
}

#[test]
fn what_is_given_makes_the_same_octets_each_time() {
    let printed = || {
        with(
            &agreed(),
            |_| {},
            Language::Ru,
            |one| certificate(one, b"evidence".to_vec()).unwrap(),
        )
    };
    assert_eq!(printed(), printed());
}

#[test]
fn a_name_that_cannot_be_drawn_is_refused_rather_than_drawn_as_something_else() {
    let mut application = alone();
    application.residents[0].name = "漢字".to_owned();
    let printed = with(
        &application,
        |_| {},
        Language::En,
        |one| certificate(one, Vec::new()),
    );
    assert!(matches!(printed, Err(Unprintable::File(_))), "{printed:?}");
}

#[test]
fn a_moment_is_told_by_the_clocks_of_kazakhstan() {
    let night = midnight("2026-11-01".parse().unwrap()) - TimeDelta::seconds(1);
    let issued = with(
        &alone(),
        |_| {},
        Language::En,
        |one| {
            let at_night = Certificate {
                issued_at: night,
                ..*one
            };
            Content::of(&at_night, press::EVIDENCE).issued
        },
    );
    assert_eq!(issued, "Issued on 31.10.2026 23:59 (time of Kazakhstan)");
}
