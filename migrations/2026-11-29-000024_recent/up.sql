-- What is looked at every few seconds is what happened of late.
CREATE INDEX registrations_by_beginning ON registrations (registered_at);
CREATE INDEX registrations_by_end ON registrations (ended_at) WHERE ended_at IS NOT NULL;
