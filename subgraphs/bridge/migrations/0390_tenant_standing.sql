-- Which merchants the house has deleted: their channels are off, and come on again with them.
create table tenant_standing (
  tenant_id text primary key,
  -- Of the newest of its events that was taken in.
  sequence bigint not null,
  deleted boolean not null
);
select tenant_table('tenant_standing', 'select, insert, update');
alter table channel_connection add column off_with_tenant boolean not null default false;
