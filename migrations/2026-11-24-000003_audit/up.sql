CREATE TABLE audit_records (
    application_id uuid NOT NULL REFERENCES applications,
    sequence bigint NOT NULL CONSTRAINT audit_records_sequence_counts_from_one CHECK (sequence >= 1),
    version bigint,
    refusal_id uuid CONSTRAINT audit_records_one_for_each_refusal UNIQUE REFERENCES refusals,
    kind text NOT NULL,
    actor text NOT NULL CONSTRAINT audit_records_actor_is_known CHECK (actor IN ('resident', 'owner', 'service')),
    person bytea CONSTRAINT audit_records_person_has_256_bits CHECK (octet_length(person) = 32),
    salt bytea,
    body text NOT NULL,
    at timestamptz NOT NULL,
    previous_hash bytea NOT NULL CONSTRAINT audit_records_previous_has_256_bits CHECK (octet_length(previous_hash) = 32),
    hash bytea NOT NULL CONSTRAINT audit_records_hash_has_256_bits CHECK (octet_length(hash) = 32),
    PRIMARY KEY (application_id, sequence),
    CONSTRAINT audit_records_one_for_each_step UNIQUE (application_id, version),
    CONSTRAINT audit_records_step_is_told FOREIGN KEY (application_id, version) REFERENCES events,
    CONSTRAINT audit_records_step_or_refusal CHECK (version IS NULL OR refusal_id IS NULL),
    CONSTRAINT audit_records_service_is_nobody CHECK ((actor = 'service') = (person IS NULL)),
    CONSTRAINT audit_records_salt_with_person CHECK (salt IS NULL OR person IS NOT NULL)
);
COMMENT ON TABLE audit_records IS 'The audit log: one row a decision, only ever added; the rows of an application are chained.';
COMMENT ON COLUMN audit_records.application_id IS 'The application that the decision was about.';
COMMENT ON COLUMN audit_records.sequence IS 'Place among the records of the application, from 1 without a gap.';
COMMENT ON COLUMN audit_records.version IS 'The step that it was, as in events; absent when it was none.';
COMMENT ON COLUMN audit_records.refusal_id IS 'The refusal that it was; absent when it was none.';
COMMENT ON COLUMN audit_records.kind IS 'What was decided, in a word.';
COMMENT ON COLUMN audit_records.actor IS 'As whom somebody acted.';
COMMENT ON COLUMN audit_records.person IS 'Stands for the person who acted: SHA-256 over a tag, the salt and the identification number; absent for the service.';
COMMENT ON COLUMN audit_records.salt IS 'Opens the column person. The one column that may be erased: nobody can then tell who it was, and the record still holds.';
COMMENT ON COLUMN audit_records.body IS 'What was decided and on which evidence: canonical JSON (RFC 8785), without personal data.';
COMMENT ON COLUMN audit_records.at IS 'When.';
COMMENT ON COLUMN audit_records.previous_hash IS 'The hash of the record before; zeros in the first.';
COMMENT ON COLUMN audit_records.hash IS 'SHA-256 over a tag, previous_hash and the record in canonical form, without the salt.';

CREATE TABLE audit_waiting (
    application_id uuid NOT NULL,
    sequence bigint NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (application_id, sequence),
    CONSTRAINT audit_waiting_is_recorded FOREIGN KEY (application_id, sequence) REFERENCES audit_records
);
COMMENT ON TABLE audit_waiting IS 'Records that are no leaf of the tree yet; written with the record, removed by the checkpoint that takes it in.';
COMMENT ON COLUMN audit_waiting.application_id IS 'The application of the record.';
COMMENT ON COLUMN audit_waiting.sequence IS 'Its place in the chain of the application.';
COMMENT ON COLUMN audit_waiting.since IS 'Since when it waits: the time of the record.';
CREATE INDEX audit_waiting_by_age ON audit_waiting (since, application_id, sequence);

CREATE TABLE audit_leaves (
    leaf_index bigint PRIMARY KEY CONSTRAINT audit_leaves_index_counts_from_zero CHECK (leaf_index >= 0),
    application_id uuid NOT NULL,
    sequence bigint NOT NULL,
    hash bytea NOT NULL CONSTRAINT audit_leaves_hash_has_256_bits CHECK (octet_length(hash) = 32),
    CONSTRAINT audit_leaves_one_for_each_record UNIQUE (application_id, sequence),
    CONSTRAINT audit_leaves_is_recorded FOREIGN KEY (application_id, sequence) REFERENCES audit_records
);
COMMENT ON TABLE audit_leaves IS 'The leaves of the Merkle tree over all records (RFC 6962); only ever added, by checkpoints alone.';
COMMENT ON COLUMN audit_leaves.leaf_index IS 'Place in the tree, from 0 without a gap.';
COMMENT ON COLUMN audit_leaves.application_id IS 'The application of the record that it is.';
COMMENT ON COLUMN audit_leaves.sequence IS 'The place of the record in the chain of the application.';
COMMENT ON COLUMN audit_leaves.hash IS 'The hash of the record: what the leaf holds.';

CREATE TABLE audit_nodes (
    completed_at bigint NOT NULL,
    level smallint NOT NULL CONSTRAINT audit_nodes_level_is_kept CHECK (level BETWEEN 8 AND 62),
    hash bytea NOT NULL CONSTRAINT audit_nodes_hash_has_256_bits CHECK (octet_length(hash) = 32),
    PRIMARY KEY (completed_at, level),
    CONSTRAINT audit_nodes_are_perfect CHECK (completed_at > 0 AND completed_at % (1::bigint << level) = 0)
);
COMMENT ON TABLE audit_nodes IS 'Inner nodes of the tree over 256 leaves and more, so that a proof need not read all leaves; only ever added.';
COMMENT ON COLUMN audit_nodes.completed_at IS 'The size of the tree at which the node was complete: its last leaf has the index before.';
COMMENT ON COLUMN audit_nodes.level IS 'It stands over 2 to the power of level leaves.';
COMMENT ON COLUMN audit_nodes.hash IS 'Its hash.';

CREATE TABLE audit_checkpoints (
    number bigint PRIMARY KEY CONSTRAINT audit_checkpoints_number_counts_from_one CHECK (number >= 1),
    tree_size bigint NOT NULL CONSTRAINT audit_checkpoints_size_grows UNIQUE
        CONSTRAINT audit_checkpoints_size_is_positive CHECK (tree_size > 0),
    note text NOT NULL,
    time_stamp bytea
);
COMMENT ON TABLE audit_checkpoints IS 'What the tree was at a moment, signed; each names the one before. Only ever added, but for the time-stamp, which comes later.';
COMMENT ON COLUMN audit_checkpoints.number IS 'From 1 without a gap.';
COMMENT ON COLUMN audit_checkpoints.tree_size IS 'How many leaves the tree had.';
COMMENT ON COLUMN audit_checkpoints.note IS 'The checkpoint as a signed note (C2SP tlog-checkpoint), byte for byte.';
COMMENT ON COLUMN audit_checkpoints.time_stamp IS 'The time-stamp token (RFC 3161) over the text of the note; absent until an authority gave it.';
CREATE INDEX audit_checkpoints_unstamped ON audit_checkpoints (number) WHERE time_stamp IS NULL;

CREATE TABLE audit_shipments (
    destination text PRIMARY KEY,
    number bigint NOT NULL,
    claimed_until timestamptz NOT NULL,
    shipped_at timestamptz,
    CONSTRAINT audit_shipments_number_counts_from_zero CHECK (number >= 0)
);
COMMENT ON TABLE audit_shipments IS 'How far checkpoints were sent elsewhere, in order.';
COMMENT ON COLUMN audit_shipments.destination IS 'Where to, as it was configured.';
COMMENT ON COLUMN audit_shipments.number IS 'The last checkpoint that is there; 0 for none.';
COMMENT ON COLUMN audit_shipments.claimed_until IS 'Until when one worker sends there alone.';
COMMENT ON COLUMN audit_shipments.shipped_at IS 'When the last one was sent.';
