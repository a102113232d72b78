apply = Новое заявление
step-of = Шаг { $step } из { $steps }
address-title = Где вы живёте?
address-text = Найдите адрес или введите его регистрационный код (РКА): шестнадцать цифр.
address-label = Адрес или РКА
address-help = Например: Үлгі 1 или 0201999000000011
addresses-found = Адреса
no-address = Такого адреса в реестре нет.
more-addresses = Найдены не только эти адреса. Добавьте слово, чтобы уточнить поиск.
other-address = Другой адрес
rka = РКА
applying-title = С какого дня и на какой срок?
extend-title = Продление регистрации
arrived-help = Кто прибыл больше чем на месяц, должен зарегистрироваться в течение десяти дней со дня прибытия.
starts-on = Первый день регистрации
how-long = На какой срок
months = { $count ->
    [one] { $count } месяц
    [few] { $count } месяца
    [many] { $count } месяцев
   *[other] { $count } месяца
}
months-help = Временная регистрация оформляется на срок от 1 до 12 месяцев. Постоянная (по месту жительства) сроком не ограничена.
family = Подаю заявление и за членов своей семьи
residents-family = ИИН всех, кого нужно зарегистрировать, включая вас
residents-operator = ИИН присутствующих лиц
residents-help = По двенадцать цифр, каждый ИИН с новой строки.
kind-temporary = временная
kind-permanent = постоянная (по месту жительства)
fact-number = Номер
fact-kind = Вид регистрации
fact-residents = Кого регистрируют
fact-resident = Кто зарегистрирован
fact-applicant = Заявитель
fact-address = Адрес
fact-period = Срок
fact-arrived = Дата прибытия
fact-channel = Как подано
fact-deadline = Ответ ожидается до
fact-registered = Зарегистрировано
fact-ended = Прекращено
days = с { $first } по { $last } включительно
since = с { $first }, без ограничения срока
until-moment = до { $moment }
channel-portal = онлайн
channel-service-centre = в центре обслуживания населения (ЦОН)
duty-title = Обязанность зарегистрироваться в течение десяти дней
duty-text = Последний день для регистрации в срок — { $day }: десять дней со дня прибытия.
duty-late = { $days ->
    [one] Заявление подано на { $days } день позже.
    [few] Заявление подано на { $days } дня позже.
    [many] Заявление подано на { $days } дней позже.
   *[other] Заявление подано на { $days } дня позже.
}
duty-resident = Проживающий
duty-owner = Собственник
duty-information = Это справочные сведения о статьях 492 и 493 Кодекса Республики Казахстан об административных правонарушениях. Решений по ним сервис не принимает.
measure-none = последствий нет
measure-warning = предупреждение
measure-fine = штраф
measure-unknown = за этот период сведений нет
indices = { $count ->
    [one] { $count } месячный расчётный показатель
    [few] { $count } месячных расчётных показателя
    [many] { $count } месячных расчётных показателей
   *[other] { $count } месячного расчётного показателя
}
tenge = { $amount } тенге
