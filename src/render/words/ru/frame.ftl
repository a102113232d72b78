# What stands around every page.
brand = Kelisim
skip = Перейти к содержанию
languages = Язык
menu = Личный кабинет
menu-office = Личный кабинет
menu-applications = Заявления
menu-registrations = Регистрации
menu-dwellings = Мои жилища
menu-invitations = Приглашения
menu-desk = ЦОН
menu-notices = Уведомления
unread = { $count ->
    [one] { $count } непрочитанное уведомление
    [few] { $count } непрочитанных уведомления
    [many] { $count } непрочитанных уведомлений
   *[other] { $count } непрочитанного уведомления
}
sign-out = Выйти
footer = Согласия на регистрацию: подписаны, проверены, доказуемы.
footer-menu = Для всех
footer-validate = Проверить подписанный файл
footer-verify = Проверить справку
footer-api = Для разработчиков
back = Назад
to-office = В личный кабинет
try-again = Попробовать снова
details = Подробности
onward = Продолжить
older = Более ранние
more = Ещё
look = Посмотреть
keep = Нет, оставить как есть
search = Найти
nothing-found = Ничего не найдено. Попробуйте другие слова.
live-changed = Есть изменения. Показать
