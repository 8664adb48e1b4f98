-- A part of an order's points may go back with a part of its money: once for each refund.
alter table points_entry add column reference text not null default '';
alter table points_entry drop constraint points_entry_tenant_id_order_id_kind_key;
alter table points_entry add constraint points_entry_once unique (tenant_id, order_id, kind, reference);
