-- A credential comes without a tenant, and only the row of its holder says whose it is: so the system role may read
-- staff, their channels and partner keys across tenants. It may write nothing. A new tenant is made by the app role
-- inside that tenant, whose id is known before its first row.

create table tenant (
  id text primary key,
  tenant_id text not null check (tenant_id = id),
  name text not null,
  time_zone text not null,
  base_currency text not null check (base_currency ~ '^[A-Z]{3}$'),
  created_at timestamptz not null default app_now()
);
-- Update is there for `for update`: changes of a tenant's staff queue at its row.
select tenant_table('tenant', 'select, insert, update');

create table staff (
  id text primary key,
  tenant_id text not null,
  issuer text not null,
  subject text not null,
  name text not null,
  role text not null check (role in ('OWNER', 'OPERATOR', 'SERVICE_AGENT', 'FINANCE', 'READER')),
  all_channels boolean not null default false,
  version int not null default 1,
  invited_at timestamptz not null default app_now(),
  removed_at timestamptz
);
-- An identity leads to one tenant. Who was removed may be invited again, here or elsewhere.
create unique index staff_identity on staff (issuer, subject) where removed_at is null;
create index staff_list on staff (tenant_id, id desc) where removed_at is null;
select tenant_table('staff', 'select, insert, update', 'select');

create table staff_channel (
  staff_id text not null references staff (id),
  connection_id text not null,
  tenant_id text not null,
  primary key (staff_id, connection_id)
);
select tenant_table('staff_channel', 'select, insert, delete', 'select');

create table partner_key (
  id text primary key,
  tenant_id text not null,
  name text not null,
  -- The first characters, by which people tell keys apart; the key itself is not kept.
  prefix text not null,
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  scopes text[] not null,
  all_channels boolean not null,
  channel_ids text[] not null,
  created_at timestamptz not null default app_now(),
  revoked_at timestamptz
);
create index partner_key_list on partner_key (tenant_id, id desc);
select tenant_table('partner_key', 'select, insert, update', 'select');

create table audit_entry (
  id text primary key,
  tenant_id text not null,
  actor_kind text not null,
  actor_id text not null,
  action text not null,
  subject text not null,
  reason text,
  request_id text,
  details jsonb not null default '{}',
  at timestamptz not null default app_now()
);
create index audit_entry_list on audit_entry (tenant_id, id desc);
create index audit_entry_subject on audit_entry (tenant_id, subject, id desc);
select tenant_table('audit_entry', 'select, insert');

-- The missing grants stop the app; this stops whoever has more rights, the owner of the table too. By statement: under
-- row-level security its owner would see no row to fire for.
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit_entry is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entry_append_only before update or delete or truncate on audit_entry
  for each statement execute function audit_is_append_only();
