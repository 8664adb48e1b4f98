-- The first reading of a shop as a whole, step by step: where it stands, and the page to ask for next.
create table first_sync (
  connection_id text primary key references channel_connection (id) deferrable initially deferred,
  tenant_id text not null,
  step text not null default 'PRODUCTS' check (step in ('PRODUCTS', 'CUSTOMERS', 'ORDERS', 'WEBHOOKS', 'INDEX', 'DONE')),
  page text,
  -- { PRODUCTS: { state, count, error } }
  steps jsonb not null default '{}',
  failures int not null default 0,
  next_at timestamptz not null default app_now(),
  lease text,
  leased_until timestamptz,
  started_at timestamptz not null default app_now(),
  ended_at timestamptz
) with (fillfactor = 70);
create index first_sync_due on first_sync (next_at) where step <> 'DONE';
select tenant_table('first_sync', 'select, insert, update', 'select');

-- What a shop sells, by its own names: what can be mapped to SKUs of ours.
create table channel_goods (
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  external_variant_id text not null,
  tenant_id text not null,
  external_product_id text not null,
  external_sku text not null,
  title text not null,
  changed_at timestamptz not null,
  primary key (connection_id, external_variant_id)
);
create index channel_goods_sku on channel_goods (connection_id, external_sku);
select tenant_table('channel_goods', 'select, insert, update');

-- Who has an account with a shop: keyed hashes and sealed text, nothing plain.
create table channel_customer (
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  external_id text not null,
  tenant_id text not null,
  phone_index text,
  email_index text,
  sealed text not null,
  changed_at timestamptz not null,
  primary key (connection_id, external_id)
);
select tenant_table('channel_customer', 'select, insert, update');
