-- The next migration, 8, is the class NumberMigration: it makes the key and replaces the numbers of older calls.

-- Keyed hashes of the phone numbers, by which the calls of a number are found. The columns of the numbers have the last four
-- digits only.
alter table archived_call add column from_hash varchar(64);
alter table archived_call add column to_hash varchar(64);

create index archived_call_from_hash on archived_call (from_hash);
create index archived_call_to_hash on archived_call (to_hash);

-- The key of the hashes if NUMBER_HASH_KEY is not set.
create table number_hash_key (
  id integer primary key,
  secret varchar(64) not null
);
