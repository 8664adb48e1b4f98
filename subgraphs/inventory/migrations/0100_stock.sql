create table location (
  id text primary key,
  tenant_id text not null,
  code text not null,
  name text not null,
  created_at timestamptz not null default app_now(),
  unique (tenant_id, code)
);
select tenant_table('location', 'select, insert, update');

-- The database itself refuses to promise more than there is: no code path can oversell.
create table stock_level (
  id text primary key,
  tenant_id text not null,
  sku_id text not null,
  location_id text not null references location (id),
  on_hand int not null check (on_hand >= 0),
  reserved int not null default 0 check (reserved >= 0),
  version int not null default 1,
  updated_at timestamptz not null default app_now(),
  unique (tenant_id, sku_id, location_id),
  constraint never_oversold check (reserved <= on_hand)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
select tenant_table('stock_level', 'select, insert, update');

-- One row for each order that asked, whatever it was told: a second ask finds the first one's answer.
create table reservation (
  id text primary key,
  tenant_id text not null,
  order_id text not null,
  state text not null check (state in ('HELD', 'SHORT', 'RELEASED')),
  created_at timestamptz not null default app_now(),
  released_at timestamptz,
  unique (tenant_id, order_id)
);
select tenant_table('reservation', 'select, insert, update');

create table reservation_line (
  reservation_id text not null references reservation (id) deferrable initially deferred,
  stock_level_id text not null references stock_level (id),
  tenant_id text not null,
  sku_id text not null,
  quantity int not null check (quantity > 0),
  primary key (reservation_id, stock_level_id)
);
create index reservation_line_level on reservation_line (stock_level_id);
select tenant_table('reservation_line', 'select, insert');
