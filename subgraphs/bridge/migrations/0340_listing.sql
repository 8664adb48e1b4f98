-- What channels list has been told as facts: of each product and customer the state that was told last, as a keyed hash.
create table channel_listing (
  connection_id text not null references channel_connection (id) deferrable initially deferred,
  kind text not null check (kind in ('GOODS', 'CUSTOMERS')),
  external_id text not null,
  tenant_id text not null,
  hash text not null,
  -- By the platform's clock, and when it was read: of two states the later pair is newer.
  changed_at timestamptz not null,
  read_at timestamptz not null,
  -- When a list or a webhook named it last, in whichever state.
  seen_at timestamptz not null,
  removed_at timestamptz,
  primary key (connection_id, kind, external_id)
) with (fillfactor = 85);
create index channel_listing_seen on channel_listing (connection_id, kind, seen_at) where removed_at is null;
select tenant_table('channel_listing', 'select, insert, update');

-- What is no variant of a product any more is no name to be mapped.
do $$ begin execute format('grant delete on channel_goods to %I', current_schema() || '_app'); end $$;
create index channel_goods_product on channel_goods (connection_id, external_product_id);

-- Customers are kept by the room of members from now on; what was kept here goes.
alter table channel_customer alter column sealed drop not null;
update channel_customer set sealed = null, phone_index = null, email_index = null;

-- Shops that are connected already are read as new ones are.
insert into sync_stream (connection_id, stream, tenant_id, cursor_at)
select c.id, s.stream, c.tenant_id, app_now() from channel_connection c cross join (values ('GOODS'), ('CUSTOMERS')) s (stream)
where c.sealed_account is not null and c.platform in ('SHOPIFY', 'SHOPLAZZA') on conflict do nothing;
