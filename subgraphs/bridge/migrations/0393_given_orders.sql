-- What was given to who ships is compared every hour with what is there, also of those connected before.
insert into sync_stream (connection_id, stream, tenant_id, cursor_at)
select c.id, 'GIVEN', c.tenant_id, app_now() from channel_connection c
where c.sealed_account is not null and c.platform in ('SHIPSTATION', 'SHIPSTATION_V2') on conflict do nothing;
