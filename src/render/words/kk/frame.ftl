# What stands around every page.
brand = Kelisim
skip = Мазмұнға өту
languages = Тіл
menu = Жеке кабинет
menu-office = Жеке кабинет
menu-applications = Өтініштер
menu-registrations = Тіркеулер
menu-dwellings = Менің тұрғын үйлерім
menu-invitations = Шақырулар
menu-desk = ХҚО
menu-notices = Хабарламалар
unread = { $count ->
    [one] { $count } оқылмаған хабарлама
   *[other] { $count } оқылмаған хабарлама
}
sign-out = Шығу
footer = Тіркеуге берілген келісімдер: қол қойылған, тексерілген, дәлелдеуге болады.
footer-menu = Барлығына
footer-validate = Қол қойылған файлды тексеру
footer-verify = Анықтаманы тексеру
footer-api = Әзірлеушілерге
back = Артқа
to-office = Жеке кабинетке
try-again = Қайта көру
details = Толығырақ
onward = Жалғастыру
older = Бұрынғылары
more = Тағы
look = Қарау
keep = Жоқ, сол күйінде қалсын
search = Іздеу
nothing-found = Ештеңе табылмады. Басқа сөздермен іздеп көріңіз.
live-changed = Өзгеріс бар. Көрсету
