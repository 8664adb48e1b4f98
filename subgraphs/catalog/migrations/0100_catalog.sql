create table product (
  id text primary key,
  tenant_id text not null,
  title text not null,
  brand text,
  kind text not null check (kind in ('PHYSICAL', 'VIRTUAL')),
  status text not null check (status in ('ACTIVE', 'DRAFT', 'ARCHIVED')),
  created_at timestamptz not null default app_now()
);
create index product_list on product (tenant_id, id desc);
create index product_by_status on product (tenant_id, status, id desc);
select tenant_table('product', 'select, insert, update');

create table sku (
  id text primary key,
  tenant_id text not null,
  product_id text not null references product (id),
  code text not null,
  title text,
  -- [{ name, value }]: what tells this SKU from the others of its product, in the order to show it.
  options jsonb not null default '[]',
  barcode text,
  weight_grams int check (weight_grams >= 0),
  created_at timestamptz not null default app_now(),
  -- What channels name it by unless a mapping says otherwise: two meanings would ship the wrong goods.
  unique (tenant_id, code)
);
create index sku_of_product on sku (product_id, id);
select tenant_table('sku', 'select, insert, update');

create table price (
  id text primary key,
  tenant_id text not null,
  sku_id text not null references sku (id),
  kind text not null check (kind in ('BASE')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null check (amount_minor >= 0),
  valid_from timestamptz,
  valid_to timestamptz,
  updated_at timestamptz not null default app_now(),
  unique (sku_id, kind, currency),
  check (valid_from < valid_to)
);
select tenant_table('price', 'select, insert, update');

create table channel_sku (
  id text primary key,
  tenant_id text not null,
  connection_id text not null,
  external_sku text not null,
  sku_id text not null references sku (id),
  -- Grows with each new meaning of the name; also the sequence of its events.
  version int not null default 1,
  updated_at timestamptz not null default app_now(),
  unique (tenant_id, connection_id, external_sku)
);
create index channel_sku_of_sku on channel_sku (sku_id, id);
select tenant_table('channel_sku', 'select, insert, update');
