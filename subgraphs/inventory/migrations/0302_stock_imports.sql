-- Files of stock. A file is kept in pieces of whole lines until it has been worked off; where work stands is written in
-- the transaction of the work, so that a process may be killed at any moment.
create table stock_import (
  id text primary key,
  tenant_id text not null,
  format text not null check (format in ('CSV', 'JSONL')),
  mode text not null check (mode in ('SET', 'ADJUST')),
  default_location text not null,
  state text not null default 'AWAITING_FILE' check (state in ('AWAITING_FILE', 'RECEIVING', 'QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
  -- Why it failed as a whole.
  failure_code text,
  -- Grows with each upload: a slower one that was replaced finds out.
  upload int not null default 0,
  columns jsonb,
  bytes bigint not null default 0,
  pieces int not null default 0,
  next_piece int not null default 0,
  rows_total int not null default 0,
  rows_done int not null default 0,
  rows_applied int not null default 0,
  rows_refused int not null default 0,
  started_by text not null,
  created_at timestamptz not null default app_now(),
  changed_at timestamptz not null default app_now(),
  done_at timestamptz
);
create index stock_import_list on stock_import (tenant_id, id);
create index stock_import_unfinished on stock_import (changed_at) where state in ('QUEUED', 'RUNNING', 'RECEIVING');
-- A link names its import and nothing else: the tenant is found by it.
select tenant_table('stock_import', 'select, insert, update', 'select');

create table stock_import_piece (
  import_id text not null references stock_import (id),
  n int not null,
  tenant_id text not null,
  -- Number of its first line in the file, from 1.
  first_line int not null,
  body text not null,
  primary key (import_id, n)
);
select tenant_table('stock_import_piece', 'select, insert, delete');

create table stock_import_refusal (
  import_id text not null references stock_import (id),
  line int not null,
  tenant_id text not null,
  code text not null,
  -- The beginning of the refused line, as it came.
  text text not null,
  primary key (import_id, line)
);
select tenant_table('stock_import_refusal', 'select, insert');
