-- An application whose last day is over before everything has come together.
ALTER TABLE applications DROP CONSTRAINT applications_grounds_are_known;
ALTER TABLE applications ADD CONSTRAINT applications_grounds_are_known CHECK (grounds IN (
    'owners_changed', 'signature_void', 'already_registered', 'nothing_to_extend', 'crowded', 'over'));
