//! Statements in Kazakh.

use super::{Demand, Plea, Voice, Words};
use crate::domain::{Holder, Kind, Party};

pub(super) struct Kazakh;

impl Words for Kazakh {
    fn iin(&self) -> &'static str {
        "ЖСН"
    }

    fn bin(&self) -> &'static str {
        "БСН"
    }

    fn applies(&self, applicant: &str, plea: &Plea<'_>, kind: Kind) -> String {
        let register = match kind {
            Kind::Temporary => "уақытша болатын (тұратын) жері бойынша уақытша тіркеуді",
            Kind::Permanent => "тұрғылықты жері бойынша тіркеуді",
        };
        match plea {
            Plea::Alone => format!("Мен, {applicant}, өзімді {register} сұраймын."),
            Plea::Together(others) => format!(
                "Мен, {applicant}, өзімді және менімен бірге төменде аталған адамды (адамдарды) \
                 {register} сұраймын: {others}."
            ),
            Plea::Representative(all) => format!(
                "Мен, {applicant}, заңды өкіл ретінде төменде аталған адамды (адамдарды) \
                 {register} сұраймын: {all}."
            ),
            Plea::Others(all) => format!(
                "Мен, {applicant}, төменде аталған адамды (адамдарды) {register} сұраймын: {all}. \
                 Аталғандардың әрқайсысынан келісім сұралады."
            ),
            Plea::Mixed(own, represented) => format!(
                "Мен, {applicant}, төменде аталған адамды (адамдарды) {register} сұраймын: {own} \
                 (әрқайсысынан келісім сұралады), сондай-ақ заңды өкіл ретінде: \
                 {represented}."
            ),
            Plea::Administration(bin, all) => format!(
                "Ұйымның әкімшілігі, БСН {}, төменде аталған адамды (адамдарды) {register} \
                 сұрайды: {all}. Өтінішхатты жасаған: {applicant}.",
                bin.as_str()
            ),
            Plea::Operator(bin, all) => format!(
                "Мен, {applicant}, халыққа қызмет көрсету орталығының қызметкері, БСН {}, жеке өзі \
                 қатысып отырғандардың өтініші бойынша төменде аталған адамды (адамдарды) \
                 {register} сұраймын: {all}.",
                bin.as_str()
            ),
        }
    }

    fn lodged(&self, applicant: &str, plea: &Plea<'_>) -> String {
        let part = match plea {
            Plea::Alone | Plea::Together(_) | Plea::Others(_) => String::new(),
            Plea::Mixed(_, represented) => format!(", мына адамдардың заңды өкілі: {represented}"),
            Plea::Representative(_) => ", заңды өкіл".to_owned(),
            Plea::Administration(bin, _) => {
                format!(", ұйымның әкімшілігі атынан, БСН {}", bin.as_str())
            }
            Plea::Operator(bin, _) => format!(
                ", халыққа қызмет көрсету орталығының қызметкері, БСН {}",
                bin.as_str()
            ),
        };
        format!("Өтініш берген: {applicant}{part}.")
    }

    fn consents(&self, voice: &Voice<'_>, kind: Kind, people: &str) -> String {
        let registration = match kind {
            Kind::Temporary => "уақытша болатын (тұратын) жері бойынша уақытша тіркелуіне",
            Kind::Permanent => "тұрғылықты жері бойынша тіркелуіне",
        };
        let give = voice.says("беремін", "береді");
        format!(
            "{} төменде аталған адамның (адамдардың) {registration} келісім {give}: {people}.",
            subject(voice)
        )
    }

    fn leaves(&self, resident: &str, kind: Kind) -> String {
        format!("Мен, {resident}, өзімді {} шығаруды сұраймын.", off(kind))
    }

    fn lets_leave(&self, speaker: &str, kind: Kind, resident: &str) -> String {
        format!(
            "Мен, {speaker}, заңды өкіл ретінде төменде аталған адамды {} шығаруды сұраймын: \
             {resident}.",
            off(kind)
        )
    }

    fn ends_at_once(&self) -> &'static str {
        "Осы қолтаңба қабылданған бойда тіркеу тоқтатылады."
    }

    fn demands(&self, voice: &Voice<'_>, kind: Kind, resident: &str) -> String {
        let ask = voice.says("сұраймын", "сұрайды");
        format!(
            "{} төменде аталған адамды {} шығаруды {ask}: {resident}.",
            subject(voice),
            off(kind)
        )
    }

    fn confirms(&self, voice: &Voice<'_>, demand: &Demand) -> String {
        let confirm = voice.says("растаймын", "растайды");
        let by = demand.by.iter().map(|number| format!(" ({number})"));
        format!(
            "{} тұрғын үйдің меншік иесінің{} төменде аталған адамды {} шығару туралы талабын \
             {confirm}: {}.",
            subject(voice),
            by.collect::<String>(),
            off(demand.kind),
            demand.resident
        )
    }

    fn registration(&self, id: &str) -> String {
        format!("№ {id} тіркеу.")
    }

    fn place(&self, address: &str, rka: &str) -> String {
        format!("Мекенжай: {address}, мекенжайдың тіркеу коды {rka}.")
    }

    fn days(&self, from: &str, until: &str, months: u32) -> String {
        format!("Мерзімі (ай): {months}, {from} ж. бастап {until} ж. дейін (қоса алғанда).")
    }

    fn since(&self, from: &str) -> String {
        format!("{from} ж. бастап, мерзімі шектелмейді.")
    }

    fn arrived(&self, day: &str) -> String {
        format!("Келген күні: {day} ж.")
    }

    fn extends(&self, id: &str) -> String {
        format!("Осымен № {id} тіркеу үзіліссіз ұзартылады.")
    }

    fn effect(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Temporary => "Уақытша тіркеу тұрғын үйге меншік құқығын бермейді.",
            Kind::Permanent => {
                "Тұрғылықты жері бойынша тіркеу тұрғын үйге меншік құқығын бермейді және \
                 бұрынғысын ауыстырады."
            }
        }
    }

    fn enters(&self, origin: &str) -> String {
        format!(
            "{origin} жеке кабинетіне кіремін. Бұл қолтаңба ешқандай өтінішті немесе келісімді \
             білдірмейді."
        )
    }
}

fn off(kind: Kind) -> &'static str {
    match kind {
        Kind::Temporary => "уақытша болатын (тұратын) жері бойынша уақытша тіркеу есебінен",
        Kind::Permanent => "тұрғылықты жері бойынша тіркеу есебінен",
    }
}

fn subject(voice: &Voice<'_>) -> String {
    if let Some(delegate) = voice.delegate {
        let (iin, power) = (delegate.iin.as_str(), delegate.power.as_str());
        let whose = whose(voice);
        return format!(
            "Мен, ЖСН {iin}, нотариат куәландырған № {power} сенімхат бойынша {whose} атынан"
        );
    }
    match voice.party {
        Party::Owner(Holder::Person(iin)) => {
            format!("Мен, тұрғын үйдің меншік иесі, ЖСН {},", iin.as_str())
        }
        Party::Owner(Holder::Organisation(bin)) => format!(
            "Тұрғын үйдің меншік иесі болып табылатын ұйым, БСН {},",
            bin.as_str()
        ),
        Party::Tenant(iin) => format!(
            "Мен, мемлекеттік тұрғын үй қорындағы тұрғын үйдің жалдаушысы, ЖСН {}, меншік иесінің \
             орнына",
            iin.as_str()
        ),
        Party::Resident(iin) => format!(
            "Мен, {}, ЖСН {}, отбасының кәмелетке толған мүшесі және тіркелетіндердің бірі,",
            voice.name,
            iin.as_str()
        ),
        Party::Colleague(bin, _) => format!(
            "Мен, халыққа қызмет көрсету орталығының қызметкері, БСН {}, оның басқа қызметкері \
             берген өтінішті тексердім және",
            bin.as_str()
        ),
    }
}

/// The party in whose place a delegate speaks.
fn whose(voice: &Voice<'_>) -> String {
    match voice.party {
        Party::Owner(Holder::Person(iin)) => {
            format!("тұрғын үйдің меншік иесінің (ЖСН {})", iin.as_str())
        }
        Party::Owner(Holder::Organisation(bin)) => format!(
            "тұрғын үйдің меншік иесі болып табылатын ұйымның (БСН {})",
            bin.as_str()
        ),
        Party::Tenant(iin) => format!(
            "мемлекеттік тұрғын үй қорындағы тұрғын үй жалдаушысының (ЖСН {})",
            iin.as_str()
        ),
        Party::Resident(iin) => format!(
            "тіркелетіндердің бірі {} (ЖСН {})",
            voice.name,
            iin.as_str()
        ),
        Party::Colleague(bin, _) => {
            format!("халыққа қызмет көрсету орталығының (БСН {})", bin.as_str())
        }
    }
}
