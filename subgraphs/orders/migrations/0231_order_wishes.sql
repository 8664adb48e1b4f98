-- What a buyer wished and wrote with a channel's order, and what the channel calls the goods of a line.
alter table sales_order
  add column shipping_method text,
  -- JSON { buyer, gift, instructions, seller }; row = id, field = 'notes'.
  add column sealed_notes text;
alter table order_line
  add column external_product_id text,
  add column external_variant_id text;
