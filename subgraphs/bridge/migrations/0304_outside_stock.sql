-- When all of a system's stock was read last: between two such readings only what changed is asked for.
alter table sync_stream add column full_at timestamptz;
