-- Who looks for orders of members with a year card that are not sent yet reads this much, across tenants.
do $$ begin
  execute format('create policy across_tenants on year_card for select to %I using (true)', current_schema() || '_system');
  execute format('grant select (tenant_id, member_id, valid_from, valid_until) on year_card to %I', current_schema() || '_system');
  execute format('grant select (code) on order_exception to %I', current_schema() || '_system');
  execute format('grant select (member_id, confirmed_at, on_hold) on sales_order to %I', current_schema() || '_system');
end $$;
create index sales_order_members_to_ship on sales_order (confirmed_at) where status = 'TO_SHIP' and member_id is not null;
