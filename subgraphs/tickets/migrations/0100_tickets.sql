-- What tickets knows of orders: which channel each belongs to, so that a ticket is seen by whom its order is.
create table known_order (
  tenant_id text not null,
  order_id text not null,
  connection_id text not null,
  primary key (tenant_id, order_id)
);
select tenant_table('known_order', 'select, insert');

create table ticket (
  id text primary key,
  tenant_id text not null,
  kind text not null check (kind in ('RETURN_REFUND', 'EXCHANGE', 'COMPLAINT', 'COMPENSATION', 'QUESTION')),
  status text not null check (status in ('OPEN', 'IN_PROGRESS', 'AWAITING_CUSTOMER', 'RESOLVED', 'CLOSED')),
  order_id text,
  -- Of the order; null for a ticket without one, which all channels share.
  connection_id text,
  member_id text,
  assignee_id text,
  -- Sealed: customers write their phone and address into any free text.
  sealed_subject text not null,
  version int not null default 1,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  check ((order_id is null) = (connection_id is null))
);
create index ticket_list on ticket (tenant_id, id desc);
create index ticket_by_status on ticket (tenant_id, status, id desc);
create index ticket_of_order on ticket (tenant_id, order_id, id) where order_id is not null;
create index ticket_of_member on ticket (tenant_id, member_id, id desc) where member_id is not null;
select tenant_table('ticket', 'select, insert, update');
