-- Finished work other than calls. A row adds to its tenant's day.
create table usage_count (
  -- Names the row before it is written, so that a repetition adds nothing.
  id varchar(64) primary key,
  -- In UTC.
  counted_day date not null,
  tenant varchar not null,
  -- The provider of a recording, or translation.
  kind varchar(16) not null,
  batch_jobs bigint not null,
  translations bigint not null
);

create index usage_count_by_day on usage_count (counted_day, tenant);

alter table usage_month add column batch_jobs bigint default 0 not null;
alter table usage_month add column translations bigint default 0 not null;
