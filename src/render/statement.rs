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
             Мерзімі (ай): {months}, {from} бастап {until} қоса алғанда. Келген күнім: {arrived}. \
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
             Мерзімі (ай): {months}, {from} бастап {until} қоса алғанда. \
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
