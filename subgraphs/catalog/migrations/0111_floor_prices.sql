-- Below which a SKU is not to be sold: everywhere (no connection), or in one channel.
create table floor_price (
  tenant_id text not null,
  sku_id text not null references sku (id),
  connection_id text not null default '',
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- Null: taken away; the row stays, so that its events keep their order.
  amount_minor bigint check (amount_minor >= 0),
  -- Grows with each change; also the sequence of its events.
  version int not null default 1,
  updated_at timestamptz not null default app_now(),
  primary key (sku_id, connection_id, currency)
);
select tenant_table('floor_price', 'select, insert, update');
