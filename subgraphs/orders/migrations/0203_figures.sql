-- What orders needs to know of a tenant; one without a row lives by the defaults.
create table tenant_setting (
  tenant_id text primary key,
  time_zone text not null
);
select tenant_table('tenant_setting', 'select, insert');

-- A channel's figures of a day, by the day on which its orders were confirmed: what becomes of them later stands with
-- them. Kept by our own events, so that nobody counts orders to show them.
create table order_figure (
  tenant_id text not null,
  connection_id text not null,
  day date not null,
  currency text not null,
  orders int not null default 0,
  gmv_minor bigint not null default 0,
  cancelled int not null default 0,
  refunded_minor bigint not null default 0,
  returned int not null default 0,
  shipped int not null default 0,
  shipped_on_time int not null default 0,
  primary key (tenant_id, connection_id, day, currency)
) with (fillfactor = 50);
create index order_figure_by_day on order_figure (tenant_id, day desc);
select tenant_table('order_figure', 'select, insert, update');
