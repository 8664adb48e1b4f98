-- Until when a shop's token is good, from when on it is to be renewed, and who renews it: two who did would spend what it renews with.
alter table channel_connection
  add column token_expires_at timestamptz,
  add column token_renew_at timestamptz,
  add column token_failures int not null default 0,
  add column token_lease text,
  add column token_leased_until timestamptz;
create index channel_connection_renewal on channel_connection (token_renew_at) where token_renew_at is not null;
