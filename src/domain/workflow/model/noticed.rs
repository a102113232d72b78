//! For each guard that is taken away the property that notices it.

use stateright::HasDiscoveries;

use super::runs::PLAIN;
use super::*;

/// Without a guard, this property is seen to be broken.
#[track_caller]
fn breaks(fault: Fault, scope: Scope, property: &'static str) {
    let model = Model::new(Scope {
        fault: Some(fault),
        ..scope
    });
    let only = HasDiscoveries::AllOf([property].into());
    let checker = model.checker().threads(2).finish_when(only);
    let found = checker.spawn_bfs().join().discovery(property);
    assert!(found.is_some(), "{fault:?} is not noticed");
}

#[test]
fn consents_that_are_counted_by_rows_are_noticed() {
    let property = "I2 registered means one valid consent of each owner";
    breaks(Fault::CountsRows, PLAIN, property);
}

#[test]
fn consents_that_are_counted_over_an_old_reading_are_noticed() {
    let apart = Scope {
        apart: true,
        ..PLAIN
    };
    let property = "L1 what is agreed is registered or refused";
    breaks(Fault::CountsApart, apart, property);
}

#[test]
fn owners_who_are_not_read_again_are_noticed() {
    let sells = Scope {
        sells: true,
        ..PLAIN
    };
    let property = "I20 other owners are asked anew";
    breaks(Fault::KeepsOwners, sells, property);
    let property = "I2 registered means one valid consent of each owner";
    breaks(Fault::KeepsOwners, sells, property);
}

#[test]
fn a_step_that_is_saved_without_comparing_is_noticed() {
    let apart = Scope {
        declines: true,
        apart: true,
        ..PLAIN
    };
    for property in [
        "I8 an end is an end",
        "I9 one step: one version, one record, one message",
        "I15 what was acknowledged is kept",
    ] {
        breaks(Fault::SavesBlindly, apart, property);
    }
}

#[test]
fn a_step_that_is_saved_in_pieces_is_noticed() {
    let apart = Scope {
        apart: true,
        ..PLAIN
    };
    let property = "I9 one step: one version, one record, one message";
    breaks(Fault::SavesInPieces, apart, property);
}

#[test]
fn an_answer_that_is_accepted_twice_is_noticed() {
    let property = "I14 one key, one effect";
    breaks(Fault::AnswersTwice, PLAIN, property);
    let property = "I14 what was answered is not answered under another key";
    breaks(Fault::AnswersTwice, PLAIN, property);
}

#[test]
fn a_request_that_is_carried_out_again_is_noticed() {
    let late = Scope {
        late: true,
        ..PLAIN
    };
    let property = "I14 one key, one effect";
    breaks(Fault::ForgetsKeys, late, property);
}

#[test]
fn an_acknowledgement_before_anything_is_saved_is_noticed() {
    let apart = Scope {
        apart: true,
        ..PLAIN
    };
    let property = "I15 what was acknowledged is kept";
    breaks(Fault::AnswersFirst, apart, property);
}

#[test]
fn a_registration_with_a_withdrawn_consent_is_noticed() {
    let declines = Scope {
        declines: true,
        ..PLAIN
    };
    let property = "I2 registered means one valid consent of each owner";
    breaks(Fault::CountsTakenBack, declines, property);
}

#[test]
fn consents_that_outlive_an_edit_are_noticed() {
    let edits = Scope { edits: 1, ..PLAIN };
    let property = "I4 each signature is over the present edition";
    breaks(Fault::KeepsConsents, edits, property);
}

#[test]
fn a_signature_over_an_old_edition_is_noticed() {
    let edits = Scope { edits: 1, ..PLAIN };
    let property = "I4 each signature is over the present edition";
    breaks(Fault::TakesAnyEdition, edits, property);
}

#[test]
fn a_signature_that_counts_before_its_evidence_is_noticed() {
    let late = Scope {
        late: true,
        ..PLAIN
    };
    let property = "I11 what waits for evidence does not count";
    breaks(Fault::CountsPending, late, property);
}

#[test]
fn signatures_that_are_not_checked_again_are_noticed() {
    let revokes = Scope {
        revokes: true,
        ..PLAIN
    };
    let property = "I12 a void signature registers nothing";
    breaks(Fault::SkipsRecheck, revokes, property);
}

#[test]
fn two_registrations_for_the_same_days_are_noticed() {
    let two = Scope {
        applications: 2,
        ..PLAIN
    };
    let property = "I1 one active registration for a resident";
    breaks(Fault::RegistersTwice, two, property);
}

#[test]
fn a_portal_that_is_told_too_early_or_not_in_order_is_noticed() {
    let apart = Scope {
        apart: true,
        tells: true,
        ..PLAIN
    };
    let property = "I10 the portal takes each message once and in order";
    breaks(Fault::TellsFirst, apart, property);
    breaks(Fault::SkipsMessages, apart, property);
}

#[test]
fn a_registration_that_expires_early_is_noticed() {
    let property = "I13 active until the last day, expired from then on";
    breaks(Fault::ExpiresEarly, PLAIN, property);
}

#[test]
fn deadlines_at_which_nobody_looks_are_noticed() {
    for property in [
        "L4 a deadline that has passed ends it",
        "L5 every state has a way out",
    ] {
        breaks(Fault::NeverLapses, PLAIN, property);
    }
}

#[test]
fn a_deadline_that_does_not_wait_for_what_came_in_time_is_noticed() {
    let late = Scope {
        late: true,
        ..PLAIN
    };
    let property = "L6 what came in time is waited for";
    breaks(Fault::LapsesRegardless, late, property);
}

#[test]
fn time_that_a_waiting_signature_gives_to_others_is_noticed() {
    let late = Scope {
        late: true,
        ..PLAIN
    };
    breaks(Fault::PutsOff, late, "L4 only a question gives time");
}

#[test]
fn waiting_without_end_is_noticed() {
    let late = Scope {
        late: true,
        ..PLAIN
    };
    let property = "L4 a deadline that has passed ends it";
    breaks(Fault::WaitsForEver, late, property);
}

#[test]
fn an_end_that_former_owners_confirm_is_noticed() {
    let ends = Scope {
        sells: true,
        ends: true,
        ..PLAIN
    };
    let property = "I19 the owners of today end it";
    breaks(Fault::KeepsRemovers, ends, property);
}

#[test]
fn what_goes_on_though_it_has_gone_is_noticed() {
    let extends = Scope {
        applications: 2,
        ends: true,
        extends: true,
        ..PLAIN
    };
    let property = "L7 nothing goes on that has gone";
    breaks(Fault::KeepsContinuing, extends, property);
}
