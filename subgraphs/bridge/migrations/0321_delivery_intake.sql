-- RECEIVED: stored, and believed no further than what is read at the platform; VERIFIED: its signature is good.
alter table delivery drop constraint delivery_state_check, add column signed boolean not null default true;
update delivery set state = 'VERIFIED' where state = 'RECEIVED';
alter table delivery
  alter column state set default 'VERIFIED',
  add constraint delivery_state_check check (state in ('RECEIVED', 'VERIFIED', 'PROCESSING', 'DONE', 'FAILED', 'DEAD', 'IGNORED'));
drop index delivery_waiting_once;
drop index delivery_unfinished;
create unique index delivery_waiting_once on delivery (connection_id, topic, body_hash)
  where dedupe_key is null and state in ('RECEIVED', 'VERIFIED', 'PROCESSING', 'FAILED');
create index delivery_unfinished on delivery (changed_at) where state in ('RECEIVED', 'VERIFIED', 'PROCESSING', 'FAILED');
-- Webhooks that come together, of whichever tenants, are stored by one statement; each with the tenant of its own connection.
do $$ begin execute format('grant insert on delivery to %I', current_schema() || '_system'); end $$;
