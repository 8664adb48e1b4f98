-- What becomes of reservations: a batch of deeds, at most one a key, judged together and written together.
--
-- CONFIRM  it is paid: no end any more          EXTEND  more time while a payment is in progress, once
-- RELEASE  given back, whole or in part         CONSUME shipped, whole or in part: the goods are gone
-- REFUSE   a late payment found nothing left: the reservation is over, and orders is told to refund
--
-- `o_lines` is null for all of it, or [{ skuId, quantity }]; then `o_reference` names the part (a parcel, a return), and the
-- same part again changes nothing. Answers one object a deed: { code, id, state, expiresAt, reason }.
-- Codes: OK, DONE (was so already), LATE (expired), ENDED, SHIPPED, UNKNOWN, TOO_MANY, NOT_ON_HAND, AGAIN.
create function settle(
  p_seed text, o_tenant text[], o_key text[], o_deed text[], o_lines jsonb[], o_reference text[], o_seconds int[], o_reason text[], o_correlation text[], o_causation text[],
  out answers jsonb, out xid text
) language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  n_deeds int := cardinality(o_key);
  v_levels text[];
  v_id text[];
  v_code text[];
  -- What is taken off which line.
  x_deed int[]; x_level text[]; x_open int[];
  v_refused int[];
begin
  -- Levels first, then reservations, each in one order: see lapse().
  select array_agg(id) into v_levels from (
    select l.id from stock_level l where l.id in (
      select line.stock_level_id from unnest(o_tenant, o_key, o_deed) o (tenant, key, deed)
      join reservation r on r.tenant_id = o.tenant and r.key = o.key join reservation_line line on line.reservation_id = r.id
      where o.deed in ('RELEASE', 'CONSUME') and line.open > 0
    ) order by l.tenant_id, l.sku_id, l.id for no key update
  ) locked;
  perform from reservation r where r.id in (
    select q.id from unnest(o_tenant, o_key) o (tenant, key) join reservation q on q.tenant_id = o.tenant and q.key = o.key
  ) order by r.id for no key update;

  select array_agg(judged.id order by judged.n), array_agg(case
      when judged.code = 'OK' and judged.lines is not null and exists (
        select from (select w ->> 'skuId' as sku, sum((w ->> 'quantity')::bigint) as quantity from jsonb_array_elements(judged.lines) w group by 1) wish
        where wish.quantity > coalesce((select sum(line.open) from reservation_line line where line.reservation_id = judged.id and line.sku_id = wish.sku), 0)
      ) then 'TOO_MANY' else judged.code end order by judged.n)
  into v_id, v_code
  from (
    select o.n, o.lines, r.id, case
      when r.id is null then 'UNKNOWN'
      when o.lines is not null and exists (select from reservation_part p where p.reservation_id = r.id and p.reference = o.reference) then 'DONE'
      -- Held again at another level since the levels were locked.
      when o.deed in ('RELEASE', 'CONSUME') and exists (
        select from reservation_line line where line.reservation_id = r.id and line.open > 0 and line.stock_level_id <> all (coalesce(v_levels, '{}'))) then 'AGAIN'
      when o.deed = 'CONFIRM' then case r.state when 'HELD' then 'OK' when 'EXPIRED' then 'LATE' when 'RELEASED' then 'ENDED' else 'DONE' end
      when o.deed = 'EXTEND' then case
        when r.state = 'HELD' and r.extended then 'DONE'
        when r.state = 'HELD' and r.expires_at > app_now() then 'OK'
        when r.state = 'EXPIRED' or r.expires_at is not null then 'LATE'
        when r.state = 'RELEASED' then 'ENDED' else 'DONE' end
      -- An expired one is released too: a payment that lands later must not hold it again.
      when o.deed = 'RELEASE' then case r.state when 'RELEASED' then 'DONE' when 'CONSUMED' then 'SHIPPED' else 'OK' end
      when o.deed = 'CONSUME' then case r.state when 'CONSUMED' then 'DONE' when 'EXPIRED' then 'LATE' when 'RELEASED' then 'ENDED' else 'OK' end
      else case when r.state in ('EXPIRED', 'RELEASED') and not r.payment_refused then 'OK' else 'DONE' end
    end as code
    from unnest(o_tenant, o_key, o_deed, o_lines, o_reference) with ordinality o (tenant, key, deed, lines, reference, n) left join reservation r on r.tenant_id = o.tenant and r.key = o.key
  ) judged;

  -- What is asked for in part is spread over the lines of its SKU in the order of their levels.
  select array_agg(taken.n order by taken.n, taken.level), array_agg(taken.level order by taken.n, taken.level), array_agg(taken.open order by taken.n, taken.level)
  into x_deed, x_level, x_open
  from (
    select line.n, line.level, least(line.open, greatest(0, line.wanted - line.before)) as open from (
      select d.n, l.stock_level_id as level, l.open, sum(l.open) over (partition by d.n, l.sku_id order by l.stock_level_id rows unbounded preceding) - l.open as before,
        case when o_lines[d.n] is null then 2000000000 else coalesce((select sum((w ->> 'quantity')::bigint) from jsonb_array_elements(o_lines[d.n]) w where w ->> 'skuId' = l.sku_id), 0) end as wanted
      from generate_series(1, n_deeds) d (n) join reservation_line l on l.reservation_id = v_id[d.n]
      where v_code[d.n] = 'OK' and o_deed[d.n] in ('RELEASE', 'CONSUME')
    ) line
  ) taken where taken.open > 0;

  -- What a count did not find cannot be shipped: those deeds are refused, in the order of arrival.
  select array_agg(distinct shipped.deed) into v_refused from (
    select x.deed, sum(x.open) over (partition by x.level order by x.deed) as in_all, l.on_hand
    from unnest(x_deed, x_level, x_open) x (deed, level, open) join stock_level l on l.id = x.level where o_deed[x.deed] = 'CONSUME'
  ) shipped where shipped.in_all > shipped.on_hand;
  if v_refused is not null then
    select array_agg(case when n = any (v_refused) then 'NOT_ON_HAND' else v_code[n] end order by n) into v_code from generate_series(1, n_deeds) n;
    select array_agg(x.deed), array_agg(x.level), array_agg(x.open) into x_deed, x_level, x_open
    from unnest(x_deed, x_level, x_open) x (deed, level, open) where x.deed <> all (v_refused);
  end if;

  insert into reservation_part (tenant_id, reservation_id, reference)
  select o.tenant, v_id[o.n], o.reference from unnest(o_tenant, v_code, o_lines, o_reference) with ordinality o (tenant, code, lines, reference, n)
  where o.code = 'OK' and o.lines is not null;

  if x_deed is not null then
    update reservation_line line set
      open = line.open - x.open,
      consumed = line.consumed + case when o_deed[x.deed] = 'CONSUME' then x.open else 0 end,
      expires_at = case when line.open > x.open then line.expires_at end
    from unnest(x_deed, x_level, x_open) x (deed, level, open)
    where line.reservation_id = v_id[x.deed] and line.stock_level_id = x.level;

    insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, on_hand, reserved, reservation_id, reference)
    select id_of('mov', p_seed, row_number() over ()), l.tenant_id, l.id, l.version + row_number() over (partition by l.id order by x.deed),
      case o_deed[x.deed] when 'RELEASE' then 'RELEASED' else 'CONSUMED' end,
      case when o_deed[x.deed] = 'CONSUME' then -x.open else 0 end, -x.open, v_id[x.deed], o_reference[x.deed]
    from unnest(x_deed, x_level, x_open) x (deed, level, open) join stock_level l on l.id = x.level;
    perform apply_movements(seed_beside(p_seed), v_levels);
    perform tell_levels(seed_beside(p_seed), array(select distinct x.level from unnest(x_level) x (level)), null, null);

    update bucket_purchase p set quantity = greatest(0, p.quantity - gone.open) from (
      select r.tenant_id, r.bucket, l.sku_id, r.member_id, sum(x.open) as open
      from unnest(x_deed, x_level, x_open) x (deed, level, open) join reservation r on r.id = v_id[x.deed] join stock_level l on l.id = x.level
      where o_deed[x.deed] = 'RELEASE' and r.bucket <> 'MAIN' and r.member_id is not null group by 1, 2, 3, 4
    ) gone where (p.tenant_id, p.bucket, p.sku_id, p.member_id) = (gone.tenant_id, gone.bucket, gone.sku_id, gone.member_id);
  end if;

  update reservation_line line set expires_at = case o_deed[d.n] when 'EXTEND' then line.expires_at + o_seconds[d.n] * interval '1 second' end
  from generate_series(1, n_deeds) d (n)
  where v_code[d.n] = 'OK' and o_deed[d.n] in ('CONFIRM', 'EXTEND') and line.reservation_id = v_id[d.n] and line.expires_at is not null;

  with changed as (
    update reservation r set
      state = after.state, version = r.version + 1,
      expires_at = case when after.state <> 'HELD' then null when d.deed = 'EXTEND' then r.expires_at + d.seconds * interval '1 second' else r.expires_at end,
      extended = r.extended or d.deed = 'EXTEND',
      ended_at = case when after.state in ('RELEASED', 'CONSUMED') then coalesce(r.ended_at, app_now()) end,
      end_reason = case when after.state = 'RELEASED' then coalesce(d.reason, r.end_reason) else r.end_reason end,
      payment_refused = r.payment_refused or d.deed = 'REFUSE'
    from unnest(v_id, v_code, o_deed, o_seconds, o_reason) with ordinality d (id, code, deed, seconds, reason, n)
    cross join lateral (
      select coalesce(sum(line.open), 0) as rest, coalesce(sum(line.consumed), 0) as consumed from reservation_line line where line.reservation_id = d.id
    ) held
    cross join lateral (
      select state as before from reservation b where b.id = d.id
    ) was
    cross join lateral (
      select case
        when d.deed = 'CONFIRM' then 'CONFIRMED'
        when d.deed = 'REFUSE' then 'RELEASED'
        when d.deed in ('RELEASE', 'CONSUME') and held.rest = 0 then case when held.consumed > 0 then 'CONSUMED' else 'RELEASED' end
        else was.before end as state
    ) after
    where d.code = 'OK' and r.id = d.id
    returning r.id, r.tenant_id, r.key, r.version, r.state, r.end_reason, was.before, d.n, d.deed
  )
  insert into outbox (event_id, tenant_id, type, subject, sequence, data, correlation_id, causation_id, traceparent)
  select id_of('evt', p_seed, n), tenant_id, case deed when 'REFUSE' then 'inventory.late-payment-refused.v1' else 'inventory.stock-released.v1' end, key, version,
    jsonb_build_object('orderId', key, 'reservationId', id, 'reason', end_reason),
    coalesce(o_correlation[n], id_of('evt', p_seed, n)), cause_id(o_causation[n]), cause_trace(o_causation[n])
  from changed where deed = 'REFUSE' or (state = 'RELEASED' and before in ('HELD', 'CONFIRMED'));

  -- Whoever is released before it was ever held stays released: its late ask holds nothing.
  insert into reservation (id, tenant_id, key, state, request_hash, ended_at, end_reason)
  select id_of('rsv', p_seed, o.n), o.tenant, o.key, 'RELEASED', '', app_now(), o.reason
  from unnest(o_tenant, o_key, o_deed, o_reason, v_code) with ordinality o (tenant, key, deed, reason, code, n) where o.deed = 'RELEASE' and o.code = 'UNKNOWN'
  order by o.tenant, o.key on conflict do nothing;

  select jsonb_agg(jsonb_build_object(
    -- An ask for the same key that was on its way got in first: the release has to come again.
    'code', case when v_code[o.n] = 'UNKNOWN' and o_deed[o.n] = 'RELEASE' then case when r.state = 'RELEASED' then 'OK' else 'AGAIN' end else v_code[o.n] end,
    'id', r.id, 'state', r.state, 'reason', r.end_reason, 'expiresAt', to_char(r.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'bucket', r.bucket, 'memberId', r.member_id,
    'lines', case when v_code[o.n] = 'LATE' then (select jsonb_agg(jsonb_build_object('skuId', sku_id, 'quantity', quantity)) from (
      select sku_id, sum(quantity) as quantity from reservation_line where reservation_id = r.id group by sku_id) line) end
  ) order by o.n) into answers
  from unnest(o_tenant, o_key) with ordinality o (tenant, key, n) left join reservation r on r.tenant_id = o.tenant and r.key = o.key;
  xid := pg_current_xact_id_if_assigned()::text;
end $$;

-- Gives back what has lapsed, level by level across all tenants: for those who wait to hear of it, since truth needs no
-- sweeper. Answers how many levels were looked at; 0 when there is nothing left.
create function sweep_lapsed(p_seed text, p_levels int, out levels int, out xid text) language plpgsql set enable_seqscan = off as $$
declare
  v_levels text[];
begin
  select array_agg(id) into v_levels from (
    select l.id from stock_level l where l.id in (
      select distinct due.stock_level_id from (
        select stock_level_id from reservation_line where expires_at <= app_now() order by expires_at limit 4000
      ) due limit p_levels
    ) order by l.tenant_id, l.sku_id, l.id for no key update
  ) locked;
  levels := coalesce(cardinality(v_levels), 0);
  if levels > 0 then
    perform lapse(p_seed, v_levels, 4000);
    perform tell_levels(seed_beside(p_seed), v_levels, null, null);
  end if;
  xid := pg_current_xact_id_if_assigned()::text;
end $$;
