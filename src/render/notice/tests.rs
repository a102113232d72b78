use std::fmt::Write;

use strum::VariantArray;

use super::*;
use crate::domain::notice::{Facts, Topic};
use crate::domain::{Address, Grounds};
use crate::render::testing::noon;

fn facts() -> Facts {
    Facts {
        applicant: "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ".to_owned(),
        residents: vec!["ТЕСТОВА ҮЛГІ".to_owned(), "ТЕСТОВ ЕКІ".to_owned()],
        address: Address {
            kk: "Үлгі көшесі, 1-үй".to_owned(),
            ru: "улица Үлгі, дом 1".to_owned(),
            en: "1 Ulgi street".to_owned(),
        },
        starts_on: "2026-11-01".parse().unwrap(),
        ends_on: Some("2027-02-01".parse().unwrap()),
        days: Some(30),
        asked: 3,
        given: 2,
        until: noon(),
        grounds: Some(Grounds::SignatureVoid),
    }
}

/// Every topic, without the end that is the same in all.
fn all(language: Language) -> String {
    let facts = facts();
    let mut all = String::new();
    for topic in Topic::VARIANTS {
        let text = text(*topic, (&facts, noon()), language);
        let about = match language {
            Language::Kk => {
                " Кімге қатысты: ТЕСТОВА ҮЛГІ; ТЕСТОВ ЕКІ. Мекенжай: Үлгі көшесі, 1-үй."
            }
            Language::Ru => " Кого касается: ТЕСТОВА ҮЛГІ; ТЕСТОВ ЕКІ. Адрес: улица Үлгі, дом 1.",
            Language::En => " It concerns: ТЕСТОВА ҮЛГІ; ТЕСТОВ ЕКІ. Address: 1 Ulgi street.",
        };
        let happened = text.strip_suffix(about).unwrap();
        writeln!(all, "{topic:?}: {happened}").unwrap();
    }
    all
}

#[test]
fn every_topic_in_kazakh() {
    insta::assert_snapshot!(all(Language::Kk), @r"
    Asked: ТЕСТОВ ТЕСТ ТЕСТҰЛЫ тіркеуге келісіміңізді сұрайды. Жауап беру мерзімі: 01.11.2026 17:00 (Қазақстан уақыты).
    AskedAnew: Тіркеуге келісіміңіз қайта сұралып отыр: бұрынғы жауабыңыздың күші жойылды. Жауап беру мерзімі: 01.11.2026 17:00 (Қазақстан уақыты).
    Named: Сізді де тіркеу туралы өтініш берілді. Өтініш беруші: ТЕСТОВ ТЕСТ ТЕСТҰЛЫ.
    Edited: Өтініш өзгертілді: бұрынғы келісімдердің күші жойылды. Келісіміңіз қажет болса, ол қайта сұралады.
    NoLongerAsked: Сіздің келісіміңіз енді қажет емес: тіркелім бойынша оны басқа адамдар береді.
    OwnersChanged: Тіркелім бойынша келісімді бұрынғыдан басқа адамдар береді. Олардан келісім сұралды; жауап беру мерзімі: 01.11.2026 17:00 (Қазақстан уақыты).
    EvidenceAwaited: Қолтаңбаңыз қабылданды. Сертификат туралы мәлімет түскен соң ол есепке алынады; қайта қол қоюдың қажеті жоқ.
    SignatureCounts: Сертификат туралы мәлімет түсті: қолтаңбаңыз есепке алынды.
    SignatureRefused: Қолтаңбаңыз есепке алынбады: сертификат туралы мәлімет түспеді немесе оған қарсы. Қайта қол қойыңыз; мерзімі: 01.11.2026 17:00 (Қазақстан уақыты).
    SomeConsented: Алынған келісім саны: 2, сұралғаны: 3.
    AllConsented: Сұралғандардың бәрі келісті. Тіркеу рәсімделеді; сізден ештеңе талап етілмейді.
    Declined: Сұралғандардың бірі келісім бермеді. Өтініш жабылды.
    TakenBack: Келісімдердің бірі тіркеуге дейін қайтарып алынды. Өтініш жабылды.
    AnswerDue: Келісім туралы жауабыңыз әлі түскен жоқ. Жауап беру мерзімі: 01.11.2026 17:00 (Қазақстан уақыты).
    AnswersMissing: Әлі бәрі жауап берген жоқ. Алынған келісім саны: 2, сұралғаны: 3; жауап беру мерзімі: 01.11.2026 17:00 (Қазақстан уақыты).
    SignatureDue: Өтінішіңіз жазылды, бірақ оған әлі қол қойылған жоқ. Қол қою мерзімі: 01.11.2026 17:00 (Қазақстан уақыты); басқалардан келісім содан кейін ғана сұралады.
    ConfirmationDue: Тіркеу есебінен шығару туралы талапқа жауабыңыз әлі түскен жоқ. Жауап беру мерзімі: 01.11.2026 17:00 (Қазақстан уақыты).
    Withdrawn: Өтініш беруші өтінішін қайтарып алды. Сізден ештеңе талап етілмейді.
    Lapsed: Жауап беру мерзімі өтті, өтініш жабылды. Оны қайта беруге болады.
    Registered: Тіркеу рәсімделді: бірінші күні 01.11.2026, соңғы күні 01.02.2027.
    Refused: Тіркеуден бас тартылды: қолтаңбалардың бірінің сертификаты қол қойылғанға дейін қайтарып алынған.
    RemovalDemanded: Тұрғын үйдің меншік иесі тіркеу есебінен шығаруды талап етеді. Басқа меншік иелерінің жауап беру мерзімі: 01.11.2026 17:00 (Қазақстан уақыты); оған дейін тіркеу күшінде.
    ConfirmationAsked: Тұрғын үйдің меншік иесі тіркеу есебінен шығаруды талап етіп, растауыңызды сұрайды. Жауап беру мерзімі: 01.11.2026 17:00 (Қазақстан уақыты).
    RemovalConfirmed: Тіркеу есебінен шығару туралы талабыңыз расталуда. Алынған растау саны: 2, сұралғаны: 3.
    RemovalDropped: Тіркеу есебінен шығару туралы талап расталмады. Тіркеу күшінде.
    RemovalWithdrawn: Тіркеу есебінен шығару туралы талап қайтарып алынды. Тіркеу күшінде.
    Removed: Тіркеу тұрғын үй меншік иелерінің талабы бойынша тоқтатылды.
    Left: Тіркеу тіркелген адамның өтініші бойынша тоқтатылды.
    EndsSoon: Тіркеу 30 күннен кейін аяқталады, соңғы күні: 01.02.2027.
    Expired: Тіркеу мерзімі аяқталды, соңғы күні: 01.02.2027.
    Replaced: Тіркеу тоқтатылды: оның орнына жаңасы рәсімделді.
    Annulled: Тіркеудің күші жойылды: мемлекеттік тіркелім оны қабылдаған жоқ.
    Discontinued: Тіркеу тоқтатылды: ол ұзартқан тіркеу мерзімінен бұрын аяқталды.
    Invited: Меншік иесі сізді тіркеу туралы өтініш беруге шақырады және сізге сілтеме береді. Оны пайдалану мерзімі: 01.11.2026 17:00 (Қазақстан уақыты). Шақыру келісім болып табылмайды.
    InvitationUsed: Сіз шақырған адам шақыруыңыз бойынша өтініш жасап жатыр. Оған қол қойылған соң сіздің келісіміңіз сұралады.
    InvitationExpired: Шақыруыңызды ешкім пайдаланбады: оның мерзімі өтті.
    InvitationCancelled: Меншік иесі сізге жіберген шақыруын қайтарып алды.
    InvitationDeclined: Сіз шақырған адам шақырудан бас тартты.
    ");
}

#[test]
fn every_topic_in_russian() {
    insta::assert_snapshot!(all(Language::Ru), @r"
    Asked: ТЕСТОВ ТЕСТ ТЕСТҰЛЫ просит вашего согласия на регистрацию. Ответьте до 01.11.2026 17:00 (время Казахстана).
    AskedAnew: Вашего согласия на регистрацию просят заново: прежний ответ не действует. Ответьте до 01.11.2026 17:00 (время Казахстана).
    Named: Подано заявление, по которому регистрируют и вас. Заявитель: ТЕСТОВ ТЕСТ ТЕСТҰЛЫ.
    Edited: Заявление изменено: прежние согласия не действуют. Если ваше согласие понадобится, вас спросят заново.
    NoLongerAsked: Ваше согласие больше не требуется: по данным реестра его дают другие лица.
    OwnersChanged: По данным реестра согласие дают другие лица, чем прежде. Их спросили; ответы ожидаются до 01.11.2026 17:00 (время Казахстана).
    EvidenceAwaited: Ваша подпись получена. Она будет засчитана, как только поступят сведения о сертификате; подписывать снова не нужно.
    SignatureCounts: Сведения о сертификате поступили: ваша подпись засчитана.
    SignatureRefused: Ваша подпись не засчитана: сведения о сертификате не поступили или говорят против неё. Подпишите заново до 01.11.2026 17:00 (время Казахстана).
    SomeConsented: Получено согласий: 2 из 3.
    AllConsented: Согласились все, кого спросили. Регистрация будет оформлена; от вас ничего не требуется.
    Declined: Один из тех, кого спросили, не дал согласия. Заявление закрыто.
    TakenBack: Одно из согласий отозвано до регистрации. Заявление закрыто.
    AnswerDue: Вашего ответа на просьбу о согласии ещё нет. Ответьте до 01.11.2026 17:00 (время Казахстана).
    AnswersMissing: Ответили ещё не все. Получено согласий: 2 из 3; ответы ожидаются до 01.11.2026 17:00 (время Казахстана).
    SignatureDue: Ваше заявление составлено, но ещё не подписано. Подпишите его до 01.11.2026 17:00 (время Казахстана): только тогда у других запросят согласие.
    ConfirmationDue: Вашего ответа на требование снять с регистрации ещё нет. Ответьте до 01.11.2026 17:00 (время Казахстана).
    Withdrawn: Заявитель отозвал заявление. От вас ничего не требуется.
    Lapsed: Срок ответа истёк, заявление закрыто. Его можно подать заново.
    Registered: Регистрация оформлена: с 01.11.2026 по 01.02.2027 включительно.
    Refused: В регистрации отказано: сертификат одной из подписей был отозван до её создания.
    RemovalDemanded: Собственник жилища требует снять с регистрации. Другие собственники отвечают до 01.11.2026 17:00 (время Казахстана); до тех пор регистрация действует.
    ConfirmationAsked: Собственник жилища требует снять с регистрации и просит вашего подтверждения. Ответьте до 01.11.2026 17:00 (время Казахстана).
    RemovalConfirmed: Ваше требование снять с регистрации подтверждают. Получено подтверждений: 2 из 3.
    RemovalDropped: Требование снять с регистрации не подтверждено. Регистрация действует.
    RemovalWithdrawn: Требование снять с регистрации отозвано. Регистрация действует.
    Removed: Регистрация прекращена по требованию собственников жилища.
    Left: Регистрация прекращена по заявлению зарегистрированного лица.
    EndsSoon: Регистрация закончится через 30 дней, последний день — 01.02.2027.
    Expired: Срок регистрации истёк, последний день — 01.02.2027.
    Replaced: Регистрация прекращена: её заменила новая.
    Annulled: Регистрация аннулирована: государственный реестр её не принял.
    Discontinued: Регистрация прекращена: регистрация, которую она продлевала, прекращена досрочно.
    Invited: Собственник приглашает вас подать заявление о регистрации и передаёт вам ссылку, которой можно воспользоваться до 01.11.2026 17:00 (время Казахстана). Приглашение не является согласием.
    InvitationUsed: Приглашённый вами человек составляет заявление по вашему приглашению. Вашего согласия попросят, когда оно будет подписано.
    InvitationExpired: Вашим приглашением никто не воспользовался: его срок истёк.
    InvitationCancelled: Собственник отозвал приглашение, направленное вам.
    InvitationDeclined: Приглашённый вами человек отказался от приглашения.
    ");
}

#[test]
fn every_topic_in_english() {
    insta::assert_snapshot!(all(Language::En), @r"
    Asked: ТЕСТОВ ТЕСТ ТЕСТҰЛЫ asks for your consent to a registration. Answer by 01.11.2026 17:00 (Kazakhstan time).
    AskedAnew: Your consent to a registration is asked for anew: your earlier answer is void. Answer by 01.11.2026 17:00 (Kazakhstan time).
    Named: An application was made by which you too are to be registered. Applicant: ТЕСТОВ ТЕСТ ТЕСТҰЛЫ.
    Edited: The application is being changed: earlier consents are void. If yours is needed, you will be asked anew.
    NoLongerAsked: Your consent is no longer needed: by the register others give it.
    OwnersChanged: By the register others give their consent than before. They have been asked; answers are awaited until 01.11.2026 17:00 (Kazakhstan time).
    EvidenceAwaited: Your signature was received. It will count once the evidence about its certificate has come; do not sign again.
    SignatureCounts: The evidence about its certificate has come: your signature counts.
    SignatureRefused: Your signature does not count: the evidence about its certificate did not come or speaks against it. Sign again by 01.11.2026 17:00 (Kazakhstan time).
    SomeConsented: Consents received: 2 of 3.
    AllConsented: Everybody who was asked has consented. The registration will be made; nothing is asked of you.
    Declined: One of those who were asked did not consent. The application is closed.
    TakenBack: A consent was taken back before the registration. The application is closed.
    AnswerDue: Your answer to a request for consent is still awaited. Answer by 01.11.2026 17:00 (Kazakhstan time).
    AnswersMissing: Not everybody has answered yet. Consents received: 2 of 3; answers are awaited until 01.11.2026 17:00 (Kazakhstan time).
    SignatureDue: Your application is drafted and not signed yet. Sign it by 01.11.2026 17:00 (Kazakhstan time); only then is anybody asked.
    ConfirmationDue: Your answer to a demand to end a registration is still awaited. Answer by 01.11.2026 17:00 (Kazakhstan time).
    Withdrawn: The applicant took the application back. Nothing is asked of you.
    Lapsed: The time for an answer is over and the application is closed. It can be made anew.
    Registered: The registration was made: from 01.11.2026 to 01.02.2027, both included.
    Refused: Registration was refused: the certificate of one of the signatures had been revoked before it was made.
    RemovalDemanded: An owner of the dwelling demands the end of a registration. The other owners answer by 01.11.2026 17:00 (Kazakhstan time); until then it stands.
    ConfirmationAsked: An owner of the dwelling demands the end of a registration and asks you to confirm it. Answer by 01.11.2026 17:00 (Kazakhstan time).
    RemovalConfirmed: Your demand to end a registration is being confirmed. Confirmations received: 2 of 3.
    RemovalDropped: The demand to end a registration was not confirmed. The registration stands.
    RemovalWithdrawn: The demand to end a registration was taken back. The registration stands.
    Removed: The registration was ended at the demand of the owners of the dwelling.
    Left: The registration was ended at the wish of the registered person.
    EndsSoon: The registration ends in 30 days; its last day is 01.02.2027.
    Expired: The registration is over; its last day was 01.02.2027.
    Replaced: The registration was ended: a newer one took its place.
    Annulled: The registration was annulled: the state register did not take it.
    Discontinued: The registration was ended: the one that it continued had ended early.
    Invited: An owner invites you to apply for a registration and gives you a link for it, which can be used until 01.11.2026 17:00 (Kazakhstan time). The invitation is no consent.
    InvitationUsed: The person whom you invited is drafting an application by your invitation. Your consent is asked for once it is signed.
    InvitationExpired: Nobody used your invitation in time: it has expired.
    InvitationCancelled: The owner took the invitation to you back.
    InvitationDeclined: The person whom you invited declined.
    ");
}

#[track_caller]
fn ends_in(days: i64, kk: &str, ru: &str, en: &str) {
    let facts = Facts {
        days: Some(days),
        ..facts()
    };
    for (language, words) in Language::ALL.into_iter().zip([kk, ru, en]) {
        let text = text(Topic::EndsSoon, (&facts, noon()), language);
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn days_are_counted_as_each_language_counts() {
    ends_in(1, " 1 күннен кейін", "через 1 день,", "in 1 day;");
    ends_in(2, " 2 күннен кейін", "через 2 дня,", "in 2 days;");
    ends_in(4, " 4 күннен кейін", "через 4 дня,", "in 4 days;");
    ends_in(5, " 5 күннен кейін", "через 5 дней,", "in 5 days;");
    ends_in(7, " 7 күннен кейін", "через 7 дней,", "in 7 days;");
    ends_in(11, " 11 күннен кейін", "через 11 дней,", "in 11 days;");
    ends_in(14, " 14 күннен кейін", "через 14 дней,", "in 14 days;");
    ends_in(21, " 21 күннен кейін", "через 21 день,", "in 21 days;");
    ends_in(22, " 22 күннен кейін", "через 22 дня,", "in 22 days;");
    ends_in(30, " 30 күннен кейін", "через 30 дней,", "in 30 days;");
    ends_in(101, " 101 күннен кейін", "через 101 день,", "in 101 days;");
    ends_in(112, " 112 күннен кейін", "через 112 дней,", "in 112 days;");
}

#[test]
fn a_registration_without_an_end_says_so() {
    let facts = Facts {
        ends_on: None,
        days: None,
        ..facts()
    };
    let said = |language| text(Topic::Registered, (&facts, noon()), language);
    assert!(
        said(Language::Kk)
            .starts_with("Тіркеу рәсімделді: бірінші күні 01.11.2026, мерзімі шектелмеген.")
    );
    assert!(
        said(Language::Ru)
            .starts_with("Регистрация оформлена: с 01.11.2026, без ограничения срока.")
    );
    assert!(
        said(Language::En)
            .starts_with("The registration was made: from 01.11.2026 on, without an end.")
    );
}

#[test]
fn a_moment_is_told_by_the_clocks_of_kazakhstan() {
    assert_eq!(
        moment("2026-11-30T18:59:59Z".parse().unwrap()),
        "30.11.2026 23:59"
    );
    assert_eq!(
        moment("2026-11-30T19:00:00Z".parse().unwrap()),
        "01.12.2026 00:00"
    );
}

#[test]
fn nobody_is_told_to_sign_again_when_the_time_for_it_is_over() {
    let facts = facts();
    let late = facts.until + chrono::TimeDelta::seconds(1);
    let said = Language::ALL.map(|language| {
        let text = text(Topic::SignatureRefused, (&facts, late), language);
        assert!(!text.contains("17:00"), "{text}");
        text
    });
    assert!(
        said[0].contains("Қол қою мерзімі өтіп кетті"),
        "{}",
        said[0]
    );
    assert!(said[1].contains("Срок для подписания истёк"), "{}", said[1]);
    assert!(said[2].contains("The time to sign is over"), "{}", said[2]);
}
