-- A location here counts for itself; one with a row here follows a system outside.
create table stock_authority (
  location_id text primary key references location (id),
  tenant_id text not null,
  connection_id text not null,
  -- ON_HAND: it tells what lies there. AVAILABLE: only what is left of that after its own orders.
  figure text not null check (figure in ('ON_HAND', 'AVAILABLE')),
  version int not null default 1,
  updated_at timestamptz not null default app_now()
);
select tenant_table('stock_authority', 'select, insert, update, delete');

-- What the system outside last told of a SKU, and what we made of it.
create table outside_figure (
  location_id text not null references location (id),
  sku_id text not null,
  tenant_id text not null,
  theirs int not null,
  taken_at timestamptz not null,
  -- The version of each of our levels when we last agreed; null before that.
  agreed_versions jsonb,
  -- The count that it means to us; differs from ours as long as differs_since is set.
  meant int not null,
  differs_since timestamptz,
  primary key (location_id, sku_id)
);
select tenant_table('outside_figure', 'select, insert, update');

-- An order that the system outside knows as its own: from then on its figures leave our hold out.
create table outside_order (
  tenant_id text not null,
  connection_id text not null,
  reservation_key text not null,
  external_order_id text not null,
  acknowledged_at timestamptz not null,
  primary key (tenant_id, connection_id, reservation_key)
);
select tenant_table('outside_order', 'select, insert, update');

-- Shipments alone, by time: what left here after a figure was taken.
create index stock_movement_shipped on stock_movement (stock_level_id, at) where reason = 'CONSUMED';
