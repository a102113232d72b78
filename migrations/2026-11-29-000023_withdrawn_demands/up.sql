-- An owner can take back a demand to end a registration, before the others have confirmed it. Whoever
-- is to sign or to confirm is reminded.
ALTER TABLE events DROP CONSTRAINT events_kind_is_known;
ALTER TABLE events ADD CONSTRAINT events_kind_is_known CHECK (kind IN (
    'drafted', 'edited', 'attested', 'signature_received', 'signature_refused', 'signed', 'consent_given',
    'consent_declined', 'consent_taken_back', 'owners_changed', 'reminded', 'withdrawn', 'lapsed',
    'registered', 'refused', 'removal_demanded', 'removal_confirmed', 'removal_dropped', 'removal_withdrawn', 'removed',
    'left', 'expired', 'replaced', 'annulled', 'discontinued'));
ALTER TABLE notices
    DROP CONSTRAINT notices_topic_is_known,
    ADD CONSTRAINT notices_topic_is_known CHECK (topic IN (
        'asked', 'asked_anew', 'named', 'edited', 'no_longer_asked', 'owners_changed',
        'evidence_awaited', 'signature_counts', 'signature_refused', 'some_consented', 'all_consented',
        'declined', 'taken_back', 'answer_due', 'answers_missing', 'signature_due', 'confirmation_due', 'withdrawn', 'lapsed',
        'registered', 'refused', 'removal_demanded', 'confirmation_asked', 'removal_confirmed',
        'removal_dropped', 'removal_withdrawn', 'removed', 'left', 'ends_soon', 'expired', 'replaced', 'annulled', 'discontinued',
        'invited', 'invitation_used', 'invitation_expired', 'invitation_cancelled', 'invitation_declined'));
