-- A channel that has been left for good: since when, and when the last of what it told us of itself was gone.
alter table channel_connection add column left_at timestamptz, add column cleaned_at timestamptz;
create index channel_connection_left on channel_connection (left_at) where left_at is not null and cleaned_at is null;
