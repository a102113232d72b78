home-requests = Ждут вашего ответа
home-registrations = Мои регистрации
home-applications = Мои заявления
home-dwellings = Жилища и кто в них зарегистрирован
all-requests = Все направленные мне запросы
all-applications = Все мои заявления
no-registrations = Через этот сервис вы пока нигде не зарегистрированы.
no-applications = Заявлений пока нет.
no-dwellings = По данным реестра у вас нет жилища в собственности.
acting-for-owner = Здесь вы действуете за собственника по доверенности на снятие с регистрации.
no-notices = Уведомлений пока нет.
nobody-registered = Здесь никто не зарегистрирован.
roles = Чьи заявления
role-resident = Мои
role-owner = Направленные мне
search-text = ФИО или адрес
search-name = ФИО
search-address = Адрес или его код (РКА)
search-state = Статус
search-kind = Вид регистрации
search-code = Код адреса (РКА)
search-answer = Ответ
search-from = Начало периода
search-until = Конец периода
any-state = любой
what-is-asked = О чём заявление
answers = Согласия
given-of = Получено согласий: { $given } из { $total }
history = Ход рассмотрения
waiting-since = Подпись получена { $moment }.
waiting-next = Следующий запрос — { $moment }.
action-sign = Прочитать и подписать
action-consent = Прочитать и дать согласие
action-decline = Отказать
action-take-back = Отозвать согласие
action-edit = Изменить заявление
action-withdraw = Отозвать заявление
action-attest = Документы и удостоверение сведений
action-extend = Продлить
action-leave = Сняться с регистрации: я выезжаю
action-remove = Снять с регистрации по требованию собственника
action-withdraw-removal = Отозвать требование
action-invite = Пригласить подать заявление
withdraw-title = Отозвать заявление?
withdraw-text = Заявление будет закрыто, согласия больше ни у кого не запрашиваются. Подать новое заявление можно в любое время.
withdraw-button = Отозвать
decline-title = Отказать?
decline-text = Заявление будет закрыто для всех; если вас просят подтвердить снятие с регистрации, регистрация останется в силе. Изменить ответ потом нельзя.
decline-button = Отказать
take-back-title = Отозвать согласие?
take-back-text = Заявление будет закрыто, и ваше согласие не повлечёт никаких последствий.
take-back-button = Отозвать
withdraw-removal-title = Отозвать требование?
withdraw-removal-text = Других собственников больше не спрашивают, регистрация действует. Потребовать снятия с регистрации можно снова в любое время.
withdraw-removal-button = Отозвать
why = Почему?
reason-not-agreed = Не даю согласия
reason-unknown-person = Я не знаю этого человека
reason-not-my-dwelling = Это не моё жилище
registration-of = Регистрация: { $name }
no-ownership = Регистрация не даёт права собственности на жилище и права требовать его.
extendable-from = Продлить её можно будет с { $day }.
removal-under-way = Собственник жилища требует снять с регистрации. Другие собственники могут подтвердить это до { $moment }; до тех пор регистрация действует.
to-application = К заявлению
papers = Документы
paper-certificate = Адресная справка (PDF)
paper-evidence = Все доказательства (ASiC-E)
area = { $metres } м²
people-registered = { $count ->
    [0] никто не зарегистрирован
    [one] зарегистрирован { $count } человек
    [few] зарегистрировано { $count } человека
    [many] зарегистрировано { $count } человек
   *[other] зарегистрировано { $count } человека
}
owners = { $count ->
    [one] { $count } собственник
    [few] { $count } собственника
    [many] { $count } собственников
   *[other] { $count } собственника
}
who-is-registered = Кто здесь зарегистрирован сейчас и был зарегистрирован прежде
read-all = Отметить все как прочитанные
is-new = новое
done-drafted = Заявление составлено. Оно считается поданным после вашей подписи.
done-signed = Ваша подпись проверена и засчитана.
done-pending = Ваша подпись получена. Она будет засчитана, как только её подтвердит удостоверяющий центр.
done-withdrawn = Заявление отозвано.
done-removal-withdrawn = Требование отозвано. Регистрация действует.
done-declined = Вы отказали.
done-taken-back = Согласие отозвано.
done-signed-out = Вы вышли из личного кабинета.
done-read = Все уведомления отмечены как прочитанные.
done-invited = Приглашение составлено.
done-cancelled = Приглашение отозвано.
done-ended = Другие сеансы завершены.
done-attached = Файл приложен.
done-detached = Файл удалён из приложенных.
done-attested = Сведения удостоверены. Теперь можно подписать заявление.
done-retried = Доставка повторяется.
end-sessions-of = Завершить сеансы человека
end-sessions-text = Если ключ или устройство попали в чужие руки: человек сразу выходит из сервиса на всех устройствах.
person-iin = ИИН человека
