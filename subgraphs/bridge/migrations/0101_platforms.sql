-- Which platforms there are is told by one table of the code, src/channels/channels.ts; here only their form is kept.
alter table channel_connection
  drop constraint channel_connection_platform_check,
  add constraint channel_connection_platform_check check (platform ~ '^[A-Z][A-Z0-9_]{0,39}$');
