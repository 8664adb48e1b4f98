-- References are checked at commit: the unit of work writes rows of one transaction in an order of its own.
create table sales_order (
  id text primary key,
  tenant_id text not null,
  connection_id text not null,
  platform text not null,
  external_order_id text not null,
  order_number text not null,
  status text not null check (status in ('RESERVING', 'PENDING_PAYMENT', 'TO_SHIP', 'SHIPPED', 'COMPLETED', 'CANCELLED')),
  stock_state text not null check (stock_state in ('NONE', 'WANTED', 'HELD', 'SHORT')),
  payment_state text not null,
  raw_status text not null,
  refunded boolean not null default false,
  cancel_reason text,
  placed_at timestamptz not null,
  external_updated_at timestamptz not null,
  paid_at timestamptz,
  confirmed_at timestamptz,
  cancelled_at timestamptz,
  currency text not null,
  items_minor bigint not null,
  discount_minor bigint not null,
  shipping_minor bigint not null,
  tax_minor bigint not null,
  taxes_included boolean not null,
  total_minor bigint not null,
  -- { externalId, phoneIndex, emailIndex, sealed }: keyed hashes and sealed text, nothing plain.
  customer jsonb,
  sealed_ship_to text,
  version int not null default 0,
  -- The natural key: however often a channel tells of an order, it is one row.
  unique (tenant_id, connection_id, external_order_id)
);
create index sales_order_by_channel on sales_order (tenant_id, connection_id, id desc);
create index sales_order_by_status on sales_order (tenant_id, status, id desc);
select tenant_table('sales_order', 'select, insert, update');

create table order_line (
  id text primary key,
  tenant_id text not null,
  order_id text not null references sales_order (id) deferrable initially deferred,
  external_line_id text not null,
  external_sku text not null,
  sku_id text,
  title text not null,
  quantity int not null check (quantity > 0),
  unit_price_minor bigint not null,
  discount_minor bigint not null
);
create index order_line_of_order on order_line (order_id);
create index order_line_waiting on order_line (tenant_id, external_sku) where sku_id is null;
select tenant_table('order_line', 'select, insert, update, delete');

create table order_exception (
  id text primary key,
  tenant_id text not null,
  order_id text not null references sales_order (id) deferrable initially deferred,
  connection_id text not null,
  code text not null,
  subjects jsonb not null,
  state text not null check (state in ('OPEN', 'RESOLVED')),
  raised_at timestamptz not null,
  resolved_at timestamptz
);
create unique index order_exception_open on order_exception (order_id, code) where state = 'OPEN';
create index order_exception_list on order_exception (tenant_id, state, id desc);
select tenant_table('order_exception', 'select, insert, update');

-- What orders knows of the catalog: enough to tell which SKU a channel's line means.
create table known_sku (
  tenant_id text not null,
  code text not null,
  sku_id text not null,
  primary key (tenant_id, code)
);
select tenant_table('known_sku', 'select, insert, update');

create table channel_sku (
  tenant_id text not null,
  connection_id text not null,
  external_sku text not null,
  sku_id text not null,
  sequence bigint not null,
  primary key (tenant_id, connection_id, external_sku)
);
select tenant_table('channel_sku', 'select, insert, update');
