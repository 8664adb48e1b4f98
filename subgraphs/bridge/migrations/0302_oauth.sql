-- An authorisation that somebody has begun: good once, for some minutes, for one shop and in one browser. Only hashes are kept.
create table oauth_state (
  state_hash text primary key,
  tenant_id text not null,
  platform text not null,
  shop_domain text not null,
  -- Set when a browser takes the way to the platform; the callback must come from the same one.
  browser_hash text,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index oauth_state_age on oauth_state (expires_at);
select tenant_table('oauth_state', 'select, insert, update', 'select, update, delete');
