-- The older schema has no word for it: it would have waited until it expired.
UPDATE invitations SET stage = 'expired' WHERE stage = 'declined';
UPDATE notices SET topic = 'invitation_expired' WHERE topic = 'invitation_declined';
ALTER TABLE invitations
    DROP CONSTRAINT invitations_stage_is_known,
    ADD CONSTRAINT invitations_stage_is_known
        CHECK (stage IN ('open', 'used', 'cancelled', 'expired'));
COMMENT ON COLUMN invitations.ended_at IS 'When it was used or taken back, or found to have expired.';
ALTER TABLE notices
    DROP CONSTRAINT notices_topic_is_known,
    ADD CONSTRAINT notices_topic_is_known CHECK (topic IN (
        'asked', 'asked_anew', 'named', 'edited', 'no_longer_asked', 'owners_changed',
        'evidence_awaited', 'signature_counts', 'signature_refused', 'some_consented', 'all_consented',
        'declined', 'taken_back', 'answer_due', 'answers_missing', 'withdrawn', 'lapsed',
        'registered', 'refused', 'removal_demanded', 'confirmation_asked', 'removal_confirmed',
        'removal_dropped', 'removed', 'left', 'ends_soon', 'expired', 'replaced', 'annulled', 'discontinued',
        'invited', 'invitation_used', 'invitation_expired', 'invitation_cancelled')),
    DROP CONSTRAINT notices_of_invitations_have_their_topics,
    ADD CONSTRAINT notices_of_invitations_have_their_topics CHECK (
        (invitation_id IS NOT NULL) = (topic IN (
            'invited', 'invitation_used', 'invitation_expired', 'invitation_cancelled')));
