-- Whoever waited for evidence is asked again.
DROP TABLE received_signatures;

ALTER TABLE signatures
    DROP CONSTRAINT signatures_with_policy,
    DROP CONSTRAINT signatures_with_path,
    DROP CONSTRAINT signatures_time_stamped,
    DROP CONSTRAINT signatures_with_revocation_data,
    DROP COLUMN augmented,
    DROP COLUMN signed_at;

ALTER TABLE events DROP CONSTRAINT events_kind_is_known;
ALTER TABLE events ADD CONSTRAINT events_kind_is_known CHECK (kind IN (
    'drafted', 'signed', 'consent_given', 'consent_declined',
    'withdrawn', 'lapsed', 'registered', 'refused')) NOT VALID;

UPDATE consents SET answer = 'awaited', answered_at = NULL WHERE answer = 'pending_evidence';
ALTER TABLE consents DROP CONSTRAINT consents_answer_is_known;
ALTER TABLE consents ADD CONSTRAINT consents_answer_is_known
    CHECK (answer IN ('awaited', 'given', 'declined'));

UPDATE applications SET state = 'draft' WHERE state = 'pending_evidence';
ALTER TABLE applications DROP CONSTRAINT applications_asked_before_answers;
ALTER TABLE applications DROP COLUMN asked_at;
ALTER TABLE applications DROP CONSTRAINT applications_state_is_known;
ALTER TABLE applications ADD CONSTRAINT applications_state_is_known CHECK (state IN (
    'draft', 'awaiting_consent', 'consented', 'registered',
    'declined', 'withdrawn', 'lapsed', 'refused'));
DROP INDEX applications_open_by_deadline;
CREATE INDEX applications_open_by_deadline ON applications (deadline)
    WHERE state IN ('draft', 'awaiting_consent', 'consented');
