DROP TABLE idempotency_keys, sessions, challenges, outbox, events, registrations, refusals,
    signatures, documents, consents, applications, dwelling_owners, dwellings;
DROP EXTENSION btree_gist;
