-- A count of what really lies at a location. The difference is taken when a line is counted and applied when the take is
-- closed, so that what is sold and shipped in between stays right.
create table stock_take (
  id text primary key,
  tenant_id text not null,
  location_id text not null references location (id),
  state text not null default 'OPEN' check (state in ('OPEN', 'CLOSING', 'CLOSED', 'CANCELLED')),
  note text,
  opened_by text not null,
  opened_at timestamptz not null default app_now(),
  -- The key it was closed with: the same one again goes on where it was cut off.
  close_key text,
  closed_by text,
  changed_at timestamptz not null default app_now(),
  closed_at timestamptz
);
create index stock_take_list on stock_take (tenant_id, id);
create index stock_take_closing on stock_take (changed_at) where state = 'CLOSING';
select tenant_table('stock_take', 'select, insert, update', 'select');

create table stock_take_line (
  id text primary key,
  tenant_id text not null,
  stock_take_id text not null references stock_take (id),
  sku_id text not null,
  counted int not null check (counted between 0 and 1000000000),
  -- What we believed to lie there, in all buckets, when it was counted.
  expected int not null,
  difference int not null generated always as (counted - expected) stored,
  counted_by text not null,
  counted_at timestamptz not null default app_now(),
  applied_at timestamptz,
  unique (stock_take_id, sku_id)
);
create index stock_take_line_list on stock_take_line (stock_take_id, id);
create index stock_take_line_to_apply on stock_take_line (stock_take_id, sku_id) where applied_at is null;
select tenant_table('stock_take_line', 'select, insert, update');

-- What a level and its journal agreed on at a time: the nightly check goes on from here, and history is read from here.
create table stock_checkpoint (
  stock_level_id text not null,
  sequence bigint not null,
  tenant_id text not null,
  at timestamptz not null default app_now(),
  on_hand int not null,
  reserved int not null,
  unavailable int not null,
  incoming int not null,
  allowance int not null,
  deficit int not null,
  primary key (stock_level_id, sequence)
);
create index stock_checkpoint_at on stock_checkpoint (stock_level_id, at);
select tenant_table('stock_checkpoint', 'select, insert, delete');

-- The nightly check works across tenants, and asks only which there are.
create index stock_level_of_tenant on stock_level (tenant_id, id);

-- Many counts at once: what change_stock does one by one, for levels that the caller has locked and judged. `p_changes` is
-- [{ id, by }], a level once. Less than is promised raises the deficit, as for any count.
create function change_counts(p_seed text, p_tenant text, p_reason text, p_changes jsonb, p_reference text, p_actor text, p_note text, p_correlation text, p_causation text)
-- Plans are kept, and tables that grow fast have old statistics: a plan made while the journal was short would read all of
-- it, or all of the tenant's index, for each level. The two keys that are meant are used as plain indexes.
returns void language plpgsql set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  v_levels text[];
  v_raised text[];
begin
  select array_agg(id) into v_levels from jsonb_to_recordset(p_changes) c (id text, by int) where by <> 0;
  if v_levels is null then return; end if;
  with written as (
    insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, on_hand, deficit, reference, actor, note)
    select id_of('mov', p_seed, row_number() over (order by l.id)), p_tenant, l.id, l.version + 1, p_reason, c.by,
      greatest(0, l.reserved::bigint - (l.on_hand + c.by - l.unavailable + l.allowance) - l.deficit), p_reference, p_actor, p_note
    from jsonb_to_recordset(p_changes) c (id text, by int) join stock_level l on l.id = c.id and l.tenant_id = p_tenant where c.by <> 0
    returning stock_level_id, deficit
  )
  select array_agg(stock_level_id) filter (where deficit > 0) into v_raised from written;
  perform apply_movements(seed_beside(p_seed), v_levels);
  if v_raised is not null then
    insert into outbox (event_id, tenant_id, type, subject, sequence, data, correlation_id, causation_id, traceparent)
    select id_of('evt', p_seed, row_number() over ()), p_tenant, 'inventory.stock-deficit-raised.v1', l.id, l.version,
      jsonb_build_object('stockLevelId', l.id, 'skuId', l.sku_id, 'locationId', l.location_id, 'bucket', l.bucket, 'deficit', l.deficit, 'holds', holds_to_release(l.id, l.deficit)),
      coalesce(p_correlation, id_of('evt', p_seed, 0)), cause_id(p_causation), cause_trace(p_causation)
    from stock_level l where l.id = any (v_raised);
  end if;
  perform tell_levels(seed_beside(p_seed), v_levels, p_correlation, p_causation);
end $$;

-- The same check as before, added up in place of joined: without statistics of the two sides PostgreSQL compares each row
-- with each other, which is 8 seconds for 2,700 levels at once.
create or replace function levels_are_explained() returns trigger language plpgsql as $$
begin
  if exists (
    select from (
      select id, max(version) filter (where side = 1) as version, max(version) filter (where side = -1) as version_before, sum(side * on_hand) as on_hand, sum(side * reserved) as reserved,
        sum(side * unavailable) as unavailable, sum(side * incoming) as incoming, sum(side * allowance) as allowance, sum(side * deficit) as deficit
      from (
        select 1 as side, id, version, on_hand, reserved, unavailable, incoming, allowance, deficit from after
        union all select -1, id, version, on_hand, reserved, unavailable, incoming, allowance, deficit from before
      ) sides group by id
    ) changed
    left join lateral (
      select count(*) as count, coalesce(sum(m.on_hand), 0) as on_hand, coalesce(sum(m.reserved), 0) as reserved, coalesce(sum(m.unavailable), 0) as unavailable,
             coalesce(sum(m.incoming), 0) as incoming, coalesce(sum(m.allowance), 0) as allowance, coalesce(sum(m.deficit), 0) as deficit
      from stock_movement m where m.stock_level_id = changed.id and m.sequence > changed.version_before and m.sequence <= changed.version
    ) moved on true
    where moved.count is distinct from changed.version - changed.version_before
      or (changed.on_hand, changed.reserved, changed.unavailable, changed.incoming, changed.allowance, changed.deficit)
         <> (moved.on_hand, moved.reserved, moved.unavailable, moved.incoming, moved.allowance, moved.deficit)
  ) then
    raise exception 'a stock level changed without its movement' using errcode = '23514', constraint = 'levels_are_explained', table = 'stock_level';
  end if;
  return null;
end $$;
