-- Who has an account with a channel, as the channel knows them: a mirror that only channels write. Whoever has bought is a
-- member too; whoever has not is none.
create table channel_customer (
  id text primary key,
  tenant_id text not null,
  connection_id text not null,
  external_id text not null,
  platform text not null,
  -- JSON { name, phone, email }; row = id, field = 'profile'. Gone with whom the channel knows no more.
  sealed_profile text,
  phone_index text,
  email_index text,
  orders_count int check (orders_count >= 0),
  currency text check (currency ~ '^[A-Z]{3}$'),
  spent_minor bigint,
  state text,
  -- By the platform's clock, and when it was read: of two tellings the later pair is newer.
  changed_at timestamptz not null,
  read_at timestamptz not null,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  deleted_at timestamptz,
  unique (tenant_id, connection_id, external_id),
  check ((currency is null) = (spent_minor is null)),
  check (deleted_at is null or (sealed_profile is null and phone_index is null and email_index is null))
) with (fillfactor = 85);
create index channel_customer_list on channel_customer (tenant_id, connection_id, id desc) where deleted_at is null;
create index channel_customer_phone on channel_customer (tenant_id, phone_index) where phone_index is not null;
create index channel_customer_email on channel_customer (tenant_id, email_index) where email_index is not null;
select tenant_table('channel_customer', 'select, insert, update');

create table channel_customer_address (
  tenant_id text not null,
  customer_id text not null references channel_customer (id) deferrable initially deferred,
  connection_id text not null,
  external_id text not null,
  -- JSON { name, phone, address1, address2, city, province, postalCode, countryCode }; row = '<customer id>/<external id>', field = 'address'.
  sealed text not null,
  is_default boolean not null,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  primary key (tenant_id, connection_id, customer_id, external_id)
);
-- An address that is told no more is deleted and not kept: it is where somebody lives.
select tenant_table('channel_customer_address', 'select, insert, update, delete');
