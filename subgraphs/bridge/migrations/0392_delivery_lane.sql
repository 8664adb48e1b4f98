-- Who works on the webhooks of a channel: one worker at a time, in whatever process, so that those of one object are told in
-- the order in which they came.
create table delivery_lane (
  connection_id text primary key references channel_connection (id) deferrable initially deferred,
  tenant_id text not null,
  lease text,
  leased_until timestamptz,
  -- Somebody came while it was taken: whoever works here looks once more.
  wanted boolean not null default false
) with (fillfactor = 50);
select tenant_table('delivery_lane', 'select, insert, update');
