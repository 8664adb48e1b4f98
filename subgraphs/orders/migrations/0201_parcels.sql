-- What was sent under one tracking number, and how much of each line.
alter table order_line
  add column shipped_quantity int not null default 0,
  add constraint shipped_within_line check (shipped_quantity between 0 and greatest(quantity, 0));

create table parcel (
  id text primary key,
  tenant_id text not null,
  order_id text not null references sales_order (id) deferrable initially deferred,
  connection_id text not null,
  -- CHANNEL: it told us that it is sent; its number may be unknown.
  shipped_by text not null check (shipped_by in ('US', 'CHANNEL')),
  carrier text,
  tracking_number text,
  shipped_at timestamptz not null,
  check (shipped_by = 'CHANNEL' or (carrier is not null and tracking_number is not null))
);
create index parcel_of_order on parcel (order_id, id);
-- The same number told twice for an order is one parcel.
create unique index parcel_number on parcel (order_id, tracking_number) where tracking_number is not null;
create index parcel_by_number on parcel (tenant_id, tracking_number) where tracking_number is not null;
select tenant_table('parcel', 'select, insert');

create table parcel_line (
  parcel_id text not null references parcel (id) deferrable initially deferred,
  order_line_id text not null references order_line (id) deferrable initially deferred,
  tenant_id text not null,
  quantity int not null check (quantity > 0),
  primary key (parcel_id, order_line_id)
);
select tenant_table('parcel_line', 'select, insert');
