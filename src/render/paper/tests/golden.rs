//! Every sentence of a certificate, in the three languages.

use super::*;
use crate::domain::{Agreement, Ending, Standing};
use crate::render::paper::words::words;

#[test]
fn a_temporary_registration_in_kazakh() {
    assert_snapshot!(text(&agreed(), Language::Kk), @r"
    Келісім – тіркеуге берілетін келісімдер
    https://kelisim.example
    Берілген уақыты: 01.11.2026 17:00 (Қазақстан уақыты)
    Мекенжай анықтамасы
    уақытша болатын (тұратын) жері бойынша уақытша тіркеу туралы
    Тіркеу күшінде
    01.11.2026 17:00 (Қазақстан уақыты) жағдай бойынша
    Тіркелген адам | ТЕСТОВ ТЕСТ ТЕСТҰЛЫ
    ЖСН | 9001********
    Мекенжай | Үлгі көшесі, 1-үй
    Мекенжайдың тіркеу коды | 0201999000000011
    Мерзімі | 01.11.2026 ж. бастап 01.02.2027 ж. дейін (қоса алғанда)
    Тіркелген күні | 01.11.2026
    Тіркеу нөмірі | 00000000-0000-0000-0000-000000000090
    Келісім | тұрғын үйдің барлық меншік иелері (саны: 2) электрондық цифрлық қолтаңбамен берді
    Уақытша тіркеу тұрғын үйге меншік құқығын және оны талап ету құқығын бермейді.
    Қазір күшінде ме?
    Анықтама берілген уақыттағы жағдайды көрсетеді. Бүгінгі жағдай мына бетте: https://kelisim.example/verify. Камераны суретке бағыттаңыз немесе кодты енгізіңіз.
    6WVK-EDSQ-6WVK-EDSQ-6WVK-EDSQ-6WVK
    Кіші әріптер мен қалып қойған дефистер кедергі емес; О әрпі 0, ал I мен L 1 деп оқылады.
    Бұл файлға evidence.asice қоса берілген: өтініш, келісімдер және олардың электрондық цифрлық қолтаңбалары бар ASiC-E пакеті. Оны қызметке жүгінбей-ақ тексеруге болады.
    ");
}

#[test]
fn a_temporary_registration_in_russian() {
    assert_snapshot!(text(&agreed(), Language::Ru), @r"
    Kelisim – согласия на регистрацию
    https://kelisim.example
    Выдана 01.11.2026 17:00 (время Казахстана)
    Адресная справка
    о временной регистрации по месту временного пребывания (проживания)
    Регистрация действует
    по состоянию на 01.11.2026 17:00 (время Казахстана)
    Зарегистрирован(а) | ТЕСТОВ ТЕСТ ТЕСТҰЛЫ
    ИИН | 9001********
    Адрес | улица Үлгі, дом 1
    Регистрационный код адреса (РКА) | 0201999000000011
    Срок | с 01.11.2026 по 01.02.2027 включительно
    Дата регистрации | 01.11.2026
    Номер регистрации | 00000000-0000-0000-0000-000000000090
    Согласие | всех собственников жилища (их число: 2), электронной цифровой подписью
    Временная регистрация не даёт права собственности на жилище и права требовать его.
    Действует ли она сейчас?
    Справка говорит о состоянии на время выдачи. О сегодняшнем скажет страница https://kelisim.example/verify: наведите камеру на рисунок или введите код.
    6WVK-EDSQ-6WVK-EDSQ-6WVK-EDSQ-6WVK
    Строчные буквы и пропущенные дефисы не мешают; О читается как 0, I и L – как 1.
    К этому файлу приложен evidence.asice – пакет ASiC-E с заявлением, согласиями и их электронными цифровыми подписями. Проверить его можно и без сервиса.
    ");
}

#[test]
fn a_temporary_registration_in_english() {
    assert_snapshot!(text(&agreed(), Language::En), @r"
    Kelisim – consents to registration
    https://kelisim.example
    Issued on 01.11.2026 17:00 (time of Kazakhstan)
    Address certificate
    of temporary registration at the place of temporary stay (residence)
    The registration stands
    as of 01.11.2026 17:00 (time of Kazakhstan)
    Registered person | ТЕСТОВ ТЕСТ ТЕСТҰЛЫ
    IIN | 9001********
    Address | 1 Ulgi street
    Address registration code (RKA) | 0201999000000011
    Period | from 01.11.2026 to 01.02.2027 inclusive
    Date of registration | 01.11.2026
    Number of the registration | 00000000-0000-0000-0000-000000000090
    Consent | of all owners of the dwelling, 2 in number, by electronic digital signature
    Temporary registration gives no right of ownership of the dwelling and no claim to it.
    Does it still stand?
    This certificate tells the state at the time of issue. Today's state is shown at https://kelisim.example/verify: point a camera at the picture, or type the code.
    6WVK-EDSQ-6WVK-EDSQ-6WVK-EDSQ-6WVK
    Small letters and missing hyphens do no harm; O is read as 0, I and L as 1.
    Attached to this file is evidence.asice, an ASiC-E package with the application, the consents and their electronic digital signatures. It can be verified without the service.
    ");
}

#[test]
fn a_permanent_registration_in_kazakh() {
    assert_snapshot!(text(&permanent(alone()), Language::Kk), @r"
    Келісім – тіркеуге берілетін келісімдер
    https://kelisim.example
    Берілген уақыты: 01.11.2026 17:00 (Қазақстан уақыты)
    Мекенжай анықтамасы
    тұрғылықты жері бойынша тіркеу туралы
    Тіркеу күшінде
    01.11.2026 17:00 (Қазақстан уақыты) жағдай бойынша
    Тіркелген адам | ТЕСТОВ ТЕСТ ТЕСТҰЛЫ
    ЖСН | 9001********
    Мекенжай | Үлгі көшесі, 1-үй
    Мекенжайдың тіркеу коды | 0201999000000011
    Мерзімі | 01.11.2026 ж. бастап, мерзімі шектелмейді
    Тіркелген күні | 01.11.2026
    Тіркеу нөмірі | 00000000-0000-0000-0000-000000000090
    Келісім | тұрғын үйдің жалғыз меншік иесі электрондық цифрлық қолтаңбамен берді
    Тұрғылықты жері бойынша тіркеу тұрғын үйге меншік құқығын және оны талап ету құқығын бермейді.
    Қазір күшінде ме?
    Анықтама берілген уақыттағы жағдайды көрсетеді. Бүгінгі жағдай мына бетте: https://kelisim.example/verify. Камераны суретке бағыттаңыз немесе кодты енгізіңіз.
    6WVK-EDSQ-6WVK-EDSQ-6WVK-EDSQ-6WVK
    Кіші әріптер мен қалып қойған дефистер кедергі емес; О әрпі 0, ал I мен L 1 деп оқылады.
    Бұл файлға evidence.asice қоса берілген: өтініш, келісімдер және олардың электрондық цифрлық қолтаңбалары бар ASiC-E пакеті. Оны қызметке жүгінбей-ақ тексеруге болады.
    ");
}

#[test]
fn a_permanent_registration_in_russian() {
    assert_snapshot!(text(&permanent(alone()), Language::Ru), @r"
    Kelisim – согласия на регистрацию
    https://kelisim.example
    Выдана 01.11.2026 17:00 (время Казахстана)
    Адресная справка
    о регистрации по месту жительства
    Регистрация действует
    по состоянию на 01.11.2026 17:00 (время Казахстана)
    Зарегистрирован(а) | ТЕСТОВ ТЕСТ ТЕСТҰЛЫ
    ИИН | 9001********
    Адрес | улица Үлгі, дом 1
    Регистрационный код адреса (РКА) | 0201999000000011
    Срок | с 01.11.2026, без ограничения срока
    Дата регистрации | 01.11.2026
    Номер регистрации | 00000000-0000-0000-0000-000000000090
    Согласие | единственного собственника жилища, электронной цифровой подписью
    Регистрация по месту жительства не даёт права собственности на жилище и права требовать его.
    Действует ли она сейчас?
    Справка говорит о состоянии на время выдачи. О сегодняшнем скажет страница https://kelisim.example/verify: наведите камеру на рисунок или введите код.
    6WVK-EDSQ-6WVK-EDSQ-6WVK-EDSQ-6WVK
    Строчные буквы и пропущенные дефисы не мешают; О читается как 0, I и L – как 1.
    К этому файлу приложен evidence.asice – пакет ASiC-E с заявлением, согласиями и их электронными цифровыми подписями. Проверить его можно и без сервиса.
    ");
}

#[test]
fn a_permanent_registration_in_english() {
    assert_snapshot!(text(&permanent(alone()), Language::En), @r"
    Kelisim – consents to registration
    https://kelisim.example
    Issued on 01.11.2026 17:00 (time of Kazakhstan)
    Address certificate
    of registration at the place of residence
    The registration stands
    as of 01.11.2026 17:00 (time of Kazakhstan)
    Registered person | ТЕСТОВ ТЕСТ ТЕСТҰЛЫ
    IIN | 9001********
    Address | 1 Ulgi street
    Address registration code (RKA) | 0201999000000011
    Period | from 01.11.2026, without an end
    Date of registration | 01.11.2026
    Number of the registration | 00000000-0000-0000-0000-000000000090
    Consent | of the only owner of the dwelling, by electronic digital signature
    Registration at the place of residence gives no right of ownership of the dwelling and no claim to it.
    Does it still stand?
    This certificate tells the state at the time of issue. Today's state is shown at https://kelisim.example/verify: point a camera at the picture, or type the code.
    6WVK-EDSQ-6WVK-EDSQ-6WVK-EDSQ-6WVK
    Small letters and missing hyphens do no harm; O is read as 0, I and L as 1.
    Attached to this file is evidence.asice, an ASiC-E package with the application, the consents and their electronic digital signatures. It can be verified without the service.
    ");
}

/// What a certificate of each language says first when the registration is so.
fn states(standing: Standing, after: TimeDelta) -> String {
    let said = Language::ALL.map(|language| {
        let said = |certificate: &Certificate<'_>| {
            let later = Certificate {
                issued_at: certificate.issued_at + after,
                ..*certificate
            };
            let content = Content::of(&later, press::EVIDENCE);
            format!("{:?}: {}", content.tone, content.state)
        };
        with(&alone(), |one| one.standing = standing, language, said)
    });
    said.join("\n")
}

#[test]
fn the_state_at_the_time_of_issue_stands_above_all() {
    let ended = |how| states(Standing::Ended(how, noon()), TimeDelta::days(9));
    let active = |days| states(Standing::Active, TimeDelta::days(days));
    let all = [
        active(0),
        active(-1),
        active(100),
        ended(Ending::Expired),
        ended(Ending::Left),
        ended(Ending::Removed),
        ended(Ending::Replaced),
        ended(Ending::Annulled),
    ];
    assert_snapshot!(all.join("\n"), @r"
    Good: Тіркеу күшінде
    Good: Регистрация действует
    Good: The registration stands
    Open: Тіркеу әлі басталған жоқ, бірінші күні: 01.11.2026
    Open: Регистрация ещё не началась: её первый день – 01.11.2026
    Open: The registration has not begun; its first day is 01.11.2026
    Bad: Тіркеу аяқталды: мерзімі өтті, соңғы күні: 01.02.2027
    Bad: Регистрация прекращена: срок истёк, последний день – 01.02.2027
    Bad: The registration is over; its last day was 01.02.2027
    Bad: Тіркеу аяқталды: мерзімі өтті, соңғы күні: 01.02.2027
    Bad: Регистрация прекращена: срок истёк, последний день – 01.02.2027
    Bad: The registration is over; its last day was 01.02.2027
    Bad: Тіркеу тоқтатылды: тіркелген адамның өтініші бойынша, күні: 01.11.2026
    Bad: Регистрация прекращена 01.11.2026 по заявлению зарегистрированного лица
    Bad: The registration ended on 01.11.2026 at the wish of the registered person
    Bad: Тіркеу тоқтатылды: тұрғын үй меншік иелерінің талабы бойынша, күні: 01.11.2026
    Bad: Регистрация прекращена 01.11.2026 по требованию собственников жилища
    Bad: The registration ended on 01.11.2026 at the demand of the owners
    Bad: Тіркеу тоқтатылды: оның орнына жаңасы рәсімделді, күні: 01.11.2026
    Bad: Регистрация прекращена 01.11.2026: её заменила новая
    Bad: The registration ended on 01.11.2026: a newer one took its place
    Bad: Тіркеудің күші жойылды: мемлекеттік тіркелім оны қабылдаған жоқ, күні: 01.11.2026
    Bad: Регистрация аннулирована 01.11.2026: государственный реестр её не принял
    Bad: The registration was annulled on 01.11.2026: the state register did not take it
    ");
}

#[test]
fn who_agreed_is_told_by_number_and_never_by_name() {
    let all = Language::ALL.into_iter().flat_map(|language| {
        let all = [
            Agreement::Owners(1),
            Agreement::Owners(2),
            Agreement::Sole,
            Agreement::Tenant,
            Agreement::Attested(3),
        ];
        all.map(|agreement| words(language).agreed(agreement))
    });
    assert_snapshot!(all.collect::<Vec<_>>().join("\n"), @r"
    тұрғын үйдің жалғыз меншік иесі электрондық цифрлық қолтаңбамен берді
    тұрғын үйдің барлық меншік иелері (саны: 2) электрондық цифрлық қолтаңбамен берді
    қажет болған жоқ: өтініш беруші – тұрғын үйдің жалғыз меншік иесі
    мемлекеттік тұрғын үй қорындағы тұрғын үйдің жалдаушысы электрондық цифрлық қолтаңбамен берді
    халыққа қызмет көрсету орталығында алынды; бергендердің саны: 3
    единственного собственника жилища, электронной цифровой подписью
    всех собственников жилища (их число: 2), электронной цифровой подписью
    не требовалось: заявитель – единственный собственник жилища
    нанимателя жилища из государственного жилищного фонда, электронной цифровой подписью
    принято в центре обслуживания населения; число давших его: 3
    of the only owner of the dwelling, by electronic digital signature
    of all owners of the dwelling, 2 in number, by electronic digital signature
    not needed: the applicant is the only owner of the dwelling
    of the tenant of the dwelling of the state housing stock, by electronic digital signature
    taken at a public service centre; number of those who gave it: 3
    ");
}
