-- What marketplaces list is read, too: those that are connected already are read as new ones are.
insert into sync_stream (connection_id, stream, tenant_id, cursor_at)
select c.id, 'GOODS', c.tenant_id, app_now() from channel_connection c
where c.sealed_account is not null and c.platform in ('TAOBAO', 'DOUYIN', 'XIAOHONGSHU', 'PINDUODUO') on conflict do nothing;
