-- The older schema has no word for it: nothing was left to extend either.
UPDATE applications SET grounds = 'nothing_to_extend' WHERE grounds = 'over';
ALTER TABLE applications DROP CONSTRAINT applications_grounds_are_known;
ALTER TABLE applications ADD CONSTRAINT applications_grounds_are_known CHECK (grounds IN (
    'owners_changed', 'signature_void', 'already_registered', 'nothing_to_extend', 'crowded',
    'owner_dead', 'owner_not_capable', 'resident_dead', 'resident_too_young',
    'resident_not_capable', 'person_unknown', 'not_in_lease', 'not_a_lodging', 'not_a_centre',
    'conflict_of_interest', 'power_void', 'representative_void', 'self_consent'));
