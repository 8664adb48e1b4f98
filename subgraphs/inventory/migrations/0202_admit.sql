-- Admission: one call judges a batch of asks in the order of their arrival and writes all that follows from it.
--
-- The batch comes as columns. t_: the tenants in it. k_: the stock that is wanted, each (tenant, SKU, bucket) once.
-- r_: the asks. l_: their lines, in the order of the asks, one a SKU. m_: the members with a limit, each (stock, member)
-- once. g_: regions that goods go to. Numbers in these columns count from 1 and point into the others; 0 means none.
-- r_hold is in seconds, null for a hold without an end. r_flags: 1 in part if need be, 2 tells orders, 4 tells of shortness,
-- 8 a late payment (an expired hold is held again, and confirmed at once).
--
-- Answers one letter an ask: Y held, P held in part, N short, R known already, K known with another content, E expired,
-- X ended, F stock of another tenant, B bucket does not sell, M more than a member may have, A ask again (so many holds had
-- ended at once that not all are back yet). Ids of reservations follow from the seed and the number of the ask.
create function admit(
  p_seed text, t_id text[], k_tenant int[], k_sku text[], k_bucket text[],
  r_tenant int[], r_key text[], r_hash text[], r_hold int[], r_flags int[], r_bucket text[], r_member text[], r_region int[], r_correlation text[], r_causation text[],
  l_ask int[], l_stock int[], l_quantity int[], l_member int[],
  m_stock int[], m_id text[], g_region text[],
  out verdicts text, out judged_at timestamptz, out xid text, out details jsonb
) language plpgsql
-- A plan made while a table was small must not be kept for when it is large: everything here is found by index.
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  n_asks int := cardinality(r_key);
  n_lines int := cardinality(l_ask);
  n_levels int;
  -- Stocks that have a level at all.
  n_stocks int;
  v_plenty boolean := false;
  v_last_sequence bigint[];
  v_id text[]; v_stock int[]; v_free int[]; v_sequence bigint[]; v_location text[]; v_place int[]; v_taken int[];
  v_first int[] := array_fill(0, array[cardinality(k_sku)]);
  v_last int[] := array_fill(0, array[cardinality(k_sku)]);
  v_rank int[]; v_nearest boolean[]; n_places int;
  v_shut boolean[] := array_fill(false, array[cardinality(k_sku)]);
  v_limit int[]; v_bought int[];
  v_code "char"[] := array_fill(null::"char", array[n_asks]);
  v_count int[] := array_fill(0, array[n_asks]);
  v_known boolean := false;
  v_more boolean;
  -- What is taken: for which ask, from which level, how much, as the level's which movement.
  a_ask int[] := '{}'; a_level int[] := '{}'; a_quantity int[] := '{}'; a_sequence bigint[] := '{}';
  -- What is short: in which ask, of which stock, how much there is.
  s_ask int[] := '{}'; s_stock int[] := '{}'; s_asked int[] := '{}'; s_have int[] := '{}';
  n_taken int := 0; n_short int := 0;
  v_ask int; v_line int := 1; v_from int; v_to int; j int; k int; a int; m int; v_quantity int; v_have int; v_flags int;
  v_fits boolean; v_code_now "char"; v_several boolean; v_left int; v_take int; v_units int[]; v_best int; v_best_units int; v_best_rank int; v_wish int[];
  v_base int; v_again text[]; v_reservation text[];
begin
  judged_at := app_now();

  -- Levels first, in the order of tenant, SKU and id, once for the whole batch: two batches cannot wait for each other.
  select array_agg(x.id order by x.k, x.id), array_agg(x.k order by x.k, x.id), array_agg(x.free order by x.k, x.id),
         array_agg(x.version order by x.k, x.id), array_agg(x.location_id order by x.k, x.id), array_fill(0, array[count(*)::int])
  into v_id, v_stock, v_free, v_sequence, v_location, v_taken
  from (
    select l.id, w.k::int as k, l.on_hand - l.unavailable + l.allowance - l.reserved as free, l.version, l.location_id
    from unnest(k_tenant, k_sku, k_bucket) with ordinality w (tenant, sku, bucket, k)
    join stock_level l on l.tenant_id = t_id[w.tenant] and l.sku_id = w.sku and l.bucket = w.bucket
    order by l.tenant_id, l.sku_id, l.id for no key update of l
  ) x;
  n_levels := coalesce(cardinality(v_id), 0);

  -- Holds past their end are given back before anything is judged.
  if exists (select from reservation_line where stock_level_id = any (v_id) and expires_at <= judged_at) then
    v_more := lapse(seed_beside(p_seed), v_id, 4000);
    perform tell_levels(seed_beside(p_seed), v_id, null, null);
    select array_agg(l.on_hand - l.unavailable + l.allowance - l.reserved order by x.n), array_agg(l.version order by x.n) into v_free, v_sequence
    from unnest(v_id) with ordinality x (id, n) join stock_level l on l.id = x.id;
  end if;

  for a in 1 .. n_levels loop
    if v_first[v_stock[a]] = 0 then v_first[v_stock[a]] := a; end if;
    v_last[v_stock[a]] := a;
  end loop;

  -- Known keys are looked up after the locks, by a statement of its own that sees what was committed meanwhile.
  for v_ask, v_code_now in
    select q.n, case
      when r.state = 'EXPIRED' and r_flags[q.n] & 8 > 0 then null
      when r.request_hash <> '' and r.request_hash <> r_hash[q.n] and r_flags[q.n] & 8 = 0 then 'K'
      when r.state = 'HELD' and r.expires_at <= judged_at then 'A'
      when r.state = 'EXPIRED' then 'E'
      when r.state = 'RELEASED' then 'X'
      else 'R' end
    from unnest(r_tenant, r_key) with ordinality q (tenant, key, n) join reservation r on r.tenant_id = t_id[q.tenant] and r.key = q.key
  loop
    v_code[v_ask] := v_code_now;
    v_known := true;
  end loop;

  if exists (select from unnest(k_bucket) b where b <> 'MAIN') then
    select array_agg(w.bucket <> 'MAIN' and (b.bucket is null or coalesce(b.closed_at <= judged_at or b.starts_at > judged_at or b.ends_at <= judged_at, false)) order by w.k),
           array_agg(b.per_member_limit order by w.k) into v_shut, v_limit
    from unnest(k_tenant, k_bucket) with ordinality w (tenant, bucket, k) left join stock_bucket b on b.tenant_id = t_id[w.tenant] and b.bucket = w.bucket;
    if cardinality(m_id) > 0 then
      select array_agg(coalesce(p.quantity, 0) order by w.n) into v_bought
      from unnest(m_stock, m_id) with ordinality w (stock, member, n)
      left join bucket_purchase p on p.tenant_id = t_id[k_tenant[w.stock]] and p.bucket = k_bucket[w.stock] and p.sku_id = k_sku[w.stock] and p.member_id = w.member;
    end if;
  end if;

  -- How near each level is to each region; row 0 is "everywhere".
  n_stocks := (select count(*) from unnest(v_first) f where f > 0);
  if n_levels > n_stocks then
    select array_agg(place order by n), max(place) into v_place, n_places
    from (select n, dense_rank() over (order by location)::int as place from unnest(v_location) with ordinality x (location, n)) placed;
    select array_agg(coalesce(exact.rank, anywhere.rank, 10000) order by g.n, x.n) into v_rank
    from unnest('*'::text || g_region) with ordinality g (region, n) cross join unnest(v_location, v_stock) with ordinality x (location, stock, n)
    left join sourcing_rule exact on exact.tenant_id = t_id[k_tenant[x.stock]] and exact.region = g.region and exact.location_id = x.location
    left join sourcing_rule anywhere on anywhere.tenant_id = t_id[k_tenant[x.stock]] and anywhere.region = '*' and anywhere.location_id = x.location;
    select array_agg(coalesce(p.prefer = 'NEAREST', false) order by t.n) into v_nearest
    from unnest(t_id) with ordinality t (id, n) left join sourcing_policy p on p.tenant_id = t.id;
  end if;

  -- Enough of everything for everybody: nobody's turn matters, and one statement says what the walk would.
  if not v_known and n_levels = n_stocks and n_stocks = cardinality(k_sku) and cardinality(m_id) = 0 and not true = any (v_shut) then
    select bool_and(w.wanted <= v_free[w.stock] and w.of_tenant), array_agg(w.wanted::int order by w.stock), array_agg(v_sequence[w.stock] + w.count order by w.stock)
    into v_plenty, v_units, v_last_sequence
    from (
      select l.stock, sum(l.quantity) as wanted, count(*) as count, bool_and(k_tenant[l.stock] = r_tenant[l.ask]) as of_tenant
      from unnest(l_ask, l_stock, l_quantity) l (ask, stock, quantity) group by l.stock
    ) w;
  end if;
  if v_plenty then
    a_ask := l_ask; a_level := l_stock; a_quantity := l_quantity; n_taken := n_lines;
    select array_agg(v_sequence[stock] + nth order by n) into a_sequence
    from (select n, stock, row_number() over (partition by stock order by n) as nth from unnest(l_stock) with ordinality l (stock, n)) x;
    v_taken := v_units; v_sequence := v_last_sequence;
    v_code := array_fill('Y'::"char", array[n_asks]);
    if n_lines = n_asks then v_count := array_fill(1, array[n_asks]);
    else select array_agg(count::int order by ask) into v_count from (select ask, count(*) from unnest(l_ask) ask group by ask) x;
    end if;
  end if;

  -- Else the walk: ask by ask in the order of arrival, all lines or none.
  for v_ask in 1 .. case when v_plenty then 0 else n_asks end loop
    v_from := v_line;
    while v_line <= n_lines and l_ask[v_line] = v_ask loop v_line := v_line + 1; end loop;
    v_to := v_line - 1;
    if v_known and v_code[v_ask] is not null then continue; end if;
    v_flags := r_flags[v_ask];
    v_fits := true;
    v_several := false;
    v_code_now := null;
    v_left := 0;
    for j in v_from .. v_to loop
      k := l_stock[j];
      v_quantity := l_quantity[j];
      if k_tenant[k] <> r_tenant[v_ask] then v_code_now := 'F'; exit; end if;
      if v_shut[k] then v_code_now := 'B'; exit; end if;
      m := l_member[j];
      if m > 0 and v_bought[m] + v_quantity > v_limit[k] then v_code_now := 'M'; exit; end if;
      a := v_first[k];
      if a = 0 then v_have := 0;
      elsif a = v_last[k] then v_have := greatest(0, v_free[a]);
      else
        v_several := true;
        v_have := 0;
        for a in v_first[k] .. v_last[k] loop v_have := v_have + greatest(0, v_free[a]); end loop;
      end if;
      v_left := v_left + least(v_have, v_quantity);
      if v_have < v_quantity then
        v_fits := false;
        n_short := n_short + 1; s_ask[n_short] := v_ask; s_stock[n_short] := k; s_asked[n_short] := v_quantity; s_have[n_short] := v_have;
      end if;
    end loop;
    if v_code_now is null and not v_fits and (v_flags & 1 = 0 or v_left = 0) then v_code_now := case when v_more then 'A' else 'N' end; end if;
    if v_code_now is not null then
      v_code[v_ask] := v_code_now;
      continue;
    end if;
    v_code[v_ask] := case when v_fits then 'Y' else 'P' end;

    if not v_several then
      for j in v_from .. v_to loop
        a := v_first[l_stock[j]];
        continue when a = 0;
        v_take := least(l_quantity[j], v_free[a]);
        continue when v_take < 1;
        v_free[a] := v_free[a] - v_take; v_taken[a] := v_taken[a] + v_take; v_sequence[a] := v_sequence[a] + 1;
        n_taken := n_taken + 1; a_ask[n_taken] := v_ask; a_level[n_taken] := a; a_quantity[n_taken] := v_take; a_sequence[n_taken] := v_sequence[a]; v_count[v_ask] := v_count[v_ask] + 1;
        if l_member[j] > 0 then v_bought[l_member[j]] := v_bought[l_member[j]] + v_take; end if;
      end loop;
      continue;
    end if;

    -- Several locations: one after the other gives all that it can, chosen by how much it can give or by how near it is.
    v_wish := array_fill(0, array[v_to - v_from + 1]);
    for j in v_from .. v_to loop v_wish[j - v_from + 1] := l_quantity[j]; end loop;
    v_base := r_region[v_ask] * n_levels;
    while v_left > 0 loop
      v_units := array_fill(0, array[n_places]);
      for j in v_from .. v_to loop
        continue when v_first[l_stock[j]] = 0;
        for a in v_first[l_stock[j]] .. v_last[l_stock[j]] loop
          v_units[v_place[a]] := v_units[v_place[a]] + greatest(0, least(v_wish[j - v_from + 1], v_free[a]));
        end loop;
      end loop;
      v_best := 0; v_best_units := 0; v_best_rank := 0;
      for j in v_from .. v_to loop
        continue when v_first[l_stock[j]] = 0;
        for a in v_first[l_stock[j]] .. v_last[l_stock[j]] loop
          m := v_units[v_place[a]];
          continue when m = 0;
          if v_best = 0
             or (v_nearest[r_tenant[v_ask]] and (v_rank[v_base + a] < v_best_rank or (v_rank[v_base + a] = v_best_rank and m > v_best_units)))
             or (not v_nearest[r_tenant[v_ask]] and (m > v_best_units or (m = v_best_units and v_rank[v_base + a] < v_best_rank))) then
            v_best := v_place[a]; v_best_units := m; v_best_rank := v_rank[v_base + a];
          end if;
        end loop;
      end loop;
      for j in v_from .. v_to loop
        continue when v_first[l_stock[j]] = 0;
        for a in v_first[l_stock[j]] .. v_last[l_stock[j]] loop
          continue when v_place[a] <> v_best;
          v_take := least(v_wish[j - v_from + 1], v_free[a]);
          continue when v_take < 1;
          v_wish[j - v_from + 1] := v_wish[j - v_from + 1] - v_take; v_left := v_left - v_take;
          v_free[a] := v_free[a] - v_take; v_taken[a] := v_taken[a] + v_take; v_sequence[a] := v_sequence[a] + 1;
          n_taken := n_taken + 1; a_ask[n_taken] := v_ask; a_level[n_taken] := a; a_quantity[n_taken] := v_take; a_sequence[n_taken] := v_sequence[a]; v_count[v_ask] := v_count[v_ask] + 1;
          if l_member[j] > 0 then v_bought[l_member[j]] := v_bought[l_member[j]] + v_take; end if;
        end loop;
      end loop;
    end loop;
  end loop;

  if n_taken > 0 then
    -- A late payment finds its expired reservation; whatever that held is back already.
    if exists (select from unnest(r_flags) f where f & 8 > 0) then
      with again as (
        update reservation r set state = 'CONFIRMED', ended_at = null, version = r.version + 1
        from unnest(r_tenant, r_key, r_flags, v_code) with ordinality q (tenant, key, flags, code, n)
        where q.flags & 8 > 0 and q.code = 'Y' and r.tenant_id = t_id[q.tenant] and r.key = q.key
        returning r.id, q.n
      )
      select array_agg(again.id order by q.n) into v_again from generate_series(1, n_asks) q (n) left join again on again.n = q.n;
    end if;
    select array_agg(coalesce(v_again[n], id_of('rsv', p_seed, n)) order by n) into v_reservation from generate_series(1, n_asks) n;

    insert into reservation (id, tenant_id, key, state, request_hash, bucket, member_id, expires_at, created_at)
    select v_reservation[n], t_id[r_tenant[n]], r_key[n], case when r_flags[n] & 8 > 0 then 'CONFIRMED' else 'HELD' end, r_hash[n], r_bucket[n], r_member[n],
      case when r_flags[n] & 8 = 0 then judged_at + r_hold[n] * interval '1 second' end, judged_at
    from (select generate_series(1, n_asks) as n) q
    where v_code[n] in ('Y', 'P') and v_again[n] is null
    -- In one order too: two processes that were sent the same keys would wait for each other's rows otherwise.
    order by r_tenant[n], r_key[n];

    insert into reservation_line (reservation_id, stock_level_id, tenant_id, sku_id, quantity, open, expires_at)
    select v_reservation[a_ask[n]], v_id[a_level[n]], t_id[r_tenant[a_ask[n]]], k_sku[v_stock[a_level[n]]], a_quantity[n], a_quantity[n], judged_at + r_hold[a_ask[n]] * interval '1 second'
    from (select generate_series(1, n_taken) as n) x where v_again[a_ask[n]] is null;
    if v_again is not null then
      insert into reservation_line (reservation_id, stock_level_id, tenant_id, sku_id, quantity, open)
      select v_again[x.ask], v_id[x.level], t_id[r_tenant[x.ask]], k_sku[v_stock[x.level]], x.quantity, x.quantity
      from unnest(a_ask, a_level, a_quantity) x (ask, level, quantity) where v_again[x.ask] is not null
      on conflict (reservation_id, stock_level_id) do update set quantity = excluded.quantity, open = excluded.open, consumed = 0, expires_at = null;
    end if;

    insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, reserved, reservation_id, at)
    select id_of('mov', p_seed, n), t_id[r_tenant[a_ask[n]]], v_id[a_level[n]], a_sequence[n], 'RESERVED', a_quantity[n], v_reservation[a_ask[n]], judged_at
    from (select generate_series(1, n_taken) as n) x;

    update stock_level l set reserved = l.reserved + x.taken, version = x.sequence, updated_at = judged_at
    from unnest(v_id, v_taken, v_sequence) x (id, taken, sequence) where l.id = x.id and x.taken > 0;

    if cardinality(m_id) > 0 then
      insert into bucket_purchase (tenant_id, bucket, sku_id, member_id, quantity)
      select t_id[k_tenant[w.stock]], k_bucket[w.stock], k_sku[w.stock], w.member, w.bought
      from unnest(m_stock, m_id, v_bought) w (stock, member, bought)
      on conflict (tenant_id, bucket, sku_id, member_id) do update set quantity = excluded.quantity;
    end if;

    -- What is told of an ask with one line needs no grouping, and most have one.
    insert into outbox (event_id, tenant_id, type, subject, sequence, time, data, correlation_id, causation_id, traceparent)
    select id_of('evt', p_seed, ask), t_id[r_tenant[ask]], 'inventory.stock-reserved.v1', r_key[ask], 1, judged_at,
      jsonb_build_object('orderId', r_key[ask], 'reservationId', v_reservation[ask],
        'lines', jsonb_build_array(jsonb_build_object('skuId', k_sku[v_stock[a_level[n]]], 'quantity', a_quantity[n], 'locationId', v_location[a_level[n]]))),
      coalesce(r_correlation[ask], id_of('evt', p_seed, ask)), cause_id(r_causation[ask]), cause_trace(r_causation[ask])
    from (select n, a_ask[n] as ask from (select generate_series(1, n_taken) as n) x) x where r_flags[ask] & 2 > 0 and v_count[ask] = 1;
    insert into outbox (event_id, tenant_id, type, subject, sequence, time, data, correlation_id, causation_id, traceparent)
    select id_of('evt', p_seed, x.ask), t_id[r_tenant[x.ask]], 'inventory.stock-reserved.v1', r_key[x.ask], 1, judged_at,
      jsonb_build_object('orderId', r_key[x.ask], 'reservationId', v_reservation[x.ask],
        'lines', jsonb_agg(jsonb_build_object('skuId', k_sku[v_stock[x.level]], 'quantity', x.quantity, 'locationId', v_location[x.level]))),
      coalesce(r_correlation[x.ask], id_of('evt', p_seed, x.ask)), cause_id(r_causation[x.ask]), cause_trace(r_causation[x.ask])
    from unnest(a_ask, a_level, a_quantity) x (ask, level, quantity) where r_flags[x.ask] & 2 > 0 and v_count[x.ask] > 1
    group by x.ask;
    perform tell_levels(seed_beside(p_seed), array(select x.id from unnest(v_id, v_taken) x (id, taken) where x.taken > 0), null, null);
  end if;
  if n_short > 0 and exists (select from unnest(r_flags) f where f & 4 > 0) then
    insert into outbox (event_id, tenant_id, type, subject, sequence, data, correlation_id, causation_id, traceparent)
    select id_of('evt', p_seed, 800000 + x.ask), t_id[r_tenant[x.ask]], 'inventory.stock-short.v1', r_key[x.ask], 1,
      jsonb_build_object('orderId', r_key[x.ask], 'lines', jsonb_agg(jsonb_build_object('skuId', k_sku[x.stock], 'asked', x.asked, 'available', x.have))),
      coalesce(r_correlation[x.ask], id_of('evt', p_seed, 800000 + x.ask)), cause_id(r_causation[x.ask]), cause_trace(r_causation[x.ask])
    from unnest(s_ask, s_stock, s_asked, s_have) x (ask, stock, asked, have) where v_code[x.ask] = 'N' and r_flags[x.ask] & 4 > 0
    group by x.ask;
  end if;

  verdicts := array_to_string(v_code, '');
  xid := pg_current_xact_id_if_assigned()::text;
  if n_short > 0 then
    select jsonb_object_agg(ask, have) into details from (
      select ask, jsonb_object_agg(stock, have) as have from unnest(s_ask, s_stock, s_have) s (ask, stock, have) where v_code[ask] in ('N', 'P') group by ask
    ) short;
  end if;
  if v_known then
    select coalesce(details, '{}') || coalesce(jsonb_object_agg(q.n, jsonb_build_object('id', r.id, 'state', r.state, 'expiresAt', to_char(r.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'held', (select jsonb_object_agg(sku_id, quantity) from (select sku_id, sum(quantity) as quantity from reservation_line where reservation_id = r.id group by sku_id) held))), '{}')
    into details
    from unnest(r_tenant, r_key) with ordinality q (tenant, key, n) join reservation r on r.tenant_id = t_id[q.tenant] and r.key = q.key where v_code[q.n] = 'R';
  end if;
end $$;

