//! Notices in Kazakh.
//!
//! A noun behind a number stays in the singular, and its case follows from the
//! noun alone. A case on the number itself would follow from how the number is
//! read, so no number here bears one.

use super::Told;
use crate::domain::Grounds;
use crate::domain::notice::Topic;

pub(super) fn about(told: &Told<'_>) -> String {
    let address = format!("Мекенжай: {}.", told.address);
    match told.residents.is_empty() {
        true => address,
        false => format!("Кімге қатысты: {}. {address}", told.residents),
    }
}

pub(super) fn happened(topic: Topic, told: &Told<'_>) -> String {
    let (applicant, until) = (told.applicant, &told.until);
    let (given, asked) = (told.facts.given, told.facts.asked);
    match topic {
        Topic::Asked => format!(
            "{applicant} тіркеуге келісіміңізді сұрайды. Жауап беру мерзімі: {until} (Қазақстан \
             уақыты)."
        ),
        Topic::AskedAnew => format!(
            "Тіркеуге келісіміңіз қайта сұралып отыр: бұрынғы жауабыңыздың күші жойылды. Жауап \
             беру мерзімі: {until} (Қазақстан уақыты)."
        ),
        Topic::Named => {
            format!("Сізді де тіркеу туралы өтініш берілді. Өтініш беруші: {applicant}.")
        }
        Topic::Edited => {
            "Өтініш өзгертілді: бұрынғы келісімдердің күші жойылды. Келісіміңіз қажет \
                          болса, ол қайта сұралады."
                .to_owned()
        }
        Topic::NoLongerAsked => {
            "Сіздің келісіміңіз енді қажет емес: тіркелім бойынша оны басқа адамдар береді."
                .to_owned()
        }
        Topic::OwnersChanged => format!(
            "Тіркелім бойынша келісімді бұрынғыдан басқа адамдар береді. Олардан келісім сұралды; \
             жауап беру мерзімі: {until} (Қазақстан уақыты)."
        ),
        Topic::EvidenceAwaited => {
            "Қолтаңбаңыз қабылданды. Сертификат туралы мәлімет түскен соң ол \
                                   есепке алынады; қайта қол қоюдың қажеті жоқ."
                .to_owned()
        }
        Topic::SignatureCounts => {
            "Сертификат туралы мәлімет түсті: қолтаңбаңыз есепке алынды.".to_owned()
        }
        Topic::SignatureRefused if told.over => {
            "Қолтаңбаңыз есепке алынбады: сертификат туралы мәлімет түспеді немесе оған қарсы. Қол \
             қою мерзімі өтіп кетті; өтінішті қайта беруге болады."
                .to_owned()
        }
        Topic::SignatureRefused => format!(
            "Қолтаңбаңыз есепке алынбады: сертификат туралы мәлімет түспеді немесе оған қарсы. \
             Қайта қол қойыңыз; мерзімі: {until} (Қазақстан уақыты)."
        ),
        Topic::SomeConsented => {
            format!("Алынған келісім саны: {given}, сұралғаны: {asked}.")
        }
        Topic::AllConsented => "Сұралғандардың бәрі келісті. Тіркеу рәсімделеді; сізден ештеңе \
                                талап етілмейді."
            .to_owned(),
        Topic::Declined => "Сұралғандардың бірі келісім бермеді. Өтініш жабылды.".to_owned(),
        Topic::TakenBack => {
            "Келісімдердің бірі тіркеуге дейін қайтарып алынды. Өтініш жабылды.".to_owned()
        }
        Topic::AnswerDue => format!(
            "Келісім туралы жауабыңыз әлі түскен жоқ. Жауап беру мерзімі: {until} (Қазақстан \
             уақыты)."
        ),
        Topic::AnswersMissing => format!(
            "Әлі бәрі жауап берген жоқ. Алынған келісім саны: {given}, сұралғаны: {asked}; жауап \
             беру мерзімі: {until} (Қазақстан уақыты)."
        ),
        Topic::SignatureDue => format!(
            "Өтінішіңіз жазылды, бірақ оған әлі қол қойылған жоқ. Қол қою мерзімі: {until} \
             (Қазақстан уақыты); басқалардан келісім содан кейін ғана сұралады."
        ),
        Topic::ConfirmationDue => format!(
            "Тіркеу есебінен шығару туралы талапқа жауабыңыз әлі түскен жоқ. Жауап беру мерзімі: \
             {until} (Қазақстан уақыты)."
        ),
        Topic::Withdrawn => {
            "Өтініш беруші өтінішін қайтарып алды. Сізден ештеңе талап етілмейді.".to_owned()
        }
        Topic::Lapsed => {
            "Жауап беру мерзімі өтті, өтініш жабылды. Оны қайта беруге болады.".to_owned()
        }
        Topic::Registered => registered(told),
        Topic::Refused => format!("Тіркеуден бас тартылды: {}.", because(told.facts.grounds)),
        Topic::RemovalDemanded => format!(
            "Тұрғын үйдің меншік иесі тіркеу есебінен шығаруды талап етеді. Басқа меншік иелерінің \
             жауап беру мерзімі: {until} (Қазақстан уақыты); оған дейін тіркеу күшінде."
        ),
        Topic::ConfirmationAsked => format!(
            "Тұрғын үйдің меншік иесі тіркеу есебінен шығаруды талап етіп, растауыңызды сұрайды. \
             Жауап беру мерзімі: {until} (Қазақстан уақыты)."
        ),
        Topic::RemovalConfirmed => format!(
            "Тіркеу есебінен шығару туралы талабыңыз расталуда. Алынған растау саны: {given}, \
             сұралғаны: {asked}."
        ),
        Topic::RemovalDropped => {
            "Тіркеу есебінен шығару туралы талап расталмады. Тіркеу күшінде.".to_owned()
        }
        Topic::RemovalWithdrawn => {
            "Тіркеу есебінен шығару туралы талап қайтарып алынды. Тіркеу күшінде.".to_owned()
        }
        Topic::Removed => "Тіркеу тұрғын үй меншік иелерінің талабы бойынша тоқтатылды.".to_owned(),
        Topic::Left => "Тіркеу тіркелген адамның өтініші бойынша тоқтатылды.".to_owned(),
        Topic::EndsSoon => format!(
            "Тіркеу {} күннен кейін аяқталады, соңғы күні: {}.",
            told.days,
            told.last()
        ),
        Topic::Expired => format!("Тіркеу мерзімі аяқталды, соңғы күні: {}.", told.last()),
        Topic::Replaced => "Тіркеу тоқтатылды: оның орнына жаңасы рәсімделді.".to_owned(),
        Topic::Annulled => {
            "Тіркеудің күші жойылды: мемлекеттік тіркелім оны қабылдаған жоқ.".to_owned()
        }
        Topic::Discontinued => {
            "Тіркеу тоқтатылды: ол ұзартқан тіркеу мерзімінен бұрын аяқталды.".to_owned()
        }
        Topic::Invited => format!(
            "Меншік иесі сізді тіркеу туралы өтініш беруге шақырады және сізге сілтеме береді. \
             Оны пайдалану мерзімі: {until} (Қазақстан уақыты). Шақыру келісім болып табылмайды."
        ),
        Topic::InvitationUsed => {
            "Сіз шақырған адам шақыруыңыз бойынша өтініш жасап жатыр. Оған қол \
                                  қойылған соң сіздің келісіміңіз сұралады."
                .to_owned()
        }
        Topic::InvitationExpired => {
            "Шақыруыңызды ешкім пайдаланбады: оның мерзімі өтті.".to_owned()
        }
        Topic::InvitationCancelled => {
            "Меншік иесі сізге жіберген шақыруын қайтарып алды.".to_owned()
        }
        Topic::InvitationDeclined => "Сіз шақырған адам шақырудан бас тартты.".to_owned(),
    }
}

fn registered(told: &Told<'_>) -> String {
    let from = &told.from;
    match &told.last {
        Some(last) => format!("Тіркеу рәсімделді: бірінші күні {from}, соңғы күні {last}."),
        None => format!("Тіркеу рәсімделді: бірінші күні {from}, мерзімі шектелмеген."),
    }
}

fn because(grounds: Option<Grounds>) -> &'static str {
    match grounds {
        Some(Grounds::OwnersChanged) => {
            "тіркелім бойынша тұрғын үйге құқық енді басқаларға тиесілі немесе ешкімге тиесілі емес"
        }
        Some(Grounds::SignatureVoid) => {
            "қолтаңбалардың бірінің сертификаты қол қойылғанға дейін қайтарып алынған"
        }
        Some(Grounds::AlreadyRegistered) => {
            "тіркелетін адамдардың бірі осы күндерге тіркеліп қойған"
        }
        Some(Grounds::NothingToExtend) => "ұзартылатын тіркеу тоқтатылған",
        Some(Grounds::Crowded) => "қаланың шегі бойынша тұрғын үйде мұнша адамға орын жоқ",
        Some(Grounds::Over) => "тіркеу рәсімделгенше осы күндердің соңғысы өтіп кетті",
        Some(Grounds::OwnerDead) => "тұрғын үйдің меншік иесі немесе жалдаушысы қайтыс болған",
        Some(Grounds::OwnerNotCapable) => {
            "тұрғын үйдің меншік иесі немесе жалдаушысы енді келісімді өзі бере алмайды"
        }
        Some(Grounds::ResidentDead) => "тіркелетін адамдардың бірі қайтыс болған",
        Some(Grounds::ResidentTooYoung) => {
            "тіркелім бойынша тіркелетін адамдардың бірі 14 жасқа толмаған"
        }
        Some(Grounds::ResidentNotCapable) => {
            "тіркелетін адамдардың біріне заңды өкіл қажет, ал өтінішті ол бермеген"
        }
        Some(Grounds::PersonUnknown) => "аталған адамдардың бірі халық тіркелімінде енді жоқ",
        Some(Grounds::NotInLease) => {
            "тұрғын үйді жалдау шартында тіркелетін адамдардың бәрі енді көрсетілмеген"
        }
        Some(Grounds::NotALodging) => {
            "ұйымның бұл мекенжайда енді жатақханасы, қонақүйі немесе сол сияқты ғимараты жоқ"
        }
        Some(Grounds::NotACentre) => {
            "өтінішті берген ұйым енді халыққа қызмет көрсету орталығы (ХҚО) емес"
        }
        Some(Grounds::ConflictOfInterest) => {
            "бұл іс енді өтінішті берген қызметкердің өзіне қатысты"
        }
        Some(Grounds::PowerVoid) => "келісімдердің бірі берілген сенімхат енді жарамсыз",
        Some(Grounds::RepresentativeVoid) => {
            "тіркелім бойынша қатысқан адам аталған адамдардың бірінің заңды өкілі болмай қалды"
        }
        Some(Grounds::SelfConsent) => {
            "меншік иесінің орнына келісімді тіркелетін адамның өзі немесе оның өкілі берген"
        }
        None => "негізі өтініште көрсетілген",
    }
}
