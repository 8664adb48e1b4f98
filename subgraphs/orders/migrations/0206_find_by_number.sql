-- Under row-level security a pattern is never looked up in an index, since it might leak what it is compared with; a
-- range is, and in the order of bytes it is the same as "begins with".
drop index sales_order_number;
create index sales_order_number on sales_order (tenant_id, order_number collate "C");
create index sales_order_external on sales_order (tenant_id, external_order_id);
