-- What channels sell, as they list it: a mirror that only they write. Nothing here is ours to sell; a variant is one of
-- our SKUs where a mapping says so, or where it has the SKU's code.
create table channel_product (
  id text primary key,
  tenant_id text not null,
  connection_id text not null,
  external_id text not null,
  platform text not null,
  title text not null default '' check (length(title) <= 512),
  -- HTML of a stranger: never shown as it stands.
  body_html text,
  vendor text,
  product_type text,
  handle text,
  tags jsonb not null default '[]',
  status text not null default 'DRAFT' check (status in ('ACTIVE', 'DRAFT', 'ARCHIVED')),
  published_at timestamptz,
  -- [{ name, values }]
  options jsonb not null default '[]',
  -- By the platform's clock, and when it was read: of two tellings the later pair is newer.
  changed_at timestamptz not null,
  read_at timestamptz not null,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  deleted_at timestamptz,
  unique (tenant_id, connection_id, external_id)
) with (fillfactor = 85);
create index channel_product_list on channel_product (tenant_id, connection_id, id desc) where deleted_at is null;
create index channel_product_type on channel_product (tenant_id, product_type) where deleted_at is null;
create index channel_product_vendor on channel_product (tenant_id, vendor) where deleted_at is null;
select tenant_table('channel_product', 'select, insert, update');

create table channel_variant (
  id text primary key,
  tenant_id text not null,
  product_id text not null references channel_product (id) deferrable initially deferred,
  connection_id text not null,
  external_id text not null,
  external_sku text not null,
  title text not null,
  -- Of its prices; a price that the shop does not tell is null, never 0.
  currency text check (currency ~ '^[A-Z]{3}$'),
  price_minor bigint check (price_minor >= 0),
  compare_at_minor bigint check (compare_at_minor >= 0),
  quantity int,
  weight numeric(24, 9),
  weight_unit text,
  requires_shipping boolean,
  options jsonb not null default '[]',
  changed_at timestamptz not null,
  read_at timestamptz not null,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  deleted_at timestamptz,
  unique (tenant_id, connection_id, external_id),
  check (currency is not null or (price_minor is null and compare_at_minor is null))
) with (fillfactor = 85);
create index channel_variant_of_product on channel_variant (product_id, id) where deleted_at is null;
create index channel_variant_list on channel_variant (tenant_id, connection_id, id desc) where deleted_at is null;
create index channel_variant_name on channel_variant (tenant_id, connection_id, external_sku) where deleted_at is null;
select tenant_table('channel_variant', 'select, insert, update');

create table channel_image (
  tenant_id text not null,
  product_id text not null references channel_product (id) deferrable initially deferred,
  external_id text not null,
  src text not null check (length(src) <= 1024),
  position int not null default 1,
  width int,
  height int,
  changed_at timestamptz not null,
  read_at timestamptz not null,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  deleted_at timestamptz,
  -- A shop may show one image with two of its products.
  primary key (product_id, external_id)
);
select tenant_table('channel_image', 'select, insert, update');
