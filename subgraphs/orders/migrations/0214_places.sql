-- Where the units of an order lie, where they lie in several places: then it is sent in several parcels.
create table order_place (
  order_id text not null references sales_order (id) deferrable initially deferred,
  sku_id text not null,
  location_id text not null,
  tenant_id text not null,
  quantity int not null check (quantity > 0),
  primary key (order_id, sku_id, location_id)
);
select tenant_table('order_place', 'select, insert, delete');

-- Goods that are sold before they are there.
create table pre_sale (
  tenant_id text not null,
  sku_id text not null,
  ships_from timestamptz not null,
  primary key (tenant_id, sku_id)
);
select tenant_table('pre_sale', 'select, insert, update, delete');
