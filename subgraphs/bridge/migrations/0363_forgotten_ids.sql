-- An id that a platform gave is known again for 30 days; which of them are older is found without reading the others.
create index delivery_id_age on delivery (received_at) where dedupe_key is not null;
do $$ begin execute format('grant update (dedupe_key) on delivery to %I', current_schema() || '_system'); end $$;
