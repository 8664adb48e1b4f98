-- A time-ordered id: a seed of 20 characters and a number below 2^20 in six (hexadecimal digits are TypeID's too).
create function id_of(prefix text, seed text, n bigint) returns text language sql immutable as $$
  select prefix || '_' || seed || to_hex(1048576 + n)
$$;

-- Another seed of the same moment, for a function that numbers from zero again.
create function seed_beside(seed text) returns text language sql volatile as $$
  select substr(seed, 1, 10) || substr(translate(gen_random_uuid()::text, '-', ''), 1, 10)
$$;

-- Units of a level whose hold has ended, though nobody has given them back yet: reads subtract them from `reserved`.
create function lapsed_units(p_level text) returns int language sql stable as $$
  select coalesce(sum(open), 0)::int from reservation_line where stock_level_id = p_level and expires_at <= app_now()
$$;

-- A cause as callers hand it in: the id of the event that this follows from and, after a blank, where that is in its trace.
create function cause_id(p_cause text) returns text language sql immutable as $$ select nullif(split_part(p_cause, ' ', 1), '') $$;
create function cause_trace(p_cause text) returns text language sql immutable as $$ select nullif(split_part(p_cause, ' ', 2), '') $$;

-- Tells the state of these levels: a lost or doubled hint repairs itself with the next one.
create function tell_levels(p_seed text, p_levels text[], p_correlation text, p_causation text) returns void language sql as $$
  insert into outbox (event_id, tenant_id, type, subject, sequence, data, correlation_id, causation_id, traceparent)
  select id_of('evt', p_seed, row_number() over ()), l.tenant_id, 'inventory.stock-level-changed.v1', l.id, l.version,
    jsonb_build_object('stockLevelId', l.id, 'skuId', l.sku_id, 'locationId', l.location_id, 'bucket', l.bucket, 'onHand', l.on_hand, 'reserved', l.reserved,
      'available', greatest(0, l.on_hand - l.unavailable - l.reserved
        + (select coalesce(sum(due.open), 0) from reservation_line due where due.stock_level_id = l.id and due.expires_at <= app_now()))),
    coalesce(p_correlation, id_of('evt', p_seed, 0)), cause_id(p_causation), cause_trace(p_causation)
  from stock_level l where l.id = any (p_levels)
$$;

-- Brings levels, locked by the caller, up to the movements that have been written for them.
create function apply_movements(p_seed text, p_levels text[]) returns void language plpgsql as $$
begin
  -- A deficit is only ever as large as it must be: what comes in or is given back covers it first.
  insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, deficit)
  select id_of('mov', p_seed, row_number() over ()), l.tenant_id, l.id, m.sequence + 1, 'DEFICIT_COVERED', greatest(0, promised.above) - l.deficit - m.deficit
  from stock_level l
  cross join lateral (
    select max(sequence) as sequence, sum(on_hand) as on_hand, sum(reserved) as reserved, sum(unavailable) as unavailable, sum(allowance) as allowance, sum(deficit) as deficit
    from stock_movement where stock_level_id = l.id and sequence > l.version
  ) m
  cross join lateral (select l.reserved + m.reserved - (l.on_hand + m.on_hand - l.unavailable - m.unavailable + l.allowance + m.allowance) as above) promised
  where l.id = any (p_levels) and l.deficit + m.deficit > greatest(0, promised.above);

  update stock_level l set
    on_hand = l.on_hand + m.on_hand, reserved = l.reserved + m.reserved, unavailable = l.unavailable + m.unavailable,
    incoming = l.incoming + m.incoming, allowance = l.allowance + m.allowance, deficit = l.deficit + m.deficit,
    version = m.sequence, updated_at = app_now()
  from stock_level o cross join lateral (
    select max(sequence) as sequence, sum(on_hand) as on_hand, sum(reserved) as reserved, sum(unavailable) as unavailable,
           sum(incoming) as incoming, sum(allowance) as allowance, sum(deficit) as deficit
    from stock_movement where stock_level_id = o.id and sequence > o.version
  ) m
  where o.id = any (p_levels) and l.id = o.id and m.sequence is not null;
end $$;

-- Gives back what holds past their end still have at these levels, which the caller has locked. At most `p_most` lines
-- a call, so that a hundred thousand holds that end together do not outlast a statement; answers whether some are left.
-- Order of locks everywhere: levels by (tenant, SKU, id), then reservations by id, never a level after a reservation.
create function lapse(p_seed text, p_levels text[], p_most int) returns boolean language plpgsql as $$
declare
  v_reservations text[];
  v_lines int;
begin
  select array_agg(distinct reservation_id), count(*) into v_reservations, v_lines from (
    select reservation_id from reservation_line where stock_level_id = any (p_levels) and expires_at <= app_now() order by expires_at limit p_most
  ) due;
  if v_lines = 0 then return false; end if;
  perform from reservation where id = any (v_reservations) order by id for no key update;

  -- Who was paid or given more time before the lock was had is not due any more, and this statement sees it.
  with due as (
    select reservation_id, stock_level_id, open from reservation_line
    where reservation_id = any (v_reservations) and stock_level_id = any (p_levels) and expires_at <= app_now()
  ), freed as (
    update reservation_line line set open = 0, expires_at = null from due
    where line.reservation_id = due.reservation_id and line.stock_level_id = due.stock_level_id
    returning line.tenant_id, line.sku_id, line.reservation_id, line.stock_level_id, due.open
  ), forgotten as (
    update bucket_purchase p set quantity = p.quantity - gone.open from (
      select f.tenant_id, r.bucket, f.sku_id, r.member_id, sum(f.open) as open from freed f join reservation r on r.id = f.reservation_id
      where r.bucket <> 'MAIN' and r.member_id is not null group by 1, 2, 3, 4
    ) gone where (p.tenant_id, p.bucket, p.sku_id, p.member_id) = (gone.tenant_id, gone.bucket, gone.sku_id, gone.member_id)
  )
  insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, reserved, reservation_id)
  select id_of('mov', p_seed, row_number() over ()), f.tenant_id, f.stock_level_id, l.version + row_number() over (partition by f.stock_level_id order by f.reservation_id),
    'EXPIRED', -f.open, f.reservation_id
  from freed f join stock_level l on l.id = f.stock_level_id;
  perform apply_movements(seed_beside(p_seed), p_levels);

  with ended as (
    update reservation set state = 'EXPIRED', expires_at = null, ended_at = app_now(), end_reason = 'EXPIRED', version = version + 1
    where id = any (v_reservations) and state = 'HELD' and expires_at <= app_now()
    returning id, tenant_id, key, version
  )
  insert into outbox (event_id, tenant_id, type, subject, sequence, data, correlation_id)
  select id_of('evt', p_seed, row_number() over ()), tenant_id, 'inventory.stock-released.v1', key, version,
    jsonb_build_object('orderId', key, 'reservationId', id, 'reason', 'EXPIRED'), id_of('evt', p_seed, row_number() over ())
  from ended;
  return v_lines = p_most;
end $$;

-- The newest holds of a level, as many as its deficit needs: the orders that somebody has to release or to wait for.
create function holds_to_release(p_level text, p_deficit int) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('key', key, 'quantity', open) order by id desc), '[]'::jsonb) from (
    select r.id, r.key, line.open, sum(line.open) over (order by r.id desc) - line.open as before
    from reservation_line line join reservation r on r.id = line.reservation_id
    where line.stock_level_id = p_level and line.open > 0
    order by r.id desc limit 200
  ) held where before < p_deficit
$$;

-- The one way to change a level other than by reservations: counts, receipts, damages, allowances, transfers, repairs.
-- `p_changes` is a list of { skuId, locationId, bucket, reason, onHand?, unavailable?, incoming?, allowance?, reserved? (each { by } or { to }),
-- expectedVersion?, expectedOnHand?, reference?, actor?, note? } or, to move free units, with
-- to { locationId?, bucket? } and quantity (a number, or ALL). Each is judged by
-- itself, in the order given; a refused one changes nothing and the others stand. Answers one object each.
create function change_stock(p_seed text, p_tenant text, p_changes jsonb, p_correlation text, p_causation text) returns jsonb language plpgsql as $$
declare
  v_levels text[];
  v_touched text[] := '{}';
  v_answers jsonb := '[]';
  v_change jsonb;
  v_level stock_level;
  v_other stock_level;
  v_on_hand bigint; v_reserved bigint; v_unavailable bigint; v_incoming bigint; v_allowance bigint; v_deficit bigint; v_above bigint;
  v_quantity bigint;
  v_raises boolean;
  v_n int := 0;
begin
  -- Rows that are not there yet, in the order of locks.
  insert into stock_level (id, tenant_id, sku_id, location_id, bucket, on_hand)
  select id_of('stk', p_seed, row_number() over (order by sku_id, location_id, bucket)), p_tenant, sku_id, location_id, bucket, 0 from (
    select distinct place.sku_id, place.location_id, place.bucket from jsonb_array_elements(p_changes) c
    cross join lateral (values
      (c ->> 'skuId', c ->> 'locationId', coalesce(c ->> 'bucket', 'MAIN')),
      (case when c ? 'to' then c ->> 'skuId' end, coalesce(c #>> '{to,locationId}', c ->> 'locationId'), coalesce(c #>> '{to,bucket}', 'MAIN'))
    ) place (sku_id, location_id, bucket)
    join location l on l.id = place.location_id and l.tenant_id = p_tenant
    where place.sku_id is not null
      and not exists (select from stock_level s where s.tenant_id = p_tenant and s.sku_id = place.sku_id and s.location_id = place.location_id and s.bucket = place.bucket)
  ) missing order by sku_id, location_id, bucket
  on conflict do nothing;

  select array_agg(id) into v_levels from (
    select id from stock_level where tenant_id = p_tenant and sku_id in (select c ->> 'skuId' from jsonb_array_elements(p_changes) c)
      and (location_id in (select c ->> 'locationId' from jsonb_array_elements(p_changes) c union select c #>> '{to,locationId}' from jsonb_array_elements(p_changes) c))
    order by tenant_id, sku_id, id for no key update
  ) locked;
  perform lapse(seed_beside(p_seed), v_levels, 4000);

  for v_change in select value from jsonb_array_elements(p_changes) loop
    select * into v_level from stock_level where tenant_id = p_tenant and sku_id = v_change ->> 'skuId'
      and location_id = v_change ->> 'locationId' and bucket = coalesce(v_change ->> 'bucket', 'MAIN');
    if not found then
      v_answers := v_answers || jsonb_build_object('refused', 'LOCATION_UNKNOWN', 'field', 'locationId');
      continue;
    end if;
    if (v_change ->> 'expectedVersion')::bigint <> v_level.version then
      v_answers := v_answers || jsonb_build_object('refused', 'VERSION_CONFLICT', 'field', 'expectedVersion');
      continue;
    end if;
    if (v_change ->> 'expectedOnHand')::bigint <> v_level.on_hand then
      v_answers := v_answers || jsonb_build_object('refused', 'ON_HAND_CHANGED', 'field', 'expectedOnHand');
      continue;
    end if;

    if v_change ? 'to' then
      -- Whole numbers, or all that is free.
      v_quantity := case when v_change ->> 'quantity' = 'ALL' then greatest(0, v_level.on_hand - v_level.unavailable - v_level.reserved) else (v_change ->> 'quantity')::bigint end;
      select * into v_other from stock_level where tenant_id = p_tenant and sku_id = v_level.sku_id
        and location_id = coalesce(v_change #>> '{to,locationId}', v_level.location_id) and bucket = coalesce(v_change #>> '{to,bucket}', 'MAIN');
      if v_other.id is null or v_other.id = v_level.id then
        v_answers := v_answers || jsonb_build_object('refused', 'LOCATION_UNKNOWN', 'field', 'to');
      elsif v_quantity = 0 and v_change ->> 'quantity' = 'ALL' then
        v_answers := v_answers || jsonb_build_object('stockLevelId', v_level.id, 'toStockLevelId', v_other.id, 'version', v_level.version, 'deficit', v_level.deficit);
      elsif v_quantity is null or v_quantity < 1 then
        v_answers := v_answers || jsonb_build_object('refused', 'QUANTITY_INVALID', 'field', 'quantity');
      elsif v_quantity > v_level.on_hand - v_level.unavailable - v_level.reserved or v_other.on_hand + v_quantity > 1000000000 then
        -- What is promised stays where it is promised from; an allowance is no goods and cannot move.
        v_answers := v_answers || jsonb_build_object('refused', 'NOT_ENOUGH_FREE', 'field', 'quantity');
      else
        insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, on_hand, reference, actor, note) values
          (id_of('mov', p_seed, v_n), p_tenant, v_level.id, v_level.version + 1, 'TRANSFER', -v_quantity, v_change ->> 'reference', v_change ->> 'actor', v_change ->> 'note'),
          (id_of('mov', p_seed, v_n + 1), p_tenant, v_other.id, v_other.version + 1, 'TRANSFER', v_quantity, v_change ->> 'reference', v_change ->> 'actor', v_change ->> 'note');
        v_n := v_n + 2;
        perform apply_movements(seed_beside(p_seed), array[v_level.id, v_other.id]);
        v_touched := v_touched || v_level.id || v_other.id;
        v_answers := v_answers || jsonb_build_object('stockLevelId', v_level.id, 'toStockLevelId', v_other.id, 'version', v_level.version + 1, 'deficit', v_level.deficit);
      end if;
      continue;
    end if;

    v_on_hand := coalesce((v_change #>> '{onHand,to}')::bigint, v_level.on_hand + coalesce((v_change #>> '{onHand,by}')::bigint, 0));
    v_reserved := coalesce((v_change #>> '{reserved,to}')::bigint, v_level.reserved + coalesce((v_change #>> '{reserved,by}')::bigint, 0));
    v_unavailable := coalesce((v_change #>> '{unavailable,to}')::bigint, v_level.unavailable + coalesce((v_change #>> '{unavailable,by}')::bigint, 0));
    v_incoming := coalesce((v_change #>> '{incoming,to}')::bigint, v_level.incoming + coalesce((v_change #>> '{incoming,by}')::bigint, 0));
    v_allowance := coalesce((v_change #>> '{allowance,to}')::bigint, v_level.allowance + coalesce((v_change #>> '{allowance,by}')::bigint, 0));
    if least(v_on_hand, v_reserved, v_unavailable, v_incoming, v_allowance) < 0 or greatest(v_on_hand, v_reserved, v_unavailable, v_incoming, v_allowance) > 1000000000 then
      v_answers := v_answers || jsonb_build_object('refused', 'QUANTITY_INVALID', 'field', (
        case when v_on_hand not between 0 and 1000000000 then 'onHand' when v_unavailable not between 0 and 1000000000 then 'unavailable'
             when v_incoming not between 0 and 1000000000 then 'incoming' when v_allowance not between 0 and 1000000000 then 'allowance' else 'reserved' end));
      continue;
    end if;
    v_above := greatest(0, v_reserved - (v_on_hand - v_unavailable + v_allowance));
    -- A count and an outside snapshot say what is; everything else has to leave what is promised.
    v_raises := v_above > v_level.deficit;
    if v_raises and v_change ->> 'reason' not in ('COUNT', 'SNAPSHOT', 'REPAIR') then
      v_answers := v_answers || jsonb_build_object('refused', 'BELOW_RESERVED', 'field', case when v_change ? 'onHand' then 'onHand' when v_change ? 'unavailable' then 'unavailable' else 'allowance' end);
      continue;
    end if;
    v_deficit := v_above;
    if (v_on_hand, v_reserved, v_unavailable, v_incoming, v_allowance, v_deficit)
       <> (v_level.on_hand::bigint, v_level.reserved::bigint, v_level.unavailable::bigint, v_level.incoming::bigint, v_level.allowance::bigint, v_level.deficit::bigint) then
      insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, on_hand, reserved, unavailable, incoming, allowance, deficit, reference, actor, note) values (
        id_of('mov', p_seed, v_n), p_tenant, v_level.id, v_level.version + 1, v_change ->> 'reason', v_on_hand - v_level.on_hand, v_reserved - v_level.reserved,
        v_unavailable - v_level.unavailable, v_incoming - v_level.incoming, v_allowance - v_level.allowance, v_deficit - v_level.deficit,
        v_change ->> 'reference', v_change ->> 'actor', v_change ->> 'note');
      v_n := v_n + 1;
      update stock_level set on_hand = v_on_hand, reserved = v_reserved, unavailable = v_unavailable, incoming = v_incoming, allowance = v_allowance, deficit = v_deficit,
        version = version + 1, updated_at = app_now() where id = v_level.id returning * into v_level;
      v_touched := v_touched || v_level.id;
      if v_raises then
        insert into outbox (event_id, tenant_id, type, subject, sequence, data, correlation_id, causation_id, traceparent) values (
          id_of('evt', p_seed, v_n), p_tenant, 'inventory.stock-deficit-raised.v1', v_level.id, v_level.version,
          jsonb_build_object('stockLevelId', v_level.id, 'skuId', v_level.sku_id, 'locationId', v_level.location_id, 'bucket', v_level.bucket,
            'deficit', v_deficit, 'holds', holds_to_release(v_level.id, v_deficit::int)),
          coalesce(p_correlation, id_of('evt', p_seed, v_n)), cause_id(p_causation), cause_trace(p_causation));
      end if;
    end if;
    v_answers := v_answers || jsonb_build_object('stockLevelId', v_level.id, 'version', v_level.version, 'deficit', v_level.deficit);
  end loop;
  perform tell_levels(seed_beside(p_seed), v_touched, p_correlation, p_causation);
  return v_answers;
end $$;
