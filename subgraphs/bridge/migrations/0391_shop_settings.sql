-- What a shop speaks, counts and lives in, as people see it: amounts and instants keep saying theirs themselves.
alter table channel_connection
  add column locale text not null default 'zh-CN',
  add column currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  add column time_zone text not null default 'Asia/Shanghai',
  -- When its owner let our app in the first time; null where keys were filled in by hand.
  add column installed_at timestamptz;

-- An authorisation that began at the platform: its merchant is known only when the shop has been heard.
alter table oauth_state alter column tenant_id drop not null;
do $$ begin execute format('grant insert on oauth_state to %I', current_schema() || '_system'); end $$;
