-- Orders written to a file. What is personal is sealed with a key of the file's own, which only its recipients can open.
create table order_export (
  id text primary key,
  tenant_id text not null,
  asked_by text not null,
  reason text not null,
  recipients jsonb not null,
  -- { statuses, placedFrom, placedBefore }; and the channels that whoever asked may see, null for all.
  filter jsonb not null,
  channel_ids jsonb,
  state text not null check (state in ('RUNNING', 'DONE', 'OVER')),
  total int not null,
  exported int not null default 0,
  -- The newest order that belongs to it, and the last one that is written.
  up_to text not null,
  after_id text not null default '',
  -- The file's key for its recipients (age, armored), and for us while it is being written.
  wrapped_key text not null,
  sealed_key text,
  created_at timestamptz not null default app_now(),
  next_try_at timestamptz not null default app_now(),
  done_at timestamptz,
  expires_at timestamptz not null
);
create index order_export_list on order_export (tenant_id, id desc);
create index order_export_due on order_export (next_try_at) where state = 'RUNNING';
create index order_export_over on order_export (expires_at) where state = 'DONE';
select tenant_table('order_export', 'select, insert, update', 'select (id, tenant_id, state, next_try_at, expires_at)');

create table order_export_part (
  export_id text not null references order_export (id) deferrable initially deferred,
  place int not null,
  tenant_id text not null,
  body text not null,
  primary key (export_id, place)
);
select tenant_table('order_export_part', 'select, insert, delete');
