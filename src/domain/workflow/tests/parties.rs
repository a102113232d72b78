//! Who is asked, and whose signature is whose.

use std::collections::BTreeSet;

use super::people::{
    CENTRE, CHILD, CLERK, HOSTEL, OWNERS, RESIDENT, SPOUSE, STRANGER, Wish, bin, certificate,
    employee, head, iin, organisation, owner, owners, person,
};
use super::stage::Stage;
use crate::domain::register::PowerNumber;
use crate::domain::{
    Actor, Capacity, Delegate, EventKind, Holder, Party, Purpose, Refused, Signatory, State,
    Unattested, Unproven,
};
use crate::eds::Role;
use crate::eds::testing::{member, system_of};

#[track_caller]
fn asks(wish: &Wish, expected: &[Party]) {
    let asked = wish.asked();
    assert_eq!(asked.owners, wish.dwelling.owners);
    assert_eq!(asked.parties, expected.iter().cloned().collect());
}

fn own(text: &str) -> Party {
    Party::Owner(owner(text))
}

#[test]
fn every_owner_is_asked_but_the_applicant() {
    asks(&Wish::of(owners(&OWNERS)), &OWNERS.map(own));
    let sole = Wish::of(owners(&[RESIDENT]));
    asks(&sole, &[]);
    let with_others = Wish::of(owners(&[RESIDENT, OWNERS[0]]));
    asks(&with_others, &[own(OWNERS[0])]);
    asks(&Wish::of([]), &[]);
}

#[test]
fn an_organisation_is_asked_as_an_owner_and_not_when_it_applies_itself() {
    let hostel = Wish::of([organisation(HOSTEL)]);
    asks(&hostel, &[Party::Owner(organisation(HOSTEL))]);
    let petition = hostel.by(CLERK, Capacity::Administration(bin(HOSTEL)));
    asks(&petition, &[]);
    let of_another = Wish::of([organisation(HOSTEL), owner(OWNERS[0])])
        .by(CLERK, Capacity::Administration(bin(HOSTEL)));
    asks(&of_another, &[own(OWNERS[0])]);
}

#[test]
fn those_who_live_in_a_hostel_are_asked_when_its_administration_applies() {
    let petition = Wish::of([organisation(HOSTEL)])
        .by(CLERK, Capacity::Administration(bin(HOSTEL)))
        .with(&[SPOUSE]);
    asks(&petition, &[Party::Resident(iin(SPOUSE))]);
}

#[test]
fn the_tenant_of_state_housing_is_asked_in_the_owners_place() {
    let let_out = Wish::of([organisation(CENTRE)]).let_by_the_state_to(OWNERS[0]);
    asks(&let_out, &[Party::Tenant(iin(OWNERS[0]))]);
    let own = Wish::of([organisation(CENTRE)]).let_by_the_state_to(RESIDENT);
    asks(&own, &[]);
}

#[test]
fn adults_who_move_in_are_asked_once_even_when_they_have_another_say() {
    let spouse = Party::Resident(iin(SPOUSE));
    let family = Wish::of(owners(&OWNERS[..1])).with(&[SPOUSE]);
    asks(&family, &[own(OWNERS[0]), spouse]);
    let owning = Wish::of(owners(&[OWNERS[0], SPOUSE])).with(&[SPOUSE]);
    asks(&owning, &[own(OWNERS[0]), own(SPOUSE)]);
    let renting = Wish::of([organisation(CENTRE)])
        .let_by_the_state_to(SPOUSE)
        .with(&[SPOUSE]);
    asks(&renting, &[Party::Tenant(iin(SPOUSE))]);
}

#[test]
fn those_for_whom_the_applicant_speaks_are_not_asked() {
    let family = Wish::of(owners(&OWNERS[..1])).for_others(&[CHILD]);
    asks(&family, &[own(OWNERS[0])]);
}

#[test]
fn at_the_service_centre_nobody_is_asked_but_a_colleague_where_that_is_the_rule() {
    let lodged = Wish::of(owners(&OWNERS)).by(CLERK, Capacity::Operator(bin(CENTRE)));
    let lodged = lodged.with(&[SPOUSE]);
    asks(&lodged, &[]);
    let colleague = Party::Colleague(bin(CENTRE), iin(CLERK));
    asks(&lodged.looked_over(), &[colleague]);
    let online = Wish::of(owners(&OWNERS[..1])).looked_over();
    asks(&online, &[own(OWNERS[0])]);
}

/// Every combination of who applies, who owns, who rents and who moves in.
#[test]
fn in_every_combination_nobody_is_asked_twice_and_nobody_about_themselves() {
    let capacities = [
        Capacity::Oneself,
        Capacity::Administration(bin(HOSTEL)),
        Capacity::Operator(bin(CENTRE)),
    ];
    let holders = [owner(RESIDENT), owner(SPOUSE), organisation(HOSTEL)];
    let sets = (0..8_usize).map(|bits| -> BTreeSet<Holder> {
        let with = |place: &usize| bits & (1 << place) != 0;
        (0..3).filter(with).map(|n| holders[n].clone()).collect()
    });
    for owners in sets {
        for capacity in &capacities {
            for tenant in [None, Some(RESIDENT), Some(SPOUSE), Some(STRANGER)] {
                for joining in [&[][..], &[SPOUSE], &[SPOUSE, STRANGER]] {
                    let wish = Wish::of(owners.clone()).by(RESIDENT, capacity.clone());
                    let mut wish = wish.with(joining);
                    wish.beside.tenant = tenant.map(iin);
                    holds(&wish);
                }
            }
        }
    }
}

#[track_caller]
fn holds(wish: &Wish) {
    let asked = wish.asked();
    let online = !matches!(wish.applicant.capacity, Capacity::Operator(_));
    let people: Vec<_> = asked.parties.iter().filter_map(Party::person).collect();
    let once: BTreeSet<_> = people.iter().collect();
    assert_eq!(people.len(), once.len(), "{:?}", asked.parties);
    let own = wish.applicant.holder();
    for owner in &asked.owners {
        let has_a_say = asked.parties.contains(&Party::Owner(owner.clone()));
        let expected = online && wish.beside.tenant.is_none() && *owner != own;
        assert_eq!(has_a_say, expected, "{owner:?} of {:?}", asked.parties);
    }
    for adult in &wish.beside.joining {
        assert_eq!(people.contains(&adult), online, "{:?}", asked.parties);
    }
    if wish.applicant.capacity == Capacity::Oneself {
        assert!(!people.contains(&&wish.applicant.iin));
    }
}

/// Of all who could come, exactly these may sign as this.
#[track_caller]
fn may_sign(signatory: &Signatory, expected: &[Actor]) {
    let come = [
        person(RESIDENT),
        person(CLERK),
        head(CLERK, HOSTEL),
        employee(CLERK, HOSTEL),
        head(STRANGER, HOSTEL),
        employee(STRANGER, HOSTEL),
        head(CLERK, CENTRE),
        employee(STRANGER, CENTRE),
        Actor::Clock,
        Actor::Register,
    ];
    for actor in come {
        let may = expected.contains(&actor);
        assert_eq!(signatory.admits(&actor), may, "{actor:?}");
        if actor.iin().is_some() {
            assert_eq!(signatory.is(&certificate(&actor)), may, "{actor:?}");
        }
    }
}

#[test]
fn a_person_signs_by_a_certificate_of_their_own_only() {
    may_sign(&Signatory::Person(iin(CLERK)), &[person(CLERK)]);
    let tenant = Party::Tenant(iin(RESIDENT)).signatory();
    may_sign(&tenant, &[person(RESIDENT)]);
    let adult = Party::Resident(iin(RESIDENT)).signatory();
    may_sign(&adult, &[person(RESIDENT)]);
}

#[test]
fn for_an_organisation_signs_whoever_may_sign_for_it() {
    let party = Party::Owner(organisation(HOSTEL)).signatory();
    may_sign(&party, &[head(CLERK, HOSTEL), head(STRANGER, HOSTEL)]);
}

#[test]
fn an_operator_is_one_member_and_a_colleague_any_other() {
    let operator = Signatory::Operator(bin(HOSTEL), iin(CLERK));
    may_sign(&operator, &[head(CLERK, HOSTEL), employee(CLERK, HOSTEL)]);
    let colleague = Party::Colleague(bin(HOSTEL), iin(CLERK)).signatory();
    let others = [head(STRANGER, HOSTEL), employee(STRANGER, HOSTEL)];
    may_sign(&colleague, &others);
}

#[test]
fn by_the_roles_of_the_certificate_one_signs_for_an_organisation_or_works_for_it() {
    for (role, expected) in [
        (Role::Head, Some(head(CLERK, HOSTEL))),
        (Role::Signatory, Some(head(CLERK, HOSTEL))),
        (Role::FinancialSignatory, Some(employee(CLERK, HOSTEL))),
        (Role::HumanResources, Some(employee(CLERK, HOSTEL))),
        (Role::Employee, Some(employee(CLERK, HOSTEL))),
        (Role::System, None),
    ] {
        assert_eq!(Actor::of(&member(CLERK, HOSTEL, &[role])), expected);
    }
    assert_eq!(Actor::of(&system_of(CLERK)), None);
    let both = member(CLERK, HOSTEL, &[Role::Head, Role::System]);
    assert_eq!(Actor::of(&both), None);
}

#[test]
fn the_head_of_an_organisation_that_owns_the_dwelling_consents_for_it() {
    let mut stage = Stage::new(Wish::of([organisation(HOSTEL)]));
    stage.sign(&person(RESIDENT)).unwrap();
    for other in [
        person(CLERK),
        employee(CLERK, HOSTEL),
        head(CLERK, CENTRE),
        person(RESIDENT),
    ] {
        assert_eq!(stage.consent(0, &other), Err(Refused::NotYours));
        assert_eq!(stage.decline(0, &other), Err(Refused::NotYours));
    }
    assert_eq!(stage.consent(0, &head(CLERK, HOSTEL)), Ok(State::Consented));
    assert_eq!(stage.register(), Ok(State::Registered));
}

#[test]
fn a_signature_by_another_certificate_of_the_same_person_proves_nothing() {
    let mut stage = Stage::new(Wish::of([organisation(HOSTEL)]));
    stage.sign(&person(RESIDENT)).unwrap();
    let purpose = Purpose::Consent(stage.id(0));
    let entitled = head(CLERK, HOSTEL);
    let document = stage.document(purpose, &entitled);
    for certificate in [person(CLERK), employee(CLERK, HOSTEL), head(CLERK, CENTRE)] {
        let outcome = stage.presenting(purpose, &entitled, &certificate, &document);
        assert_eq!(outcome, Err(Unproven::OtherPerson.into()));
    }
}

#[test]
fn the_administration_applies_by_its_head_for_those_who_live_there() {
    let petition = Wish::of([organisation(HOSTEL)])
        .by(CLERK, Capacity::Administration(bin(HOSTEL)))
        .with(&[SPOUSE]);
    let mut stage = Stage::new(petition);
    assert_eq!(stage.sign(&person(CLERK)), Err(Refused::NotYours));
    assert_eq!(stage.sign(&employee(CLERK, HOSTEL)), Err(Refused::NotYours));
    let head = head(STRANGER, HOSTEL);
    assert_eq!(stage.sign(&head), Ok(State::AwaitingConsent));
    assert_eq!(stage.consent(0, &person(SPOUSE)), Ok(State::Consented));
}

#[test]
fn a_tenant_consents_and_the_owner_is_not_asked() {
    let let_out = Wish::of([organisation(CENTRE)]).let_by_the_state_to(OWNERS[0]);
    let mut stage = Stage::new(let_out);
    stage.sign(&person(RESIDENT)).unwrap();
    let owner = stage.consent(0, &head(CLERK, CENTRE));
    assert_eq!(owner, Err(Refused::NotYours));
    assert_eq!(stage.consent(0, &person(OWNERS[0])), Ok(State::Consented));
    assert_eq!(stage.register(), Ok(State::Registered));
}

/// The first owner gave this person a power of attorney.
fn delegated() -> Stage {
    let mut stage = Stage::signed(2);
    stage.application.consents[0].delegate = Some(Delegate {
        iin: iin(STRANGER),
        power: PowerNumber::parse("ABC-123").unwrap(),
    });
    stage
}

#[test]
fn a_delegate_answers_in_the_owners_place_and_nobody_elses() {
    let delegate = person(STRANGER);
    let mut stage = delegated();
    let other = 1 - usize::from(stage.party(0) == person(OWNERS[1]));
    assert_eq!(stage.consent(other, &delegate), Err(Refused::NotYours));
    assert_eq!(stage.consent(0, &delegate), Ok(State::AwaitingConsent));
    assert_eq!(stage.consent_of(0), Err(Refused::Answered));
    assert_eq!(stage.consent_of(1), Ok(State::Consented));
    assert_eq!(delegated().decline(0, &delegate), Ok(State::Declined));
}

#[test]
fn what_an_owner_was_shown_the_delegate_cannot_sign() {
    let mut stage = delegated();
    let purpose = Purpose::Consent(stage.id(0));
    let (owner, delegate) = (stage.party(0), person(STRANGER));
    let of_owner = stage.document(purpose, &owner);
    let signed = stage.presenting(purpose, &delegate, &delegate, &of_owner);
    assert_eq!(signed, Err(Unproven::OtherPerson.into()));
    let of_delegate = stage.document(purpose, &delegate);
    let signed = stage.presenting(purpose, &delegate, &delegate, &of_delegate);
    assert_eq!(signed, Ok(State::AwaitingConsent));
}

#[test]
fn four_eyes_are_those_of_two_members_of_the_centre() {
    let lodged = Wish::of(owners(&OWNERS)).by(CLERK, Capacity::Operator(bin(CENTRE)));
    let first = employee(CLERK, CENTRE);
    let mut stage = Stage::new(lodged.clone());
    stage.attest(&first).unwrap();
    assert_eq!(stage.sign(&person(CLERK)), Err(Refused::NotYours));
    assert_eq!(stage.sign(&first), Ok(State::Consented));
    let mut stage = Stage::new(lodged.looked_over());
    stage.attest(&first).unwrap();
    assert_eq!(stage.sign(&first), Ok(State::AwaitingConsent));
    for not in [first, head(CLERK, CENTRE), employee(STRANGER, HOSTEL)] {
        assert_eq!(stage.consent(0, &not), Err(Refused::NotYours));
    }
    let second = employee(STRANGER, CENTRE);
    assert_eq!(stage.consent(0, &second), Ok(State::Consented));
    assert_eq!(stage.register(), Ok(State::Registered));
}

#[test]
fn nobody_who_is_asked_knows_of_a_draft_and_everybody_does_once_it_is_signed() {
    let family = Wish::of(owners(&OWNERS[..1])).with(&[SPOUSE]);
    let mut stage = Stage::new(family.for_others(&[CHILD]));
    let concerned = [OWNERS[0], SPOUSE, CHILD].map(person);
    for one in &concerned {
        assert!(!stage.application.concerns(one), "{one:?}");
    }
    assert!(stage.application.concerns(&person(RESIDENT)));
    stage.sign(&person(RESIDENT)).unwrap();
    for one in &concerned {
        assert!(stage.application.concerns(one), "{one:?}");
    }
    for other in [person(STRANGER), Actor::Clock, head(OWNERS[0], HOSTEL)] {
        assert!(!stage.application.concerns(&other), "{other:?}");
    }
}

#[test]
fn an_operator_says_first_what_was_seen_and_says_it_once() {
    let lodged = Wish::of(owners(&OWNERS)).by(CLERK, Capacity::Operator(bin(CENTRE)));
    let operator = employee(CLERK, CENTRE);
    let mut stage = Stage::new(lodged);
    let nothing = Err(Refused::Unattested(Unattested::Nothing));
    assert_eq!(stage.sign(&operator), nothing);
    for not in [person(CLERK), employee(STRANGER, CENTRE), person(RESIDENT)] {
        assert_eq!(stage.attest(&not), Err(Refused::NotYours));
    }
    assert_eq!(stage.attest(&operator), Ok(State::Draft));
    assert_eq!(stage.last(), EventKind::Attested);
    let again = stage.attest(&operator);
    assert_eq!(again, Err(Refused::OutOfTurn(State::Draft)));
    // Whoever applies for themselves has nothing to attest.
    let mut stage = Stage::new(Wish::of(owners(&OWNERS)));
    let own = stage.attest(&person(RESIDENT));
    assert_eq!(own, Err(Refused::OutOfTurn(State::Draft)));
}

#[test]
fn nobody_acts_for_a_centre_in_a_matter_of_their_own() {
    let lodged = Wish::of(owners(&OWNERS[..1])).by(CLERK, Capacity::Operator(bin(CENTRE)));
    let operator = employee(CLERK, CENTRE);
    let mut stage = Stage::new(lodged.looked_over());
    stage.attest(&operator).unwrap();
    stage.sign(&operator).unwrap();
    for own in [RESIDENT, OWNERS[0]] {
        let conflict = stage.consent(0, &employee(own, CENTRE));
        assert_eq!(conflict, Err(Refused::ConflictOfInterest));
    }
    let lodged = Wish::of(owners(&[CLERK])).by(CLERK, Capacity::Operator(bin(CENTRE)));
    let own = Stage::new(lodged).attest(&operator);
    assert_eq!(own, Err(Refused::ConflictOfInterest));
}
