//! The certificate in English.

use super::{Label, Words};
use crate::domain::{Agreement, Ending, Kind};

pub(super) struct English;

impl Words for English {
    fn service(&self) -> &'static str {
        "Kelisim – consents to registration"
    }

    fn title(&self) -> &'static str {
        "Address certificate"
    }

    fn subject(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Temporary => {
                "of temporary registration at the place of temporary stay (residence)"
            }
            Kind::Permanent => "of registration at the place of residence",
        }
    }

    fn stands(&self) -> &'static str {
        "The registration stands"
    }

    fn ahead(&self, from: &str) -> String {
        format!("The registration has not begun; its first day is {from}")
    }

    fn over(&self, how: Ending, day: &str) -> String {
        match how {
            Ending::Expired => format!("The registration is over; its last day was {day}"),
            Ending::Left => {
                format!("The registration ended on {day} at the wish of the registered person")
            }
            Ending::Removed => {
                format!("The registration ended on {day} at the demand of the owners")
            }
            Ending::Replaced => {
                format!("The registration ended on {day}: a newer one took its place")
            }
            Ending::Annulled => {
                format!(
                    "The registration was annulled on {day}: the state register did not take it"
                )
            }
            Ending::Discontinued => format!(
                "The registration ended on {day}: the one that it continued had ended early"
            ),
        }
    }

    fn as_of(&self, time: &str) -> String {
        format!("as of {time} (time of Kazakhstan)")
    }

    fn label(&self, label: Label) -> &'static str {
        match label {
            Label::Person => "Registered person",
            Label::Number => "IIN",
            Label::Address => "Address",
            Label::AddressCode => "Address registration code (RKA)",
            Label::Days => "Period",
            Label::RegisteredOn => "Date of registration",
            Label::Registration => "Number of the registration",
            Label::Consent => "Consent",
        }
    }

    fn days(&self, from: &str, until: &str) -> String {
        format!("from {from} to {until} inclusive")
    }

    fn since(&self, from: &str) -> String {
        format!("from {from}, without an end")
    }

    fn agreed(&self, agreement: Agreement) -> String {
        match agreement {
            Agreement::Owners(1) => {
                "of the only owner of the dwelling, by electronic digital signature".to_owned()
            }
            Agreement::Owners(count) => format!(
                "of all owners of the dwelling, {count} in number, by electronic digital signature"
            ),
            Agreement::Sole => {
                "not needed: the applicant is the only owner of the dwelling".to_owned()
            }
            Agreement::Tenant => "of the tenant of the dwelling of the state housing stock, by \
                                  electronic digital signature"
                .to_owned(),
            Agreement::Attested(count) => {
                format!("taken at a public service centre; number of those who gave it: {count}")
            }
        }
    }

    fn effect(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Temporary => {
                "Temporary registration gives no right of ownership of the dwelling and no claim \
                 to it."
            }
            Kind::Permanent => {
                "Registration at the place of residence gives no right of ownership of the \
                 dwelling and no claim to it."
            }
        }
    }

    fn check(&self) -> &'static str {
        "Does it still stand?"
    }

    fn advice(&self, page: &str) -> String {
        format!(
            "This certificate tells the state at the time of issue. Today's state is shown at \
             {page}: point a camera at the picture, or type the code."
        )
    }

    fn typing(&self) -> &'static str {
        "Small letters and missing hyphens do no harm; O is read as 0, I and L as 1."
    }

    fn picture(&self, address: &str) -> String {
        format!("QR code that leads to {address}")
    }

    fn evidence(&self, file: &str) -> String {
        format!(
            "Attached to this file is {file}, an ASiC-E package with the application, the consents \
             and their electronic digital signatures. It can be verified without the service."
        )
    }

    fn issued(&self, time: &str) -> String {
        format!("Issued on {time} (time of Kazakhstan)")
    }
}
