-- The SQL clock: every statement reads time here, so that a test can set it.
create function app_now() returns timestamptz language sql stable as $$
  select coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now())
$$;

-- Row-level security of one table: the app role sees and writes rows of the tenant that is set, and none without one.
-- The system role gets only what the third argument grants, across tenants. Neither owns the table.
create function tenant_table(table_name text, app_rights text, system_rights text default null) returns void language plpgsql as $$
declare
  app_role text := current_schema() || '_app';
  system_role text := current_schema() || '_system';
begin
  execute format('alter table %I enable row level security', table_name);
  execute format('alter table %I force row level security', table_name);
  execute format(
    'create policy tenant on %I to %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')) with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), ''''))',
    table_name, app_role);
  execute format('grant %s on %I to %I', app_rights, table_name, app_role);
  if system_rights is not null then
    execute format('create policy across_tenants on %I to %I using (true) with check (true)', table_name, system_role);
    execute format('grant %s on %I to %I', system_rights, table_name, system_role);
  end if;
end $$;
