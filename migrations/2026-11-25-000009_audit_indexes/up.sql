-- Whoever asks for all signatures of an application, at each step and in the look
-- over the audit log, must not read those of all the others.
CREATE INDEX signatures_by_application ON signatures (application_id);
CREATE INDEX received_signatures_by_application ON received_signatures (application_id);
