-- Below which SKUs are not to be sold, as the catalog tells: everywhere (no connection), or in one channel.
create table floor_price (
  tenant_id text not null,
  sku_id text not null,
  connection_id text not null default '',
  currency text not null,
  -- Null: taken away.
  amount_minor bigint,
  sequence bigint not null,
  primary key (tenant_id, sku_id, connection_id, currency)
);
select tenant_table('floor_price', 'select, insert, update');

-- WAITING: a person has agreed that the order waits for its goods; stock is asked again from time to time.
alter table order_exception
  drop constraint order_exception_state_check,
  add constraint order_exception_state_check check (state in ('OPEN', 'WAITING', 'RESOLVED')),
  -- A person agreed to it as it is: the same thing is not raised again.
  add column accepted_at timestamptz,
  add column next_try_at timestamptz,
  add constraint waits_for_a_time check (state <> 'WAITING' or next_try_at is not null);
create index order_exception_waiting on order_exception (next_try_at) where state = 'WAITING';
do $$ begin
  execute format('create policy across_tenants on order_exception for select to %I using (true)', current_schema() || '_system');
  execute format('grant select (id, tenant_id, order_id, state, next_try_at) on order_exception to %I', current_schema() || '_system');
end $$;
