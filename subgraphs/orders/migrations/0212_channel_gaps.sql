-- Of the orders that are missing now: what is told of their beginning and end goes by it.
alter table channel_check add column gap_id text;
