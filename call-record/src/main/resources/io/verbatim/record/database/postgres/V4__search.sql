-- The finals of archived calls, for the search.
create table archived_line (
  call_ref bigint not null references archived_call (id) on delete cascade,
  -- The number of the final in its call.
  seq bigint not null,
  start_ms bigint not null,
  end_ms bigint not null,
  -- The number of the speaker as in documents, from 1.
  speaker smallint not null,
  -- The text search configuration of the call's language.
  config regconfig not null,
  text varchar not null,
  search tsvector not null,
  primary key (call_ref, seq)
);

-- To find the languages in use.
create index archived_call_language on archived_call (language);

create index archived_line_search on archived_line using gin (search);
