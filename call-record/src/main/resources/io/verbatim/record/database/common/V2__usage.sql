-- Whether the call's numbers are in usage_month.
alter table archived_call add column rolled_up boolean default false not null;

create index archived_call_by_day on archived_call (started_day, tenant);

-- The usage of the months that are older than USAGE_RETENTION.
create table usage_month (
  -- The first day of the month.
  month_start date not null,
  tenant varchar not null,
  kind varchar(16) not null,
  calls bigint not null,
  received_ms bigint not null,
  transcribed_ms bigint not null,
  gap_ms bigint not null,
  sent_ms bigint not null,
  replayed_ms bigint not null,
  finals bigint not null,
  words bigint not null,
  primary key (month_start, tenant, kind)
);
