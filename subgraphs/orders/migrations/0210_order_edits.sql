-- Orders that a person changes after they were paid and before they are shipped.
alter table sales_order
  -- What it costs more since it was edited and is not paid yet: it is not shipped until then.
  add column due_minor bigint not null default 0 check (due_minor >= 0),
  -- What edits have made of the sum that was booked when it was confirmed.
  add column amended_minor bigint not null default 0,
  add column edit_count int not null default 0,
  -- A person corrected where it goes: the channel's older word does not come back.
  add column address_edited boolean not null default false;

create table order_edit (
  id text primary key,
  tenant_id text not null,
  order_id text not null references sales_order (id) deferrable initially deferred,
  -- HOLDING: its goods are being held, outside of any transaction; what is left so is given back.
  state text not null check (state in ('HOLDING', 'DONE', 'GIVEN_UP')),
  asked_by text not null,
  asked_at timestamptz not null default app_now(),
  reason text not null,
  difference_minor bigint not null,
  currency text not null
);
create index order_edit_of_order on order_edit (order_id, id);
create index order_edit_holding on order_edit (asked_at) where state = 'HOLDING';
select tenant_table('order_edit', 'select, insert, update', 'select (id, tenant_id, order_id, state, asked_at)');

-- Units that are held by an edit of an order and not by itself; an order without edits has none.
create table order_hold (
  -- The edit's id: the key of its hold.
  key text not null,
  sku_id text not null,
  tenant_id text not null,
  order_id text not null references sales_order (id) deferrable initially deferred,
  quantity int not null,
  shipped int not null default 0,
  primary key (key, sku_id),
  check (shipped between 0 and quantity)
);
create index order_hold_of_order on order_hold (order_id);
select tenant_table('order_hold', 'select, insert, update');
