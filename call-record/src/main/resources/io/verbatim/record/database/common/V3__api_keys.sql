create table api_key (
  -- The visible part of the key.
  id varchar(16) primary key,
  -- SHA-256 of the whole key. The key itself is not stored.
  hash bytea not null,
  name varchar(100) not null,
  tenant varchar(200),
  -- Separated by blanks.
  scopes varchar(500) not null,
  created_at timestamp with time zone not null,
  created_by varchar(200) not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone
);

-- Counts the changes of a table, so that gateways notice them with one read.
create table change_count (
  name varchar(32) primary key,
  changes bigint not null
);
insert into change_count (name, changes) values ('api_key', 0);
