-- What flows to and from a channel; src/domain/channel-flows.ts names them.
alter table channel_connection add column flows jsonb not null default '["PULL_ORDERS", "PULL_FULFILMENT", "PUSH_STOCK"]';

-- Something of ours that a shop outside is given: what it knows of it, and whether it is to be told anew.
create table shop_copy (
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  purpose text not null check (purpose in ('PRODUCT', 'ORDER')),
  subject_id text not null,
  tenant_id text not null,
  -- Grows with each change of ours; told_version is the one that the shop was told last.
  version int not null default 1,
  told_version int not null default 0,
  -- Of what it was told: the same once more is not sent.
  told_hash text,
  external_id text,
  -- Set for an order that ended here: it is to end there.
  ended boolean not null default false,
  state text not null default 'DUE' check (state in ('DUE', 'DONE', 'FAILED', 'REFUSED')),
  attempts int not null default 0,
  next_at timestamptz not null default app_now(),
  -- Since when it waits, for what is measured.
  due_at timestamptz not null default app_now(),
  told_at timestamptz,
  failure_code text,
  primary key (connection_id, purpose, subject_id)
) with (fillfactor = 70);
create index shop_copy_due on shop_copy (connection_id, purpose, next_at) where state = 'DUE';
create index shop_copy_open on shop_copy (connection_id, state) where state <> 'DONE';
create unique index shop_copy_external on shop_copy (connection_id, purpose, external_id) where external_id is not null;
create index shop_copy_subject on shop_copy (tenant_id, subject_id);
select tenant_table('shop_copy', 'select, insert, update', 'select');

-- Who gives a shop its copies, and when it is asked again after it failed.
create table copy_lane (
  connection_id text primary key references channel_connection (id) deferrable initially deferred,
  tenant_id text not null,
  next_at timestamptz not null default app_now(),
  lease text,
  leased_until timestamptz,
  failures int not null default 0,
  last_error text,
  last_success_at timestamptz,
  -- Since when it has not answered: buyers are told by mail meanwhile.
  failing_since timestamptz,
  -- How far all products have been planned after products began to flow; null when that is done.
  planned_after text
) with (fillfactor = 70);
create index copy_lane_due on copy_lane (next_at);
select tenant_table('copy_lane', 'select, insert, update', 'select');

-- What left for whom: names of fields, never values. Only grows.
create table copy_audit (
  id text primary key,
  tenant_id text not null,
  connection_id text not null,
  purpose text not null,
  subject_id text not null,
  fields jsonb not null,
  -- SENT, or REFUSED by the detector: then why, by kind and place.
  result text not null check (result in ('SENT', 'REFUSED', 'FAILED')),
  reason text,
  at timestamptz not null default app_now()
);
create index copy_audit_of_connection on copy_audit (tenant_id, connection_id, id);
select tenant_table('copy_audit', 'select, insert');
