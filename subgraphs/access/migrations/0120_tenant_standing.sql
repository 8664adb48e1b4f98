-- Whether a merchant's people and keys are let in, until when, and how many people.
alter table tenant
  add column status text not null default 'ENABLED' check (status in ('DISABLED', 'ENABLED')),
  add column package_id text not null default 'standard' check (package_id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  add column expires_at timestamptz,
  -- The most who may work for it; null for any number.
  add column account_limit int check (account_limit > 0),
  add column version int not null default 1,
  add column created_by text not null default 'access.create-tenant',
  add column updated_at timestamptz not null default app_now(),
  add column updated_by text not null default 'access.create-tenant',
  add column deleted_at timestamptz;

-- Who runs the house: an owner who may also change and shut other merchants.
alter table staff add column runs_house boolean not null default false;

-- A credential opens nothing where its holder's merchant is shut; and who runs the house looks at all of them.
do $$ begin
  execute format('create policy across_tenants on tenant for select to %I using (true)', current_schema() || '_system');
  execute format('grant select on tenant to %I', current_schema() || '_system');
end $$;
