-- An order that was edited earns, or gives back, the difference: into and out of the lot that it has.
alter table order_earning
  -- What its total has earned, whatever went back since: the base of shares that go back with refunds.
  add column earned bigint;

create or replace function post_points_entry() returns trigger language plpgsql security definer set search_path from current as $$
begin
  insert into points_balance (member_id, tenant_id, balance, version) values (new.member_id, new.tenant_id, 0, 0) on conflict do nothing;
  update points_balance set balance = balance + new.points, version = version + 1 where member_id = new.member_id and tenant_id = new.tenant_id
    returning version, balance into strict new.sequence, new.balance_after;
  -- What is earned for an edit makes the lot larger.
  update points_lot set remaining = remaining + new.points, points = points + case when new.kind = 'EARN' and new.reference <> '' then new.points else 0 end
    where id = new.lot_id and member_id = new.member_id and tenant_id = new.tenant_id;
  if not found then raise exception 'points entry names a lot of another member' using errcode = 'foreign_key_violation'; end if;
  return new;
end $$;
revoke execute on function post_points_entry() from public;
