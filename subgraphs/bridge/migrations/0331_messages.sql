-- What a buyer is told of an order by us, while the shop that would tell does not answer: once for each piece of news.
create table buyer_mail (
  id text primary key,
  tenant_id text not null,
  order_id text not null,
  news text not null check (news in ('CONFIRMED', 'SHIPPED', 'CANCELLED')),
  tracking_number text,
  -- NO_ADDRESS: nobody has told us where to write.
  state text not null default 'DUE' check (state in ('DUE', 'SENT', 'NO_ADDRESS', 'DEAD')),
  attempts int not null default 0,
  next_at timestamptz not null default app_now(),
  leased_until timestamptz,
  failure_code text,
  created_at timestamptz not null default app_now(),
  done_at timestamptz,
  unique (tenant_id, order_id, news)
) with (fillfactor = 85);
create index buyer_mail_due on buyer_mail (next_at) where state = 'DUE';
select tenant_table('buyer_mail', 'select, insert, update', 'select');

-- Rooms of people are told by mail and by short message too; the address is sealed as others are.
alter table webhook_endpoint drop constraint webhook_endpoint_kind_check,
  add constraint webhook_endpoint_kind_check check (kind in ('STANDARD', 'SLACK', 'EMAIL', 'SMS', 'KLAVIYO'));
-- Which days have been summed up for whom.
create table day_summary (
  tenant_id text not null,
  day date not null,
  primary key (tenant_id, day)
);
select tenant_table('day_summary', 'select, insert');

-- After so many hours without an order a person is told, where orders are usual; 0 for never.
alter table channel_connection add column silent_hours int not null default 24 check (silent_hours between 0 and 720);
