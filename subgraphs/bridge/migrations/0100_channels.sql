create table channel_connection (
  id text primary key,
  tenant_id text not null,
  platform text not null check (platform in ('SHOPIFY')),
  name text not null,
  shop_domain text,
  status text not null default 'ACTIVE' check (status in ('ACTIVE', 'DISABLED')),
  -- [{ sealed, expiresAt }], the newest first: two are live while they are rotated.
  sealed_secrets jsonb not null,
  created_at timestamptz not null default app_now(),
  -- One shop twice would be every order twice.
  unique (tenant_id, platform, shop_domain)
);
-- A webhook names its connection and nothing else: the tenant is found by it.
select tenant_table('channel_connection', 'select, insert, update', 'select');

create table delivery (
  id text primary key,
  tenant_id text not null,
  connection_id text not null references channel_connection (id),
  topic text not null,
  -- The platform's own id of the delivery, with its topic; null where it sends none.
  dedupe_key text,
  body_hash text not null,
  body_bytes int not null,
  sealed_body text,
  triggered_at timestamptz,
  state text not null default 'RECEIVED' check (state in ('RECEIVED', 'PROCESSING', 'DONE', 'FAILED', 'DEAD', 'IGNORED')),
  reason_code text,
  reason_path text,
  attempts int not null default 0,
  external_order_id text,
  received_at timestamptz not null default app_now(),
  changed_at timestamptz not null default app_now(),
  done_at timestamptz,
  unique (connection_id, dedupe_key)
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
-- Without an id of its own a body is the same delivery only while its like still waits: stock 5, 6, 5 is three changes.
create unique index delivery_waiting_once on delivery (connection_id, topic, body_hash)
  where dedupe_key is null and state in ('RECEIVED', 'PROCESSING', 'FAILED');
create index delivery_of_tenant on delivery (tenant_id, id);
create index delivery_of_connection on delivery (connection_id, id);
create index delivery_unfinished on delivery (changed_at) where state in ('RECEIVED', 'PROCESSING', 'FAILED');
create index delivery_body_age on delivery (received_at) where sealed_body is not null;
-- Ciphertext does not compress; trying costs time inside the webhook's answer.
alter table delivery alter column sealed_body set storage external;
select tenant_table('delivery', 'select, insert, update', 'select, update (sealed_body)');

-- What was refused at the door leaves no more than this: one row for each connection and minute.
create table delivery_refusal (
  connection_id text not null references channel_connection (id),
  minute timestamptz not null,
  tenant_id text not null,
  last_reason text not null,
  count int not null,
  primary key (connection_id, minute)
) with (fillfactor = 70);
create index delivery_refusal_age on delivery_refusal (minute);
select tenant_table('delivery_refusal', 'select, insert, update', 'select, delete');

create table alert (
  id text primary key,
  tenant_id text not null,
  code text not null,
  severity text not null check (severity in ('WARNING', 'CRITICAL')),
  subject_kind text not null,
  subject_id text not null,
  connection_id text,
  -- What its sentence needs: codes and ids, never personal data.
  params jsonb not null,
  state text not null default 'OPEN' check (state in ('OPEN', 'RESOLVED')),
  dedupe_key text not null,
  -- The exception or event that raised it.
  cause_id text,
  -- How often it was raised; 0 marks a cause whose end came before its beginning.
  count int not null default 1,
  first_at timestamptz not null default app_now(),
  last_at timestamptz not null default app_now(),
  resolved_at timestamptz,
  resolved_by text
);
create unique index alert_open_once on alert (tenant_id, dedupe_key) where state = 'OPEN';
create index alert_of_tenant on alert (tenant_id, id);
create index alert_cause on alert (tenant_id, cause_id);
select tenant_table('alert', 'select, insert, update');
