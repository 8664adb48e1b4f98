-- Until when a payment can be made at its platform, and when a refund was first sent there: some platforms know both by their times.
alter table payment add column expires_at timestamptz;
alter table refund add column sent_at timestamptz;
