-- An order that was edited after it was booked: the difference is booked by itself.
alter table journal_entry drop constraint journal_entry_kind_check;
alter table journal_entry add constraint journal_entry_kind_check
  check (kind in ('ORDER_CONFIRMED', 'ORDER_CONFIRMED_REVERSAL', 'POINTS_EARNED', 'POINTS_EARNED_REVERSAL', 'REFUND_PAID', 'POINTS_TAKEN_BACK', 'ORDER_AMENDED', 'POINTS_ADDED'));
