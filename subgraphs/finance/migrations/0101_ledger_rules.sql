-- At commit: what an entry books sums to zero, over two postings or more.
create function entry_balances() returns trigger language plpgsql as $$
declare
  entry text := to_jsonb(new) ->> tg_argv[0];
begin
  if (select count(*) < 2 or sum(amount_minor) <> 0 from posting where entry_id = entry) then
    raise exception 'journal entry % does not balance', entry using errcode = 'check_violation', constraint = 'entry_balances';
  end if;
  return null;
end $$;
create constraint trigger entry_balances after insert on journal_entry deferrable initially deferred for each row execute function entry_balances('id');
create constraint trigger entry_balances after insert on posting deferrable initially deferred for each row execute function entry_balances('entry_id');

create function append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: correct by a reversing entry', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete or truncate on journal_entry for each statement execute function append_only();
create trigger append_only before update or delete or truncate on posting for each statement execute function append_only();
create trigger append_only before update or delete or truncate on account for each statement execute function append_only();

-- Balances change by postings alone: the app role may not write them, the owner does it here, for the tenant that is set.
create function keep_balances() returns trigger language plpgsql security definer set search_path from current as $$
begin
  -- In the order of accounts: two entries on the same accounts would deadlock otherwise.
  insert into account_balance as b (account_id, connection_id, tenant_id, balance_minor)
    select p.account_id, e.connection_id, p.tenant_id, sum(p.amount_minor)::bigint
      from added p join journal_entry e on e.id = p.entry_id
      group by p.account_id, e.connection_id, p.tenant_id order by p.account_id, e.connection_id
    on conflict (account_id, connection_id) do update set balance_minor = b.balance_minor + excluded.balance_minor;
  return null;
end $$;
revoke execute on function keep_balances() from public;
create trigger keep_balances after insert on posting referencing new table as added for each statement execute function keep_balances();

do $$
declare
  needed text;
begin
  foreach needed in array array['account_balance', 'journal_entry'] loop
    execute format(
      'create policy kept_by_postings on %I to %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')) with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), ''''))',
      needed, current_user);
  end loop;
end $$;
