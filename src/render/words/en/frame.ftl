# What stands around every page.
brand = Kelisim
skip = To the content
languages = Language
menu = Personal office
menu-office = Personal office
menu-applications = Applications
menu-registrations = Registrations
menu-dwellings = My dwellings
menu-invitations = Invitations
menu-desk = Service centre
menu-notices = Notices
unread = { $count ->
    [one] { $count } unread notice
   *[other] { $count } unread notices
}
sign-out = Sign out
footer = Consents to registration: signed, checked and provable.
footer-menu = For everybody
footer-validate = Check a signed file
footer-verify = Check a certificate
footer-api = For programs
back = Back
to-office = To the personal office
try-again = Try again
details = Details
onward = Continue
older = Older ones
more = More
look = Look
keep = No, leave it as it is
search = Search
nothing-found = Nothing was found. Try other words.
live-changed = There is something new. Show it
