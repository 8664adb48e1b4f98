-- The life of an order after it is confirmed, and who did what to it.
alter table sales_order
  add column source text not null default 'CHANNEL' check (source in ('CHANNEL', 'OWN')),
  add column on_hold boolean not null default false,
  add column hold_reason text,
  add column shipped text not null default 'NONE' check (shipped in ('NONE', 'PART', 'ALL')),
  add column shipped_at timestamptz,
  -- When it is taken for completed by itself, once it has been shipped.
  add column complete_at timestamptz,
  add column completed_at timestamptz,
  -- What the channel says of after-sales of its own; ours have rows of theirs.
  add column channel_after_sale text not null default 'NONE' check (channel_after_sale in ('NONE', 'AFTER_SALE', 'REFUNDING')),
  add column after_sale text not null default 'NONE' check (after_sale in ('NONE', 'AFTER_SALE', 'REFUNDING')),
  -- What has gone back or is on its way: the wall in front of paying back more than came in.
  add column refunded_minor bigint not null default 0,
  add constraint refunds_within_total check (refunded_minor between 0 and greatest(total_minor, 0)),
  add constraint shipped_has_time check (shipped <> 'ALL' or shipped_at is not null);

create index sales_order_list on sales_order (tenant_id, id desc);
create index sales_order_number on sales_order (tenant_id, order_number text_pattern_ops);
create index sales_order_by_day on sales_order (tenant_id, placed_at desc);
create index sales_order_due_to_complete on sales_order (complete_at) where status = 'SHIPPED';
create index order_line_by_sku on order_line (tenant_id, sku_id, order_id desc) where sku_id is not null;

-- What cannot be sold (0, -1) is kept as it was told; an exception of the order says so.
alter table order_line drop constraint order_line_quantity_check;

-- Across tenants the jobs read this much of an order, and no more.
do $$ begin
  execute format('create policy across_tenants on sales_order for select to %I using (true)', current_schema() || '_system');
  execute format('grant select (id, tenant_id, connection_id, source, status, stock_state, shipped, complete_at, after_sale, channel_after_sale, placed_at) on sales_order to %I', current_schema() || '_system');
end $$;

-- Who did what, in order; ids and codes only, never personal data. Nothing is changed or taken out of it.
create table timeline_entry (
  id text primary key,
  tenant_id text not null,
  order_id text not null references sales_order (id) deferrable initially deferred,
  at timestamptz not null,
  deed text not null,
  actor_kind text not null check (actor_kind in ('STAFF', 'MEMBER', 'PARTNER', 'CHANNEL', 'SYSTEM')),
  actor_id text not null,
  status text not null,
  detail jsonb not null
);
create index timeline_of_order on timeline_entry (order_id, id);
select tenant_table('timeline_entry', 'select, insert');

-- What a merchant has settled for a channel; one without a row lives by the defaults.
create table channel_rule (
  tenant_id text not null,
  connection_id text not null,
  complete_days int not null check (complete_days between 1 and 180),
  primary key (tenant_id, connection_id)
);
select tenant_table('channel_rule', 'select, insert, update');
