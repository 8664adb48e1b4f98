-- What members needs to know of a tenant; a tenant without a row lives by the defaults.
create table tenant_setting (
  tenant_id text primary key,
  time_zone text not null
);
select tenant_table('tenant_setting', 'select, insert');

create table member (
  id text primary key,
  tenant_id text not null,
  created_at timestamptz not null default app_now()
);
create index member_list on member (tenant_id, id);
select tenant_table('member', 'select, insert');

-- How a channel knows a member. The indexes are keyed hashes, by which members will be merged one day.
create table member_identity (
  id text primary key,
  tenant_id text not null,
  member_id text not null references member (id),
  connection_id text not null,
  external_id text not null,
  sealed_profile text,
  phone_index text,
  email_index text,
  -- Time of the event that told the profile: an older one does not overwrite it.
  profile_at timestamptz not null,
  unique (tenant_id, connection_id, external_id)
);
create index member_identity_member on member_identity (member_id);
create index member_identity_phone on member_identity (tenant_id, phone_index) where phone_index is not null;
create index member_identity_email on member_identity (tenant_id, email_index) where email_index is not null;
select tenant_table('member_identity', 'select, insert, update (sealed_profile, phone_index, email_index, profile_at)');

create table earn_rate (
  tenant_id text not null,
  currency text not null,
  points_per_major int not null check (points_per_major >= 1),
  updated_at timestamptz not null default app_now(),
  primary key (tenant_id, currency)
);
select tenant_table('earn_rate', 'select, insert, update');
