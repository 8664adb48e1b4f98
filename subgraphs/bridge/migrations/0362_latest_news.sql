-- Of what changes often only the newest waits for a partner.
create index webhook_message_latest on webhook_message (endpoint_id, topic, subject_id) where state = 'DUE';
