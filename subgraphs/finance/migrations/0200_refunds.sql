-- Money that went back by after-sales, and the points that go with it: entries of their own, since the sale stands.
alter table journal_entry drop constraint journal_entry_kind_check;
alter table journal_entry add constraint journal_entry_kind_check
  check (kind in ('ORDER_CONFIRMED', 'ORDER_CONFIRMED_REVERSAL', 'POINTS_EARNED', 'POINTS_EARNED_REVERSAL', 'REFUND_PAID', 'POINTS_TAKEN_BACK'));
