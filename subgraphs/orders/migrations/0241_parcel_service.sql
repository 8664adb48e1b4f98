-- Which of its carrier's services a parcel went by, in the carrier's own words; null where nobody said.
alter table parcel add column service text;
