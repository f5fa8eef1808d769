-- Who did what, once per action. Rows are added and expire, and are never changed.
create table audit_entry (
  id bigint generated always as identity primary key,
  occurred_at timestamp with time zone not null,
  -- The tenant whose data was concerned; null if several were.
  tenant varchar,
  actor varchar(200) not null,
  action varchar(32) not null,
  object varchar(160) not null,
  outcome varchar(16) not null,
  address varchar(64) not null
);

create index audit_entry_by_time on audit_entry (occurred_at desc, id desc);
create index audit_entry_of_tenant on audit_entry (tenant, occurred_at desc, id desc);
create index audit_entry_of_action on audit_entry (action, occurred_at desc, id desc);
