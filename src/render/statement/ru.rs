//! Statements in Russian.

use super::{Demand, Plea, Voice, Words};
use crate::domain::{Holder, Kind, Party};

pub(super) struct Russian;

impl Words for Russian {
    fn iin(&self) -> &'static str {
        "ИИН"
    }

    fn bin(&self) -> &'static str {
        "БИН"
    }

    fn applies(&self, applicant: &str, plea: &Plea<'_>, kind: Kind) -> String {
        let (register, place) = match kind {
            Kind::Temporary => (
                "временно зарегистрировать",
                "по месту временного пребывания (проживания)",
            ),
            Kind::Permanent => ("зарегистрировать", "по месту жительства"),
        };
        match plea {
            Plea::Alone => format!("Я, {applicant}, прошу {register} меня {place}."),
            Plea::Together(others) => {
                format!("Я, {applicant}, прошу {register} меня {place} и вместе со мной: {others}.")
            }
            Plea::Representative(all) => {
                format!(
                    "Я, {applicant}, как законный представитель прошу {register} {place}: {all}."
                )
            }
            Plea::Others(all) => format!(
                "Я, {applicant}, прошу {register} {place}: {all}. У каждого из названных \
                 запрашивается согласие."
            ),
            Plea::Mixed(own, represented) => format!(
                "Я, {applicant}, прошу {register} {place}: {own} (у каждого запрашивается \
                 согласие), а также, как законный представитель: {represented}."
            ),
            Plea::Administration(bin, all) => format!(
                "Администрация организации, БИН {}, просит {register} {place}: {all}. \
                 Ходатайство составил(а): {applicant}.",
                bin.as_str()
            ),
            Plea::Operator(bin, all) => format!(
                "Я, {applicant}, работник центра обслуживания населения, БИН {}, по просьбе лично \
                 присутствующих прошу {register} {place}: {all}.",
                bin.as_str()
            ),
        }
    }

    fn lodged(&self, applicant: &str, plea: &Plea<'_>) -> String {
        let part = match plea {
            Plea::Alone | Plea::Together(_) | Plea::Others(_) => String::new(),
            Plea::Mixed(_, represented) => {
                format!(", законный представитель следующих лиц: {represented}")
            }
            Plea::Representative(_) => ", законный представитель".to_owned(),
            Plea::Administration(bin, _) => {
                format!(", от администрации организации, БИН {}", bin.as_str())
            }
            Plea::Operator(bin, _) => {
                format!(
                    ", работник центра обслуживания населения, БИН {}",
                    bin.as_str()
                )
            }
        };
        format!("Заявление подал(а): {applicant}{part}.")
    }

    fn consents(&self, voice: &Voice<'_>, kind: Kind, people: &str) -> String {
        let registration = match kind {
            Kind::Temporary => "временную регистрацию по месту временного пребывания (проживания)",
            Kind::Permanent => "регистрацию по месту жительства",
        };
        let give = voice.says("даю", "даёт");
        format!(
            "{} {give} согласие на {registration}: {people}.",
            subject(voice)
        )
    }

    fn leaves(&self, resident: &str, kind: Kind) -> String {
        format!("Я, {resident}, прошу снять меня {}.", off(kind))
    }

    fn lets_leave(&self, speaker: &str, kind: Kind, resident: &str) -> String {
        let off = off(kind);
        format!("Я, {speaker}, как законный представитель прошу снять {off}: {resident}.")
    }

    fn ends_at_once(&self) -> &'static str {
        "Регистрация прекращается, как только эта подпись принята."
    }

    fn demands(&self, voice: &Voice<'_>, kind: Kind, resident: &str) -> String {
        let ask = voice.says("прошу", "просит");
        format!("{} {ask} снять {}: {resident}.", subject(voice), off(kind))
    }

    fn confirms(&self, voice: &Voice<'_>, demand: &Demand) -> String {
        let confirm = voice.says("подтверждаю", "подтверждает");
        let by = demand.by.iter().map(|number| format!(", {number},"));
        format!(
            "{} {confirm} требование собственника жилища{} снять {}: {}.",
            subject(voice),
            by.collect::<String>(),
            off(demand.kind),
            demand.resident
        )
    }

    fn registration(&self, id: &str) -> String {
        format!("Регистрация № {id}.")
    }

    fn place(&self, address: &str, rka: &str) -> String {
        format!("Адрес: {address}, регистрационный код адреса {rka}.")
    }

    fn days(&self, from: &str, until: &str, months: u32) -> String {
        format!("Срок (месяцев): {months}, с {from} по {until} включительно.")
    }

    fn since(&self, from: &str) -> String {
        format!("С {from}, без ограничения срока.")
    }

    fn arrived(&self, day: &str) -> String {
        format!("Дата прибытия: {day}.")
    }

    fn extends(&self, id: &str) -> String {
        format!("Этим без перерыва продлевается регистрация № {id}.")
    }

    fn effect(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Temporary => "Временная регистрация не даёт права собственности на жилище.",
            Kind::Permanent => {
                "Регистрация по месту жительства не даёт права собственности на жилище и заменяет \
                 прежнюю."
            }
        }
    }

    fn enters(&self, origin: &str) -> String {
        format!(
            "Вхожу в личный кабинет {origin}. Эта подпись не означает ни заявления, ни согласия."
        )
    }
}

fn off(kind: Kind) -> &'static str {
    match kind {
        Kind::Temporary => "с временной регистрации по месту временного пребывания (проживания)",
        Kind::Permanent => "с регистрации по месту жительства",
    }
}

fn subject(voice: &Voice<'_>) -> String {
    if let Some(delegate) = voice.delegate {
        let (iin, power) = (delegate.iin.as_str(), delegate.power.as_str());
        let whose = whose(voice);
        return format!(
            "Я, ИИН {iin}, по нотариально заверенной доверенности № {power} от имени {whose}"
        );
    }
    match voice.party {
        Party::Owner(Holder::Person(iin)) => {
            format!("Я, собственник жилища, ИИН {},", iin.as_str())
        }
        Party::Owner(Holder::Organisation(bin)) => {
            format!("Организация — собственник жилища, БИН {},", bin.as_str())
        }
        Party::Tenant(iin) => format!(
            "Я, наниматель жилища из государственного жилищного фонда, ИИН {}, вместо собственника",
            iin.as_str()
        ),
        Party::Resident(iin) => format!(
            "Я, {}, ИИН {}, совершеннолетний член семьи и один из тех, кого регистрируют,",
            voice.name,
            iin.as_str()
        ),
        Party::Colleague(bin, _) => format!(
            "Я, работник центра обслуживания населения, БИН {}, проверил(а) заявление другого его \
             работника и",
            bin.as_str()
        ),
    }
}

/// The party in whose place a delegate speaks.
fn whose(voice: &Voice<'_>) -> String {
    match voice.party {
        Party::Owner(Holder::Person(iin)) => format!("собственника жилища, ИИН {},", iin.as_str()),
        Party::Owner(Holder::Organisation(bin)) => {
            format!("организации — собственника жилища, БИН {},", bin.as_str())
        }
        Party::Tenant(iin) => format!(
            "нанимателя жилища из государственного жилищного фонда, ИИН {},",
            iin.as_str()
        ),
        Party::Resident(iin) => {
            format!(
                "одного из тех, кого регистрируют, {}, ИИН {},",
                voice.name,
                iin.as_str()
            )
        }
        Party::Colleague(bin, _) => {
            format!("центра обслуживания населения, БИН {},", bin.as_str())
        }
    }
}
