-- A payment platform's bill of a day, as it came: sealed, since it names payers.
create table bill (
  id text primary key,
  tenant_id text not null,
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  day date not null,
  file_type text not null check (file_type in ('CSV', 'ZIP', 'JSONL')),
  -- Of the file; null once it has been removed.
  sealed_file text,
  file_hash text not null,
  file_bytes int not null,
  row_count int not null,
  -- [{ currency, paidMinor, refundedMinor, feeMinor }]
  totals jsonb not null,
  fetched_at timestamptz not null default app_now(),
  unique (connection_id, day)
);
create index bill_list on bill (tenant_id, connection_id, day desc);
create index bill_file_age on bill (fetched_at) where sealed_file is not null;
alter table bill alter column sealed_file set storage external;
select tenant_table('bill', 'select, insert', 'select, update (sealed_file)');

-- Its lines, without who paid: what finance matches with payments and refunds.
create table bill_row (
  bill_id text not null references bill (id) deferrable initially deferred,
  n int not null,
  tenant_id text not null,
  kind text not null check (kind in ('PAYMENT', 'REFUND', 'PAYOUT', 'OTHER')),
  payment_id text,
  refund_id text,
  platform_id text not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  currency text not null,
  occurred_at timestamptz not null,
  primary key (bill_id, n)
);
create index bill_row_of_payment on bill_row (tenant_id, payment_id) where payment_id is not null;
select tenant_table('bill_row', 'select, insert');
