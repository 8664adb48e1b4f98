-- How each outside shop's open orders were last compared with ours.
create table channel_check (
  tenant_id text not null,
  connection_id text primary key,
  next_at timestamptz not null,
  -- Whether what is missing is read again by itself.
  auto_repair boolean not null default true,
  checked_at timestamptz,
  open_count int not null default 0,
  missing_count int not null default 0,
  severity text not null default 'NONE' check (severity in ('NONE', 'WARNING', 'CRITICAL')),
  -- The channel's ids of missing orders, 250 at most.
  missing jsonb not null default '[]',
  failure_code text
);
create index channel_check_due on channel_check (next_at);
select tenant_table('channel_check', 'select, insert, update', 'select (tenant_id, connection_id, next_at)');
