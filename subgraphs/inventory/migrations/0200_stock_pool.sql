-- The stock pool: buckets, six quantities a level, holds with an end, and a journal that adds up.

-- As long as they are forced, not even the owner sees rows; what is there has to move.
alter table stock_level no force row level security;
alter table reservation no force row level security;
alter table reservation_line no force row level security;

-- A level is a SKU at a location in a bucket: MAIN, or the activity that the units were set aside for.
-- Ten to the ninth bounds every quantity, so that no sum of them leaves its type.
alter table stock_level
  add column bucket text not null default 'MAIN',
  add column unavailable int not null default 0 check (unavailable between 0 and 1000000000),
  add column incoming int not null default 0 check (incoming between 0 and 1000000000),
  add column allowance int not null default 0 check (allowance between 0 and 1000000000),
  add column deficit int not null default 0 check (deficit between 0 and 1000000000),
  add constraint on_hand_bounded check (on_hand <= 1000000000),
  alter column version type bigint,
  alter column version set default 0,
  drop constraint never_oversold,
  -- The database itself refuses to promise more than there is. Admission never raises the deficit; only a count or an
  -- outside snapshot does, when it finds less than is promised already.
  add constraint never_oversold check (reserved::bigint <= on_hand::bigint - unavailable + allowance + deficit),
  drop constraint stock_level_tenant_id_sku_id_location_id_key,
  add unique (tenant_id, sku_id, location_id, bucket);

-- Every change of a level, with its reason: rows are only added. A level's movements are numbered without a gap, and
-- their sums are its quantities.
create table stock_movement (
  id text not null,
  tenant_id text not null,
  stock_level_id text not null,
  -- The level's version that this movement made.
  sequence bigint not null,
  reason text not null,
  on_hand int not null default 0,
  reserved int not null default 0,
  unavailable int not null default 0,
  incoming int not null default 0,
  allowance int not null default 0,
  deficit int not null default 0,
  reservation_id text,
  -- What it was done for: a stock take, a file, a transfer; in the caller's words.
  reference text,
  -- Who did it: a staff member, a partner, a job; null for the engine itself.
  actor text,
  note text,
  at timestamptz not null default app_now(),
  primary key (stock_level_id, sequence),
  -- Also the order in which a tenant's journal is read.
  unique (tenant_id, id),
  check (reason in ('OPENING', 'RESERVED', 'RELEASED', 'EXPIRED', 'CONSUMED', 'COUNT', 'SNAPSHOT', 'ADJUSTMENT', 'RECEIVED',
    'RETURNED', 'DAMAGED', 'QUALITY_HOLD', 'QUALITY_RELEASE', 'INCOMING', 'ALLOWANCE', 'TRANSFER', 'IMPORT', 'REPAIR', 'DEFICIT_COVERED'))
);
select tenant_table('stock_movement', 'select, insert', 'select, insert');

-- What an order or another key holds. The key is the idempotency: one reservation each, whatever comes twice.
alter table reservation rename column order_id to key;
alter table reservation rename column released_at to ended_at;
alter table reservation drop constraint reservation_state_check;
delete from reservation where state = 'SHORT';
alter table reservation
  add constraint reservation_state_check check (state in ('HELD', 'CONFIRMED', 'CONSUMED', 'RELEASED', 'EXPIRED')),
  -- Of what was asked: the same key with another ask is refused.
  add column request_hash text not null default '',
  add column bucket text not null default 'MAIN',
  add column member_id text,
  -- Null: it holds until somebody ends it.
  add column expires_at timestamptz,
  add column extended boolean not null default false,
  -- Why it ended, in the words of the event that tells it.
  add column end_reason text,
  -- A payment came after the end and its order could not be held again: told once.
  add column payment_refused boolean not null default false,
  -- Grows with each change; also the sequence of its events.
  add column version int not null default 1,
  add constraint only_holds_end check (expires_at is null or state = 'HELD');
alter table reservation alter column request_hash drop default;

-- No foreign keys: rows of both sides are written by the engine's functions alone and never deleted, and the checks
-- would cost more than the rows.
alter table reservation_line
  drop constraint reservation_line_reservation_id_fkey,
  drop constraint reservation_line_stock_level_id_fkey,
  -- Of the quantity: still counted in the level's `reserved`; shipped.
  add column open int not null default 0,
  add column consumed int not null default 0,
  -- As long as the hold has an end. Kept here too, so that one index finds what has lapsed at a level.
  add column expires_at timestamptz;
update reservation_line line set open = line.quantity from reservation r where r.id = line.reservation_id and r.state = 'HELD';
alter table reservation_line add constraint line_adds_up check (open >= 0 and consumed >= 0 and open::bigint + consumed <= quantity);
drop index reservation_line_level;
create index reservation_line_open on reservation_line (stock_level_id) where open > 0 and expires_at is null;
create index reservation_line_lapsing on reservation_line (stock_level_id, expires_at) where expires_at is not null;

-- Parts of a reservation that were shipped or given back, by the caller's name for them: each is done once.
create table reservation_part (
  tenant_id text not null,
  reservation_id text not null,
  reference text not null,
  primary key (reservation_id, reference)
);
select tenant_table('reservation_part', 'select, insert', 'select, insert');

-- Units set aside for an activity: who sells from them, how much one member may have, and until when.
create table stock_bucket (
  tenant_id text not null,
  bucket text not null check (bucket <> 'MAIN'),
  name text not null,
  per_member_limit int check (per_member_limit > 0),
  starts_at timestamptz,
  ends_at timestamptz,
  -- Null as long as it sells; a bucket past its end sells nothing either.
  closed_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, bucket)
);
select tenant_table('stock_bucket', 'select, insert, update', 'select');

-- How much of a SKU a member holds or has bought from a bucket. Changed under the lock of the bucket's level.
create table bucket_purchase (
  tenant_id text not null,
  bucket text not null,
  sku_id text not null,
  member_id text not null,
  quantity int not null check (quantity >= 0),
  primary key (tenant_id, bucket, sku_id, member_id)
);
select tenant_table('bucket_purchase', 'select, insert, update', 'select, insert, update');

-- Where an order's units come from when several locations have them.
create table sourcing_policy (
  tenant_id text primary key,
  -- FEWEST_PARCELS: as few locations as will do, the nearest of equals. NEAREST: near ones first, however many.
  prefer text not null check (prefer in ('FEWEST_PARCELS', 'NEAREST'))
);
select tenant_table('sourcing_policy', 'select, insert, update', 'select');

-- How near a location is to a region that goods are sent to: lower is nearer. Region '*' means everywhere else.
create table sourcing_rule (
  tenant_id text not null,
  region text not null,
  location_id text not null references location (id),
  rank int not null check (rank between 0 and 10000),
  primary key (tenant_id, region, location_id)
);
select tenant_table('sourcing_rule', 'select, insert, update, delete', 'select');

-- Levels of before get the movement that explains them.
insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, on_hand, reserved)
  select 'mov_' || substr(id, 5), tenant_id, id, version, 'OPENING', on_hand, reserved from stock_level;

alter table stock_level force row level security;
alter table reservation force row level security;
alter table reservation_line force row level security;

-- Batches serve many tenants in one transaction; each row's tenant is checked by the function that does it.
create function across_tenants(table_name text, system_rights text) returns void language plpgsql as $$
begin
  execute format('create policy across_tenants on %I to %I using (true) with check (true)', table_name, current_schema() || '_system');
  execute format('grant %s on %I to %I', system_rights, table_name, current_schema() || '_system');
end $$;
select across_tenants('stock_level', 'select, insert, update'), across_tenants('reservation', 'select, insert, update'),
  across_tenants('reservation_line', 'select, insert, update'), across_tenants('location', 'select');
do $$ begin execute format('grant insert on outbox to %I', current_schema() || '_system'); end $$;
do $$ begin execute format('grant update on reservation_line to %I', current_schema() || '_app'); end $$;

-- Whoever changes a level has to leave the movements that explain it: sums agree after every statement.
create function levels_are_explained() returns trigger language plpgsql as $$
begin
  if exists (
    select from after a join before b using (id)
    left join lateral (
      select count(*) as count, sum(m.on_hand) as on_hand, sum(m.reserved) as reserved, sum(m.unavailable) as unavailable,
             sum(m.incoming) as incoming, sum(m.allowance) as allowance, sum(m.deficit) as deficit
      from stock_movement m where m.stock_level_id = a.id and m.sequence > b.version and m.sequence <= a.version
    ) moved on true
    where moved.count <> a.version - b.version
      or (a.on_hand - b.on_hand, a.reserved - b.reserved, a.unavailable - b.unavailable, a.incoming - b.incoming, a.allowance - b.allowance, a.deficit - b.deficit)
         <> (coalesce(moved.on_hand, 0), coalesce(moved.reserved, 0), coalesce(moved.unavailable, 0), coalesce(moved.incoming, 0), coalesce(moved.allowance, 0), coalesce(moved.deficit, 0))
  ) then
    raise exception 'a stock level changed without its movement' using errcode = '23514', constraint = 'levels_are_explained', table = 'stock_level';
  end if;
  return null;
end $$;
create trigger levels_are_explained after update on stock_level
  referencing old table as before new table as after for each statement execute function levels_are_explained();

-- A level begins empty; what it holds comes by movements.
create function levels_begin_empty() returns trigger language plpgsql as $$
begin
  if (new.on_hand, new.reserved, new.unavailable, new.incoming, new.allowance, new.deficit, new.version) <> (0, 0, 0, 0, 0, 0, 0) then
    raise exception 'a stock level begins empty' using errcode = '23514', constraint = 'levels_begin_empty', table = 'stock_level';
  end if;
  return new;
end $$;
create trigger levels_begin_empty before insert on stock_level for each row execute function levels_begin_empty();
