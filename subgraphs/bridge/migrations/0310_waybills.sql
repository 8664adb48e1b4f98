-- A tracking number that a carrier was asked for. The row stands before the carrier is asked, and says who is asked: a try
-- whose answer got lost asks the same one again, under the same id, and gets the same number.
create table waybill_issue (
  request_id text primary key,
  tenant_id text not null,
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  carrier text not null,
  state text not null default 'ASKED' check (state in ('ASKED', 'ISSUED')),
  tracking_number text,
  route_code text,
  sorting_code text,
  -- What a print component prints, and the last digits of the receiver's phone, which some carriers ask for.
  sealed_print text,
  sealed_phone_end text,
  asked_at timestamptz not null default app_now(),
  issued_at timestamptz,
  check ((state = 'ISSUED') = (tracking_number is not null))
) with (fillfactor = 85);
create index waybill_issue_number on waybill_issue (tenant_id, tracking_number) where tracking_number is not null;
select tenant_table('waybill_issue', 'select, insert, update, delete');

-- A parcel whose way a carrier is to tell us: asked for once for each number.
create table parcel_follow (
  parcel_id text primary key,
  tenant_id text not null,
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  carrier text not null,
  tracking_number text not null,
  sealed_phone_end text,
  phone_row text,
  state text not null default 'DUE' check (state in ('DUE', 'FOLLOWED', 'DEAD')),
  attempts int not null default 0,
  next_at timestamptz not null default app_now(),
  leased_until timestamptz,
  failure_code text,
  unique (tenant_id, carrier, tracking_number)
) with (fillfactor = 85);
create index parcel_follow_due on parcel_follow (next_at) where state = 'DUE';
select tenant_table('parcel_follow', 'select, insert, update', 'select');
