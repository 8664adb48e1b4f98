-- An order that a guest placed: by the keyed hash of its phone number it is found when the number is known to be a member's.
alter table sales_order add column guest_phone_index text;
create index sales_order_of_guest on sales_order (tenant_id, guest_phone_index) where member_id is null and guest_phone_index is not null;
