-- People are told of invitations too, which are no steps of an application.
ALTER TABLE notices
    ALTER COLUMN application_id DROP NOT NULL,
    ALTER COLUMN version DROP NOT NULL,
    ADD COLUMN invitation_id uuid REFERENCES invitations,
    DROP CONSTRAINT notices_topic_is_known,
    ADD CONSTRAINT notices_topic_is_known CHECK (topic IN (
        'asked', 'asked_anew', 'named', 'edited', 'no_longer_asked', 'owners_changed',
        'evidence_awaited', 'signature_counts', 'signature_refused', 'some_consented', 'all_consented',
        'declined', 'taken_back', 'answer_due', 'answers_missing', 'withdrawn', 'lapsed',
        'registered', 'refused', 'removal_demanded', 'confirmation_asked', 'removal_confirmed',
        'removal_dropped', 'removed', 'left', 'ends_soon', 'expired', 'replaced', 'annulled',
        'invited', 'invitation_used', 'invitation_expired', 'invitation_cancelled')),
    ADD CONSTRAINT notices_of_a_step_or_an_invitation CHECK (
        num_nonnulls(application_id, invitation_id) = 1
        AND num_nulls(application_id, version) IN (0, 2)
        AND (registration_id IS NULL OR application_id IS NOT NULL)),
    ADD CONSTRAINT notices_of_invitations_have_their_topics CHECK (
        (invitation_id IS NOT NULL) = (topic IN (
            'invited', 'invitation_used', 'invitation_expired', 'invitation_cancelled'))),
    DROP CONSTRAINT notices_once_for_each,
    ADD CONSTRAINT notices_once_for_each UNIQUE NULLS NOT DISTINCT
        (application_id, version, invitation_id, addressee, person_iin, organisation_bin, topic);
COMMENT ON COLUMN notices.application_id IS 'The application, when it tells of a step of one.';
COMMENT ON COLUMN notices.version IS 'The step of it that is told.';
COMMENT ON COLUMN notices.invitation_id IS 'The invitation, when it tells of one.';
