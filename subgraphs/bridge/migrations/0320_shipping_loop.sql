-- An order of ours at a system that ships it (one for each order) or that counts its goods.
create table outgoing_order (
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  order_id text not null,
  tenant_id text not null,
  purpose text not null check (purpose in ('SHIP', 'COUNT')),
  -- RECALL: it is there, and the buyer does not want it any more.
  state text not null default 'DUE' check (state in ('DUE', 'WRITTEN', 'RECALL', 'RECALLED', 'NOT_NEEDED', 'DEAD')),
  attempts int not null default 0,
  next_at timestamptz not null default app_now(),
  leased_until timestamptz,
  failure_code text,
  -- The order was cancelled; what was on its way at that moment is taken back.
  unwanted boolean not null default false,
  -- What it is called there, and by whom it is looked for.
  order_number text,
  external_order_id text,
  -- The store or tag there that stands for the channel that it came from.
  store text,
  planned_at timestamptz not null default app_now(),
  written_at timestamptz,
  primary key (connection_id, order_id)
);
-- Two warehouses that both pack an order would send it twice.
create unique index outgoing_order_ships_once on outgoing_order (tenant_id, order_id) where purpose = 'SHIP';
create index outgoing_order_due on outgoing_order (next_at) where state in ('DUE', 'RECALL');
create index outgoing_order_external on outgoing_order (connection_id, external_order_id) where external_order_id is not null;
create index outgoing_order_list on outgoing_order (connection_id, planned_at) where state in ('DUE', 'RECALL', 'DEAD');
select tenant_table('outgoing_order', 'select, insert, update', 'select');

-- A parcel that such a system has packed, as it told us: once each.
create table outside_parcel (
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  external_shipment_id text not null,
  tenant_id text not null,
  -- Null: of an order that we did not give it.
  order_id text,
  tracking_number text not null,
  carrier text not null,
  shipped_at timestamptz not null,
  voided boolean not null default false,
  told boolean not null default false,
  read_at timestamptz not null default app_now(),
  primary key (connection_id, external_shipment_id)
);
create index outside_parcel_of_order on outside_parcel (tenant_id, order_id) where order_id is not null;
select tenant_table('outside_parcel', 'select, insert, update');

-- Topics that the platform pushes to us, as it said when it was asked last, and how many have been asked for in all.
alter table channel_connection add column webhook_topics jsonb, add column webhooks_registered int not null default 0;

-- When a figure was planned that a channel is to show: with when it was told, how long the channel waited.
alter table stock_push add column planned_at timestamptz default app_now();
