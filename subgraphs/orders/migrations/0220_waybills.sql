-- Who stands as the sender on labels, sealed; one for each merchant.
create table sender (
  tenant_id text primary key,
  sealed text not null
);
select tenant_table('sender', 'select, insert, update');

create table label_template (
  id text primary key,
  tenant_id text not null,
  name text not null,
  -- { size, elements, slogan, logo }: checked before it is kept.
  template jsonb not null,
  version int not null default 1
);
create index label_template_of_tenant on label_template (tenant_id, id);
select tenant_table('label_template', 'select, insert, update');

-- A parcel that is to get a number. Its id is what carriers are asked with: one row, one number, however often it is tried.
create table waybill (
  id text primary key,
  tenant_id text not null,
  order_id text not null references sales_order (id) deferrable initially deferred,
  connection_id text not null,
  carrier text not null,
  state text not null check (state in ('WANTED', 'ISSUED', 'FAILED', 'SHIPPED', 'VOID')),
  tracking_number text,
  route_code text,
  sorting_code text,
  -- What a print component takes; where there is some, the receiver is known to the channel alone.
  sealed_print text,
  -- Of the receiver: too coarse to be anybody's, and what a carrier's record is kept by.
  province text,
  weight_grams int,
  attempts int not null default 0,
  next_at timestamptz not null default app_now(),
  leased_until timestamptz,
  failure_code text,
  wanted_at timestamptz not null default app_now(),
  issued_at timestamptz,
  printed_at timestamptz,
  print_count int not null default 0,
  check ((state in ('WANTED', 'FAILED')) = (tracking_number is null) or state = 'VOID')
) with (fillfactor = 85);
create unique index waybill_of_order on waybill (order_id) where state in ('WANTED', 'ISSUED', 'FAILED');
create index waybill_all_of_order on waybill (order_id, id);
create unique index waybill_number on waybill (tenant_id, tracking_number) where tracking_number is not null;
create index waybill_due on waybill (next_at) where state = 'WANTED';
select tenant_table('waybill', 'select, insert, update');
do $$ begin
  execute format('create policy across_tenants on waybill for select to %I using (true)', current_schema() || '_system');
  execute format('grant select (id, tenant_id, state, next_at, leased_until) on waybill to %I', current_schema() || '_system');
end $$;

create table print_batch (
  id text primary key,
  tenant_id text not null,
  format text not null check (format in ('PDF', 'ZPL', 'CAINIAO')),
  -- Null: the standard one of this size.
  template_id text references label_template (id) deferrable initially deferred,
  size text not null,
  -- Left out since they had been printed.
  skipped int not null,
  created_by text not null,
  created_at timestamptz not null default app_now()
);
create index print_batch_of_tenant on print_batch (tenant_id, id desc);
select tenant_table('print_batch', 'select, insert');

create table print_item (
  batch_id text not null references print_batch (id) deferrable initially deferred,
  waybill_id text not null references waybill (id) deferrable initially deferred,
  tenant_id text not null,
  place int not null,
  state text not null default 'WAITING' check (state in ('WAITING', 'HANDED_OUT', 'PRINTED', 'FAILED')),
  attempts int not null default 0,
  -- Until when whoever took it has to say what became of it.
  leased_until timestamptz,
  failure_code text,
  primary key (batch_id, waybill_id)
) with (fillfactor = 85);
create index print_item_open on print_item (batch_id, place) where state in ('WAITING', 'HANDED_OUT');
select tenant_table('print_item', 'select, insert, update');
