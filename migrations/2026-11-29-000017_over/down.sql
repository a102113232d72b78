-- The older schema has no word for it: nothing was left to extend either.
UPDATE applications SET grounds = 'nothing_to_extend' WHERE grounds = 'over';
ALTER TABLE applications DROP CONSTRAINT applications_grounds_are_known;
ALTER TABLE applications ADD CONSTRAINT applications_grounds_are_known CHECK (grounds IN (
    'owners_changed', 'signature_void', 'already_registered', 'nothing_to_extend', 'crowded'));
