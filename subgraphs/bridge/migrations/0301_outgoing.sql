-- What a SKU is called: by its own code everywhere, and by another name on a channel that has one for it.
create table sku_name (
  tenant_id text not null,
  -- Empty: everywhere.
  connection_id text not null,
  name text not null,
  sku_id text not null,
  primary key (tenant_id, connection_id, name)
);
create index sku_name_of_sku on sku_name (tenant_id, sku_id);
select tenant_table('sku_name', 'select, insert, update');

-- The figure that a channel is to show of a SKU, and the one that it was told last.
create table stock_push (
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  sku_id text not null,
  tenant_id text not null,
  quantity int not null,
  -- Of the event that said so: the highest is the truth.
  sequence bigint not null,
  told_quantity int,
  state text not null default 'DUE' check (state in ('DUE', 'DONE', 'FAILED')),
  attempts int not null default 0,
  next_at timestamptz not null default app_now(),
  failure_code text,
  told_at timestamptz,
  primary key (connection_id, sku_id)
) with (fillfactor = 70);
create index stock_push_due on stock_push (connection_id, next_at) where state <> 'DONE';
select tenant_table('stock_push', 'select, insert, update', 'select');

-- Who tells a channel its figures, and when it is asked again after it failed: each channel waits for itself alone.
create table stock_lane (
  connection_id text primary key references channel_connection (id) deferrable initially deferred,
  tenant_id text not null,
  next_at timestamptz not null default app_now(),
  lease text,
  leased_until timestamptz,
  failures int not null default 0,
  last_error text,
  last_success_at timestamptz
) with (fillfactor = 70);
create index stock_lane_due on stock_lane (next_at);
select tenant_table('stock_lane', 'select, insert, update', 'select');

-- A parcel that a channel is to be told of: once for each number.
create table parcel_push (
  id text primary key,
  tenant_id text not null,
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  order_id text not null,
  external_order_id text not null,
  tracking_number text not null,
  carrier text not null,
  -- [{ externalLineId, quantity }]; null for all that is left.
  lines jsonb,
  state text not null default 'DUE' check (state in ('DUE', 'WRITTEN', 'ALREADY_THERE', 'DEAD', 'NOT_SUPPORTED')),
  attempts int not null default 0,
  next_at timestamptz not null default app_now(),
  leased_until timestamptz,
  failure_code text,
  shipped_at timestamptz not null,
  done_at timestamptz,
  unique (connection_id, external_order_id, tracking_number)
) with (fillfactor = 85);
create index parcel_push_due on parcel_push (next_at) where state = 'DUE';
create index parcel_push_of_connection on parcel_push (connection_id) where state in ('DUE', 'DEAD');
select tenant_table('parcel_push', 'select, insert, update', 'select');
