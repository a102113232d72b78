//! The certificate in Kazakh. No case is put on a number: it would follow from how
//! the number is read.

use super::{Label, Words};
use crate::domain::{Agreement, Ending, Kind};

pub(super) struct Kazakh;

impl Words for Kazakh {
    fn service(&self) -> &'static str {
        "Келісім – тіркеуге берілетін келісімдер"
    }

    fn title(&self) -> &'static str {
        "Мекенжай анықтамасы"
    }

    fn subject(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Temporary => "уақытша болатын (тұратын) жері бойынша уақытша тіркеу туралы",
            Kind::Permanent => "тұрғылықты жері бойынша тіркеу туралы",
        }
    }

    fn stands(&self) -> &'static str {
        "Тіркеу күшінде"
    }

    fn ahead(&self, from: &str) -> String {
        format!("Тіркеу әлі басталған жоқ, бірінші күні: {from}")
    }

    fn over(&self, how: Ending, day: &str) -> String {
        match how {
            Ending::Expired => format!("Тіркеу аяқталды: мерзімі өтті, соңғы күні: {day}"),
            Ending::Left => {
                format!("Тіркеу тоқтатылды: тіркелген адамның өтініші бойынша, күні: {day}")
            }
            Ending::Removed => {
                format!("Тіркеу тоқтатылды: тұрғын үй меншік иелерінің талабы бойынша, күні: {day}")
            }
            Ending::Replaced => {
                format!("Тіркеу тоқтатылды: оның орнына жаңасы рәсімделді, күні: {day}")
            }
            Ending::Annulled => format!(
                "Тіркеудің күші жойылды: мемлекеттік тіркелім оны қабылдаған жоқ, күні: {day}"
            ),
            Ending::Discontinued => format!(
                "Тіркеу тоқтатылды: ол ұзартқан тіркеу мерзімінен бұрын аяқталды, күні: {day}"
            ),
        }
    }

    fn as_of(&self, time: &str) -> String {
        format!("{time} (Қазақстан уақыты) жағдай бойынша")
    }

    fn label(&self, label: Label) -> &'static str {
        match label {
            Label::Person => "Тіркелген адам",
            Label::Number => "ЖСН",
            Label::Address => "Мекенжай",
            Label::AddressCode => "Мекенжайдың тіркеу коды",
            Label::Days => "Мерзімі",
            Label::RegisteredOn => "Тіркелген күні",
            Label::Registration => "Тіркеу нөмірі",
            Label::Consent => "Келісім",
        }
    }

    fn days(&self, from: &str, until: &str) -> String {
        format!("{from} ж. бастап {until} ж. дейін (қоса алғанда)")
    }

    fn since(&self, from: &str) -> String {
        format!("{from} ж. бастап, мерзімі шектелмейді")
    }

    fn agreed(&self, agreement: Agreement) -> String {
        match agreement {
            Agreement::Owners(1) => {
                "тұрғын үйдің жалғыз меншік иесі электрондық цифрлық қолтаңбамен берді".to_owned()
            }
            Agreement::Owners(count) => format!(
                "тұрғын үйдің барлық меншік иелері (саны: {count}) электрондық цифрлық \
                 қолтаңбамен берді"
            ),
            Agreement::Sole => {
                "қажет болған жоқ: өтініш беруші – тұрғын үйдің жалғыз меншік иесі".to_owned()
            }
            Agreement::Tenant => "мемлекеттік тұрғын үй қорындағы тұрғын үйдің жалдаушысы \
                                  электрондық цифрлық қолтаңбамен берді"
                .to_owned(),
            Agreement::Attested(count) => {
                format!("халыққа қызмет көрсету орталығында алынды; бергендердің саны: {count}")
            }
        }
    }

    fn effect(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Temporary => {
                "Уақытша тіркеу тұрғын үйге меншік құқығын және оны талап ету құқығын бермейді."
            }
            Kind::Permanent => {
                "Тұрғылықты жері бойынша тіркеу тұрғын үйге меншік құқығын және оны талап ету \
                 құқығын бермейді."
            }
        }
    }

    fn check(&self) -> &'static str {
        "Қазір күшінде ме?"
    }

    fn advice(&self, page: &str) -> String {
        format!(
            "Анықтама берілген уақыттағы жағдайды көрсетеді. Бүгінгі жағдай мына бетте: {page}. \
             Камераны суретке бағыттаңыз немесе кодты енгізіңіз."
        )
    }

    fn typing(&self) -> &'static str {
        "Кіші әріптер мен қалып қойған дефистер кедергі емес; О әрпі 0, ал I мен L 1 деп оқылады."
    }

    fn picture(&self, address: &str) -> String {
        format!("{address} бетіне апаратын QR-код")
    }

    fn evidence(&self, file: &str) -> String {
        format!(
            "Бұл файлға {file} қоса берілген: өтініш, келісімдер және олардың электрондық цифрлық \
             қолтаңбалары бар ASiC-E пакеті. Оны қызметке жүгінбей-ақ тексеруге болады."
        )
    }

    fn issued(&self, time: &str) -> String {
        format!("Берілген уақыты: {time} (Қазақстан уақыты)")
    }
}
