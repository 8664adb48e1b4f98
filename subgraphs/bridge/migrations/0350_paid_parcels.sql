-- Payment platforms that want to know that what was paid for has been sent; the carrier SF by whom it can be reached, masked.
-- Sealed; row = id, field = 'contact'.
alter table parcel_push add column sealed_contact text;
