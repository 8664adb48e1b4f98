-- Where carriers say that parcels are, by their numbers: what is told before we send a parcel is kept, too.
create table parcel_track (
  tenant_id text not null,
  tracking_number text not null,
  state text not null check (state in ('PICKED_UP', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'RETURNING', 'RETURNED')),
  -- Something hinders it just now.
  problem boolean not null,
  -- Of the newest scan that counted, and of the first, by the carrier's clock; and when we first heard.
  scanned_at timestamptz not null,
  first_scan_at timestamptz not null,
  heard_at timestamptz not null default app_now(),
  delivered_at timestamptz,
  primary key (tenant_id, tracking_number)
) with (fillfactor = 85);
select tenant_table('parcel_track', 'select, insert, update');
create index parcel_by_day on parcel (tenant_id, shipped_at);

-- What a carrier asks for a parcel, by where it goes. An empty province is everywhere else.
create table carrier_rate (
  tenant_id text not null,
  carrier text not null,
  province text not null default '',
  currency text not null,
  first_grams int not null check (first_grams > 0),
  first_minor bigint not null check (first_minor >= 0),
  more_grams int not null check (more_grams > 0),
  more_minor bigint not null check (more_minor >= 0),
  promised_hours int not null check (promised_hours between 1 and 1000),
  primary key (tenant_id, carrier, province)
);
select tenant_table('carrier_rate', 'select, insert, update');

-- How long a carrier's parcels took, by where they went: added to when one is delivered, so that no advice counts parcels.
create table delivery_record (
  tenant_id text not null,
  carrier text not null,
  province text not null,
  month date not null,
  parcels int not null,
  seconds bigint not null,
  primary key (tenant_id, carrier, province, month)
) with (fillfactor = 50);
select tenant_table('delivery_record', 'select, insert, update');

-- Members whose orders go first, as the members' room tells.
create table year_card (
  tenant_id text not null,
  member_id text not null,
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  sequence bigint not null,
  primary key (tenant_id, member_id)
);
select tenant_table('year_card', 'select, insert, update');
