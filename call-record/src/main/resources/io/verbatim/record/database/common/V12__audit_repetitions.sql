-- Names the entry before it is written, so that a repetition adds nothing; null in entries of older versions.
alter table audit_entry add column write_id varchar(64);
alter table audit_entry add constraint audit_entry_once unique (write_id);
