-- The pairs with the currency are what postings refer to: an account takes postings of its own currency only.
create table account (
  id text primary key,
  tenant_id text not null,
  code text not null,
  currency text not null,
  kind text not null check (kind in ('ASSET', 'LIABILITY', 'INCOME', 'EXPENSE', 'EQUITY')),
  unique (tenant_id, code, currency),
  unique (id, tenant_id, currency)
);
select tenant_table('account', 'select, insert');

create table journal_entry (
  id text primary key,
  tenant_id text not null,
  -- The event that led to it: an event posts once.
  source_event_id text not null,
  order_id text not null,
  connection_id text not null,
  kind text not null check (kind in ('ORDER_CONFIRMED', 'ORDER_CONFIRMED_REVERSAL', 'POINTS_EARNED', 'POINTS_EARNED_REVERSAL')),
  currency text not null,
  reverses_entry_id text unique references journal_entry (id),
  posted_at timestamptz not null default app_now(),
  unique (tenant_id, source_event_id),
  unique (id, tenant_id, currency),
  constraint reversal_names_its_original check ((kind like '%_REVERSAL') = (reverses_entry_id is not null))
);
create index journal_entry_list on journal_entry (tenant_id, id);
create index journal_entry_order on journal_entry (tenant_id, order_id);
select tenant_table('journal_entry', 'select, insert');

create table posting (
  entry_id text not null,
  position int not null,
  tenant_id text not null,
  account_id text not null,
  currency text not null,
  -- Debits are positive, credits negative.
  amount_minor bigint not null check (amount_minor <> 0),
  primary key (entry_id, position),
  foreign key (entry_id, tenant_id, currency) references journal_entry (id, tenant_id, currency),
  foreign key (account_id, tenant_id, currency) references account (id, tenant_id, currency)
);
create index posting_account on posting (account_id);
select tenant_table('posting', 'select, insert');

-- By channel, so that a viewer of some channels can be shown the balance of those, and channels do not queue for one row.
create table account_balance (
  account_id text not null references account (id),
  connection_id text not null,
  tenant_id text not null,
  balance_minor bigint not null,
  primary key (account_id, connection_id)
) with (fillfactor = 70);
create index account_balance_tenant on account_balance (tenant_id);
select tenant_table('account_balance', 'select');

-- One state for each order and fact, so that a reversal may come before what it reverses.
create table order_posting_state (
  tenant_id text not null,
  order_id text not null,
  fact text not null check (fact in ('ORDER_CONFIRMED', 'POINTS_EARNED')),
  posted boolean not null default false,
  -- Null while nothing is posted, and for a fact that is worth nothing.
  entry_id text references journal_entry (id),
  reversal_event_id text,
  primary key (tenant_id, order_id, fact)
);
select tenant_table('order_posting_state', 'select, insert, update');
