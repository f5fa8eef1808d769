-- The finals of archived calls, for the search, which reads them one after another.
create table archived_line (
  call_ref bigint not null references archived_call (id) on delete cascade,
  -- The number of the final in its call.
  seq bigint not null,
  start_ms bigint not null,
  end_ms bigint not null,
  -- The number of the speaker as in documents, from 1.
  speaker smallint not null,
  text varchar not null,
  primary key (call_ref, seq)
);
