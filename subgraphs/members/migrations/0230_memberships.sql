-- Cards that members hold, one row for each level; a card that is given back ends where it is.
create table membership (
  member_id text not null references member (id),
  level text not null check (level in ('MONTH', 'YEAR')),
  tenant_id text not null,
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  -- Grows with each change; also the sequence of its events.
  version int not null default 1,
  primary key (member_id, level),
  check (valid_until >= valid_from)
);
select tenant_table('membership', 'select, insert, update');
