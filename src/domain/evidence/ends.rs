//! What ended a registration, weighed.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::summary::{End, Line};
use super::weighing::{Case, Exhibits, Wanted, absent};
use super::{Finding, LEAVING, PackageReport, REMOVAL, SUMMARY, confirmation_of, document_of};
use crate::domain::paper::{self, Closing, Confirmation, Paper, Right};
use crate::domain::{Capacity, Ending, Signatory};
use crate::eds::Iin;

impl PackageReport {
    /// What ends by itself, or by the state register, nobody signs.
    pub(super) fn weigh_end(
        &mut self,
        exhibits: &Exhibits<'_>,
        end: &End,
        case: &Case<'_>,
    ) -> Result<(), Finding> {
        let how = Ending::from_str(&end.how);
        let how = how.map_err(|_| Finding::Absent(SUMMARY.to_owned()))?;
        self.ended = Some((how, end.at));
        match how {
            Ending::Left => self.weigh_leaving(exhibits, end, case),
            Ending::Removed => self.weigh_removal(exhibits, end, case),
            Ending::Expired | Ending::Replaced | Ending::Annulled | Ending::Discontinued => Ok(()),
        }
    }

    /// Nobody but who speaks for the resident lets the resident leave: one whom the
    /// application knows, or of whom the document says that the register named them as
    /// the legal representative that day.
    fn weigh_leaving(
        &mut self,
        exhibits: &Exhibits<'_>,
        end: &End,
        case: &Case<'_>,
    ) -> Result<(), Finding> {
        let act: Paper<Closing> = exhibits.read(LEAVING)?;
        let by = self.weigh_act(exhibits, LEAVING, (&act, end), case)?;
        self.demand_purpose(LEAVING, &act.purpose, paper::LEAVING);
        let initiator = act.matter.by.as_ref();
        // Nobody leaves by a power of attorney: it is an owner who gives one.
        let itself = initiator.is_none_or(|one| one.delegate.is_none());
        let right = initiator.and_then(|one| one.right);
        let speaks = match (&by, right) {
            (Signatory::Person(_), Some(Right::LegalRepresentative)) => true,
            (_, _) => case.leavers().contains(&by),
        };
        self.demand(itself && speaks, || Finding::Signer(document_of(LEAVING)));
        Ok(())
    }

    /// Who the owners are at that time the register says; the first is named in
    /// the demand, with the delegate where one signs it, and the others confirm exactly
    /// that, each owner once.
    fn weigh_removal(
        &mut self,
        exhibits: &Exhibits<'_>,
        end: &End,
        case: &Case<'_>,
    ) -> Result<(), Finding> {
        let act: Paper<Closing> = exhibits.read(REMOVAL)?;
        self.weigh_act(exhibits, REMOVAL, (&act, end), case)?;
        self.demand_purpose(REMOVAL, &act.purpose, paper::REMOVAL);
        let mut parties = BTreeSet::new();
        for line in &end.confirmations {
            self.weigh_confirmation(exhibits, line, &act.matter, case)?;
            self.demand(parties.insert(&line.party), || Finding::Parties);
        }
        Ok(())
    }

    fn weigh_act(
        &mut self,
        exhibits: &Exhibits<'_>,
        name: &str,
        (act, end): (&Paper<Closing>, &End),
        case: &Case<'_>,
    ) -> Result<Signatory, Finding> {
        let initiator = act.matter.by.as_ref().ok_or_else(|| absent(name))?;
        let by = initiator.signatory().ok_or_else(|| absent(name))?;
        let delegate = initiator.delegate.as_ref();
        let wanted = Wanted {
            signer: by.clone(),
            listed: end.signer.as_ref(),
            power_of_attorney: delegate.map(|delegate| delegate.power_of_attorney.as_str()),
        };
        self.weigh_signature(exhibits, name, &act.issued, &wanted)?;
        self.demand_matter(name, case.led_to(&act.matter));
        Ok(by)
    }

    fn weigh_confirmation(
        &mut self,
        exhibits: &Exhibits<'_>,
        line: &Line,
        demand: &Closing,
        case: &Case<'_>,
    ) -> Result<(), Finding> {
        let name = confirmation_of(&line.consent);
        let paper: Paper<Confirmation> = exhibits.read(&name)?;
        let confirmation = &paper.matter;
        let answer = (&confirmation.answer, &paper.issued);
        self.weigh_answer(exhibits, &name, answer, (line, case))?;
        self.demand_purpose(&name, &paper.purpose, paper::CONFIRMATION);
        self.demand_matter(&name, confirmation.closing.is_the_same_as(demand));
        let meant = confirmation.demand_sha256 == exhibits.digest(REMOVAL).to_string();
        self.demand(meant, || Finding::Consent(document_of(&name)));
        Ok(())
    }
}

impl Case<'_> {
    /// Whether this is the end of the registration that the package proves.
    fn led_to(&self, closing: &Closing) -> bool {
        let (summary, request) = (self.summary, &self.request);
        closing.registration == summary.registration
            && closing.application == summary.application
            && closing.resident.iin == summary.resident_iin
            && request.residents.contains(&closing.resident)
            && (&closing.rka, &closing.days) == (&request.rka, &request.days)
    }

    /// Who may speak for the resident: the person, and whoever spoke for them in the
    /// application, or was present for them at a service centre. Which of them did that day, the register said.
    fn leavers(&self) -> Vec<Signatory> {
        let Ok(resident) = Iin::parse(&self.summary.resident_iin) else {
            return Vec::new();
        };
        let mut parties = self.parties.iter();
        let itself = parties.any(|party| party.person() == Some(&resident));
        let spoken_for = match self.applicant.capacity {
            Capacity::Oneself => !itself,
            Capacity::Administration(_) | Capacity::Operator(_) => false,
        };
        let attested = self.request.attestations.iter();
        let attested = attested.flat_map(|attestation| &attestation.residents);
        let present = attested.filter(|one| one.iin == self.summary.resident_iin);
        let present = present.filter_map(|one| Iin::parse(&one.representative.as_ref()?.iin).ok());
        let mut all = vec![Signatory::Person(resident)];
        all.extend(present.map(Signatory::Person));
        all.extend(spoken_for.then(|| self.applicant.signatory()));
        all
    }
}
