-- For which shop a merchant was made that nobody asked for in person: whoever installs our app there again is the same one.
create table tenant_origin (
  platform text not null,
  shop text not null,
  tenant_id text not null,
  created_at timestamptz not null default app_now(),
  primary key (platform, shop)
);
select tenant_table('tenant_origin', 'select, insert', 'select');
