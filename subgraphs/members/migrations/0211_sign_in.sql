-- Shoppers who sign in: whose members an issuer's people are, and which member each of them is.
create table member_issuer (
  issuer text primary key,
  tenant_id text not null,
  adopted_at timestamptz not null default app_now()
);
-- A token comes without a tenant: only its issuer says whose it is.
select tenant_table('member_issuer', 'select, insert', 'select');

create table member_sign_in (
  tenant_id text not null,
  issuer text not null,
  subject text not null,
  member_id text not null references member (id),
  -- Keyed hash of the number that the issuer has verified.
  phone_index text,
  first_at timestamptz not null default app_now(),
  primary key (tenant_id, issuer, subject)
);
create index member_sign_in_phone on member_sign_in (tenant_id, phone_index) where phone_index is not null;
create index member_sign_in_member on member_sign_in (member_id);
select tenant_table('member_sign_in', 'select, insert, update');

-- Where a member has parcels sent to.
create table member_address (
  id text primary key,
  tenant_id text not null,
  member_id text not null references member (id),
  label text not null,
  -- JSON as the orders' delivery address; row = id, field = 'address'.
  sealed text not null,
  is_default boolean not null default false,
  changed_at timestamptz not null default app_now()
);
create index member_address_of_member on member_address (member_id, id);
create unique index member_address_default on member_address (member_id) where is_default;
select tenant_table('member_address', 'select, insert, update, delete');
