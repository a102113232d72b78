//! The certificate in Russian.

use super::{Label, Words};
use crate::domain::{Agreement, Ending, Kind};

pub(super) struct Russian;

impl Words for Russian {
    fn service(&self) -> &'static str {
        "Kelisim – согласия на регистрацию"
    }

    fn title(&self) -> &'static str {
        "Адресная справка"
    }

    fn subject(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Temporary => {
                "о временной регистрации по месту временного пребывания (проживания)"
            }
            Kind::Permanent => "о регистрации по месту жительства",
        }
    }

    fn stands(&self) -> &'static str {
        "Регистрация действует"
    }

    fn ahead(&self, from: &str) -> String {
        format!("Регистрация ещё не началась: её первый день – {from}")
    }

    fn over(&self, how: Ending, day: &str) -> String {
        match how {
            Ending::Expired => {
                format!("Регистрация прекращена: срок истёк, последний день – {day}")
            }
            Ending::Left => {
                format!("Регистрация прекращена {day} по заявлению зарегистрированного лица")
            }
            Ending::Removed => {
                format!("Регистрация прекращена {day} по требованию собственников жилища")
            }
            Ending::Replaced => format!("Регистрация прекращена {day}: её заменила новая"),
            Ending::Annulled => {
                format!("Регистрация аннулирована {day}: государственный реестр её не принял")
            }
            Ending::Discontinued => format!(
                "Регистрация прекращена {day}: регистрация, которую она продлевала, прекращена досрочно"
            ),
        }
    }

    fn as_of(&self, time: &str) -> String {
        format!("по состоянию на {time} (время Казахстана)")
    }

    fn label(&self, label: Label) -> &'static str {
        match label {
            Label::Person => "Зарегистрирован(а)",
            Label::Number => "ИИН",
            Label::Address => "Адрес",
            Label::AddressCode => "Регистрационный код адреса (РКА)",
            Label::Days => "Срок",
            Label::RegisteredOn => "Дата регистрации",
            Label::Registration => "Номер регистрации",
            Label::Consent => "Согласие",
        }
    }

    fn days(&self, from: &str, until: &str) -> String {
        format!("с {from} по {until} включительно")
    }

    fn since(&self, from: &str) -> String {
        format!("с {from}, без ограничения срока")
    }

    fn agreed(&self, agreement: Agreement) -> String {
        match agreement {
            Agreement::Owners(1) => {
                "единственного собственника жилища, электронной цифровой подписью".to_owned()
            }
            Agreement::Owners(count) => format!(
                "всех собственников жилища (их число: {count}), электронной цифровой подписью"
            ),
            Agreement::Sole => {
                "не требовалось: заявитель – единственный собственник жилища".to_owned()
            }
            Agreement::Tenant => "нанимателя жилища из государственного жилищного фонда, \
                                  электронной цифровой подписью"
                .to_owned(),
            Agreement::Attested(count) => {
                format!("принято в центре обслуживания населения; число давших его: {count}")
            }
        }
    }

    fn effect(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Temporary => {
                "Временная регистрация не даёт права собственности на жилище и права требовать его."
            }
            Kind::Permanent => {
                "Регистрация по месту жительства не даёт права собственности на жилище и права \
                 требовать его."
            }
        }
    }

    fn check(&self) -> &'static str {
        "Действует ли она сейчас?"
    }

    fn advice(&self, page: &str) -> String {
        format!(
            "Справка говорит о состоянии на время выдачи. О сегодняшнем скажет страница {page}: \
             наведите камеру на рисунок или введите код."
        )
    }

    fn typing(&self) -> &'static str {
        "Строчные буквы и пропущенные дефисы не мешают; О читается как 0, I и L – как 1."
    }

    fn picture(&self, address: &str) -> String {
        format!("QR-код, который ведёт на {address}")
    }

    fn evidence(&self, file: &str) -> String {
        format!(
            "К этому файлу приложен {file} – пакет ASiC-E с заявлением, согласиями и их \
             электронными цифровыми подписями. Проверить его можно и без сервиса."
        )
    }

    fn issued(&self, time: &str) -> String {
        format!("Выдана {time} (время Казахстана)")
    }
}
