home-requests = Waiting for your answer
home-registrations = My registrations
home-applications = My applications
home-dwellings = Dwellings and who is registered there
all-requests = All requests to me
all-applications = All my applications
no-registrations = You are registered nowhere through this service yet.
no-applications = There are no applications yet.
no-dwellings = The register names you as the owner of no dwelling.
acting-for-owner = You act here for an owner, by a power of attorney to take people off the register.
no-notices = You have not been told anything yet.
nobody-registered = Nobody is registered here.
roles = Whose applications
role-resident = My own
role-owner = Put to me
search-text = Name or address
search-name = Name
search-address = Address or its code (RKA)
search-state = State
search-kind = Kind of registration
search-code = Address code (RKA)
search-answer = Answer
search-from = Period from
search-until = Period until
any-state = any
what-is-asked = What is asked for
answers = Consents
given-of = { $total ->
    [one] { $given } of { $total } consent given
   *[other] { $given } of { $total } consents given
}
history = What happened
waiting-since = Received { $moment }.
waiting-next = We ask again { $moment }.
action-sign = Read and sign
action-consent = Read and consent
action-decline = Decline
action-take-back = Take the consent back
action-edit = Write it anew
action-withdraw = Withdraw the application
action-attest = Papers and attestation
action-extend = Extend
action-leave = End it: I am leaving
action-remove = End it on an owner's demand
action-withdraw-removal = Take the demand back
action-invite = Invite somebody to apply
withdraw-title = Withdraw the application?
withdraw-text = The application ends, and nobody is asked any more. You can apply anew at any time.
withdraw-button = Withdraw it
decline-title = Decline?
decline-text = The application ends for all, or the registration stands that was to end. You cannot change your answer afterwards.
decline-button = Decline
take-back-title = Take the consent back?
take-back-text = The application ends, and nothing follows from your consent.
take-back-button = Take it back
withdraw-removal-title = Take the demand back?
withdraw-removal-text = The other owners are not asked any more, and the registration stands. You can demand its end anew at any time.
withdraw-removal-button = Take it back
why = Why?
reason-not-agreed = I do not agree
reason-unknown-person = I do not know this person
reason-not-my-dwelling = This is not my dwelling
registration-of = Registration of { $name }
no-ownership = The registration gives no right of ownership of the dwelling and no claim to it.
extendable-from = It can be extended from { $day } on.
removal-under-way = An owner has asked for the end of this registration. The other owners have until { $moment } to confirm it.
to-application = To the application
papers = Papers
paper-certificate = Certificate of registration (PDF)
paper-evidence = Everything that proves it (ASiC-E)
area = { $metres } m²
people-registered = { $count ->
    [0] nobody is registered
    [one] { $count } person is registered
   *[other] { $count } people are registered
}
owners = { $count ->
    [one] { $count } owner
   *[other] { $count } owners
}
who-is-registered = Who is registered here, now and before
read-all = Mark all as read
is-new = new
done-drafted = The application was written. It counts once you have signed it.
done-signed = Your signature was checked, and it counts.
done-pending = Your signature was received. It counts once the certification authority has confirmed it.
done-withdrawn = The application was withdrawn.
done-removal-withdrawn = The demand was taken back. The registration stands.
done-declined = You have declined.
done-taken-back = The consent was taken back.
done-signed-out = You have signed out.
done-read = All notices are marked as read.
done-invited = The invitation was written.
done-cancelled = The invitation was taken back.
done-ended = The other sessions were ended.
done-attached = The file was attached.
done-detached = The file was taken away.
done-attested = The attestation was written. Now it can be signed.
done-retried = The delivery is tried again.
end-sessions-of = End the sessions of a person
end-sessions-text = When a key or a device is in wrong hands: the person is signed out everywhere at once.
person-iin = IIN of the person
