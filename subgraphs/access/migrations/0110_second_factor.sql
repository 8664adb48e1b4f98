-- A person's second factor: a secret that makes codes by the clock (RFC 6238), sealed.
create table second_factor (
  staff_id text primary key references staff (id),
  tenant_id text not null,
  sealed_secret text not null,
  state text not null check (state in ('PENDING', 'ACTIVE')),
  -- The newest step of the clock whose code was taken: a code is good once.
  last_step bigint not null default 0,
  failures int not null default 0,
  locked_until timestamptz,
  enrolled_at timestamptz
);
select tenant_table('second_factor', 'select, insert, update, delete');

-- For whoever has lost their device: each is good once; only its hash is kept.
create table recovery_code (
  staff_id text not null references staff (id),
  tenant_id text not null,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  used_at timestamptz,
  primary key (staff_id, hash)
);
select tenant_table('recovery_code', 'select, insert, update, delete');

-- What somebody may do once, right after their second factor. Only the hash of the token is kept.
create table step_up (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  tenant_id text not null,
  staff_id text not null references staff (id),
  action text not null,
  subject text not null,
  amount_minor bigint,
  currency text,
  expires_at timestamptz not null,
  -- What it was used for: the same use again is no second one.
  used_for text,
  used_at timestamptz,
  check ((used_for is null) = (used_at is null)),
  check ((amount_minor is null) = (currency is null))
);
create index step_up_of_staff on step_up (staff_id, expires_at);
select tenant_table('step_up', 'select, insert, update, delete');
