-- What a partner wants to hear, in its own words: a subscription document, run with the rights of its key for each event.
alter table webhook_endpoint
  add column document text check (octet_length(document) <= 16384),
  add column key_id text,
  -- When it was last looked at whether it still holds.
  add column document_checked_at timestamptz,
  add column document_fault text,
  add constraint webhook_endpoint_document_key check ((document is null) = (key_id is null));
create index webhook_endpoint_document on webhook_endpoint (document_checked_at) where document is not null and status = 'ACTIVE';

-- The body is put together when it is first sent, and is the same in each try from then on.
alter table webhook_message
  add column subject_id text,
  add column rendered_at timestamptz;
-- SKIPPED: the key may not see what it is about.
alter table webhook_message drop constraint webhook_message_state_check,
  add constraint webhook_message_state_check check (state in ('DUE', 'SENT', 'DEAD', 'SKIPPED'));
