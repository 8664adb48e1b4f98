-- Where we sell ourselves: mini-programs, H5, orders taken by hand. Each counts as a channel, with an id of that kind.
create table own_channel (
  connection_id text primary key,
  tenant_id text not null,
  kind text not null check (kind in ('WECHAT_MINI_PROGRAM', 'ALIPAY_MINI_PROGRAM', 'H5', 'BY_HAND')),
  name text not null,
  currency text not null,
  shipping_minor bigint not null default 0 check (shipping_minor >= 0),
  -- From this sum of goods on nothing is asked for shipping; null: always asked.
  free_shipping_from_minor bigint check (free_shipping_from_minor >= 0),
  is_open boolean not null default true,
  created_at timestamptz not null default app_now()
);
create index own_channel_list on own_channel (tenant_id, connection_id);
select tenant_table('own_channel', 'select, insert, update');

alter table sales_order
  -- Of what the buyer sent with the idempotency key: another request under the same key is refused.
  add column place_hash text,
  add column member_id text,
  -- After it the hold of stock has ended and nobody can pay any more.
  add column pay_by timestamptz,
  add column hold_extended boolean not null default false;
create index sales_order_of_member on sales_order (tenant_id, member_id, id desc) where member_id is not null;
create index sales_order_unpaid on sales_order (pay_by) where source = 'OWN' and status = 'PENDING_PAYMENT';
create index sales_order_placing on sales_order (placed_at) where source = 'OWN' and status = 'RESERVING';
do $$ begin
  execute format('grant select (pay_by, paid_at) on sales_order to %I', current_schema() || '_system');
end $$;

create table payment (
  id text primary key,
  tenant_id text not null,
  order_id text not null references sales_order (id) deferrable initially deferred,
  connection_id text not null,
  provider text not null check (provider in ('WECHAT_PAY', 'ALIPAY', 'STRIPE', 'UNIONPAY', 'BY_HAND')),
  state text not null check (state in ('STARTING', 'STARTED', 'PAID', 'CLOSING', 'CLOSED')),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  -- What came in; may differ from what was asked.
  paid_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  provider_reference text,
  -- What the buyer's app hands to the platform's own code.
  client jsonb,
  started_at timestamptz not null,
  paid_at timestamptz,
  next_try_at timestamptz,
  constraint refunds_within_payment check (refunded_minor between 0 and paid_minor)
);
create index payment_of_order on payment (order_id, id);
-- One open payment a platform: a second start finds the first.
create unique index payment_open on payment (order_id, provider) where state in ('STARTING', 'STARTED');
create index payment_closing on payment (next_try_at) where state = 'CLOSING';
select tenant_table('payment', 'select, insert, update', 'select (id, tenant_id, order_id, state, next_try_at)');

create table refund (
  id text primary key,
  tenant_id text not null,
  order_id text not null references sales_order (id) deferrable initially deferred,
  connection_id text not null,
  payment_id text references payment (id) deferrable initially deferred,
  after_sale_id text,
  -- PROVIDER: by the platform that was paid with. OUTSIDE: by a person, or by the channel; somebody says when it is done.
  route text not null check (route in ('PROVIDER', 'OUTSIDE')),
  state text not null check (state in ('TO_APPROVE', 'DUE', 'DONE', 'FAILED')),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  reason text not null,
  -- Whether it lowers what the order brought in: money that came too late or twice never counted.
  of_order boolean not null,
  -- The deed that it follows from: the same deed twice is one refund.
  key text not null,
  asked_by text not null,
  approved_by text,
  attempts int not null default 0,
  next_try_at timestamptz,
  failure_code text,
  created_at timestamptz not null,
  done_at timestamptz,
  unique (order_id, key),
  constraint four_eyes check (approved_by is null or approved_by <> asked_by)
);
create index refund_due on refund (next_try_at) where state = 'DUE' and route = 'PROVIDER';
select tenant_table('refund', 'select, insert, update', 'select (id, tenant_id, order_id, state, route, next_try_at)');
