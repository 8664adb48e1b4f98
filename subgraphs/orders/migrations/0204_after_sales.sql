-- Complaints, returns and exchanges: an axis of their own beside the order's status.
create table after_sale (
  id text primary key,
  tenant_id text not null,
  order_id text not null references sales_order (id) deferrable initially deferred,
  connection_id text not null,
  kind text not null check (kind in ('RETURN_AND_REFUND', 'REFUND_ONLY', 'EXCHANGE')),
  state text not null check (state in ('REQUESTED', 'APPROVED', 'RETURNING', 'INSPECTING', 'REFUNDING', 'DONE', 'REJECTED', 'WITHDRAWN')),
  reason text not null,
  evidence jsonb not null,
  refund_minor bigint not null check (refund_minor >= 0),
  currency text not null,
  requested_by text not null,
  requested_at timestamptz not null,
  -- By when somebody has to decide, and the goods to be on their way.
  decide_by timestamptz not null,
  return_by timestamptz,
  decided_by text,
  answer text,
  return_carrier text,
  return_tracking text,
  -- The order that brings other goods instead.
  replacement_order_id text references sales_order (id) deferrable initially deferred,
  ended_at timestamptz,
  version int not null default 0
);
create index after_sale_of_order on after_sale (order_id, id);
create index after_sale_list on after_sale (tenant_id, state, id desc);
create index after_sale_silent on after_sale (return_by) where state = 'APPROVED';
select tenant_table('after_sale', 'select, insert, update', 'select (id, tenant_id, state, return_by)');

create table after_sale_line (
  after_sale_id text not null references after_sale (id) deferrable initially deferred,
  order_line_id text not null references order_line (id) deferrable initially deferred,
  tenant_id text not null,
  quantity int not null check (quantity > 0),
  restocked int not null default 0,
  scrapped int not null default 0,
  primary key (after_sale_id, order_line_id),
  check (restocked >= 0 and scrapped >= 0 and restocked + scrapped <= quantity)
);
select tenant_table('after_sale_line', 'select, insert, update');

-- What after-sales that live, or have succeeded, claim of a line: the wall in front of more than was bought.
alter table order_line
  add column claimed_quantity int not null default 0,
  add constraint claims_within_line check (claimed_quantity between 0 and greatest(quantity, 0));

-- From which sum on a second person has to agree to a refund; without a row 1000 units of the currency.
create table refund_rule (
  tenant_id text not null,
  currency text not null,
  four_eyes_from_minor bigint not null check (four_eyes_from_minor >= 0),
  primary key (tenant_id, currency)
);
select tenant_table('refund_rule', 'select, insert, update');
