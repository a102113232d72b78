-- A refusal for want of room becomes one because nobody could let anybody in, and
-- what was attested becomes a writing anew: the older schema has no word for them.
DROP TABLE state_register_answers;
DROP TABLE attachments;
UPDATE events SET kind = 'edited' WHERE kind = 'attested';
ALTER TABLE events DROP CONSTRAINT events_kind_is_known;
ALTER TABLE events ADD CONSTRAINT events_kind_is_known CHECK (kind IN (
    'drafted', 'edited', 'signature_received', 'signature_refused', 'signed', 'consent_given',
    'consent_declined', 'consent_taken_back', 'owners_changed', 'reminded', 'withdrawn', 'lapsed',
    'registered', 'refused', 'removal_demanded', 'removal_confirmed', 'removal_dropped', 'removed',
    'left', 'expired', 'replaced', 'annulled'));
UPDATE applications SET grounds = 'owners_changed' WHERE grounds = 'crowded';
ALTER TABLE applications DROP CONSTRAINT applications_grounds_are_known;
ALTER TABLE applications ADD CONSTRAINT applications_grounds_are_known CHECK (grounds IN (
    'owners_changed', 'signature_void', 'already_registered', 'nothing_to_extend'));
ALTER TABLE applications DROP COLUMN attestation;
