-- SKUs by the code that files of stock name them by, and by the category that rules are said for.
create table known_sku (
  sku_id text primary key,
  tenant_id text not null,
  code text not null,
  category text,
  unique (tenant_id, code)
);
create index known_sku_category on known_sku (tenant_id, category, sku_id) where category is not null;
select tenant_table('known_sku', 'select, insert, update');

-- Of each value the most specific rule that says it holds: SKU, category, channel, all.
create table allocation_rule (
  id text primary key,
  tenant_id text not null,
  channel_id text,
  category text,
  sku_id text,
  -- Ten-thousandths: 0.98 is 9800.
  ratio_scaled int check (ratio_scaled between 0 and 1000000),
  rounding text check (rounding in ('FLOOR', 'ROUND', 'CEIL')),
  max_oversell_units int check (max_oversell_units >= 0),
  max_oversell_percent int check (max_oversell_percent >= 100),
  min_publish int check (min_publish >= 0),
  version int not null default 1,
  updated_at timestamptz not null default app_now(),
  check (category is null or sku_id is null),
  -- Whoever shows more than there is says how much more.
  constraint ratio_over_one_is_capped check (coalesce(ratio_scaled, 0) <= 10000 or max_oversell_units is not null or max_oversell_percent is not null),
  unique nulls not distinct (tenant_id, channel_id, category, sku_id)
);
create index allocation_rule_list on allocation_rule (tenant_id, id);
select tenant_table('allocation_rule', 'select, insert, update');

create table stock_policy (
  id text primary key,
  tenant_id text not null,
  category text,
  sku_id text,
  safety_stock int check (safety_stock >= 0),
  low_stock_threshold int check (low_stock_threshold >= 0),
  low_stock_margin int check (low_stock_margin >= 0),
  main_channel_only_below int check (main_channel_only_below >= 0),
  version int not null default 1,
  updated_at timestamptz not null default app_now(),
  check (category is null or sku_id is null),
  unique nulls not distinct (tenant_id, category, sku_id)
);
create index stock_policy_list on stock_policy (tenant_id, id);
select tenant_table('stock_policy', 'select, insert, update');

-- Stock is published to no channel until somebody says so: a shop just connected must not be overwritten unseen.
create table stock_channel (
  tenant_id text not null,
  channel_id text not null,
  publishing boolean not null,
  is_main boolean not null,
  -- No second reconciliation of a channel before this: one that keeps failing would publish without end.
  reconcile_after timestamptz not null default app_now(),
  version int not null default 1,
  updated_at timestamptz not null default app_now(),
  primary key (tenant_id, channel_id)
);
create unique index stock_channel_one_main on stock_channel (tenant_id) where is_main;
select tenant_table('stock_channel', 'select, insert, update', 'select');

-- What each channel was last told of a SKU, and what became of it.
create table published_quantity (
  id text primary key,
  tenant_id text not null,
  channel_id text not null,
  sku_id text not null,
  quantity int not null check (quantity >= 0),
  -- Grows with each telling; also the sequence of its events.
  version int not null default 1,
  published_at timestamptz not null default app_now(),
  -- REPEAT: tell it again, equal or not.
  outcome text not null default 'PENDING' check (outcome in ('PENDING', 'ACCEPTED', 'FAILED', 'REPEAT')),
  outcome_at timestamptz,
  failure_code text,
  -- Through all repeats until one is accepted.
  failing_since timestamptz,
  unique (tenant_id, channel_id, sku_id)
) with (fillfactor = 80);
create index published_quantity_list on published_quantity (tenant_id, id);
create index published_quantity_of_sku on published_quantity (tenant_id, sku_id);
create index published_quantity_open on published_quantity (tenant_id, channel_id, published_at) where outcome in ('PENDING', 'FAILED');
create index published_quantity_failing on published_quantity (tenant_id, channel_id) where failing_since is not null;
select tenant_table('published_quantity', 'select, insert, update', 'select');

-- SKUs whose figures are to be worked out anew. One row however often a hot SKU changes.
create table publish_due (
  tenant_id text not null,
  sku_id text not null,
  marked_at timestamptz not null default app_now(),
  primary key (tenant_id, sku_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
select tenant_table('publish_due', 'select, insert, update, delete', 'select');

-- Many SKUs at once (a rule of a category, a channel switched on) become due page by page, in short transactions.
create table publish_sweep (
  id text primary key,
  tenant_id text not null,
  category text,
  -- Everything of this channel is told again.
  repeat_channel_id text,
  after_sku_id text not null default '',
  created_at timestamptz not null default app_now()
);
select tenant_table('publish_sweep', 'select, insert, update, delete', 'select');

-- What a person should look at in stock: raised once, closed when it is over.
create table stock_exception (
  id text primary key,
  tenant_id text not null,
  code text not null check (code in ('LOW_STOCK', 'STOCK_DEFICIT', 'STOCK_DRIFT', 'PUBLISH_FAILED')),
  -- What it is about, as one text: a SKU, a level, a channel.
  subject text not null,
  sku_id text,
  location_id text,
  channel_id text,
  -- Figures at the time it was raised or last changed; never personal data.
  figures jsonb not null,
  state text not null default 'OPEN' check (state in ('OPEN', 'RESOLVED')),
  raised_at timestamptz not null default app_now(),
  resolved_at timestamptz
);
create unique index stock_exception_open_once on stock_exception (tenant_id, code, subject) where state = 'OPEN';
create index stock_exception_list on stock_exception (tenant_id, id);
create index stock_exception_of_sku on stock_exception (tenant_id, sku_id) where state = 'OPEN';
select tenant_table('stock_exception', 'select, insert, update');
