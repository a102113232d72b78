//! The runs of the model: whole spaces in which everything holds.

use super::*;

/// Two owners, one application, and nothing that need not happen.
pub(super) const PLAIN: Scope = Scope {
    owners: 2,
    applications: 1,
    edits: 0,
    declines: false,
    late: false,
    sells: false,
    revokes: false,
    ends: false,
    extends: false,
    apart: false,
    tells: false,
    revocation: Revocation::Stands,
    fault: None,
};

/// Explores the whole space, in which every property holds, and which is not
/// smaller than it was found to be once.
#[track_caller]
fn holds(scope: Scope, states: usize) {
    let checker = Model::new(scope).checker().threads(2).spawn_bfs().join();
    println!("{} states", checker.unique_state_count());
    checker.assert_properties();
    let found = checker.unique_state_count();
    assert!(found >= states, "only {found} states");
}

#[test]
fn two_owners_and_everything_that_people_registers_and_authorities_do() {
    let scope = Scope {
        edits: 1,
        declines: true,
        sells: true,
        revokes: true,
        ends: true,
        ..PLAIN
    };
    holds(scope, 53_500);
}

#[test]
fn two_owners_whose_evidence_is_late() {
    let scope = Scope {
        declines: true,
        late: true,
        sells: true,
        ..PLAIN
    };
    holds(scope, 54_900);
}

#[test]
fn two_owners_whose_evidence_is_late_until_the_end() {
    let scope = Scope {
        late: true,
        ends: true,
        ..PLAIN
    };
    holds(scope, 33_400);
}

#[test]
fn two_owners_and_a_service_that_crashes_between_deciding_and_saving() {
    let scope = Scope {
        declines: true,
        sells: true,
        ends: true,
        apart: true,
        ..PLAIN
    };
    holds(scope, 98_200);
}

#[test]
fn two_owners_and_a_portal_that_is_told_while_the_service_crashes() {
    let scope = Scope {
        declines: true,
        apart: true,
        tells: true,
        ..PLAIN
    };
    holds(scope, 14_400);
}

#[test]
fn two_owners_and_two_applications_for_the_same_days() {
    let scope = Scope {
        applications: 2,
        declines: true,
        revokes: true,
        ..PLAIN
    };
    holds(scope, 12_500);
    let scope = Scope {
        applications: 2,
        ends: true,
        ..PLAIN
    };
    holds(scope, 58_000);
}

#[test]
fn two_owners_and_a_registration_that_another_continues() {
    let scope = Scope {
        applications: 2,
        ends: true,
        extends: true,
        ..PLAIN
    };
    holds(scope, 64_500);
}

#[test]
fn two_applications_for_the_same_days_that_are_registered_at_the_same_moment() {
    let scope = Scope {
        applications: 2,
        apart: true,
        ..PLAIN
    };
    holds(scope, 6_800);
}

#[test]
fn three_owners_and_everything_that_people_registers_and_authorities_do() {
    let scope = Scope {
        owners: 3,
        declines: true,
        sells: true,
        revokes: true,
        ends: true,
        ..PLAIN
    };
    holds(scope, 42_900);
}

#[test]
fn three_owners_whose_evidence_is_late_and_a_service_that_crashes() {
    let scope = Scope {
        owners: 3,
        late: true,
        ..PLAIN
    };
    holds(scope, 8_100);
    let scope = Scope {
        owners: 3,
        declines: true,
        apart: true,
        ..PLAIN
    };
    holds(scope, 5_900);
}

#[test]
fn three_owners_and_two_applications_for_the_same_days() {
    let scope = Scope {
        owners: 3,
        applications: 2,
        declines: true,
        ..PLAIN
    };
    holds(scope, 18_500);
}

/// The choice that decision 0006 did not take.
#[test]
fn where_a_later_revocation_undoes_a_consent_nothing_is_registered_with_it() {
    let scope = Scope {
        sells: true,
        revokes: true,
        apart: true,
        revocation: Revocation::Undoes,
        ..PLAIN
    };
    holds(scope, 14_600);
}
