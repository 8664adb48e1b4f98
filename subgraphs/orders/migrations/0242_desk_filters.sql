-- What a desk looks for among a million orders and few of them are: without these a page of them reads all the others.
create index sales_order_in_after_sale on sales_order (tenant_id, id desc) where after_sale <> 'NONE' or channel_after_sale <> 'NONE';
create index sales_order_on_hold on sales_order (tenant_id, id desc) where on_hold;
