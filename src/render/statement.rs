//! What a person declares by signing, in words, as a pure function of the
//! fields that stand beside it in the signed bytes.
//!
//! The terms are those of the service's own rules (Kazakh and Russian) and of
//! the portal (English). Golden tests pin each sentence.

use chrono::NaiveDate;

use crate::domain::{Application, Language};
use crate::eds::Iin;

/// The resident's declaration.
pub fn application(application: &Application, language: Language) -> String {
    let facts = Facts::of(application, language);
    let Facts {
        name,
        resident,
        address,
        rka,
        from,
        until,
        months,
        arrived,
    } = facts;
    match language {
        Language::Kk => format!(
            "Мен, {name}, ЖСН {resident}, мына мекенжайда уақытша болатын (тұратын) жері бойынша \
             уақытша тіркеуді сұраймын: {address}, мекенжайдың тіркеу коды {rka}. \
             Мерзімі (ай): {months}, {from} ж. бастап {until} ж. дейін (қоса алғанда). Келген күнім: {arrived} ж. \
             Уақытша тіркеу тұрғын үйге меншік құқығын бермейтінін білемін."
        ),
        Language::Ru => format!(
            "Я, {name}, ИИН {resident}, прошу временно зарегистрировать меня по месту временного \
             пребывания (проживания) по адресу: {address}, регистрационный код адреса {rka}. \
             Срок (месяцев): {months}, с {from} по {until} включительно. Дата прибытия: {arrived}. \
             Мне известно, что временная регистрация не даёт права собственности на жилище."
        ),
        Language::En => format!(
            "I, {name}, IIN {resident}, ask to be registered temporarily at the place of \
             temporary stay (residence) at the address: {address}, address registration code {rka}. \
             Period (months): {months}, from {from} to {until} inclusive. Date of arrival: {arrived}. \
             I know that temporary registration gives no right of ownership of the dwelling."
        ),
    }
}

/// An owner's declaration.
pub fn consent(application: &Application, owner: &Iin, language: Language) -> String {
    let owner = owner.as_str();
    let facts = Facts::of(application, language);
    let Facts {
        name,
        resident,
        address,
        rka,
        from,
        until,
        months,
        ..
    } = facts;
    match language {
        Language::Kk => format!(
            "Мен, тұрғын үйдің меншік иесі, ЖСН {owner}, {name}, ЖСН {resident}, мына мекенжайда \
             уақытша тіркелуіне келісім беремін: {address}, мекенжайдың тіркеу коды {rka}. \
             Мерзімі (ай): {months}, {from} ж. бастап {until} ж. дейін (қоса алғанда). \
             Уақытша тіркеу тұрғын үйге меншік құқығын бермейді."
        ),
        Language::Ru => format!(
            "Я, собственник жилища, ИИН {owner}, даю согласие на временную регистрацию: {name}, \
             ИИН {resident}, по адресу: {address}, регистрационный код адреса {rka}. \
             Срок (месяцев): {months}, с {from} по {until} включительно. \
             Временная регистрация не даёт права собственности на жилище."
        ),
        Language::En => format!(
            "I, owner of the dwelling, IIN {owner}, consent to the temporary registration of {name}, \
             IIN {resident}, at the address: {address}, address registration code {rka}. \
             Period (months): {months}, from {from} to {until} inclusive. \
             Temporary registration gives no right of ownership of the dwelling."
        ),
    }
}

/// The declaration of a person who signs in.
pub fn login(origin: &str, language: Language) -> String {
    match language {
        Language::Kk => format!(
            "{origin} жеке кабинетіне кіремін. Бұл қолтаңба ешқандай өтінішті немесе келісімді білдірмейді."
        ),
        Language::Ru => format!(
            "Вхожу в личный кабинет {origin}. Эта подпись не означает ни заявления, ни согласия."
        ),
        Language::En => format!(
            "I sign in to the personal office at {origin}. This signature is neither an application nor a consent."
        ),
    }
}

struct Facts<'a> {
    name: &'a str,
    resident: &'a str,
    address: &'a str,
    rka: &'a str,
    from: String,
    until: String,
    months: u32,
    arrived: String,
}

impl<'a> Facts<'a> {
    fn of(application: &'a Application, language: Language) -> Self {
        Self {
            name: &application.resident.name,
            resident: application.resident.iin.as_str(),
            address: application.address.in_language(language),
            rka: application.rka.as_str(),
            from: date(application.period.from()),
            until: date(application.period.until()),
            months: application.period.months(),
            arrived: date(application.arrived),
        }
    }
}

/// The date as people in Kazakhstan write it, in all three languages.
fn date(day: NaiveDate) -> String {
    day.format("%d.%m.%Y").to_string()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        Address, ApplicationId, ConsentId, Dwelling, Period, Proposal, Resident, Rka, Rules,
    };

    fn example() -> Application {
        let owner = Iin::parse("851230400006").unwrap();
        let proposal = Proposal {
            resident: Resident {
                iin: Iin::parse("900101300007").unwrap(),
                name: "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ".to_owned(),
            },
            dwelling: Dwelling {
                rka: Rka::parse("0201999000000011").unwrap(),
                address: Address {
                    kk: "Үлгі көшесі, 1-үй".to_owned(),
                    ru: "улица Үлгі, дом 1".to_owned(),
                    en: "1 Ulgi street".to_owned(),
                },
                owners: [owner].into(),
            },
            period: Period::new("2026-11-01".parse().unwrap(), 3).unwrap(),
            arrived: "2026-10-30".parse().unwrap(),
            language: Language::Ru,
        };
        let now = Utc.with_ymd_and_hms(2026, 11, 1, 12, 0, 0).unwrap();
        let consents = vec![ConsentId::new(Uuid::nil())];
        let id = ApplicationId::new(Uuid::nil());
        Application::draft(id, proposal, consents, &Rules::default(), now)
    }

    fn in_all(say: impl Fn(Language) -> String) -> String {
        Language::ALL.map(say).join("\n")
    }

    #[test]
    fn the_resident_declares_this() {
        insta::assert_snapshot!(in_all(|language| application(&example(), language)), @r"
        Мен, ТЕСТОВ ТЕСТ ТЕСТҰЛЫ, ЖСН 900101300007, мына мекенжайда уақытша болатын (тұратын) жері бойынша уақытша тіркеуді сұраймын: Үлгі көшесі, 1-үй, мекенжайдың тіркеу коды 0201999000000011. Мерзімі (ай): 3, 01.11.2026 ж. бастап 01.02.2027 ж. дейін (қоса алғанда). Келген күнім: 30.10.2026 ж. Уақытша тіркеу тұрғын үйге меншік құқығын бермейтінін білемін.
        Я, ТЕСТОВ ТЕСТ ТЕСТҰЛЫ, ИИН 900101300007, прошу временно зарегистрировать меня по месту временного пребывания (проживания) по адресу: улица Үлгі, дом 1, регистрационный код адреса 0201999000000011. Срок (месяцев): 3, с 01.11.2026 по 01.02.2027 включительно. Дата прибытия: 30.10.2026. Мне известно, что временная регистрация не даёт права собственности на жилище.
        I, ТЕСТОВ ТЕСТ ТЕСТҰЛЫ, IIN 900101300007, ask to be registered temporarily at the place of temporary stay (residence) at the address: 1 Ulgi street, address registration code 0201999000000011. Period (months): 3, from 01.11.2026 to 01.02.2027 inclusive. Date of arrival: 30.10.2026. I know that temporary registration gives no right of ownership of the dwelling.
        ");
    }

    #[test]
    fn an_owner_declares_this() {
        let example = example();
        let owner = &example.consents[0].owner;
        insta::assert_snapshot!(in_all(|language| consent(&example, owner, language)), @r"
        Мен, тұрғын үйдің меншік иесі, ЖСН 851230400006, ТЕСТОВ ТЕСТ ТЕСТҰЛЫ, ЖСН 900101300007, мына мекенжайда уақытша тіркелуіне келісім беремін: Үлгі көшесі, 1-үй, мекенжайдың тіркеу коды 0201999000000011. Мерзімі (ай): 3, 01.11.2026 ж. бастап 01.02.2027 ж. дейін (қоса алғанда). Уақытша тіркеу тұрғын үйге меншік құқығын бермейді.
        Я, собственник жилища, ИИН 851230400006, даю согласие на временную регистрацию: ТЕСТОВ ТЕСТ ТЕСТҰЛЫ, ИИН 900101300007, по адресу: улица Үлгі, дом 1, регистрационный код адреса 0201999000000011. Срок (месяцев): 3, с 01.11.2026 по 01.02.2027 включительно. Временная регистрация не даёт права собственности на жилище.
        I, owner of the dwelling, IIN 851230400006, consent to the temporary registration of ТЕСТОВ ТЕСТ ТЕСТҰЛЫ, IIN 900101300007, at the address: 1 Ulgi street, address registration code 0201999000000011. Period (months): 3, from 01.11.2026 to 01.02.2027 inclusive. Temporary registration gives no right of ownership of the dwelling.
        ");
    }

    #[test]
    fn a_person_who_signs_in_declares_this() {
        insta::assert_snapshot!(in_all(|language| login("https://office.test", language)), @r"
        https://office.test жеке кабинетіне кіремін. Бұл қолтаңба ешқандай өтінішті немесе келісімді білдірмейді.
        Вхожу в личный кабинет https://office.test. Эта подпись не означает ни заявления, ни согласия.
        I sign in to the personal office at https://office.test. This signature is neither an application nor a consent.
        ");
    }

    #[test]
    fn every_field_that_matters_stands_in_every_statement() {
        let example = example();
        for language in Language::ALL {
            let statement = consent(&example, &example.consents[0].owner, language);
            for part in [
                "900101300007",
                "851230400006",
                "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ",
                "0201999000000011",
                "01.11.2026",
                "01.02.2027",
                example.address.in_language(language),
            ] {
                assert!(statement.contains(part), "{language:?} lacks {part}");
            }
        }
    }
}
