-- Where an event was recorded in its trace (W3C Trace Context), so that whoever takes it in goes on with the same one.
-- Null without a default: no row is rewritten, and yesterday's code inserts as before.
alter table outbox add column traceparent text;
