-- What this subgraph tells. Read in the order (xid, id) below the horizon of running transactions: a sequence alone
-- is taken at insert and seen at commit, and a reader that trusts it loses events.
create table outbox (
  id bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  event_id text not null,
  tenant_id text not null,
  type text not null,
  subject text not null,
  sequence bigint not null,
  data jsonb not null,
  time timestamptz not null default app_now(),
  correlation_id text,
  causation_id text,
  -- The only index: every event pays for each.
  primary key (xid, id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
select tenant_table('outbox', 'select, insert', 'select, delete');

-- How far each consumer has taken this log in. Moves on only after the consumer has committed.
create table outbox_cursor (
  consumer text primary key,
  xid xid8 not null,
  id bigint not null,
  moved_at timestamptz not null default app_now()
);
do $$ begin execute format('grant select, insert, update on outbox_cursor to %I', current_schema() || '_system'); end $$;

-- What this subgraph has taken in: the row is in the same transaction as the effect.
create table inbox (
  event_id text primary key,
  tenant_id text not null,
  type text not null,
  received_at timestamptz not null default app_now()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index inbox_age on inbox using brin (received_at);
select tenant_table('inbox', 'select, insert', 'select, delete');

-- Events that could not be taken in yet, and later ones of their subjects, in order.
create table parked_event (
  id bigint generated always as identity primary key,
  tenant_id text not null,
  event_id text not null unique,
  source text not null,
  subject text not null,
  envelope jsonb not null,
  state text not null check (state in ('RETRYING', 'PARKED')),
  attempts int not null,
  reason text not null,
  next_attempt_at timestamptz not null,
  parked_at timestamptz not null default app_now()
);
create index parked_event_lane on parked_event (source, subject, id);
select tenant_table('parked_event', 'select, insert, update, delete', 'select');
