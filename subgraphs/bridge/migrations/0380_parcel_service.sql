-- Which of its carrier's services a parcel went by; null where nobody said.
alter table parcel_push add column service text;
