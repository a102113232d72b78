DROP INDEX outbox_undelivered_by_id;
