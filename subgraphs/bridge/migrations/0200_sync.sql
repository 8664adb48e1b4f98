-- What opens a shop's API: settings that people may see, and secrets under one seal.
alter table channel_connection add column settings jsonb not null default '{}', add column sealed_account text;

-- How far something of a shop has been read. The row is the cursor, the plan and the lease in one: whoever reads holds it.
create table sync_stream (
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  stream text not null,
  tenant_id text not null,
  -- All that changed before this instant, by the platform's clock, has been read and stored.
  cursor_at timestamptz not null,
  -- The window that is being read, and the page to ask for next: a kill goes on where it was.
  window_to timestamptz,
  page text,
  next_at timestamptz not null default app_now(),
  lease text,
  leased_until timestamptz,
  failures int not null default 0,
  last_error text,
  last_success_at timestamptz,
  primary key (connection_id, stream)
) with (fillfactor = 70);
create index sync_stream_due on sync_stream (next_at);
select tenant_table('sync_stream', 'select, insert, update', 'select, update');

create table sync_run (
  id text primary key,
  tenant_id text not null,
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  stream text not null,
  state text not null default 'RUNNING' check (state in ('RUNNING', 'DONE', 'FAILED', 'ABANDONED')),
  pages int not null default 0,
  -- As the platform told them, and those that were new to us.
  items int not null default 0,
  new_items int not null default 0,
  error_code text,
  started_at timestamptz not null default app_now(),
  ended_at timestamptz
) with (fillfactor = 85);
create index sync_run_of_connection on sync_run (tenant_id, connection_id, id);
create index sync_run_age on sync_run (started_at);
select tenant_table('sync_run', 'select, insert, update', 'select, delete');
