-- Whoever looks after the deliveries pages through those that wait or were given up,
-- newest first, and must not read all that were ever delivered.
CREATE INDEX outbox_undelivered_by_id ON outbox (id DESC) WHERE delivered_at IS NULL;
