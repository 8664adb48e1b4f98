-- Where somebody outside wants to hear of us: a partner's address, signed by Standard Webhooks, or a room of Slack.
create table webhook_endpoint (
  id text primary key,
  tenant_id text not null,
  kind text not null check (kind in ('STANDARD', 'SLACK')),
  name text not null,
  -- A Slack address is a secret by itself.
  sealed_url text not null,
  host text not null,
  -- [{ sealed, expiresAt }], the newest first: two are live while they are rotated.
  sealed_secrets jsonb not null,
  topics jsonb not null,
  status text not null default 'ACTIVE' check (status in ('ACTIVE', 'DISABLED')),
  failing_since timestamptz,
  last_success_at timestamptz,
  created_at timestamptz not null default app_now()
);
create index webhook_endpoint_of_tenant on webhook_endpoint (tenant_id, id);
select tenant_table('webhook_endpoint', 'select, insert, update', 'select');

create table webhook_message (
  id text primary key,
  tenant_id text not null,
  endpoint_id text not null references webhook_endpoint (id) deferrable initially deferred,
  topic text not null,
  -- What is signed and sent, byte for byte in each try: ids, codes and amounts, never personal data.
  body text not null,
  state text not null default 'DUE' check (state in ('DUE', 'SENT', 'DEAD')),
  attempts int not null default 0,
  next_at timestamptz not null default app_now(),
  leased_until timestamptz,
  failure_code text,
  created_at timestamptz not null default app_now(),
  done_at timestamptz
) with (fillfactor = 85);
create index webhook_message_due on webhook_message (next_at) where state = 'DUE';
create index webhook_message_of_endpoint on webhook_message (tenant_id, endpoint_id, id);
create index webhook_message_age on webhook_message (done_at) where state <> 'DUE';
select tenant_table('webhook_message', 'select, insert, update', 'select, delete');
