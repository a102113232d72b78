//! Notices in Russian.

use super::Told;
use crate::domain::Grounds;
use crate::domain::notice::Topic;

pub(super) fn about(told: &Told<'_>) -> String {
    let address = format!("Адрес: {}.", told.address);
    match told.residents.is_empty() {
        true => address,
        false => format!("Кого касается: {}. {address}", told.residents),
    }
}

pub(super) fn happened(topic: Topic, told: &Told<'_>) -> String {
    let (applicant, until) = (told.applicant, &told.until);
    let (given, asked) = (told.facts.given, told.facts.asked);
    match topic {
        Topic::Asked => format!(
            "{applicant} просит вашего согласия на регистрацию. Ответьте до {until} (время \
             Казахстана)."
        ),
        Topic::AskedAnew => format!(
            "Вашего согласия на регистрацию просят заново: прежний ответ не действует. Ответьте до \
             {until} (время Казахстана)."
        ),
        Topic::Named => {
            format!("Подано заявление, по которому регистрируют и вас. Заявитель: {applicant}.")
        }
        Topic::Edited => "Заявление изменено: прежние согласия не действуют. Если ваше согласие \
                          понадобится, вас спросят заново."
            .to_owned(),
        Topic::NoLongerAsked => {
            "Ваше согласие больше не требуется: по данным реестра его дают другие лица.".to_owned()
        }
        Topic::OwnersChanged => format!(
            "По данным реестра согласие дают другие лица, чем прежде. Их спросили; ответы \
             ожидаются до {until} (время Казахстана)."
        ),
        Topic::EvidenceAwaited => {
            "Ваша подпись получена. Она будет засчитана, как только поступят \
                                   сведения о сертификате; подписывать снова не нужно."
                .to_owned()
        }
        Topic::SignatureCounts => {
            "Сведения о сертификате поступили: ваша подпись засчитана.".to_owned()
        }
        Topic::SignatureRefused if told.over => {
            "Ваша подпись не засчитана: сведения о сертификате не поступили или говорят против \
             неё. Срок для подписания истёк; заявление можно подать заново."
                .to_owned()
        }
        Topic::SignatureRefused => format!(
            "Ваша подпись не засчитана: сведения о сертификате не поступили или говорят против \
             неё. Подпишите заново до {until} (время Казахстана)."
        ),
        Topic::SomeConsented => format!("Получено согласий: {given} из {asked}."),
        Topic::AllConsented => "Согласились все, кого спросили. Регистрация будет оформлена; от \
                                вас ничего не требуется."
            .to_owned(),
        Topic::Declined => {
            "Один из тех, кого спросили, не дал согласия. Заявление закрыто.".to_owned()
        }
        Topic::TakenBack => {
            "Одно из согласий отозвано до регистрации. Заявление закрыто.".to_owned()
        }
        Topic::AnswerDue => format!(
            "Вашего ответа на просьбу о согласии ещё нет. Ответьте до {until} (время Казахстана)."
        ),
        Topic::AnswersMissing => format!(
            "Ответили ещё не все. Получено согласий: {given} из {asked}; ответы ожидаются до \
             {until} (время Казахстана)."
        ),
        Topic::SignatureDue => format!(
            "Ваше заявление составлено, но ещё не подписано. Подпишите его до {until} (время \
             Казахстана): только тогда у других запросят согласие."
        ),
        Topic::ConfirmationDue => format!(
            "Вашего ответа на требование снять с регистрации ещё нет. Ответьте до {until} (время \
             Казахстана)."
        ),
        Topic::Withdrawn => "Заявитель отозвал заявление. От вас ничего не требуется.".to_owned(),
        Topic::Lapsed => {
            "Срок ответа истёк, заявление закрыто. Его можно подать заново.".to_owned()
        }
        Topic::Registered => registered(told),
        Topic::Refused => format!("В регистрации отказано: {}.", because(told.facts.grounds)),
        Topic::RemovalDemanded => format!(
            "Собственник жилища требует снять с регистрации. Другие собственники отвечают до \
             {until} (время Казахстана); до тех пор регистрация действует."
        ),
        Topic::ConfirmationAsked => format!(
            "Собственник жилища требует снять с регистрации и просит вашего подтверждения. \
             Ответьте до {until} (время Казахстана)."
        ),
        Topic::RemovalConfirmed => format!(
            "Ваше требование снять с регистрации подтверждают. Получено подтверждений: {given} из \
             {asked}."
        ),
        Topic::RemovalDropped => {
            "Требование снять с регистрации не подтверждено. Регистрация действует.".to_owned()
        }
        Topic::RemovalWithdrawn => {
            "Требование снять с регистрации отозвано. Регистрация действует.".to_owned()
        }
        Topic::Removed => "Регистрация прекращена по требованию собственников жилища.".to_owned(),
        Topic::Left => "Регистрация прекращена по заявлению зарегистрированного лица.".to_owned(),
        Topic::EndsSoon => format!(
            "Регистрация закончится через {} {}, последний день — {}.",
            told.days,
            days(told.days),
            told.last()
        ),
        Topic::Expired => format!("Срок регистрации истёк, последний день — {}.", told.last()),
        Topic::Replaced => "Регистрация прекращена: её заменила новая.".to_owned(),
        Topic::Annulled => {
            "Регистрация аннулирована: государственный реестр её не принял.".to_owned()
        }
        Topic::Discontinued => {
            "Регистрация прекращена: регистрация, которую она продлевала, прекращена досрочно."
                .to_owned()
        }
        Topic::Invited => format!(
            "Собственник приглашает вас подать заявление о регистрации и передаёт вам ссылку, \
             которой можно воспользоваться до {until} (время Казахстана). Приглашение не является \
             согласием."
        ),
        Topic::InvitationUsed => "Приглашённый вами человек составляет заявление по вашему \
                                  приглашению. Вашего согласия попросят, когда оно будет подписано."
            .to_owned(),
        Topic::InvitationExpired => {
            "Вашим приглашением никто не воспользовался: его срок истёк.".to_owned()
        }
        Topic::InvitationCancelled => {
            "Собственник отозвал приглашение, направленное вам.".to_owned()
        }
        Topic::InvitationDeclined => {
            "Приглашённый вами человек отказался от приглашения.".to_owned()
        }
    }
}

fn registered(told: &Told<'_>) -> String {
    let from = &told.from;
    match &told.last {
        Some(last) => format!("Регистрация оформлена: с {from} по {last} включительно."),
        None => format!("Регистрация оформлена: с {from}, без ограничения срока."),
    }
}

fn because(grounds: Option<Grounds>) -> &'static str {
    match grounds {
        Some(Grounds::OwnersChanged) => {
            "по реестру права на жилище теперь принадлежат другим или никому"
        }
        Some(Grounds::SignatureVoid) => "сертификат одной из подписей был отозван до её создания",
        Some(Grounds::AlreadyRegistered) => "один из регистрируемых уже зарегистрирован на эти дни",
        Some(Grounds::NothingToExtend) => "регистрация, которую продлевали, прекращена",
        Some(Grounds::Crowded) => "по нормативу города в жилище нет места для стольких людей",
        Some(Grounds::Over) => "последний из этих дней прошёл раньше, чем её удалось оформить",
        Some(Grounds::OwnerDead) => "собственник или наниматель жилища умер",
        Some(Grounds::OwnerNotCapable) => {
            "собственник или наниматель жилища больше не может дать согласие сам"
        }
        Some(Grounds::ResidentDead) => "один из регистрируемых умер",
        Some(Grounds::ResidentTooYoung) => "по реестру один из регистрируемых моложе 14 лет",
        Some(Grounds::ResidentNotCapable) => {
            "одному из регистрируемых нужен законный представитель, а подал заявление не он"
        }
        Some(Grounds::PersonUnknown) => {
            "одно из указанных лиц больше не значится в реестре населения"
        }
        Some(Grounds::NotInLease) => "договор найма жилища больше не называет всех регистрируемых",
        Some(Grounds::NotALodging) => {
            "у организации больше нет по этому адресу общежития, гостиницы или подобного здания"
        }
        Some(Grounds::NotACentre) => {
            "организация, подавшая заявление, больше не является центром обслуживания населения (ЦОН)"
        }
        Some(Grounds::ConflictOfInterest) => {
            "дело теперь касается самого работника, подавшего заявление"
        }
        Some(Grounds::PowerVoid) => {
            "доверенность, по которой дано одно из согласий, больше не действует"
        }
        Some(Grounds::RepresentativeVoid) => {
            "по реестру присутствовавший больше не является законным представителем одного из указанных лиц"
        }
        Some(Grounds::SelfConsent) => {
            "согласие за собственника дал тот, кто регистрируется сам или представляет регистрируемого"
        }
        None => "основание указано в заявлении",
    }
}

/// The noun behind a number, in the accusative: 1 день, 2 дня, 5 дней, 11 дней,
/// 21 день.
pub(super) fn days(count: i64) -> &'static str {
    let count = count.unsigned_abs();
    match (count % 10, count % 100) {
        (_, 11..=14) => "дней",
        (1, _) => "день",
        (2..=4, _) => "дня",
        _ => "дней",
    }
}
