-- One row for each mutation that was told an idempotency key: the same key answers the first result, at least a day long.
create table idempotency_key (
  tenant_id text not null,
  mutation text not null,
  key text not null,
  request_hash text not null,
  result jsonb,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, mutation, key)
);
create index idempotency_key_age on idempotency_key (created_at);
select tenant_table('idempotency_key', 'select, insert, update', 'select, delete');
