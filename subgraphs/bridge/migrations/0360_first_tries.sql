-- How often a shop was asked to take something of ours before it did, counted from when it was new.
alter table shop_copy
  add column tries int not null default 0,
  add column first_tried_at timestamptz,
  add column first_told_at timestamptz;
create index shop_copy_tried on shop_copy (connection_id, first_tried_at) where purpose = 'ORDER';
create index outside_parcel_read on outside_parcel (connection_id, read_at);
