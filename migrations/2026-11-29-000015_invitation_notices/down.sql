DELETE FROM notices WHERE invitation_id IS NOT NULL;
ALTER TABLE notices
    DROP CONSTRAINT notices_once_for_each,
    DROP CONSTRAINT notices_of_invitations_have_their_topics,
    DROP CONSTRAINT notices_of_a_step_or_an_invitation,
    DROP CONSTRAINT notices_topic_is_known,
    DROP COLUMN invitation_id,
    ALTER COLUMN application_id SET NOT NULL,
    ALTER COLUMN version SET NOT NULL,
    ADD CONSTRAINT notices_topic_is_known CHECK (topic IN (
        'asked', 'asked_anew', 'named', 'edited', 'no_longer_asked', 'owners_changed',
        'evidence_awaited', 'signature_counts', 'signature_refused', 'some_consented', 'all_consented',
        'declined', 'taken_back', 'answer_due', 'answers_missing', 'withdrawn', 'lapsed',
        'registered', 'refused', 'removal_demanded', 'confirmation_asked', 'removal_confirmed',
        'removal_dropped', 'removed', 'left', 'ends_soon', 'expired', 'replaced', 'annulled')),
    ADD CONSTRAINT notices_once_for_each UNIQUE NULLS NOT DISTINCT
        (application_id, version, addressee, person_iin, organisation_bin, topic);
COMMENT ON COLUMN notices.application_id IS 'The application.';
