-- One row per erased call: the proof, and the notice to all gateways.
create table erasure (
  id bigint generated always as identity primary key,
  erased_at timestamp with time zone not null,
  erased_by varchar(200) not null,
  call_id varchar(128) not null,
  tenant varchar not null,
  started_at timestamp with time zone not null
);

create index erasure_of_call on erasure (call_id, tenant);
