-- One row per call: its identity, its metadata, its ledger, and what it adds to the usage. The row outlives the transcript, so
-- that no call is archived or counted twice.
create table archived_call (
  id bigint generated always as identity primary key,
  call_id varchar(128) not null,
  tenant varchar not null,
  started_at timestamp with time zone not null,
  -- The day of the start, in UTC.
  started_day date not null,
  -- The last activity, which is the call's score in the log.
  ended_at timestamp with time zone not null,
  -- The line of the entry `ended`; empty until the transcript is stored.
  line varchar(12) not null,
  -- stored, expired or erased: whether the transcript is here.
  content varchar(8) not null,
  source varchar(16) not null,
  format varchar(32) not null,
  language varchar,
  from_number varchar,
  to_number varchar,
  end_reason varchar,
  complete boolean not null,
  recognizer varchar,
  recognizer_state varchar(16),
  recognizer_reason varchar,
  finals bigint not null,
  words bigint not null,
  unconfirmed bigint not null,
  claims bigint not null,
  received_bytes bigint not null,
  lost_bytes bigint not null,
  sent_bytes bigint not null,
  covered_bytes bigint not null,
  gap_bytes bigint not null,
  received_ms bigint not null,
  transcribed_ms bigint not null,
  gap_ms bigint not null,
  sent_ms bigint not null,
  body_bytes bigint not null,
  constraint archived_call_identity unique (call_id, tenant, started_at)
);

create index archived_call_of_tenant on archived_call (tenant, started_at desc, id desc);
create index archived_call_by_start on archived_call (started_at desc, id desc);
create index archived_call_by_content on archived_call (content, ended_at);

-- The transcript in pages of up to 100 entries, each page compressed.
create table archived_page (
  call_ref bigint not null references archived_call (id) on delete cascade,
  page integer not null,
  -- The id of the page's last entry.
  last_position bigint not null,
  last_count bigint not null,
  body bytea not null,
  primary key (call_ref, page)
);
