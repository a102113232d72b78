apply = New application
step-of = Step { $step } of { $steps }
address-title = Where do you live?
address-text = Look for the address, or type its registration code (RKA): sixteen digits.
address-label = Address or RKA
address-help = For example: Ulgi 1, or 0201999000000011
addresses-found = Addresses
no-address = No such address is in the register.
more-addresses = There are more. Add a word to see fewer.
other-address = Another address
rka = RKA
applying-title = Since when, and for how long?
extend-title = Let the registration go on
arrived-help = Whoever stays for more than a month registers within ten days of arriving.
starts-on = First day of the registration
how-long = For how long
months = { $count ->
    [one] { $count } month
   *[other] { $count } months
}
months-help = A temporary registration lasts from 1 to 12 months. A permanent one has no end.
family = I apply for my family as well
residents-family = IINs of everybody who is to be registered, you included
residents-operator = IINs of the people who are present
residents-help = Twelve digits each, one a line.
kind-temporary = temporary
kind-permanent = permanent
fact-number = Number
fact-kind = Kind of registration
fact-residents = Who is to be registered
fact-resident = Who is registered
fact-applicant = Who applied
fact-address = Address
fact-period = Period
fact-arrived = Day of arrival
fact-channel = Applied
fact-deadline = Answer awaited until
fact-registered = Registered
fact-ended = Ended
fact-state-register = State register
heard-accepted = took the registration
heard-rejected = did not take the registration
days = from { $first } to { $last }
since = since { $first }
until-moment = until { $moment }
channel-portal = online
channel-service-centre = at a public service centre
duty-title = The ten-day duty
duty-text = Registration was due on { $day } at the latest: ten days from the arrival.
duty-late = { $days ->
    [one] The application came { $days } day after that.
   *[other] The application came { $days } days after that.
}
duty-resident = The resident
owner-kind-individual = An owner who is a person
owner-kind-small-business-or-non-profit = An owner that is a small business or a non-profit organisation
owner-kind-medium-business = An owner that is a medium business
owner-kind-large-business = An owner that is a large business
duty-repeated = If repeated within a year
law-duty = Rules of registration of the population: within 10 days of the arrival.
law-resident-month = Code on Administrative Offences, article 492, part 1: from 10 days to one month without registration.
law-resident-longer = Code on Administrative Offences, article 492, part 2: more than one month without registration.
law-resident-again = Code on Administrative Offences, article 492: without registration again within a year.
law-owner = Code on Administrative Offences, article 493, part 1: letting people live unregistered.
law-owner-again = Code on Administrative Offences, article 493: letting people live unregistered again within a year.
law-owner-unknown = Code on Administrative Offences, article 493: the amount for such an owner is not known to the service.
duty-information = This is information about the Code on Administrative Offences, articles 492 and 493. Nothing is decided by it here.
measure-none = no consequence
measure-warning = warning
measure-fine = fine
measure-unknown = not known for this period
indices = { $count ->
    [one] { $count } monthly calculation index
   *[other] { $count } monthly calculation indices
}
tenge = { $amount } tenge
