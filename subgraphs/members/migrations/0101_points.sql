create table points_lot (
  id text primary key,
  tenant_id text not null,
  member_id text not null references member (id),
  order_id text not null,
  points bigint not null check (points > 0),
  remaining bigint not null default 0,
  earned_at timestamptz not null,
  expires_at timestamptz not null,
  constraint lot_never_overdrawn check (remaining between 0 and points),
  unique (tenant_id, order_id)
);
create index points_lot_open on points_lot (member_id, expires_at, id) where remaining > 0;
select tenant_table('points_lot', 'select, insert');

create table points_balance (
  member_id text primary key references member (id),
  tenant_id text not null,
  balance bigint not null,
  -- Number of the member's entries; also the sequence of their events.
  version int not null,
  constraint balance_never_negative check (balance >= 0)
) with (fillfactor = 70);
select tenant_table('points_balance', 'select');

create table points_entry (
  id bigint generated always as identity primary key,
  tenant_id text not null,
  member_id text not null references member (id),
  lot_id text not null references points_lot (id),
  order_id text not null,
  kind text not null check (kind in ('EARN', 'REVERSE')),
  points bigint not null check (case kind when 'EARN' then points > 0 else points < 0 end),
  -- Both are filled in by the trigger: the n-th entry of the member, and what they had after it.
  sequence int not null,
  balance_after bigint not null,
  created_at timestamptz not null default app_now(),
  unique (member_id, sequence),
  -- Whatever the code says: an order earns once and is reversed once.
  unique (tenant_id, order_id, kind)
);
create index points_entry_lot on points_entry (lot_id);
select tenant_table('points_entry', 'select, insert');

-- One state for each order that was heard of, so that events may come in any order.
create table order_earning (
  tenant_id text not null,
  order_id text not null,
  connection_id text not null,
  member_id text references member (id),
  state text not null check (state in ('BOUND', 'EARNED', 'CANCELLED')),
  lot_id text references points_lot (id),
  points bigint not null default 0,
  currency text,
  primary key (tenant_id, order_id)
);
create index order_earning_member on order_earning (member_id);
select tenant_table('order_earning', 'select, insert, update');

-- Lots and balances change by entries alone: the app role may not write them, the owner does it in the trigger, for
-- the tenant that is set. So the sum of entries, of lots and the balance cannot part.
create function post_points_entry() returns trigger language plpgsql security definer set search_path from current as $$
begin
  -- Not "on conflict do update": a check sees the row that was proposed, and would refuse every negative entry.
  insert into points_balance (member_id, tenant_id, balance, version) values (new.member_id, new.tenant_id, 0, 0) on conflict do nothing;
  update points_balance set balance = balance + new.points, version = version + 1 where member_id = new.member_id and tenant_id = new.tenant_id
    returning version, balance into strict new.sequence, new.balance_after;
  update points_lot set remaining = remaining + new.points where id = new.lot_id and member_id = new.member_id and tenant_id = new.tenant_id;
  if not found then raise exception 'points entry names a lot of another member' using errcode = 'foreign_key_violation'; end if;
  return new;
end $$;
revoke execute on function post_points_entry() from public;
create trigger post before insert on points_entry for each row execute function post_points_entry();

do $$
declare
  kept text;
begin
  foreach kept in array array['points_balance', 'points_lot'] loop
    execute format(
      'create policy kept_by_entries on %I to %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')) with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), ''''))',
      kept, current_user);
  end loop;
end $$;

create function append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: correct by a reversing entry', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete or truncate on points_entry for each statement execute function append_only();
