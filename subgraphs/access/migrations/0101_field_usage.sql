-- Which client has asked for which field of the graph: whoever wants to take a field away looks here first.
create table field_usage (
  tenant_id text not null,
  day date not null,
  client text not null,
  field text not null,
  -- One start of one gateway process. Its counts only grow, so a repeat or a late one changes nothing.
  gateway_id text not null,
  requests bigint not null check (requests > 0),
  primary key (tenant_id, day, client, field, gateway_id)
);
create index field_usage_field on field_usage (tenant_id, field, day);
-- The system role may read all tenants': a field goes for all of them.
select tenant_table('field_usage', 'select, insert, update, delete', 'select');
